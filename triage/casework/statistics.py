"""Sums for the dashboard: what came in, what waits, what was kept, who decided, what failed.

The sums of days are those of ``casework/daily.py``; what is open is counted now. A look is
remembered for a minute, however many ask.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import case, func, literal_column, select
from sqlalchemy.orm import Session

from triage.casework import daily
from triage.casework.daily import MOST_DAYS, summed
from triage.core.status import OPEN
from triage.desk import Desk
from triage.store.tables import Complaint

DAYS = 30
REMEMBERED_SECONDS = 60.0
#: Upper bounds of a backlog's ages; what is older comes last.
AGES = (timedelta(days=1), timedelta(days=3), timedelta(days=10), timedelta(days=30))
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
    with desk.reading() as session:
        found = daily.days(session, desk, days)
        backlog = _backlog(session, desk.now())
    settled = _settled(found.values())
    verdicts = summed(day.verdicts for day in found.values())
    reasons = summed(day.reasons for day in found.values())
    return Statistics(
        days=days,
        arrivals=[(day, sums.came) for day, sums in found.items()],
        backlog=backlog,
        answered=sum(day.answered for day in found.values()),
        in_time=sum(day.in_time for day in found.values()),
        sources=summed(iter(settled.values())),
        overridden=[
            (category, sum(sources.values()), sources.get("agent", 0))
            for category, sources in sorted(settled.items(), key=_most_first)
        ],
        files=sum(verdicts.values()),
        refused=verdicts.get("rejected", 0),
        reasons=sorted(reasons.items(), key=lambda each: (-each[1], each[0]))[:MOST_REASONS],
    )


def _settled(days: Iterable[daily.Day]) -> dict[str, dict[str, int]]:
    """Category to source to complaints, of all days together."""
    days = list(days)
    categories = dict.fromkeys(category for day in days for category in day.settled)
    return {
        category: summed(day.settled.get(category, {}) for day in days) for category in categories
    }


def _most_first(settled: tuple[str, Mapping[str, int]]) -> tuple[int, str]:
    return -sum(settled[1].values()), settled[0]


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
