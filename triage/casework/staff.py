"""Who may come in: accounts of people, keys of programs."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError

from triage.casework import audit, passwords, sittings
from triage.casework.audit import OPERATOR, By
from triage.core.people import Actor, Role
from triage.desk import Desk
from triage.errors import Conflict, Invalid, NotFound, Refused
from triage.store.tables import ApiKey, User

PREFIX = "trg"
MIN_PASSWORD = passwords.MIN_PASSWORD
USED = timedelta(minutes=5)  # how exactly we know when a key was last used


@dataclass(frozen=True)
class NewKey:
    """A key that was just made: ``key`` is shown once and not kept."""

    id: str
    scopes: tuple[Role, ...]
    key: str


def sign_in(desk: Desk, login: str, password: str, network: str = "") -> int:
    """The user's id. Raises Refused, the same for a wrong name or password.

    A failure is counted in the audit log; what was typed is not kept: it may be a password.
    """
    if not desk.settings.local_passwords:
        raise Refused("login.no_passwords")
    with desk.reading() as session:
        user = session.scalar(select(User).filter_by(login=login.strip().lower()))
    fits = passwords.fits(password, user.password_hash if user else None)
    if user is None or user.disabled or not fits:
        target = f"user:{user.id}" if user else ""
        audit.record(desk, By(audit.NOBODY, network), "sign_in_failed", target)
        raise Refused("login.wrong")
    if user.one_time_until is not None and user.one_time_until < desk.now():
        raise Refused("login.one_time_over")
    return user.id


def actor_of_key(desk: Desk, bearer: str) -> Actor | None:
    """Who an API key belongs to; None for a wrong, unknown or revoked one."""
    prefix, _, rest = bearer.partition("_")
    key_id, _, secret = rest.partition("_")
    if prefix != PREFIX or not key_id or not secret or not bearer.isascii():
        return None
    with desk.reading() as session:
        row = session.get(ApiKey, key_id)
        if row is None or row.revoked_at or not _same(secret, row.secret_sha256):
            return None
        owner, roles = row.user, frozenset(Role(scope) for scope in row.scopes)
    _note_use(desk, row)
    if owner is not None and not owner.disabled:
        return Actor(id=f"user:{owner.id}", name=owner.name, roles=roles, is_person=True)
    return Actor(id=f"key:{row.id}", name=row.name, roles=roles)


def _note_use(desk: Desk, row: ApiKey) -> None:
    now = desk.now()
    if row.used_at is not None and now - row.used_at < USED:
        return
    with desk.sessions.begin() as session:
        session.execute(update(ApiKey).where(ApiKey.id == row.id).values(used_at=now))


def add_user(
    desk: Desk, *, login: str, name: str, password: str, role: Role, by: By = OPERATOR
) -> int:
    """Make an account. Raises Invalid for a weak password, Conflict for a login in use."""
    login = login.strip().lower()
    if not login:
        raise Invalid("user.no_login", field="login")
    passwords.check(password, login, name)
    user = User(
        login=login,
        name=name.strip() or login,
        password_hash=passwords.hashed(password),
        role=role,
        made_at=desk.now(),
    )
    try:
        with desk.sessions.begin() as session:
            session.add(user)
            session.flush()
            audit.add(session, desk.now(), by, "user_added", f"user:{user.id}", role=str(role))
    except IntegrityError as error:
        raise Conflict("user.login_taken", field="login") from error
    return user.id


def add_key(
    desk: Desk,
    *,
    name: str,
    scopes: Iterable[Role],
    user_login: str | None = None,
    by: By = OPERATOR,
) -> NewKey:
    """Make an API key, for a program or for one person. Raises NotFound for an unknown login."""
    given = tuple(dict.fromkeys(scopes))
    if not given:
        raise Invalid("key.no_scope", field="scope")
    secret = secrets.token_urlsafe(32)
    row = ApiKey(
        id=secrets.token_hex(6),
        secret_sha256=_digest(secret),
        name=name,
        scopes=[str(scope) for scope in given],
        made_at=desk.now(),
    )
    with desk.sessions.begin() as session:
        if user_login is not None:
            row.user = session.scalar(select(User).filter_by(login=user_login.strip().lower()))
            if row.user is None:
                raise NotFound("user.unknown", field="user")
        session.add(row)
        audit.add(session, desk.now(), by, "key_added", f"key:{row.id}", scopes=row.scopes)
    return NewKey(row.id, given, f"{PREFIX}_{row.id}_{secret}")


def revoke_key(desk: Desk, key_id: str, by: By = OPERATOR) -> None:
    """The key opens nothing any more. Raises NotFound."""
    with desk.sessions.begin() as session:
        row = session.get(ApiKey, key_id)
        if row is None:
            raise NotFound("key.unknown")
        if row.revoked_at is None:
            row.revoked_at = desk.now()
            audit.add(session, desk.now(), by, "key_revoked", f"key:{row.id}")


def sign_out_everywhere(desk: Desk, user_id: int, by: By = OPERATOR) -> None:
    """End all sessions of an account."""
    sittings.end_all(desk, user_id, by)


def set_language(desk: Desk, user_id: int, language: str) -> None:
    """Remember in which language somebody reads the pages."""
    with desk.sessions.begin() as session:
        session.get_one(User, user_id).language = language


def language_of(desk: Desk, user_id: int) -> str:
    """The language that somebody chose."""
    with desk.reading() as session:
        return session.get_one(User, user_id).language


def count_users(desk: Desk) -> int:
    with desk.reading() as session:
        return session.scalar(select(func.count()).select_from(User)) or 0


def _digest(secret: str) -> str:
    # A random 256-bit secret needs no slow hash: there is nothing to guess.
    return hashlib.sha256(secret.encode()).hexdigest()


def _same(secret: str, digest: str) -> bool:
    return hmac.compare_digest(_digest(secret), digest)
