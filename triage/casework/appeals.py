"""Repeat appeals: until when one is taken, and that another agent looks than the one before."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, exists, not_, or_, true

from triage.core.people import Actor
from triage.core.policy import RuleBook
from triage.core.status import Action, Status
from triage.errors import Conflict, Refused
from triage.store.tables import Complaint, Event

DECISIONS = (Action.RESOLVE, Action.REJECT)
_ENDS = frozenset({Status.RESOLVED, Status.REJECTED, Status.CLOSED_NO_REPLY})


def decision_of(row: Complaint) -> Event | None:
    """What closed the present stage, if it is closed in a way that can be appealed."""
    if row.status not in _ENDS:
        return None
    return next((each for each in reversed(row.events) if each.after == row.status), None)


def until(row: Complaint, book: RuleBook) -> datetime | None:
    """The last moment for an appeal by the customer: calendar days from the policy.

    None where there is nothing to appeal.
    """
    decided = decision_of(row)
    if decided is None:
        return None
    day = book.calendar.local_date(decided.at) + timedelta(days=book.sla.appeal_window)
    return book.calendar.end_of_day(day)


def refuse_late(row: Complaint, book: RuleBook, now: datetime) -> None:
    """Raises Conflict after the policy's window; the desk itself may open a case at any time."""
    last = until(row, book)
    if last is not None and now > last:
        raise Conflict("appeal.too_late", until=book.calendar.local_date(last))


def may_take(actor: Actor) -> ColumnElement[bool]:
    """Which complaints of the queue are for this actor: no appeal against the own decision.

    Only people are kept away here. Behind a program's key many people may work, so there the
    name is compared once somebody decides (``refuse_same``).
    """
    if not actor.is_person:
        return true()
    theirs = and_(
        Event.complaint_id == Complaint.id,
        Event.verb.in_(DECISIONS),
        Event.actor == actor.id,
    )
    return or_(Complaint.appeal == 0, not_(exists().where(theirs)))


def refuse_same(row: Complaint, action: Action, actor: Actor, person: str | None) -> None:
    """Raises Refused where whoever decided before takes the appeal, or decides about it."""
    if is_barred(row, action, actor, person):
        raise Refused("lease.not_same_agent", action=action)


def is_barred(row: Complaint, action: Action, actor: Actor, person: str | None = None) -> bool:
    """Whether the action is an appeal's and the actor the one who decided before it.

    ``person`` is who decides, where a key that belongs to nobody acts.
    """
    if not row.appeal or action not in (Action.CLAIM, *DECISIONS):
        return False
    if actor.is_person:
        return any(each.actor == actor.id for each in _decisions(row))
    named = (person or "").strip() or None
    return action in DECISIONS and any(
        each.detail.get("person") == named and (named or each.actor == actor.id)
        for each in _decisions(row)
    )


def _decisions(row: Complaint) -> Iterator[Event]:
    return (each for each in row.events if each.verb in DECISIONS)
