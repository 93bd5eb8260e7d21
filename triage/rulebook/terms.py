"""Reads the terms: the priority scale, the SLA classes and pauses, the calendar."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from triage.core.calendar import Calendar, DayKind, Span, SpecialDay
from triage.core.case import SlaClass
from triage.core.catalogue import Texts
from triage.core.complaint import Priority
from triage.core.legal import LegalTerm
from triage.core.policy import PriorityScale
from triage.core.sla import PAUSES, Counted, SlaPolicy, Terms
from triage.rulebook.estimates import MOST_YEARS, estimated_days
from triage.rulebook.page import Entry

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
WEEKS = ("5", "6")
_SPAN = re.compile(r"(\d\d):(\d\d)-(\d\d):(\d\d)")
_MOST_DAYS = 366
_MOST_MONTHS = 120


def read_scale(entry: Entry, model: Entry) -> PriorityScale:
    """The points from which each priority is reached, and how sure (%) the model must be."""
    levels = entry.parts(list(Priority))
    points, names = {}, {}
    for priority in Priority:
        scored = ("points",) if priority is not Priority.LOW else ()
        keys = levels[priority].parts(("name", *scored))
        names[priority] = keys["name"].texts()
        if scored:
            points[str(priority)] = keys["points"].whole(1, 1000)
    if not points["urgent"] > points["high"] > points["normal"]:
        entry.fail("urgent needs more points than high, and high more than normal")
    sure = {key: each.whole(0, 100) for key, each in model.parts(("confidence", "danger")).items()}
    return PriorityScale(
        **points, model_confidence=sure["confidence"], model_danger=sure["danger"], names=names
    )


def read_sla(keys: Mapping[str, Entry]) -> SlaPolicy:
    classes = keys["classes"].parts(list(SlaClass))
    pauses = keys["pauses"].parts(optional=PAUSES)
    alerts = [item.whole(1, 99) for item in keys["alerts"].items()]
    return SlaPolicy(
        classes={each: _terms(classes[each]) for each in SlaClass},
        pause_caps={why: entry.whole(0, _MOST_DAYS) for why, entry in pauses.items()},
        least_after_resume=timedelta(hours=keys["least_after_resume"].whole(1, 100)),
        alerts=tuple(sorted(alerts)),
        evidence_grace=keys["evidence_grace"].whole(1, _MOST_DAYS),
        evidence_reminder=keys["evidence_reminder"].whole(1, _MOST_DAYS),
        appeal_window=keys["appeal_window"].whole(0, _MOST_DAYS),
        legal=_legal(keys["legal"]) if "legal" in keys else (),
    )


def _legal(entry: Entry) -> tuple[LegalTerm, ...]:
    """Terms of the law by their codes; each is counted in days or in months."""
    return tuple(_legal_term(code, item) for code, item in entry.mapping().items())


def _legal_term(code: str, entry: Entry) -> LegalTerm:
    keys = entry.parts(("name", "source"), ("days", "months"))
    if ("days" in keys) == ("months" in keys):
        entry.fail("a legal term has days or months", "Write one of the two, as the law does.")
    return LegalTerm(
        code=code,
        names=keys["name"].texts(),
        source=keys["source"].text(),
        days=keys["days"].whole(1, _MOST_DAYS) if "days" in keys else 0,
        months=keys["months"].whole(1, _MOST_MONTHS) if "months" in keys else 0,
    )


SLA_KEYS = (
    "classes",
    "pauses",
    "least_after_resume",
    "alerts",
    "evidence_grace",
    "evidence_reminder",
    "appeal_window",
)


def _terms(entry: Entry) -> Terms:
    keys = entry.parts(("name", "days", "counted"), ("target",))
    days = keys["days"].whole(1, _MOST_DAYS)
    return Terms(
        days=days,
        counted=Counted(keys["counted"].code(list(Counted), "way to count days")),
        names=keys["name"].texts(),
        target=keys["target"].whole(1, days) if "target" in keys else None,
    )


def read_calendars(page: Entry) -> tuple[Calendar, Mapping[int, Calendar]]:
    """The calendar that the desk works by, and the calendars by length of the working week."""
    keys = page.parts(("zone", "week", "weeks", "holidays", "years", "estimate"))
    zone = _zone(keys["zone"])
    weeks = keys["weeks"].parts(WEEKS)
    names = {code: entry.texts() for code, entry in keys["holidays"].mapping().items()}
    years = [_Year.read(entry, year, names) for year, entry in keys["years"].mapping().items()]
    span = _estimated_years(keys["estimate"])
    calendars = {}
    for week in WEEKS:
        hours = _hours(weeks[week])
        special = {each.day: each for year in years for each in year.days(week)}
        listed = {year.year for year in years}
        guessed = estimated_days([y for y in span if y not in listed], frozenset(hours), names)
        calendars[int(week)] = Calendar(zone=zone, hours=hours, special={**guessed, **special})
    return calendars[int(keys["week"].code(WEEKS, "working week"))], calendars


def _zone(entry: Entry) -> ZoneInfo:
    name = entry.text()
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return entry.fail(f"there is no time zone '{name[:60]}'", "Write it like Asia/Almaty.")


def _estimated_years(entry: Entry) -> range:
    keys = entry.parts(("from", "to"))
    first = keys["from"].whole(2000, 2100)
    last = keys["to"].whole(first, 2100)
    if last - first >= MOST_YEARS:
        entry.fail(f"no more than {MOST_YEARS} years are estimated")
    return range(first, last + 1)


def _hours(entry: Entry) -> Mapping[int, tuple[Span, ...]]:
    """Opening hours by weekday number; a weekday that is left out is a day off."""
    keys = entry.parts(optional=WEEKDAYS)
    if not keys:
        entry.fail("a week without opening hours has no deadlines")
    return {WEEKDAYS.index(weekday): _spans(each) for weekday, each in keys.items()}


def _spans(entry: Entry) -> tuple[Span, ...]:
    spans: list[Span] = []
    for part in entry.text().split(","):
        match = _SPAN.fullmatch(part.strip())
        if match is None:
            entry.fail("opening hours are expected", "Write them like 09:00-13:00, 14:00-18:00.")
        hour, minute, last_hour, last_minute = map(int, match.groups())
        try:
            span = Span(hour * 60 + minute, last_hour * 60 + last_minute)
        except ValueError as error:
            entry.fail(str(error))
        if spans and span.opens < spans[-1].closes:
            entry.fail("the spans of a day follow each other and do not overlap")
        spans.append(span)
    return tuple(spans)


@dataclass(frozen=True, kw_only=True)
class _Year:
    """One year as announced: its holidays, what was moved where, and which weekends are worked."""

    year: int
    holidays: tuple[SpecialDay, ...]
    moved: tuple[tuple[frozenset[str], SpecialDay], ...]  # with the weeks that they are for
    working: tuple[SpecialDay, ...]

    def days(self, week: str) -> tuple[SpecialDay, ...]:
        """The days for a working week; what is named later wins."""
        moved = (day for weeks, day in self.moved if week in weeks)
        return (*self.holidays, *moved, *self.working)

    @classmethod
    def read(cls, entry: Entry, year: str, names: Mapping[str, Texts]) -> _Year:
        if not re.fullmatch(r"20\d\d", year):
            entry.fail(f"'{year[:60]}' is not a year")
        keys = entry.parts(("source", "holidays"), ("moved", "working"))
        keys["source"].text()
        number = int(year)
        moved = keys["moved"].items() if "moved" in keys else ()
        working = keys["working"].items() if "working" in keys else ()
        return cls(
            year=number,
            holidays=tuple(_holidays(keys["holidays"], number, names)),
            moved=tuple(_moved(item, number) for item in moved),
            working=tuple(
                _special(item, number, DayKind.WORKING_BY_DECREE, ("day", "why"))
                for item in working
            ),
        )


def _holidays(entry: Entry, year: int, names: Mapping[str, Texts]) -> list[SpecialDay]:
    """Holidays by their code: one day, several, or a day that is only estimated."""
    days = []
    for code, item in entry.mapping().items():
        if code not in names:
            item.fail(f"the holiday '{code[:60]}' has no name", "Name it under 'holidays'.")
        for each in item.items():
            estimated = isinstance(each.value, Mapping)
            when = each.parts(("estimated",))["estimated"] if estimated else each
            day = SpecialDay(
                day=_in_year(when, year),
                kind=DayKind.HOLIDAY,
                names=names[code],
                estimated=estimated,
            )
            days.append(day)
    return days


def _moved(entry: Entry, year: int) -> tuple[frozenset[str], SpecialDay]:
    keys = entry.parts(("day", "why"), ("weeks",))
    weeks = keys["weeks"].codes(WEEKS, "working week") if "weeks" in keys else frozenset(WEEKS)
    return weeks, _special(entry, year, DayKind.MOVED, ("day", "why", "weeks"))


def _special(entry: Entry, year: int, kind: DayKind, known: tuple[str, ...]) -> SpecialDay:
    keys = entry.parts(("day", "why"), known)
    return SpecialDay(day=_in_year(keys["day"], year), kind=kind, names=keys["why"].texts())


def _in_year(entry: Entry, year: int) -> date:
    day = entry.day()
    if day.year != year:
        entry.fail(f"{day} is not in the year {year}")
    return day
