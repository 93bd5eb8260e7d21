"""The history of a complaint: who did what, and what the service clock makes of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import object_session

from triage.core.people import Actor
from triage.core.status import Status
from triage.store.tables import Complaint, Event


def add(
    row: Complaint,
    actor: Actor,
    verb: str,
    at: datetime,
    *,
    before: Status | None = None,
    after: Status | None = None,
    **detail: Any,
) -> Event:
    """Write one line into the history; ``detail`` keeps what a person gave as the reason."""
    event = Event(
        complaint_id=row.id,
        at=at,
        actor=actor.id,
        actor_name=actor.name,
        verb=verb,
        before=before,
        after=after,
        detail={name: value for name, value in detail.items() if value is not None},
    )
    session = object_session(row)
    assert session is not None, "history is written inside a transaction"
    session.add(event)
    return event


def move(
    row: Complaint,
    actor: Actor,
    verb: str,
    at: datetime,
    after: Status,
    detail: Mapping[str, Any] | None = None,
) -> None:
    """Change the status and say so in the history."""
    before = Status(row.status)
    row.status = after
    row.updated_at = at
    add(row, actor, verb, at, before=before, after=after, **(detail or {}))
