"""Sums for the dashboard: what came in, what waits, what was kept, who decided, what failed.

Every sum is grouped by the database and bounded by days or by what is open. A look is remembered
for a minute, however many ask.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Date, case, cast, func, literal_column, select
from sqlalchemy.orm import Session

from triage.core.status import OPEN, Status
from triage.desk import Desk
from triage.store.tables import Complaint, Event, Evidence

DAYS, MOST_DAYS = 30, 92
REMEMBERED_SECONDS = 60.0
#: Upper bounds of a backlog's ages; what is older comes last.
AGES = (timedelta(days=1), timedelta(days=3), timedelta(days=10), timedelta(days=30))
ANSWERS = (Status.RESOLVED, Status.REJECTED)
MOST_REASONS = 12


@dataclass(frozen=True, kw_only=True)
class Statistics:
    """``arrivals`` is (day in Almaty, complaints) without gaps; ``backlog`` has the number of
    open complaints of each age of AGES and of those beyond; ``sources`` says who settled the
    category, ``overridden`` (category, settled, by an agent) of each; ``reasons`` counts files
    that were not usable by the code of the finding, a file with two findings in both.
    """

    days: int
    arrivals: Sequence[tuple[date, int]]
    backlog: Sequence[int]
    answered: int
    in_time: int
    sources: Mapping[str, int]
    overridden: Sequence[tuple[str, int, int]]
    files: int
    refused: int
    reasons: Sequence[tuple[str, int]]

    @property
    def settled(self) -> int:
        """Complaints with a category."""
        return sum(self.sources.values())

    @property
    def automatic(self) -> int:
        """Of these, the ones whose category no agent had to correct."""
        return self.settled - self.sources.get("agent", 0)


class Remembered:
    """The sums of the last minute, by the number of days."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._lock = threading.Lock()
        self._found: dict[int, tuple[float, Statistics]] = {}

    def get(self, days: int) -> Statistics:
        with self._lock:
            kept = self._found.get(days)
            if kept is None or time.monotonic() - kept[0] > REMEMBERED_SECONDS:
                kept = (time.monotonic(), statistics(self._desk, days))
                self._found[days] = kept
            return kept[1]


def statistics(desk: Desk, days: int = DAYS) -> Statistics:
    """The sums of the last ``days`` days (at most MOST_DAYS), today among them."""
    days = max(1, min(days, MOST_DAYS))
    now = desk.now()
    today = desk.book.calendar.local_date(now)
    begin = _begin(desk, today - timedelta(days=days - 1))
    with desk.reading() as session:
        came = _arrivals(session, begin, _offset(desk, now))
        answered, in_time = _kept(session, begin)
        sources, overridden = _categories(session, begin)
        files, refused, reasons = _files(session, begin)
        return Statistics(
            days=days,
            arrivals=[
                (day, came.get(day, 0))
                for day in (today - timedelta(days=back) for back in range(days - 1, -1, -1))
            ],
            backlog=_backlog(session, now),
            answered=answered,
            in_time=in_time,
            sources=sources,
            overridden=overridden,
            files=files,
            refused=refused,
            reasons=reasons,
        )


def _offset(desk: Desk, now: datetime) -> timedelta:
    found = now.astimezone(desk.book.calendar.zone).utcoffset()
    return found or timedelta()


def _begin(desk: Desk, day: date) -> datetime:
    """The first moment of a day where the desk is."""
    return datetime(day.year, day.month, day.day, tzinfo=desk.book.calendar.zone)


def _arrivals(session: Session, begin: datetime, offset: timedelta) -> dict[date, int]:
    # By the offset of today: the country has had one zone without summer time since 2024.
    day: ColumnElement[Any]
    if session.get_bind().dialect.name == "sqlite":
        seconds = f"{int(offset.total_seconds()):+d} seconds"
        day = func.date(Complaint.received_at, seconds)
    else:
        moved = func.timezone("UTC", Complaint.received_at) + offset
        day = cast(moved, Date)
    query = (
        select(day, func.count())
        .where(Complaint.received_at >= begin)
        .group_by(literal_column("1"))
    )
    return {
        found if isinstance(found, date) else date.fromisoformat(found): count
        for found, count in session.execute(query)
    }


def _backlog(session: Session, now: datetime) -> list[int]:
    ages = case(
        *((Complaint.received_at > now - age, place) for place, age in enumerate(AGES)),
        else_=len(AGES),
    )
    query = (
        select(ages, func.count()).where(Complaint.status.in_(OPEN)).group_by(literal_column("1"))
    )
    found = {int(place): int(count) for place, count in session.execute(query)}
    return [found.get(place, 0) for place in range(len(AGES) + 1)]


def _kept(session: Session, begin: datetime) -> tuple[int, int]:
    """Answers given, and those of them before the due time. An answer that was appealed against
    is none: its complaint is open again, with another due time.
    """
    in_time = func.sum(case((Event.at <= Complaint.due_at, 1), else_=0))
    query = (
        select(func.count(), in_time)
        .select_from(Event)
        .join(Complaint, Complaint.id == Event.complaint_id)
        .where(
            Event.after.in_(ANSWERS),
            Event.at >= begin,
            Complaint.status == Event.after,
            Complaint.due_at.isnot(None),
        )
    )
    answered, kept = session.execute(query).one()
    return answered, int(kept or 0)


def _categories(
    session: Session, begin: datetime
) -> tuple[dict[str, int], list[tuple[str, int, int]]]:
    query = (
        select(Complaint.category, Complaint.category_source, func.count())
        .where(Complaint.received_at >= begin, Complaint.category.isnot(None))
        .group_by(Complaint.category, Complaint.category_source)
    )
    sources: dict[str, int] = {}
    settled: dict[str, int] = {}
    by_agent: dict[str, int] = {}
    for found, source, count in session.execute(query):
        category = str(found)
        sources[source or ""] = sources.get(source or "", 0) + count
        settled[category] = settled.get(category, 0) + count
        by_agent[category] = by_agent.get(category, 0) + (count if source == "agent" else 0)
    most_first = sorted(settled, key=lambda each: (-settled[each], each))
    return sources, [(each, settled[each], by_agent[each]) for each in most_first]


def _files(session: Session, begin: datetime) -> tuple[int, int, list[tuple[str, int]]]:
    query = (
        select(Evidence.verdict, func.count())
        .where(Evidence.verdict.in_(_JUDGED), Evidence.added_at >= begin)
        .group_by(Evidence.verdict)
    )
    by_verdict = {str(verdict): int(count) for verdict, count in session.execute(query)}
    return sum(by_verdict.values()), by_verdict.get("rejected", 0), _reasons(session, begin)


_JUDGED = ("accepted", "flagged", "rejected")
_GRAVE = ("unusable", "dangerous")


def _reasons(session: Session, begin: datetime) -> list[tuple[str, int]]:
    """The findings that made files unusable, unfolded by the database's own JSON."""
    if session.get_bind().dialect.name == "sqlite":
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
        select(code, func.count(Evidence.id.distinct()))
        .select_from(Evidence, each)
        .where(Evidence.verdict == "rejected", Evidence.added_at >= begin, level.in_(_GRAVE))
        .group_by(literal_column("1"))
        .order_by(literal_column("2").desc(), literal_column("1"))
        .limit(MOST_REASONS)
    )
    return [(str(found), count) for found, count in session.execute(query)]
