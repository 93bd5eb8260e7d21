"""Signing in and out."""

from __future__ import annotations

import ipaddress

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from triage.casework import staff
from triage.core.people import Actor, Role
from triage.desk import Desk
from triage.errors import Refused
from triage.web import session
from triage.web.errors import sentence_of
from triage.web.workbench import READERS


class Attempts:
    """Counts the attempts to sign in from one address within the last minute.

    The count is of this process; before several of them a reverse proxy counts for all.
    """

    def __init__(self, per_minute: int) -> None:
        self._limit = RateLimitItemPerMinute(per_minute)
        self._window = MovingWindowRateLimiter(MemoryStorage())

    def allow(self, address: str) -> bool:
        """Count one more attempt; False when there were too many already."""
        return self._window.hit(self._limit, "sign-in", _neighbourhood(address))


def _neighbourhood(address: str) -> str:
    """An IPv6 network counts as one: whoever has one address of it has all of them."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    if found.version == 6:
        return str(ipaddress.ip_network((found, 64), strict=False))
    return str(found)


def add_account_pages(pages: Blueprint, desk: Desk) -> None:
    attempts = Attempts(desk.settings.logins_per_minute)

    @pages.get("/")
    def start() -> ResponseReturnValue:
        actor = session.signed_in(desk)
        return redirect(url_for(_home_of(actor) if actor else ".sign_in"))

    @pages.get("/sign-in")
    def sign_in() -> ResponseReturnValue:
        onward = session.local_path(request.args.get("next"), url_for(".start"))
        if session.signed_in(desk):
            return redirect(onward)
        return render_template("sign_in.html", onward=onward, login="")

    @pages.post("/sign-in")
    def prove() -> ResponseReturnValue:
        onward = session.local_path(request.form.get("next"), url_for(".start"))
        login = request.form.get("login", "").strip()
        if not attempts.allow(request.remote_addr or ""):
            return _again(Refused("page.too_many_attempts"), 429, login, onward)
        try:
            user_id, epoch = staff.sign_in(desk, login, request.form.get("password", ""))
        except Refused as refusal:
            return _again(refusal, 403, login, onward)
        session.begin(desk, user_id, epoch, staff.language_of(desk, user_id))
        return redirect(onward, 303)

    @pages.post("/sign-out")
    def sign_out() -> ResponseReturnValue:
        session.end()
        return redirect(url_for(".sign_in"), 303)


def _home_of(actor: Actor) -> str:
    """Where a day begins: at the queue, or at the form for who only takes calls."""
    reads = any(actor.may(role) for role in READERS)
    return ".intake" if actor.may(Role.INTAKE) and not reads else ".queue"


def _again(refusal: Refused, status: int, login: str, onward: str) -> ResponseReturnValue:
    page = render_template(
        "sign_in.html", onward=onward, login=login[:80], problem=sentence_of(refusal)
    )
    response = make_response(page, status)
    if status == 429:
        response.headers["Retry-After"] = "60"
    return response
