"""Days off in years that nobody has announced yet: the ``holidays`` package and the law's rule.

The package knows the dates of the holidays (Kurban Ait by reckoning); how a holiday on a day
off moves differs between the five- and the six-day week, so that is worked out here.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date, timedelta

from triage.core.calendar import DayKind, SpecialDay
from triage.core.catalogue import Texts

MOST_YEARS = 60
_ESTIMATED = " (estimated)"
_NAMELESS: Texts = {"ru": "Праздничный день", "kk": "Мереке күні", "en": "Public holiday"}
_MOVED: Texts = {
    "ru": "Перенос выходного: {name}",
    "kk": "Ауыстырылған демалыс күні: {name}",
    "en": "Day off moved from a holiday: {name}",
}
_STAYS = frozenset({"Orthodox Christmas", "Eid al-Adha"})
"""Holidays that are not moved when they fall on a day off (Law on holidays, art. 5)."""


def estimated_days(
    years: Collection[int], working: frozenset[int], names: Mapping[str, Texts]
) -> Mapping[date, SpecialDay]:
    """The special days of those years for a week with these working weekdays (Monday is 0).

    ``names`` are the book's names of holidays; the English one is what the package calls it.
    """
    if not years:
        return {}
    from holidays import country_holidays  # it takes 0.1 s: only those pay who need it

    english = {texts["en"]: texts for texts in names.values()}
    known = country_holidays("KZ", years=sorted(years), observed=False, language="en_US")
    found: dict[date, SpecialDay] = {}
    waiting: list[tuple[date, Texts]] = []
    for day in sorted(known):
        name = known[day].removesuffix(_ESTIMATED)
        texts = english.get(name, _NAMELESS)
        found[day] = _estimated(day, DayKind.HOLIDAY, texts)
        if day.weekday() not in working and name not in _STAYS:
            waiting.append((day, texts))
    for day, texts in waiting:
        free = _next_working(day, working, found)
        moved = {lang: _MOVED[lang].format(name=texts[lang]) for lang in _MOVED}
        found[free] = _estimated(free, DayKind.MOVED, moved)
    return found


def _estimated(day: date, kind: DayKind, names: Texts) -> SpecialDay:
    return SpecialDay(day=day, kind=kind, names=names, estimated=True)


def _next_working(day: date, working: frozenset[int], off: Iterable[date]) -> date:
    taken = frozenset(off)
    while day.weekday() not in working or day in taken:
        day += timedelta(days=1)
    return day
