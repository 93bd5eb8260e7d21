"""The admin's pages about who may come in: accounts of people, keys of programs."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from triage.casework import accounts, audit, second_step, sittings, staff
from triage.casework.audit import Asked, By
from triage.core.people import Role
from triage.desk import Desk
from triage.errors import Invalid, NotFound, TriageError
from triage.web import session
from triage.web.errors import sentence_of, status_of
from triage.web.session import require

Deed = Callable[[int, By], None]
SEEN = 15  # entries of the audit log beside an account


def add_people_pages(pages: Blueprint, desk: Desk) -> None:
    @pages.get("/admin/users")
    def users() -> ResponseReturnValue:
        require(desk, Role.ADMIN)
        return _users_page(desk)

    @pages.post("/admin/users")
    def add_user() -> ResponseReturnValue:
        require(desk, Role.ADMIN)
        typed = {name: request.form.get(name, "").strip() for name in ("login", "name", "role")}
        try:
            login, name = typed["login"][:80], typed["name"][:200]
            role = _role(typed["role"])
            user_id, password = accounts.invite(desk, login, name, role, session.by(desk))
        except TriageError as error:
            return make_response(_users_page(desk, error, typed), status_of(error))
        return _user_page(desk, user_id, password)

    _add_user_pages(pages, desk)
    _add_keys(pages, desk)


def _add_user_pages(pages: Blueprint, desk: Desk) -> None:
    @pages.get("/admin/users/<int:user_id>")
    def user(user_id: int) -> ResponseReturnValue:
        require(desk, Role.ADMIN)
        return _user_page(desk, user_id)

    @pages.post("/admin/users/<int:user_id>/<deed>")
    def change_user(user_id: int, deed: str) -> ResponseReturnValue:
        require(desk, Role.ADMIN)
        by = session.by(desk)
        if accounts.find_user(desk, user_id) is None:
            raise NotFound("user.unknown")
        if deed == "password":
            return _user_page(desk, user_id, accounts.reset_password(desk, user_id, by))
        change = _deeds(desk).get(deed)
        if change is None:
            raise Invalid("page.unknown_value", field="action")
        change(user_id, by)
        return redirect(url_for(".user", user_id=user_id), 303)


def _deeds(desk: Desk) -> Mapping[str, Deed]:
    """What an admin may do to an account, by the last part of the address."""
    return {
        "role": lambda who, by: accounts.set_role(
            desk, who, _role(request.form.get("role", "")), by
        ),
        "close": lambda who, by: accounts.set_disabled(desk, who, True, by),
        "open": lambda who, by: accounts.set_disabled(desk, who, False, by),
        "need-app": lambda who, by: accounts.require_totp(desk, who, True, by),
        "free-app": lambda who, by: accounts.require_totp(desk, who, False, by),
        "remove-app": lambda who, by: second_step.remove(desk, who, by),
        "sign-out": lambda who, by: sittings.end_all(desk, who, by),
    }


def _add_keys(pages: Blueprint, desk: Desk) -> None:
    @pages.get("/admin/keys")
    def keys() -> ResponseReturnValue:
        require(desk, Role.ADMIN)
        return _keys_page(desk)

    @pages.post("/admin/keys")
    def add_key() -> ResponseReturnValue:
        require(desk, Role.ADMIN)
        name, login = (request.form.get(field, "").strip() for field in ("name", "login"))
        try:
            made = staff.add_key(
                desk,
                name=name[:200] or "—",
                scopes=[_role(each) for each in request.form.getlist("scope")],
                user_login=login or None,
                by=session.by(desk),
            )
        except TriageError as error:
            return make_response(_keys_page(desk, error), status_of(error))
        return _keys_page(desk, made=made.key)

    @pages.post("/admin/keys/<key_id>/revoke")
    def revoke_key(key_id: str) -> ResponseReturnValue:
        require(desk, Role.ADMIN)
        staff.revoke_key(desk, key_id, session.by(desk))
        return redirect(url_for(".keys"), 303)


def _role(typed: str) -> Role:
    try:
        return Role(typed)
    except ValueError as error:
        raise Invalid("page.unknown_value", field="role") from error


def _users_page(
    desk: Desk, problem: TriageError | None = None, typed: Mapping[str, str] | None = None
) -> str:
    return render_template(
        "admin/users.html",
        users=accounts.list_users(desk),
        roles=list(Role),
        problem=sentence_of(problem) if problem else None,
        typed=typed or {},
    )


def _user_page(desk: Desk, user_id: int, password: str | None = None) -> str:
    """The account; with the one-time password that was just made, this once."""
    found = accounts.find_user(desk, user_id)
    if found is None:
        raise NotFound("user.unknown")
    return render_template(
        "admin/user.html",
        user=found,
        roles=list(Role),
        sittings=sittings.list_sittings(desk, user_id),
        entries=audit.entries(desk, Asked(target=f"user:{user_id}"), SEEN),
        password=password,
    )


def _keys_page(desk: Desk, problem: TriageError | None = None, made: str | None = None) -> str:
    return render_template(
        "admin/keys.html",
        keys=accounts.list_keys(desk),
        roles=list(Role),
        problem=sentence_of(problem) if problem else None,
        made=made,
    )
