"""The service's own clock: when a complaint is due, while what it stands still, and why so."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from triage.core.calendar import Calendar, Day, DayKind
from triage.core.case import SlaClass
from triage.core.catalogue import Texts
from triage.core.legal import LegalTerm

Step = Mapping[str, object]
"""One line of a derivation: ``code`` and what its sentence needs, all of it JSON-able.

Moments are RFC 3339 in the calendar's zone, days ISO dates, names texts in every language.
"""


BREACH = 100  # per cent of the promised time

PAUSES = ("evidence", "customer", "seller")
"""Why a clock may stand still; each has its cap in the policy and its sentence."""


class Counted(StrEnum):
    """Which days a term is made of."""

    BUSINESS = "business"
    CALENDAR = "calendar"


@dataclass(frozen=True, kw_only=True)
class Terms:
    """What a class promises: ``days`` at most, ``target`` days as the aim (None: no aim)."""

    days: int
    counted: Counted
    names: Texts
    target: int | None = None


@dataclass(frozen=True, kw_only=True)
class SlaPolicy:
    """The promises as operators set them.

    ``pause_caps`` limit pauses by their ``why``, in working days in sum; what is not named
    there may last. ``least_after_resume`` is the working time that is left at least when a
    clock that was not overdue starts again. ``alerts`` are shares of the time (%).
    ``evidence_grace`` and ``evidence_reminder`` are working days, ``appeal_window`` days.
    ``legal`` are the terms of the law that run from a formal claim; no pause moves them.
    """

    classes: Mapping[SlaClass, Terms]
    pause_caps: Mapping[str, int] = field(default_factory=dict)
    least_after_resume: timedelta = timedelta(hours=4)
    alerts: tuple[int, ...] = (50, 80)
    evidence_grace: int = 5
    evidence_reminder: int = 2
    appeal_window: int = 30
    legal: tuple[LegalTerm, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Pause:
    """A time in which somebody else owes something. ``end`` None: it still does.

    ``why`` is one of PAUSES, ``owed_by`` says who owes.
    """

    start: datetime
    end: datetime | None
    why: str
    owed_by: str

    def __post_init__(self) -> None:
        if self.why not in PAUSES:
            raise ValueError(f"no clock stands still because of {self.why!r}")


@dataclass(frozen=True, kw_only=True)
class Clock:
    """When an answer is due, in UTC, as seen at one moment.

    While ``paused``, ``due_at`` is a projection: it is when the answer would be due if the
    clock went on now. ``remaining`` is working time for classes counted in business days,
    plain time for the others; ``used`` is the share of the promised time in per cent, and
    over 100 never means more than "overdue". ``promised`` is the whole time as it was promised,
    counted as ``remaining`` is.
    """

    sla_class: SlaClass
    started_at: datetime
    due_at: datetime
    target_at: datetime | None
    paused: bool
    breached: bool
    remaining: timedelta
    used: int
    promised: timedelta
    derivation: tuple[Step, ...]


@dataclass(frozen=True)
class _Run:
    """The clock while its pauses are gone through one by one."""

    due: datetime
    steps: tuple[Step, ...]
    cursor: datetime  # pauses before this moment are dealt with
    spent: Mapping[str, timedelta] = field(default_factory=dict)  # working time, by ``why``
    paused: bool = False


def service_clock(
    filed_at: datetime,
    sla_class: SlaClass,
    pauses: Iterable[Pause],
    *,
    policy: SlaPolicy,
    calendar: Calendar,
    now: datetime,
) -> Clock:
    """The service clock of a complaint as it stands at ``now``.

    Day 0, the day of filing, is not counted. Business days end when the office closes on the
    last one, calendar days with the last second of the last one. A pause moves the due time by
    its own length (working time; for calendar days, the nights that it lasted), as far as its
    cap allows; a pause that begins after the due time changes nothing.
    """
    terms = policy.classes[sla_class]
    counting = _Counting(terms=terms, calendar=calendar)
    promised, steps = counting.due(filed_at)
    run = _Run(due=promised, steps=steps, cursor=filed_at)
    for pause in sorted(pauses, key=lambda each: each.start):
        if pause.start <= now:
            run = _paused(run, pause, counting, policy, now)
    remaining = counting.measure(now, run.due)
    total = counting.measure(filed_at, promised)
    breached = now > run.due
    return Clock(
        sla_class=sla_class,
        started_at=filed_at,
        due_at=run.due,
        target_at=counting.target(filed_at),
        paused=run.paused,
        breached=breached,
        remaining=remaining,
        used=100 if breached else max(0, 100 - _share(remaining, total)),
        promised=total,
        derivation=(*run.steps, {"code": "clock.due", "at": counting.shown(run.due)}),
    )


def next_alert(
    clock: Clock, given: frozenset[int], *, policy: SlaPolicy, calendar: Calendar, now: datetime
) -> tuple[int, datetime] | None:
    """The next share (%) of the time whose passing is to be told, and when that is.

    100 stands for the breach. ``given`` are the shares that were told already; a lower one is
    not told after a higher one. A clock that stands still tells nothing.
    """
    if clock.paused:
        return None
    told = max(given, default=0)
    counting = _Counting(terms=policy.classes[clock.sla_class], calendar=calendar)
    for share in (*policy.alerts, BREACH):
        if share > told:
            return share, _passed_at(clock, share, counting, now)
    return None


def _passed_at(clock: Clock, share: int, counting: _Counting, now: datetime) -> datetime:
    if share == BREACH or clock.breached:
        return clock.due_at
    wait = clock.remaining - clock.promised * (BREACH - share) / BREACH
    return counting.later(now, max(wait, timedelta()))


@dataclass(frozen=True)
class _Counting:
    """How one class counts time."""

    terms: Terms
    calendar: Calendar

    def due(self, filed_at: datetime) -> tuple[datetime, tuple[Step, ...]]:
        """When the term ends if nothing pauses it, and how that was counted."""
        day = self.calendar.local_date(filed_at)
        started: Step = {"code": "clock.started", "at": self.shown(filed_at)}
        if self.terms.counted is Counted.CALENDAR:
            last = day + timedelta(days=self.terms.days)
            counted: Step = {
                "code": "days.calendar",
                "days": self.terms.days,
                "until": last.isoformat(),
            }
            return self.calendar.end_of_day(last), (started, counted)
        days = self.calendar.business_days(day, self.terms.days)
        return self.calendar.closing(days[-1].day), (started, *map(_step_of, days))

    def target(self, filed_at: datetime) -> datetime | None:
        if self.terms.target is None:
            return None
        aim = replace(self, terms=replace(self.terms, days=self.terms.target))
        return aim.due(filed_at)[0]

    def measure(self, start: datetime, end: datetime) -> timedelta:
        """The time between two moments as this class counts it; never negative."""
        if self.terms.counted is Counted.BUSINESS:
            return self.calendar.working_time(start, end)
        return max(end - start, timedelta())

    def moved(self, due: datetime, start: datetime, end: datetime) -> datetime:
        """The due time after a pause. A term of days still ends with the end of a day."""
        if self.terms.counted is Counted.BUSINESS:
            return self.calendar.add_working_time(due, self.calendar.working_time(start, end))
        nights = self.calendar.local_date(end) - self.calendar.local_date(start)
        return due.astimezone(UTC) + nights

    def rounded(self, moment: datetime) -> datetime:
        """A term of days ends with the end of a day."""
        if self.terms.counted is Counted.BUSINESS:
            return moment
        return self.calendar.end_of_day(self.calendar.local_date(moment))

    def later(self, moment: datetime, amount: timedelta) -> datetime:
        """When ``amount`` of the time that this class counts will have passed."""
        if self.terms.counted is Counted.BUSINESS:
            return self.calendar.add_working_time(moment, amount)
        return moment.astimezone(UTC) + amount

    def shown(self, moment: datetime) -> str:
        return moment.astimezone(self.calendar.zone).isoformat(timespec="seconds")


def _paused(run: _Run, pause: Pause, counting: _Counting, policy: SlaPolicy, now: datetime) -> _Run:
    """The clock after one more pause, which began at ``now`` at the latest."""
    calendar = counting.calendar
    start = max(pause.start, run.cursor)
    end = min(pause.end or now, now)
    if end < start or start > run.due:
        code = "pause.overlaps" if end < start else "pause.too_late"
        return replace(run, steps=(*run.steps, _pause_step(code, pause, counting)), paused=False)
    cap = policy.pause_caps.get(pause.why)
    spent = run.spent.get(pause.why, timedelta())
    stops, counted_end = _counted_end(start, end, calendar, cap, spent)
    due = counting.moved(run.due, start, counted_end)
    steps = run.steps
    if stops:
        counted = replace(pause, start=start, end=counted_end)
        steps = (*steps, _pause_step(f"pause.{pause.why}", counted, counting))
    if counted_end < end or not stops:
        steps = (*steps, {"code": "pause.capped", "cap": cap, "why": pause.why})
    resumed = pause.end is not None and pause.end <= now
    least = calendar.add_working_time(end, policy.least_after_resume)
    if resumed and stops and due < least:
        due = counting.rounded(least)
        steps = (*steps, {"code": "pause.least_left", "at": counting.shown(due)})
    return _Run(
        due=due,
        steps=steps,
        cursor=end,
        spent={**run.spent, pause.why: spent + calendar.working_time(start, counted_end)},
        paused=stops and not resumed and counted_end == end,
    )


def _counted_end(
    start: datetime, end: datetime, calendar: Calendar, cap: int | None, spent: timedelta
) -> tuple[bool, datetime]:
    """Whether a pause stops the clock at all, and until when it does."""
    if cap is None:
        return True, end
    left = cap * calendar.usual_day - spent
    if left <= timedelta():
        return False, start
    return True, min(end, calendar.add_working_time(start, left))


def _pause_step(code: str, pause: Pause, counting: _Counting) -> Step:
    return {
        "code": code,
        "since": counting.shown(pause.start),
        "until": None if pause.end is None else counting.shown(pause.end),
        "why": pause.why,
        "owed_by": pause.owed_by,
    }


def _step_of(day: Day) -> Step:
    """A counted or skipped day as a line of the derivation."""
    step: dict[str, object] = {"day": day.day.isoformat()}
    if day.number is not None:
        code = "day.counted" if day.kind is DayKind.WORKING else "day.counted_by_decree"
        return {"code": code, **step, "number": day.number}
    if day.kind is DayKind.WEEKEND:
        return {"code": "day.weekend", **step}
    code = "day.estimated" if day.estimated else f"day.{day.kind}"
    return {"code": code, **step, "name": dict(day.names)}


def _share(part: timedelta, whole: timedelta) -> int:
    """How many per cent, rounded up, so that "50 % used" is never said too early."""
    return 0 if not whole else -(-100 * part // whole)
