"""The clocks of a stored complaint: pauses, alerts and reminders are read from its history."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from triage.core.case import SlaClass
from triage.core.legal import LegalClock, legal_clock
from triage.core.policy import RuleBook
from triage.core.sla import Clock, Pause, next_alert, service_clock
from triage.core.status import OPEN, PAUSED, Status
from triage.store.tables import Complaint, Event

#: Who owes something in a state that pauses the clock: the pause's code and the debtor.
_OWED = {
    Status.NEEDS_EVIDENCE: ("evidence", "customer"),
    Status.WAITING_CUSTOMER: ("customer", "customer"),
    Status.WAITING_SELLER: ("seller", "seller"),
}
assert set(_OWED) == PAUSED

ALERTS = ("sla_alert", "sla_breached")
REMINDER = "reminder"
_REMINDED = (Status.NEEDS_EVIDENCE, Status.WAITING_CUSTOMER)
# What only the customer's side does.
_ANSWERS = ("submit", "add_evidence", "appeal", "customer_message")


def clock_of(row: Complaint, book: RuleBook, now: datetime) -> Clock:
    """The clock as it stands at ``now``, for the present appeal of the complaint."""
    filed_at, events = _stage(row)
    return service_clock(
        filed_at,
        SlaClass(row.sla_class),
        pauses_of(events),
        policy=book.sla,
        calendar=book.calendar,
        now=now,
    )


def legal_clock_of(row: Complaint, book: RuleBook, now: datetime) -> LegalClock | None:
    """The terms of the law, where the day of a formal claim is known."""
    if row.claim_received_on is None or not book.sla.legal:
        return None
    terms, calendar = book.sla.legal, book.calendar
    return legal_clock(row.claim_received_on, terms, calendar=calendar, now=now)


def alert_of(
    row: Complaint, book: RuleBook, now: datetime, told_too: Iterable[int] = ()
) -> tuple[int, datetime] | None:
    """The next alert of the present stage in its present class; see ``next_alert``."""
    told = {
        event.detail["share"]
        for event in _stage(row)[1]
        if event.verb in ALERTS and event.detail["sla_class"] == row.sla_class
    }
    return next_alert(
        clock_of(row, book, now),
        frozenset({*told, *told_too}),
        policy=book.sla,
        calendar=book.calendar,
        now=now,
    )


def reminder_of(row: Complaint, book: RuleBook) -> datetime | None:
    """When the customer who owes something is reminded: once for each time of being asked."""
    if row.status not in _REMINDED:
        return None
    asked = pauses_of(_stage(row)[1])[-1].start
    if any(event.verb == REMINDER and event.at >= asked for event in row.events):
        return None
    calendar = book.calendar
    day = calendar.add_business_days(calendar.local_date(asked), book.sla.evidence_reminder)
    return calendar.closing(day)


def reminders_unanswered(row: Complaint) -> int:
    """Reminders since the customer last did something."""
    count = 0
    for event in row.events:
        if event.verb in _ANSWERS:
            count = 0
        count += event.verb == REMINDER
    return count


def next_moment(row: Complaint, book: RuleBook, now: datetime) -> datetime | None:
    """When the clockwork has to look at the complaint again for an alert or a reminder."""
    if Status(row.status) not in OPEN:
        return None
    alert = alert_of(row, book, now)
    moments = (reminder_of(row, book), alert[1] if alert else None)
    return min((each for each in moments if each is not None), default=None)


def pauses_of(events: Iterable[Event]) -> tuple[Pause, ...]:
    """The times in which somebody else owed something, in order; the last may go on."""
    pauses: list[Pause] = []
    since: tuple[datetime, Status] | None = None
    for event in events:
        if event.after is None or event.after == event.before:
            continue
        if since is not None:
            pauses.append(_pause(since, event.at))
        after = Status(event.after)
        since = (event.at, after) if after in PAUSED else None
    if since is not None:
        pauses.append(_pause(since, None))
    return tuple(pauses)


def _pause(since: tuple[datetime, Status], end: datetime | None) -> Pause:
    why, owed_by = _OWED[since[1]]
    return Pause(start=since[0], end=end, why=why, owed_by=owed_by)


def _stage(row: Complaint) -> tuple[datetime, list[Event]]:
    """When the present stage began, and its events: an appeal starts a new clock."""
    events = list(row.events)
    for index in range(len(events) - 1, -1, -1):
        if events[index].verb == "appeal":
            return events[index].at, events[index:]
    return row.received_at, events
