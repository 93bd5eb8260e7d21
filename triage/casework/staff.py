"""Who may come in: accounts of people, keys of programs."""

from __future__ import annotations

import functools
import hashlib
import hmac
import secrets
from collections.abc import Iterable
from dataclasses import dataclass

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from triage.core.people import Actor, Role
from triage.desk import Desk
from triage.errors import Conflict, Invalid, NotFound, Refused
from triage.store.tables import ApiKey, User

PREFIX = "trg"
MIN_PASSWORD = 12  # characters; ASVS 5.0 6.2.1 asks for 8 and recommends 15
_HASHER = PasswordHasher()  # argon2id with the library's defaults (RFC 9106, low memory)


@dataclass(frozen=True)
class NewKey:
    """A key that was just made: ``key`` is shown once and not kept."""

    id: str
    scopes: tuple[Role, ...]
    key: str


def sign_in(desk: Desk, login: str, password: str) -> tuple[int, int]:
    """The user's id and epoch. Raises Refused, the same for a wrong name or password."""
    with desk.reading() as session:
        user = session.scalar(select(User).filter_by(login=login.strip().lower()))
    try:
        _HASHER.verify(user.password_hash if user else _nobody(), password)
    except (VerificationError, InvalidHashError):
        user = None
    if user is None or user.disabled:
        raise Refused("login.wrong")
    return user.id, user.epoch


def actor_of_user(desk: Desk, user_id: int, epoch: int) -> Actor | None:
    """Who a session belongs to; None when it was signed out or the account is closed."""
    with desk.reading() as session:
        user = session.get(User, user_id)
    if user is None or user.disabled or user.epoch != epoch:
        return None
    return _person(user)


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
        roles = frozenset(Role(scope) for scope in row.scopes)
        if row.user is not None and not row.user.disabled:
            return Actor(id=f"user:{row.user.id}", name=row.user.name, roles=roles, is_person=True)
        return Actor(id=f"key:{row.id}", name=row.name, roles=roles)


def add_user(desk: Desk, *, login: str, name: str, password: str, role: Role) -> int:
    """Make an account. Raises Invalid for a weak password, Conflict for a login in use."""
    login = login.strip().lower()
    if not login:
        raise Invalid("user.no_login", field="login")
    if len(password) < MIN_PASSWORD:
        raise Invalid("user.short_password", field="password", limit=MIN_PASSWORD)
    user = User(
        login=login,
        name=name.strip() or login,
        password_hash=_HASHER.hash(password),
        role=role,
        made_at=desk.now(),
    )
    try:
        with desk.sessions.begin() as session:
            session.add(user)
    except IntegrityError as error:
        raise Conflict("user.login_taken", field="login") from error
    return user.id


def add_key(
    desk: Desk, *, name: str, scopes: Iterable[Role], user_login: str | None = None
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
    return NewKey(row.id, given, f"{PREFIX}_{row.id}_{secret}")


def revoke_key(desk: Desk, key_id: str) -> None:
    """The key opens nothing any more. Raises NotFound."""
    with desk.sessions.begin() as session:
        row = session.get(ApiKey, key_id)
        if row is None:
            raise NotFound("key.unknown")
        row.revoked_at = row.revoked_at or desk.now()


def sign_out_everywhere(desk: Desk, user_id: int) -> None:
    """End all sessions of an account."""
    with desk.sessions.begin() as session:
        session.get_one(User, user_id).epoch += 1


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


@functools.cache
def _nobody() -> str:
    """A hash that no password fits, so that an unknown login costs the same time."""
    return _HASHER.hash(secrets.token_hex(16))


def _person(user: User) -> Actor:
    return Actor(
        id=f"user:{user.id}",
        name=user.name,
        roles=frozenset({Role(user.role)}),
        is_person=True,
    )


def _digest(secret: str) -> str:
    # A random 256-bit secret needs no slow hash: there is nothing to guess.
    return hashlib.sha256(secret.encode()).hexdigest()


def _same(secret: str, digest: str) -> bool:
    return hmac.compare_digest(_digest(secret), digest)
