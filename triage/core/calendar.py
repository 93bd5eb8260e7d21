"""Working days and working hours, and why a day is not one of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from itertools import pairwise
from zoneinfo import ZoneInfo

from triage.core.catalogue import Texts

_ONE_DAY = timedelta(days=1)
_MINUTES_A_DAY = 24 * 60


class DayKind(StrEnum):
    """What sort of day it is. The last three are days off."""

    WORKING = "working"
    WORKING_BY_DECREE = "working_by_decree"  # a weekend day that is worked
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    MOVED = "moved"  # a day off instead of a holiday or of a weekend day that is worked

    @property
    def off(self) -> bool:
        return self in (DayKind.WEEKEND, DayKind.HOLIDAY, DayKind.MOVED)


@dataclass(frozen=True)
class Span:
    """One stretch of opening hours, in minutes from local midnight; ``closes`` is excluded."""

    opens: int
    closes: int

    def __post_init__(self) -> None:
        if not 0 <= self.opens < self.closes <= _MINUTES_A_DAY:
            raise ValueError("a span opens before it closes, within one day")


@dataclass(frozen=True, kw_only=True)
class SpecialDay:
    """A day that the weekdays alone do not tell. ``estimated``: not yet announced officially."""

    day: date
    kind: DayKind
    names: Texts
    estimated: bool = False


@dataclass(frozen=True, kw_only=True)
class Day:
    """One day as counted: which one it is, or why it is skipped (``number`` is then None)."""

    day: date
    kind: DayKind
    number: int | None = None
    names: Texts = field(default_factory=dict)
    estimated: bool = False


@dataclass(frozen=True, kw_only=True)
class Calendar:
    """Opening hours per weekday (Monday is 0) and the days that differ from them.

    A weekend day that is worked by decree has the hours of the first working weekday.
    All moments that go in are aware; all that come out are in UTC.
    """

    zone: ZoneInfo
    hours: Mapping[int, tuple[Span, ...]]
    special: Mapping[date, SpecialDay] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not any(self.hours.values()):
            raise ValueError("a calendar without opening hours has no deadlines")
        for spans in self.hours.values():
            if any(left.closes > right.opens for left, right in pairwise(spans)):
                raise ValueError("the spans of a day follow each other and do not overlap")

    @property
    def usual_day(self) -> timedelta:
        """The working time of the first working weekday: what "a working day" is worth."""
        return timedelta(minutes=sum(span.closes - span.opens for span in self._usual_spans()))

    def local_date(self, moment: datetime) -> date:
        """The date that the wall calendar shows at that moment."""
        return _aware(moment).astimezone(self.zone).date()

    def look_up(self, day: date) -> Day:
        """What sort of day it is."""
        special = self.special.get(day)
        if special is not None:
            return Day(day=day, kind=special.kind, names=special.names, estimated=special.estimated)
        return Day(day=day, kind=DayKind.WORKING if self._weekly(day) else DayKind.WEEKEND)

    def is_working(self, day: date) -> bool:
        return not self.look_up(day).kind.off

    def business_days(self, after: date, count: int) -> tuple[Day, ...]:
        """Every day from the one after ``after`` to the ``count``-th working day, each explained.

        ``count`` is at least 1; the last element is the day that was asked for.
        """
        if count < 1:
            raise ValueError("count business days from 1")
        days: list[Day] = []
        number, day = 0, after
        while number < count:
            day += _ONE_DAY
            seen = self.look_up(day)
            if not seen.kind.off:
                number += 1
                seen = Day(day=day, kind=seen.kind, number=number, names=seen.names)
            days.append(seen)
        return tuple(days)

    def add_business_days(self, after: date, count: int) -> date:
        """The ``count``-th working day after that day (which is day 0 and not counted)."""
        return self.business_days(after, count)[-1].day

    def closing(self, day: date) -> datetime:
        """When the office closes on a working day; the end of the day on any other."""
        spans = self._spans(day)
        return self._moment(day, spans[-1].closes) if spans else self.end_of_day(day)

    def end_of_day(self, day: date) -> datetime:
        """The last second of the local day."""
        return self._moment(day, _MINUTES_A_DAY) - timedelta(seconds=1)

    def add_working_time(self, start: datetime, amount: timedelta) -> datetime:
        """The moment when the office has been open for ``amount`` since ``start``."""
        if amount < timedelta():
            raise ValueError("working time is added, never taken away")
        if not amount:
            return _aware(start).astimezone(UTC)
        for opens, closes in self._open_from(start):
            if closes - opens >= amount:
                return opens + amount
            amount -= closes - opens
        raise AssertionError("unreachable: opening hours never end")

    def working_time(self, start: datetime, end: datetime) -> timedelta:
        """How long the office is open between two moments; zero when they are out of order."""
        total = timedelta()
        until = _aware(end)
        for opens, closes in self._open_from(start):
            if opens >= until:
                break
            total += min(closes, until) - opens
        return total

    def _open_from(self, start: datetime) -> Iterator[tuple[datetime, datetime]]:
        """The stretches of opening hours from a moment on, the first one cut to it."""
        day = self.local_date(start)
        while True:
            for span in self._spans(day):
                opens = max(self._moment(day, span.opens), start.astimezone(UTC))
                closes = self._moment(day, span.closes)
                if opens < closes:
                    yield opens, closes
            day += _ONE_DAY

    def _spans(self, day: date) -> tuple[Span, ...]:
        kind = self.look_up(day).kind
        if kind.off:
            return ()
        return self._weekly(day) or self._usual_spans()

    def _weekly(self, day: date) -> tuple[Span, ...]:
        return self.hours.get(day.weekday(), ())

    def _usual_spans(self) -> tuple[Span, ...]:
        return next(self.hours[weekday] for weekday in sorted(self.hours) if self.hours[weekday])

    def _moment(self, day: date, minute: int) -> datetime:
        midnight = datetime.combine(day + _ONE_DAY * (minute // _MINUTES_A_DAY), time())
        minutes = timedelta(minutes=minute % _MINUTES_A_DAY)
        return (midnight + minutes).replace(tzinfo=self.zone).astimezone(UTC)


def _aware(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("a deadline needs an aware datetime")
    return moment
