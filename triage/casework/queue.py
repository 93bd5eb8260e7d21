"""The agents' queue: what awaits a person, urgent first, then by when it is due."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVarTuple

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, true, union_all
from sqlalchemy.orm import Session, load_only

from triage.casework import history, searching
from triage.core.complaint import Category, Channel, Language, Priority
from triage.core.people import SYSTEM, Actor
from triage.core.status import CLOSED, PAUSED, Action, Status
from triage.errors import Invalid
from triage.store import search
from triage.store.tables import Complaint

_Place = Select[str, int, datetime | None]  # id, rank, due time
_Columns = TypeVarTuple("_Columns")

MOST_COUNTED = 1000  # more cases than that nobody counts; the page says "more than"


@dataclass(frozen=True, kw_only=True)
class QueueFilters:
    """What to look at. Without ``status``, ``mine`` and ``q``: what awaits an agent or is with one.

    ``mine`` is what the actor holds and what is assigned to them.
    ``q`` is anything that ``casework.searching`` finds complaints by; it looks at all of them.
    """

    status: Status | None = None
    priority: Priority | None = None
    category: Category | None = None
    channel: Channel | None = None
    language: Language | None = None
    team: str | None = None
    overdue: bool = False
    mine: bool = False
    q: str | None = None


@dataclass(frozen=True)
class Page:
    """Rows in queue order; ``next`` is the cursor of the page after, None at the end.

    ``total`` counts up to ``MOST_COUNTED``; ``more`` says that there are more than it.
    """

    rows: Sequence[Complaint]
    next: str | None
    total: int
    more: bool = False


@dataclass(frozen=True, kw_only=True)
class View:
    """Who looks at what, and when: what the filters come to depends on it."""

    filters: QueueFilters
    actor: Actor
    now: datetime


def list_queue(session: Session, view: View, *, cursor: str | None, limit: int) -> Page:
    """One page of the queue. Raises Invalid for a cursor that is not ours."""
    found = None if view.filters.q is None else searching.find(session, view.filters.q)
    parts = _parts(session, view, None if found is None else found.ids)
    after = _after(cursor, session) if cursor else true()
    if found is None:
        total, more = _count(session, parts)
        ids = _first(session, [part.where(after) for part in parts], limit + 1)
    else:  # few enough to be read at once
        places = session.execute(in_order(parts[0].add_columns(after))).all()
        total, more = len(places), found.more
        ids = [place[0] for place in places if place[-1]][: limit + 1]
    wanted = select(Complaint).where(search.among(session, ids)).options(_SHOWN)
    rows = session.scalars(in_order(wanted)).all()
    further = len(rows) > limit
    rows = rows[:limit]
    return Page(rows, _cursor(rows[-1]) if further else None, total, more)


#: What a line of the queue says of a case; its text and thirty facts of the order stay behind.
_SHOWN = load_only(
    Complaint.status, Complaint.priority, Complaint.rank, Complaint.category,
    Complaint.problem_type, Complaint.due_at, Complaint.received_at, Complaint.channel,
    Complaint.language, Complaint.amount, Complaint.wrote_at, Complaint.lease_holder,
    Complaint.lease_name, Complaint.lease_until, Complaint.triaged_round, Complaint.brief,
    Complaint.team, Complaint.assigned_to, Complaint.assigned_name,
)  # fmt: skip


def first_ids(session: Session, view: View, limit: int) -> list[str]:
    """Which cases stand first, in no order: enough to tell that a page has grown old."""
    found = None if view.filters.q is None else searching.find(session, view.filters.q).ids
    return sorted(_first(session, _parts(session, view, found), limit))


def _parts(session: Session, view: View, found: list[str] | None) -> list[_Place]:
    """The queue in parts that are each read in the order of an index, and share no case."""
    wanted = select(Complaint.id, Complaint.rank, Complaint.due_at)
    for condition in _conditions(view):
        wanted = wanted.where(condition)
    if found is not None:
        wanted = wanted.where(search.among(session, found))
    if view.filters.mine:
        held, meant = _own(view.actor)
        if found is not None:
            return [wanted.where(or_(held, meant))]
        return [wanted.where(held), wanted.where(meant)]
    if view.filters.status is not None:
        return [wanted.where(Complaint.status == view.filters.status)]
    if found is not None:
        return [wanted]
    held = and_(Complaint.status == Status.UNDER_REVIEW, ~Complaint.in_queue)
    return [wanted.where(Complaint.in_queue), wanted.where(held)]


def _own(actor: Actor) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """What the actor works on, and what else is meant for them."""
    meant = and_(
        Complaint.assigned_to == actor.id,
        Complaint.status.not_in(sorted(CLOSED)),
        Complaint.lease_holder.is_distinct_from(actor.id),
    )
    return Complaint.lease_holder == actor.id, meant


def _count(session: Session, parts: Sequence[_Place]) -> tuple[int, bool]:
    """How many there are, and whether more than ``MOST_COUNTED``: counting costs as many steps."""
    some = (part.with_only_columns(Complaint.id).limit(MOST_COUNTED + 1) for part in parts)
    counts = [select(func.count()).select_from(each.subquery()).scalar_subquery() for each in some]
    count = sum(session.execute(select(*counts)).one())
    return min(count, MOST_COUNTED), count > MOST_COUNTED


def _first(session: Session, parts: Sequence[_Place], limit: int) -> list[str]:
    """The ids of the first cases of all parts together."""
    tops = [in_order(part).limit(limit).subquery() for part in parts]
    every = union_all(*(select(top) for top in tops)).subquery()
    wanted = select(every.c.id).order_by(every.c.rank.desc(), every.c.due_at, every.c.id)
    return list(session.scalars(wanted.limit(limit)))


def claimable(filters: QueueFilters, now: datetime | None = None) -> Select[Complaint]:
    """The complaints that an agent may be given, the most pressing first, locked.

    ``now`` is what ``overdue`` goes by.
    """
    wanted = select(Complaint).where(Complaint.in_queue, Complaint.lease_holder.is_(None))
    for column, value in _equal(filters):
        wanted = wanted.where(column == value)
    if filters.overdue and now is not None:
        wanted = wanted.where(Complaint.due_at < now)
    return in_order(wanted).with_for_update(skip_locked=True)


def in_order(wanted: Select[*_Columns]) -> Select[*_Columns]:
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


def _conditions(view: View) -> list[ColumnElement[bool]]:
    found = [column == value for column, value in _equal(view.filters)]
    if view.filters.overdue:
        found += [Complaint.due_at < view.now, Complaint.status.not_in(sorted(PAUSED | CLOSED))]
    return found


def _equal(filters: QueueFilters) -> list[tuple[Any, Any]]:
    pairs: tuple[tuple[Any, Any], ...] = (
        (Complaint.priority, filters.priority),
        # Said twice: the queue's indexes go by the rank.
        (Complaint.rank, None if filters.priority is None else filters.priority.rank),
        (Complaint.category, filters.category),
        (Complaint.channel, filters.channel),
        (Complaint.language, filters.language),
        (Complaint.team, filters.team),
    )
    return [(column, value) for column, value in pairs if value is not None]


def _cursor(row: Complaint) -> str:
    place = [row.rank, row.due_at.isoformat() if row.due_at else None, row.id]
    return base64.urlsafe_b64encode(json.dumps(place).encode()).decode().rstrip("=")


def _after(cursor: str, session: Session) -> ColumnElement[bool]:
    """What comes after the place of the cursor. Raises Invalid("queue.bad_cursor")."""
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        rank, due, row_id = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
        due_at = None if due is None else datetime.fromisoformat(due)
        if due_at is not None and due_at.tzinfo is None:
            raise ValueError("a cursor's time has a zone")
        later = _later(due_at, str(row_id), session.get_bind().dialect.name == "sqlite")
        return or_(Complaint.rank < int(rank), and_(Complaint.rank == int(rank), later))
    except (ValueError, TypeError, binascii.Error, UnicodeDecodeError) as error:
        raise Invalid("queue.bad_cursor", field="cursor") from error


def _later(due_at: datetime | None, row_id: str, nulls_first: bool) -> ColumnElement[bool]:
    """Due later, or at the same time and with a greater id; the databases put nulls apart."""
    same = and_(Complaint.due_at.is_not_distinct_from(due_at), Complaint.id > row_id)
    if due_at is None:
        return or_(same, Complaint.due_at.is_not(None)) if nulls_first else same
    if nulls_first:
        return or_(Complaint.due_at > due_at, same)
    return or_(Complaint.due_at > due_at, same, Complaint.due_at.is_(None))
