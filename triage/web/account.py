"""Signing in and out."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from triage.casework import staff
from triage.casework.attempts import Limit
from triage.core.people import Actor, Role
from triage.desk import Desk
from triage.errors import NotFound, Refused, TriageError
from triage.settings import Settings
from triage.web import session
from triage.web.errors import sentence_of, status_of
from triage.web.rates import is_free
from triage.web.visitor import where
from triage.web.workbench import READERS


def add_account_pages(pages: Blueprint, desk: Desk) -> None:
    limit = Limit(name="sign-in", most=desk.settings.logins_per_minute, seconds=60)

    @pages.get("/")
    def start() -> ResponseReturnValue:
        actor = session.signed_in(desk)
        if actor is None:
            return render_template("start.html")
        return redirect(url_for(_home_of(actor)))

    @pages.post("/sign-out")
    def sign_out() -> ResponseReturnValue:
        session.end(desk)
        return redirect(url_for(".sign_in"), 303)

    _add_sign_in(pages, desk, limit)
    _add_second_step(pages, desk, limit)


def _add_sign_in(pages: Blueprint, desk: Desk, limit: Limit) -> None:
    @pages.get("/sign-in")
    def sign_in() -> ResponseReturnValue:
        onward = session.local_path(request.args.get("next"), url_for(".start"))
        if session.signed_in(desk):
            return redirect(onward)
        return sign_in_page(desk, onward)

    @pages.post("/sign-in")
    def prove() -> ResponseReturnValue:
        onward = session.local_path(request.form.get("next"), url_for(".start"))
        login = request.form.get("login", "").strip()
        if not is_free(desk, limit):
            return sign_in_page(desk, onward, Refused("page.too_many_attempts"), login)
        try:
            password = request.form.get("password", "")
            user_id = staff.sign_in(desk, login, password, where().network)
        except Refused as refusal:
            return sign_in_page(desk, onward, refusal, login)
        return admitted(desk, user_id, onward, way="password")


def _add_second_step(pages: Blueprint, desk: Desk, limit: Limit) -> None:
    @pages.get("/sign-in/code")
    def code() -> ResponseReturnValue:
        onward = session.local_path(request.args.get("next"), url_for(".start"))
        found = session.present(desk)
        if found is None or found.proven:
            return redirect(url_for(".sign_in", next=onward) if found is None else onward)
        return render_template("account/code.html", onward=onward)

    @pages.post("/sign-in/code")
    def prove_by_code() -> ResponseReturnValue:
        onward = session.local_path(request.form.get("next"), url_for(".start"))
        if not is_free(desk, limit):
            return _code_page(desk, onward, Refused("page.too_many_attempts"))
        try:
            session.prove(desk, request.form.get("code", "")[:40])
        except (Refused, NotFound) as error:
            return _code_page(desk, onward, error)
        return redirect(onward, 303)


def admitted(desk: Desk, user_id: int, onward: str, *, way: str) -> ResponseReturnValue:
    """Begin the session of somebody who has proved who they are, and lead them on."""
    if session.begin(desk, user_id, way=way):
        return redirect(onward, 303)
    return redirect(url_for(".code", next=onward), 303)


def sign_in_page(
    desk: Desk, onward: str, problem: TriageError | None = None, login: str = ""
) -> Response:
    """The page to sign in on; with what was wrong."""
    status = 200 if problem is None else _status_of(problem)
    said = sentence_of(problem) if problem else None
    page = render_template(
        "sign_in.html",
        onward=onward,
        login=login[:80],
        problem=said,
        with_password=desk.settings.local_passwords,
        provider=provider_name(desk.settings),
    )
    return _counted(make_response(page, status))


def provider_name(settings: Settings) -> str | None:
    """What the button says; None without an identity provider."""
    if not settings.oidc_issuer:
        return None
    return settings.oidc_name or urlsplit(settings.oidc_issuer).hostname


def _code_page(desk: Desk, onward: str, problem: TriageError) -> Response:
    if session.present(desk) is None:  # too many wrong codes: the password is asked for again
        return sign_in_page(desk, onward, problem)
    page = render_template("account/code.html", onward=onward, problem=sentence_of(problem))
    return _counted(make_response(page, _status_of(problem)))


def _status_of(problem: TriageError) -> int:
    return 429 if problem.code in _TOO_MANY else status_of(problem)


_TOO_MANY = frozenset({"page.too_many_attempts", "code.too_many"})


def _counted(response: Response) -> Response:
    if response.status_code == 429:
        response.headers["Retry-After"] = "60"
    return response


def _home_of(actor: Actor) -> str:
    """Where a day begins: at the queue, or at the form for who only takes calls."""
    reads = any(actor.may(role) for role in READERS)
    return ".intake" if actor.may(Role.INTAKE) and not reads else ".queue"
