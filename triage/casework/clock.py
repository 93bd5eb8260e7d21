"""The service clock of a stored complaint: its pauses are read from its own history."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from triage.core.case import SlaClass
from triage.core.policy import RuleBook
from triage.core.sla import Clock, Pause, service_clock
from triage.core.status import PAUSED, Status
from triage.store.tables import Complaint, Event

#: Who owes something in a state that pauses the clock: the pause's code and the debtor.
_OWED = {
    Status.NEEDS_EVIDENCE: ("evidence", "customer"),
    Status.WAITING_CUSTOMER: ("customer", "customer"),
    Status.WAITING_SELLER: ("seller", "seller"),
}
assert set(_OWED) == PAUSED


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
