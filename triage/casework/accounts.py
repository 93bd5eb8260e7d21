"""What becomes of accounts: passwords, roles, closing, and whom the identity provider sends."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from triage.casework import assigning, audit, passwords, staff
from triage.casework.audit import By
from triage.casework.sittings import person
from triage.core.people import Role
from triage.desk import Desk
from triage.errors import Conflict, Invalid, NotFound, Refused
from triage.settings import pairs
from triage.store.people import Identity, Sitting
from triage.store.tables import ApiKey, User

ONE_TIME = timedelta(days=3)  # a weekend between the admin and the person


@dataclass(frozen=True, kw_only=True)
class Claims:
    """What an identity provider has confirmed about somebody."""

    issuer: str
    subject: str
    login: str
    name: str
    groups: Sequence[str]


def change_password(desk: Desk, user_id: int, old: str, new: str, by: By) -> None:
    """Raises Refused for a wrong old password, Invalid for a new one that will not do."""
    with desk.reading() as session:
        user = session.get_one(User, user_id)
    if user.password_hash == passwords.NONE:
        raise Refused("user.no_password")
    if not passwords.fits(old, user.password_hash):
        raise Refused("user.wrong_password", field="old")
    if old == new:
        raise Invalid("user.same_password", field="password")
    passwords.check(new, user.login, user.name)
    digest = passwords.hashed(new)
    with desk.sessions.begin() as session:
        user = session.get_one(User, user_id)
        user.password_hash, user.one_time_until = digest, None
        audit.add(session, desk.now(), by, "password_changed", f"user:{user_id}")


def reset_password(desk: Desk, user_id: int, by: By) -> str:
    """A password for one sign-in, after which it must be changed; all sessions end."""
    password = f"{secrets.token_urlsafe(12)}-{secrets.token_hex(2)}"
    digest = passwords.hashed(password)
    with _changing(desk, user_id) as (session, user):
        user.password_hash, user.one_time_until = digest, desk.now() + ONE_TIME
        session.execute(delete(Sitting).where(Sitting.user_id == user_id))
        audit.add(session, desk.now(), by, "password_reset", f"user:{user_id}")
    return password


def invite(desk: Desk, login: str, name: str, role: Role, by: By) -> tuple[int, str]:
    """A new account with its one-time password. Raises Invalid or Conflict for the login."""
    first = secrets.token_urlsafe(24)  # nobody ever sees this one
    user_id = staff.add_user(desk, login=login, name=name, password=first, role=role, by=by)
    return user_id, reset_password(desk, user_id, by)


def set_role(desk: Desk, user_id: int, role: Role, by: By) -> None:
    """Raises Conflict where nobody would be left to do so again."""
    with _changing(desk, user_id) as (session, user):
        if user.role == role:
            return
        before, user.role = user.role, role
        if before == Role.ADMIN:
            _check_admins(session)
        target = f"user:{user_id}"
        if role not in assigning.AGENTS:
            assigning.forget(session, user_id)
        audit.add(session, desk.now(), by, "role_changed", target, before=before, after=role)


def set_disabled(desk: Desk, user_id: int, disabled: bool, by: By) -> None:
    """Close an account, with all its sessions, or open it again. Raises Conflict."""
    if disabled and by.actor.id == f"user:{user_id}":
        raise Conflict("user.oneself")
    with _changing(desk, user_id) as (session, user):
        user.disabled = disabled
        if disabled:
            assigning.forget(session, user_id)
        if disabled and user.role == Role.ADMIN:
            _check_admins(session)
        session.execute(delete(Sitting).where(Sitting.user_id == user_id))
        verb = "user_disabled" if disabled else "user_enabled"
        audit.add(session, desk.now(), by, verb, f"user:{user_id}")


def require_totp(desk: Desk, user_id: int, required: bool, by: By) -> None:
    """Whether this person must sign in with a code of an app, too."""
    with _changing(desk, user_id) as (session, user):
        user.totp_required = required
        verb = "totp_required" if required else "totp_optional"
        audit.add(session, desk.now(), by, verb, f"user:{user_id}")


def list_users(desk: Desk) -> list[User]:
    with desk.reading() as session:
        return list(session.scalars(select(User).order_by(User.disabled, User.login)))


def find_user(desk: Desk, user_id: int) -> User | None:
    with desk.reading() as session:
        return session.get(User, user_id)


def list_keys(desk: Desk) -> list[tuple[ApiKey, str | None]]:
    """Every API key with its owner's name, those in use first, the newest before."""
    query = (
        select(ApiKey, User.name)
        .outerjoin(User, ApiKey.user_id == User.id)
        .order_by(ApiKey.revoked_at.isnot(None), ApiKey.made_at.desc())
    )
    with desk.reading() as session:
        return [(key, name) for key, name in session.execute(query)]


def welcome(desk: Desk, claims: Claims, network: str = "") -> int:
    """The account of whoever the identity provider sends, made where there is none; its id.

    It is known by issuer and subject alone: a login or an address may belong to another one
    tomorrow. The groups decide on the role at each sign-in. Raises Refused without a role.
    """
    role = role_of(desk, claims.groups)
    if role is None:
        raise Refused("login.no_role")
    with desk.sessions.begin() as session:
        known = session.get(Identity, (claims.issuer, claims.subject))
        user = session.get_one(User, known.user_id) if known else _new_user(desk, session, claims)
        if user.disabled:
            raise Refused("login.no_role")
        before, user.role = user.role, role
        by, target = By(person(user), network), f"user:{user.id}"
        if known is None:
            _link(desk, session, user, claims, by)
        elif before != role:
            audit.add(session, desk.now(), by, "role_changed", target, before=before, after=role)
        return user.id


def role_of(desk: Desk, groups: Sequence[str]) -> Role | None:
    """The highest role among those of the groups."""
    found = {role for group, role in pairs(desk.settings.oidc_roles) if group in groups}
    return max((Role(each) for each in found), key=list(Role).index, default=None)


def _new_user(desk: Desk, session: Session, claims: Claims) -> User:
    login = claims.login.strip().lower()[:70] or secrets.token_hex(4)
    if session.scalar(select(User.id).filter_by(login=login)) is not None:
        login = f"{login}-{secrets.token_hex(3)}"
    user = User(
        login=login,
        name=claims.name.strip()[:200] or login,
        password_hash=passwords.NONE,
        role=Role.INTAKE,
        made_at=desk.now(),
    )
    session.add(user)
    session.flush()
    return user


def _link(desk: Desk, session: Session, user: User, claims: Claims, by: By) -> None:
    identity = Identity(issuer=claims.issuer, subject=claims.subject, user_id=user.id)
    identity.made_at = desk.now()
    session.add(identity)
    target = f"user:{user.id}"
    audit.add(session, desk.now(), by, "user_added", target, role=str(user.role))
    audit.add(session, desk.now(), by, "identity_linked", target)


@contextmanager
def _changing(desk: Desk, user_id: int) -> Iterator[tuple[Session, User]]:
    with desk.sessions.begin() as session:
        user = session.get(User, user_id, with_for_update=True)
        if user is None:
            raise NotFound("user.unknown")
        yield session, user


def _check_admins(session: Session) -> None:
    """Somebody must be able to undo what was just done."""
    session.flush()
    admins = select(func.count()).select_from(User).filter_by(role=Role.ADMIN, disabled=False)
    if not session.scalar(admins):
        raise Conflict("user.last_admin")
