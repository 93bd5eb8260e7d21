"""The audit log: who of the staff did what that is no event of a case. Only ever added to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from triage.core.people import Actor, Role
from triage.desk import Desk
from triage.store.people import AuditEntry

MOST = 200  # entries of one page


@dataclass(frozen=True)
class By:
    """Who does something, and the neighbourhood of the address that it came from."""

    actor: Actor
    network: str = ""


OPERATOR = By(Actor(id="operator", name="Operator", roles=frozenset({Role.ADMIN})))
"""Whoever has a shell on the machine."""
NOBODY = Actor(id="nobody", name="")
"""Somebody who has not proved who they are."""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """Which entries: of an actor (id), a verb, a target, from a moment on, before an entry."""

    actor: str | None = None
    verb: str | None = None
    target: str | None = None
    since: datetime | None = None
    before: int | None = None


def add(session: Session, at: datetime, by: By, verb: str, target: str = "", **detail: Any) -> None:
    """Write a line in the transaction of the deed itself. ``detail`` holds codes, no texts."""
    session.add(
        AuditEntry(
            at=at,
            actor=by.actor.id,
            actor_name=by.actor.name,
            verb=verb,
            target=target,
            network=by.network,
            detail={name: value for name, value in detail.items() if value is not None},
        )
    )


def record(desk: Desk, by: By, verb: str, target: str = "", **detail: Any) -> None:
    """Write a line about what happened outside of a transaction."""
    with desk.sessions.begin() as session:
        add(session, desk.now(), by, verb, target, **detail)


def entries(desk: Desk, asked: Asked, most: int = MOST) -> list[AuditEntry]:
    """The newest first."""
    query = select(AuditEntry).order_by(AuditEntry.id.desc()).limit(most)
    for column, wanted in (
        (AuditEntry.actor, asked.actor),
        (AuditEntry.verb, asked.verb),
        (AuditEntry.target, asked.target),
    ):
        if wanted:
            query = query.where(column == wanted)
    if asked.since is not None:
        query = query.where(AuditEntry.at >= asked.since)
    if asked.before is not None:
        query = query.where(AuditEntry.id < asked.before)
    with desk.reading() as session:
        return list(session.scalars(query))


def count(desk: Desk, verb: str, target: str, within: timedelta) -> int:
    """How often it happened to the target lately."""
    query = (
        select(func.count())
        .select_from(AuditEntry)
        .where(
            AuditEntry.target == target,
            AuditEntry.verb == verb,
            AuditEntry.at >= desk.now() - within,
        )
    )
    with desk.reading() as session:
        return session.scalar(query) or 0
