"""What a video says about itself: when it was taken, and whether it tells the place.

Absence says nothing: messengers and editors drop both.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

_HERE = ZoneInfo("Asia/Almaty")  # read now: a child could not open the file of a zone
_LOCAL = ("com.apple.quicktime.creationdate",)
_UNIVERSAL = ("creation_time", "date_utc")
_PLACES = ("location", "com.apple.quicktime.location.iso6709")
_ISO_6709 = re.compile(r"\s*([+-]\d{1,7}(?:\.\d+)?)([+-]\d{1,8}(?:\.\d+)?)")
_FIRST_YEAR = 1995  # of digital video; a clock that was never set says 1904 or 1970


def taken_at(said: Mapping[str, str]) -> str | None:
    """``YYYY-MM-DD HH:MM:SS`` on a clock in Kazakhstan; None where nothing plain is said.

    An iPhone writes its own clock with its distance from UTC, which is kept as it stands: it
    is the day that its owner lived. The field of the container is UTC by its standard, and
    phones keep to that; it is brought to the time of Almaty. Some cameras write local time
    into it, and a film that crosses midnight bears the day it began or ended, so a comparison
    must allow for a day.
    """
    for name in (*_LOCAL, *_UNIVERSAL):
        moment = _moment(said.get(name, ""))
        if moment is not None:
            local = moment if name in _LOCAL else moment.astimezone(_HERE)
            return local.strftime("%Y-%m-%d %H:%M:%S")
    return None


def _moment(written: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(written.strip())
    except ValueError:
        return None
    if not _FIRST_YEAR <= moment.year < 9999:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def tells_place(said: Mapping[str, str]) -> bool:
    """Both coordinates by ISO 6709; nought and nought is what a phone without a fix writes."""
    names = (name for name in said if name.partition("-")[0] in _PLACES)
    found = [_ISO_6709.match(said[name]) for name in names]
    return any(each and (float(each[1]) or float(each[2])) for each in found)
