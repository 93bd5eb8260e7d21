"""Times, sums, sizes and shares as people of Kazakhstan read them, in one of our languages."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Literal
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime, format_timedelta
from babel.numbers import format_decimal

from triage.core.facts import per_cent
from triage.languages import spoken_day, spoken_sum

ZONE = ZoneInfo("Asia/Almaty")  # one zone for the whole country since 1 March 2024
THIN = "\N{NO-BREAK SPACE}"

_SHORT_DAY = "d MMM"


def to_moment(value: datetime | str) -> datetime:
    """An aware moment in our zone, from a datetime or an RFC 3339 text."""
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    if moment.tzinfo is None:
        raise ValueError("a moment without a zone cannot be shown")
    return moment.astimezone(ZONE)


@functools.lru_cache(maxsize=4096)
def moment(value: datetime | str, language: str) -> str:
    """``22 ноября 2026 г., 18:49``."""
    here = to_moment(value)
    return f"{_long_day(here.date(), language)}, {here:%H:%M}"


@functools.lru_cache(maxsize=4096)
def _long_day(value: date, language: str) -> str:
    """Babel takes a tenth of a millisecond for a day; a page shows a hundred moments of a few."""
    return spoken_day(value, language)


def short_moment(value: datetime | str, now: datetime, language: str) -> str:
    """``22 нояб., 18:49``, today only the time: for tables, the whole moment is in the title."""
    here = to_moment(value)
    if here.date() == to_moment(now).date():
        return f"{here:%H:%M}"
    return f"{_short_day(here.date(), language)}, {here:%H:%M}"


@functools.lru_cache(maxsize=4096)
def _short_day(value: date, language: str) -> str:
    return format_date(value, _SHORT_DAY, locale=language)


@functools.lru_cache(maxsize=4096)
def day(value: date | str, language: str) -> str:
    """``22 ноября 2026 г.``; a datetime gives its day in our zone."""
    if isinstance(value, str):
        value = to_moment(value) if "T" in value else date.fromisoformat(value)
    elif isinstance(value, datetime):
        value = to_moment(value)
    return _long_day(value, language)


def spoken(value: datetime | str, language: str) -> str:
    """``воскресенье, 22 ноября 2026 г., 18:49``: to be read out, so with the day of the week."""
    here = to_moment(value)
    name = format_datetime(here, "EEEE", locale=language)
    day_of_year = _long_day(here.date(), language)
    said = f"{day_of_year}, {name}" if language == "kk" else f"{name}, {day_of_year}"
    return f"{said}, {here:%H:%M}"


def weekday(value: str, language: str) -> str:
    """``вт, 24 ноября``: an ISO day in a list of days, where the year is plain."""
    return format_date(date.fromisoformat(value), "EEE, d MMMM", locale=language)


def remaining(until: datetime | str, now: datetime, language: str) -> str:
    """``через 3 часа`` or, when it has passed, ``3 часа назад``; rounded down to one unit."""
    left = to_moment(until) - now
    whole = _one_unit(abs(left))
    return _said_span(whole, left >= timedelta(0), language)


@functools.lru_cache(maxsize=4096)
def _said_span(whole: timedelta, is_ahead: bool, language: str) -> str:
    return format_timedelta(
        whole if is_ahead else -whole,
        threshold=1_000_000,
        granularity=_unit(whole),
        add_direction=True,
        locale=language,
    )


def _unit(span: timedelta) -> Literal["day", "hour", "minute"]:
    if span >= timedelta(days=1):
        return "day"
    return "hour" if span >= timedelta(hours=1) else "minute"


def _one_unit(span: timedelta) -> timedelta:
    """A promise of "in 2 days" must not be 30 hours: rounded down, but never to nothing."""
    for unit in (timedelta(days=1), timedelta(hours=1)):
        if span >= unit:
            return span // unit * unit
    minute = timedelta(minutes=1)
    return max(span // minute, 1) * minute


def money(value: Decimal | str) -> str:
    """``123 456 ₸`` in all three languages; tiyn only where there are any."""
    return f"{spoken_sum(Decimal(value))}{THIN}₸"


def share(value: float) -> str:
    """A probability 0..1 as ``93 %``, cut like those of the reasons that stand beside it; no model
    is certain, so the most is ``>99 %``."""
    return f"{int(per_cent(value)) if value < 0.995 else '>99'}{THIN}%"


def length(seconds: float) -> str:
    """``1:05``: the length of a video."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def number(value: int, language: str) -> str:
    """``12 345``: a count, in groups of three."""
    return str(format_decimal(value, "#,##0", locale="kk" if language == "en" else language))


def percent(value: float, language: str) -> str:
    """A counted share 0..1 as ``93,4 %``; unlike a probability it may be all or nothing."""
    return f"{format_decimal(value * 100, '0.#', locale=language)}{THIN}%"


_SIZES = {
    "ru": ("Б", "КБ", "МБ", "ГБ"),
    "kk": ("Б", "КБ", "МБ", "ГБ"),
    "en": ("B", "KB", "MB", "GB"),
}


def size(octets: int, language: str) -> str:
    """``2,4 МБ`` (1 MB = 1024 KB, as phones and the limits count)."""
    units = _SIZES[language]
    place, amount = 0, float(octets)
    while amount >= 1024 and place < len(units) - 1:
        place, amount = place + 1, amount / 1024
    pattern = "0" if place == 0 or amount >= 10 else "0.#"
    return f"{format_decimal(amount, pattern, locale=language)}{THIN}{units[place]}"


#: Types of content as people call them; the same in every language.
_TYPES = {
    "image/jpeg": "JPEG",
    "image/png": "PNG",
    "image/heic": "HEIC",
    "image/heif": "HEIC",
    "image/webp": "WebP",
    "image/avif": "AVIF",
    "image/gif": "GIF",
    "image/bmp": "BMP",
    "image/tiff": "TIFF",
    "application/pdf": "PDF",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "DOCX",
    "video/mp4": "MP4",
    "video/quicktime": "MOV",
    "video/webm": "WebM",
    "video/x-matroska": "MKV",
    "video/3gpp": "3GP",
}


def types(media_types: Sequence[str]) -> str:
    """``JPEG, PNG, HEIC``: what may be sent, the usual ones first."""
    known = [name for each, name in _TYPES.items() if each in media_types]
    return ", ".join(dict.fromkeys(known))
