"""The agents' queue: what awaits a person, urgent first, then by when it is due."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import Session, selectinload

from triage.casework import history
from triage.core.complaint import Category, Channel, Language, Priority
from triage.core.people import SYSTEM, Actor
from triage.core.status import Action, Status
from triage.errors import Invalid
from triage.store.tables import Complaint


@dataclass(frozen=True, kw_only=True)
class QueueFilters:
    """What to look at. Without ``status`` and ``mine``: what awaits an agent or is with one."""

    status: Status | None = None
    priority: Priority | None = None
    category: Category | None = None
    channel: Channel | None = None
    language: Language | None = None
    mine: bool = False
    q: str | None = None  # a complaint's number or an order number


@dataclass(frozen=True)
class Page:
    """Rows in queue order; ``next`` is the cursor of the page after, None at the end."""

    rows: Sequence[Complaint]
    next: str | None
    total: int


def list_queue(
    session: Session, filters: QueueFilters, actor: Actor, *, cursor: str | None, limit: int
) -> Page:
    """One page of the queue. Raises Invalid for a cursor that is not ours."""
    wanted = _chosen(select(Complaint), filters, actor)
    total = session.scalar(select(func.count()).select_from(wanted.subquery())) or 0
    if cursor:
        wanted = wanted.where(_after(cursor))
    wanted = in_order(wanted).limit(limit + 1).options(selectinload(Complaint.assessments))
    rows = session.scalars(wanted).all()
    more = len(rows) > limit
    rows = rows[:limit]
    return Page(rows, _cursor(rows[-1]) if more else None, total)


def claimable(filters: QueueFilters) -> Select[Complaint]:
    """The complaints that an agent may be given, the most pressing first, locked."""
    wanted = select(Complaint).where(Complaint.in_queue, Complaint.lease_holder.is_(None))
    for column, value in _equal(filters):
        wanted = wanted.where(column == value)
    return in_order(wanted).with_for_update(skip_locked=True)


def in_order(wanted: Select[Complaint]) -> Select[Complaint]:
    """Urgent first, then by due time; the order of the index ``ix_complaints_queue``."""
    return wanted.order_by(Complaint.rank.desc(), Complaint.due_at, Complaint.id)


def return_leases(session: Session, now: datetime) -> int:
    """Give complaints of agents who vanished back to the queue; how many there were."""
    gone = session.scalars(
        select(Complaint)
        .where(Complaint.lease_until < now, Complaint.status == Status.UNDER_REVIEW)
        .with_for_update(skip_locked=True)
    ).all()
    for row in gone:
        history.move(row, SYSTEM, Action.RELEASE, now, Status.QUEUED, {"reason": "lease.over"})
        row.lease_holder = row.lease_name = row.lease_until = None
        row.in_queue = True
    session.flush()
    return len(gone)


def _chosen(wanted: Select[Complaint], filters: QueueFilters, actor: Actor) -> Select[Complaint]:
    if filters.mine:
        wanted = wanted.where(Complaint.lease_holder == actor.id)
    elif filters.status is not None:
        wanted = wanted.where(Complaint.status == filters.status)
    elif filters.q is None:
        held = Complaint.status == Status.UNDER_REVIEW
        wanted = wanted.where(or_(Complaint.in_queue, held))
    for column, value in _equal(filters):
        wanted = wanted.where(column == value)
    if filters.q:
        word = filters.q.strip()
        by_id = Complaint.id == word.upper()
        wanted = wanted.where(or_(by_id, Complaint.order_number == word))
    return wanted


def _equal(filters: QueueFilters):  # type: ignore[no-untyped-def]  # columns of several types
    pairs = (
        (Complaint.priority, filters.priority),
        (Complaint.category, filters.category),
        (Complaint.channel, filters.channel),
        (Complaint.language, filters.language),
    )
    return [(column, value) for column, value in pairs if value is not None]


def _cursor(row: Complaint) -> str:
    place = [row.rank, row.due_at.isoformat() if row.due_at else None, row.id]
    return base64.urlsafe_b64encode(json.dumps(place).encode()).decode().rstrip("=")


def _after(cursor: str):  # type: ignore[no-untyped-def]  # a SQL condition
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        rank, due, row_id = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
        due_at = datetime.fromisoformat(due)
        if due_at.tzinfo is None:
            raise ValueError("a cursor's time has a zone")
        later = or_(
            Complaint.due_at > due_at,
            and_(Complaint.due_at == due_at, Complaint.id > str(row_id)),
        )
        return or_(Complaint.rank < int(rank), and_(Complaint.rank == int(rank), later))
    except (ValueError, TypeError, binascii.Error, UnicodeDecodeError) as error:
        raise Invalid("queue.bad_cursor", field="cursor") from error
