"""The legal clock: the days that the law gives, from the day of a formal claim. It never pauses."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from triage.core.calendar import Calendar
from triage.core.catalogue import Texts

_MONTHS_A_YEAR = 12

Step = Mapping[str, object]
"""One line of a derivation, see ``sla.Step``."""


@dataclass(frozen=True, kw_only=True)
class LegalTerm:
    """One term of the law, in calendar days or in months from the day of the claim.

    ``source`` is the article, as the rule book cites it.
    """

    code: str
    names: Texts
    source: str
    days: int = 0
    months: int = 0

    def __post_init__(self) -> None:
        if (self.days > 0) == (self.months > 0):
            raise ValueError("a legal term is counted in days or in months")

    def last_day(self, claimed_on: date) -> date:
        """The day with whose end the term ends; the day of the claim is not counted.

        A month that has no such day ends it with its own last day.
        """
        if self.days:
            return claimed_on + timedelta(days=self.days)
        months = claimed_on.year * _MONTHS_A_YEAR + claimed_on.month - 1 + self.months
        year, month = divmod(months, _MONTHS_A_YEAR)
        return date(year, month + 1, min(claimed_on.day, monthrange(year, month + 1)[1]))


@dataclass(frozen=True, kw_only=True)
class LegalDue:
    """When one term ends (UTC), whether it is over, and the whole days that are left of it."""

    term: LegalTerm
    due_at: datetime
    over: bool
    days_left: int


@dataclass(frozen=True, kw_only=True)
class LegalClock:
    """All terms that run since the claim, the earliest first, and how they were counted."""

    claimed_on: date
    dues: tuple[LegalDue, ...]
    derivation: tuple[Step, ...]


def legal_clock(
    claimed_on: date, terms: Iterable[LegalTerm], *, calendar: Calendar, now: datetime
) -> LegalClock:
    """The legal clock as it stands at ``now``; ``claimed_on`` is a date in the calendar's zone.

    Whether a term that ends on a day off lasts until the next working day is for lawyers
    (domain, section 5): nothing is moved here, so nobody is told a day too late.
    """
    today = calendar.local_date(now)
    dues = []
    steps: list[Step] = [{"code": "legal.claimed", "day": claimed_on.isoformat()}]
    for term in sorted(terms, key=lambda each: each.last_day(claimed_on)):
        last = term.last_day(claimed_on)
        due_at = calendar.end_of_day(last)
        left = max(0, (last - today).days)
        dues.append(LegalDue(term=term, due_at=due_at, over=now > due_at, days_left=left))
        steps.append(_step(term, last))
    steps.append({"code": "legal.never_pauses"})
    return LegalClock(claimed_on=claimed_on, dues=tuple(dues), derivation=tuple(steps))


def _step(term: LegalTerm, last: date) -> Step:
    return {
        "code": "legal.days" if term.days else "legal.months",
        "name": dict(term.names),
        "count": term.days or term.months,
        "until": last.isoformat(),
        "source": term.source,
    }
