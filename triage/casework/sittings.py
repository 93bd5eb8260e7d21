"""Sessions of people: kept here by the hash of their secret, so that each can be ended here."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import CursorResult, delete, select, update

from triage.casework import audit
from triage.casework.audit import By
from triage.core.people import Actor, Role
from triage.desk import Desk
from triage.errors import NotFound
from triage.settings import names
from triage.store.people import Sitting
from triage.store.tables import User

TOUCH = timedelta(minutes=1)  # how exactly we know when somebody was last here
UNPROVEN = timedelta(minutes=10)  # for the second step; longer than any app's code lives


@dataclass(frozen=True)
class Where:
    """From where somebody comes: the address's neighbourhood, and the browser in a few words."""

    network: str = ""
    agent: str = ""


@dataclass(frozen=True, kw_only=True)
class Present:
    """Whoever is behind a request. ``duty`` is what must be done before anything else."""

    id: str
    user_id: int
    actor: Actor
    proven: bool
    duty: str | None  # "password" or "totp"
    language: str


def begin(desk: Desk, user_id: int, where: Where, *, way: str = "password") -> str:
    """A new session; its secret, which only the browser keeps.

    Where the account has a code app, the session opens nothing until its code was given.
    """
    secret = secrets.token_urlsafe(32)
    now = desk.now()
    with desk.sessions.begin() as session:
        user = session.get_one(User, user_id)
        proven = user.totp_since is None
        row = Sitting(id=mark(secret), user_id=user_id, made_at=now, seen_at=now, proven=proven)
        row.network, row.agent = where.network[:45], where.agent[:80]
        session.add(row)
        if proven:
            user.signed_in_at = now
            by = By(person(user), where.network)
            audit.add(session, now, by, "sign_in", f"user:{user_id}", way=way)
    return secret


def find(desk: Desk, secret: str) -> Present | None:
    """Whoever the secret belongs to; None when the session is over or the account is closed."""
    with desk.reading() as session:
        query = select(Sitting, User).join(User, User.id == Sitting.user_id)
        found = session.execute(query.where(Sitting.id == mark(secret))).one_or_none()
    if found is None:
        return None
    row, user = found
    if user.disabled or _is_over(desk, row):
        return None
    _touch(desk, row)
    return Present(
        id=row.id,
        user_id=user.id,
        actor=person(user),
        proven=row.proven,
        duty=_duty(desk, user),
        language=user.language,
    )


def renew(desk: Desk, secret: str) -> str:
    """The same session under a new secret; the old one opens nothing. Raises NotFound."""
    fresh = secrets.token_urlsafe(32)
    with desk.sessions.begin() as session:
        query = update(Sitting).where(Sitting.id == mark(secret)).values(id=mark(fresh))
        if _changed(session.execute(query)) != 1:
            raise NotFound("sitting.unknown")
    return fresh


def end(desk: Desk, secret: str, by: By) -> None:
    """Sign out."""
    with desk.sessions.begin() as session:
        if _changed(session.execute(delete(Sitting).where(Sitting.id == mark(secret)))):
            audit.add(session, desk.now(), by, "sign_out", by.actor.id)


def end_one(desk: Desk, user_id: int, sitting_id: str, by: By) -> None:
    """End a session of this account. Raises NotFound."""
    query = delete(Sitting).where(Sitting.id == sitting_id, Sitting.user_id == user_id)
    with desk.sessions.begin() as session:
        if not _changed(session.execute(query)):
            raise NotFound("sitting.unknown")
        audit.add(session, desk.now(), by, "session_ended", f"user:{user_id}")


def end_all(desk: Desk, user_id: int, by: By, *, but: str | None = None) -> None:
    """End all sessions of an account, ``but`` the one with this id."""
    with desk.sessions.begin() as session:
        session.execute(
            delete(Sitting).where(Sitting.user_id == user_id, Sitting.id != (but or ""))
        )
        audit.add(session, desk.now(), by, "sessions_ended", f"user:{user_id}")


def list_sittings(desk: Desk, user_id: int) -> list[Sitting]:
    """The living sessions of an account, the one used last first."""
    query = select(Sitting).filter_by(user_id=user_id, proven=True)
    with desk.reading() as session:
        rows = session.scalars(query.order_by(Sitting.seen_at.desc())).all()
    return [row for row in rows if not _is_over(desk, row)]


def expire(desk: Desk) -> int:
    """Forget the sessions that are over; how many there were."""
    long_ago = desk.now() - timedelta(hours=desk.settings.session_hours)
    with desk.reading() as session:
        if session.scalar(select(Sitting.id).where(Sitting.made_at < long_ago).limit(1)) is None:
            return 0
    with desk.sessions.begin() as session:
        return _changed(session.execute(delete(Sitting).where(Sitting.made_at < long_ago)))


def mark(secret: str) -> str:
    """What is kept of a secret. It has 256 random bits, so that there is nothing to guess."""
    return hashlib.sha256(secret.encode()).hexdigest()


def person(user: User) -> Actor:
    """The actor that an account stands for."""
    roles = frozenset({Role(user.role)})
    return Actor(id=f"user:{user.id}", name=user.name, roles=roles, is_person=True)


def _is_over(desk: Desk, row: Sitting) -> bool:
    now, settings = desk.now(), desk.settings
    idle = UNPROVEN if not row.proven else timedelta(minutes=settings.session_idle_minutes)
    return now - row.seen_at > idle or now - row.made_at > timedelta(hours=settings.session_hours)


def _touch(desk: Desk, row: Sitting) -> None:
    now: datetime = desk.now()
    if not row.proven or now - row.seen_at < TOUCH:
        return
    with desk.sessions.begin() as session:
        session.execute(update(Sitting).where(Sitting.id == row.id).values(seen_at=now))


def _duty(desk: Desk, user: User) -> str | None:
    if user.one_time_until is not None:
        return "password"
    needed = user.totp_required or user.role in names(desk.settings.totp_required_roles)
    return "totp" if needed and user.totp_since is None else None


def _changed(result: object) -> int:
    assert isinstance(result, CursorResult)
    return result.rowcount
