"""What people look after themselves: their sessions, their password, their code app."""

from __future__ import annotations

import base64
import io

import zxingcpp
from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from triage.casework import accounts, second_step, sittings
from triage.desk import Desk
from triage.errors import Invalid, TriageError
from triage.web import session
from triage.web.account import provider_name
from triage.web.errors import sentence_of, status_of


def add_own_account(pages: Blueprint, desk: Desk) -> None:
    @pages.get("/account")
    def account() -> ResponseReturnValue:
        found = session.required(desk)
        return render_template(
            "account/account.html",
            user=accounts.find_user(desk, found.user_id),
            sittings=sittings.list_sittings(desk, found.user_id),
            here=found.id,
            provider=provider_name(desk.settings),
        )

    @pages.post("/account/sessions/<sitting_id>/end")
    def end_session(sitting_id: str) -> ResponseReturnValue:
        found = session.required(desk)
        sittings.end_one(desk, found.user_id, sitting_id, session.by(desk))
        return redirect(url_for(".account"), 303)

    @pages.post("/account/sessions/end")
    def end_sessions() -> ResponseReturnValue:
        found = session.required(desk)
        sittings.end_all(desk, found.user_id, session.by(desk), but=found.id)
        return redirect(url_for(".account"), 303)

    _add_password(pages, desk)
    _add_app(pages, desk)


def _add_password(pages: Blueprint, desk: Desk) -> None:
    @pages.get("/account/password")
    def own_password() -> ResponseReturnValue:
        found = session.required(desk)
        return render_template("account/password.html", duty=found.duty == "password")

    @pages.post("/account/password")
    def change_password() -> ResponseReturnValue:
        found = session.required(desk)
        old, new, again = (request.form.get(name, "") for name in ("old", "password", "again"))
        try:
            if new != again:
                raise Invalid("user.other_password", field="again")
            accounts.change_password(desk, found.user_id, old, new, session.by(desk))
        except TriageError as error:
            duty = found.duty == "password"
            page = render_template(
                "account/password.html",
                duty=duty,
                problem=sentence_of(error),
                wrong=error.facts.get("field"),
            )
            return make_response(page, status_of(error))
        session.renew(desk)
        now = session.required(desk)
        sittings.end_all(desk, now.user_id, session.by(desk), but=now.id)
        return redirect(url_for(".account", done="password"), 303)


def _add_app(pages: Blueprint, desk: Desk) -> None:
    @pages.get("/account/app")
    def own_app() -> ResponseReturnValue:
        return _app_page(desk)

    @pages.post("/account/app")
    def confirm_app() -> ResponseReturnValue:
        found = session.required(desk)
        try:
            code = request.form.get("code", "")[:40]
            codes = second_step.confirm(desk, found.user_id, code, session.by(desk))
        except TriageError as error:
            return _app_page(desk, error)
        session.renew(desk)
        return render_template("account/recovery.html", codes=codes)

    @pages.post("/account/app/recovery")
    def renew_recovery() -> ResponseReturnValue:
        found = session.required(desk)
        codes = second_step.renew_recovery(desk, found.user_id, session.by(desk))
        return render_template("account/recovery.html", codes=codes)

    @pages.post("/account/app/remove")
    def remove_app() -> ResponseReturnValue:
        found = session.required(desk)
        try:
            code = request.form.get("code", "")[:40]
            second_step.remove_own(desk, found.user_id, code, session.by(desk))
        except TriageError as error:
            return _app_page(desk, error)
        return redirect(url_for(".account", done="app"), 303)


def _app_page(desk: Desk, problem: TriageError | None = None) -> ResponseReturnValue:
    """Set up an app, or look after the one that is there."""
    found = session.required(desk)
    user = accounts.find_user(desk, found.user_id)
    said = sentence_of(problem) if problem else None
    status = status_of(problem) if problem else 200
    if user is not None and user.totp_since is not None:
        return make_response(render_template("account/app.html", user=user, problem=said), status)
    enrolment = second_step.enrol(desk, found.user_id)
    page = render_template(
        "account/enrol.html",
        secret=" ".join(enrolment.secret[at : at + 4] for at in range(0, 32, 4)),
        picture=_drawn(enrolment.uri),
        duty=found.duty == "totp",
        problem=said,
    )
    return make_response(page, status)


def _drawn(address: str) -> str:
    """A QR code as an address of a picture; the secret in it never leaves this answer."""
    code = zxingcpp.create_barcode(address, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    picture = io.BytesIO(code.to_svg(scale=6, add_quiet_zones=True).encode())
    return "data:image/svg+xml;base64," + base64.b64encode(picture.getvalue()).decode()
