"""Counts what came in, was answered, settled and refused on each day; keeps the days that are over.

A day that is over still changes: a category is corrected, an answer appealed against. So all kept
days are counted anew every quarter of an hour, by the worker; a page counts today's alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Date, case, cast, func, literal_column, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from triage.core.status import Status
from triage.desk import Desk
from triage.store import tallies
from triage.store.tables import Complaint, Event, Evidence

MOST_DAYS = 92
RENEWED = timedelta(minutes=15)
TRUSTED = timedelta(hours=2)  # without a worker nothing is renewed; older sums are not believed
ANSWERS = (Status.RESOLVED, Status.REJECTED)

_JUDGED = ("accepted", "flagged", "rejected")
_GRAVE = ("unusable", "dangerous")


@dataclass
class Day:
    """The sums of one day; ``settled`` is category to source to complaints, ``reasons`` counts
    files that were not usable by the code of the finding, a file with two findings in both."""

    came: int = 0
    answered: int = 0
    in_time: int = 0
    settled: dict[str, dict[str, int]] = field(default_factory=dict)
    verdicts: dict[str, int] = field(default_factory=dict)
    reasons: dict[str, int] = field(default_factory=dict)


def renew(desk: Desk) -> int:
    """Count the days before today anew when it is time; how many."""
    now = desk.now()
    with desk.reading() as session:
        made = tallies.last_made(session)
        if made is not None and now - made < RENEWED:
            return 0
        today = desk.book.calendar.local_date(now)
        counted = count(session, desk, today - timedelta(days=MOST_DAYS - 1), today)
    with desk.sessions.begin() as session:
        tallies.keep(session, {day: vars(sums) for day, sums in counted.items()}, now)
    return len(counted)


def days(session: Session, desk: Desk, number: int) -> dict[date, Day]:
    """The last ``number`` days, today among them, without gaps: kept ones where there are."""
    now = desk.now()
    today = desk.book.calendar.local_date(now)
    wanted = [today - timedelta(days=back) for back in range(number - 1, -1, -1)]
    kept = tallies.kept(session, wanted[0], now - TRUSTED)
    found = {day: Day(**sums) for day, sums in kept.items() if day < today}
    unknown = [day for day in wanted if day not in found]
    found |= count(session, desk, unknown[0], unknown[-1] + timedelta(days=1))
    return {day: found[day] for day in wanted}


def count(session: Session, desk: Desk, first: date, end: date) -> dict[date, Day]:
    """Every day from ``first`` to the one before ``end``."""
    span = _Span(session, desk, first, end)
    found = {first + timedelta(days=n): Day() for n in range((end - first).days)}
    for day, number in _arrivals(span):
        found[day].came = number
    for day, answered, in_time in _answers(span):
        found[day].answered, found[day].in_time = answered, int(in_time or 0)
    for day, category, source, number in _categories(span):
        found[day].settled.setdefault(category, {})[source or ""] = number
    for day, verdict, number in _verdicts(span):
        found[day].verdicts[verdict] = number
    for day, code, number in _reasons(span):
        found[day].reasons[code] = number
    return found


class _Span:
    """Some days where the desk is: which moments are theirs, and which day a moment is of."""

    def __init__(self, session: Session, desk: Desk, first: date, end: date) -> None:
        self.session = session
        self.is_sqlite = session.get_bind().dialect.name == "sqlite"
        zone = desk.book.calendar.zone
        self._begin, self._end = (
            datetime(day.year, day.month, day.day, tzinfo=zone) for day in (first, end)
        )
        # By the offset of today: the country has had one zone without summer time since 2024.
        self._offset = desk.now().astimezone(zone).utcoffset() or timedelta()

    def has(self, moment: InstrumentedAttribute[datetime]) -> ColumnElement[bool]:
        return (moment >= self._begin) & (moment < self._end)

    def day_of(self, moment: InstrumentedAttribute[datetime]) -> ColumnElement[Any]:
        if self.is_sqlite:
            return func.date(moment, f"{int(self._offset.total_seconds()):+d} seconds")
        return cast(func.timezone("UTC", moment) + self._offset, Date)

    def rows(self, query: Any) -> Iterator[tuple[Any, ...]]:
        """The answer, whose first column is a day."""
        for day, *rest in self.session.execute(query):
            yield (day if isinstance(day, date) else date.fromisoformat(day), *rest)


def _grouped(number: int) -> list[ColumnElement[Any]]:
    return [literal_column(str(place + 1)) for place in range(number)]


def _arrivals(span: _Span) -> Iterator[tuple[Any, ...]]:
    day = span.day_of(Complaint.received_at)
    query = select(day, func.count()).where(span.has(Complaint.received_at))
    return span.rows(query.group_by(*_grouped(1)))


def _answers(span: _Span) -> Iterator[tuple[Any, ...]]:
    """Answers given, and those of them before the due time. An answer that was appealed against
    is none: its complaint is open again, with another due time.
    """
    in_time = func.sum(case((Event.at <= Complaint.due_at, 1), else_=0))
    query = (
        select(span.day_of(Event.at), func.count(), in_time)
        .select_from(Event)
        .join(Complaint, Complaint.id == Event.complaint_id)
        .where(
            Event.after.in_(ANSWERS),
            span.has(Event.at),
            Complaint.status == Event.after,
            Complaint.due_at.isnot(None),
        )
    )
    return span.rows(query.group_by(*_grouped(1)))


def _categories(span: _Span) -> Iterator[tuple[Any, ...]]:
    day = span.day_of(Complaint.received_at)
    query = select(day, Complaint.category, Complaint.category_source, func.count()).where(
        span.has(Complaint.received_at), Complaint.category.isnot(None)
    )
    return span.rows(query.group_by(*_grouped(3)))


def _verdicts(span: _Span) -> Iterator[tuple[Any, ...]]:
    query = select(span.day_of(Evidence.added_at), Evidence.verdict, func.count()).where(
        Evidence.verdict.in_(_JUDGED), span.has(Evidence.added_at)
    )
    return span.rows(query.group_by(*_grouped(2)))


def _reasons(span: _Span) -> Iterator[tuple[Any, ...]]:
    """The findings that made files unusable, unfolded by the database's own JSON."""
    if span.is_sqlite:
        each = func.json_each(Evidence.findings).table_valued("value", joins_implicitly=True)
        code = func.json_extract(each.c.value, "$.code")
        level = func.json_extract(each.c.value, "$.level")
    else:
        each = func.json_array_elements(Evidence.findings).table_valued(
            "value", joins_implicitly=True
        )
        code = func.json_extract_path_text(each.c.value, "code")
        level = func.json_extract_path_text(each.c.value, "level")
    query = (
        select(span.day_of(Evidence.added_at), code, func.count(Evidence.id.distinct()))
        .select_from(Evidence, each)
        .where(Evidence.verdict == "rejected", span.has(Evidence.added_at), level.in_(_GRAVE))
    )
    return span.rows(query.group_by(*_grouped(2)))


def summed(counts: Iterator[Mapping[str, int]]) -> dict[str, int]:
    """Several counts of one thing, by its name, as one."""
    found: dict[str, int] = {}
    for each in counts:
        for name, number in each.items():
            found[name] = found.get(name, 0) + number
    return found
