"""How a phone number is kept, however a person wrote it."""

from __future__ import annotations

import re

_BETWEEN = re.compile(r"[\s().\-\u2010-\u2014]")
_KAZAKHSTAN = re.compile(r"(?:\+?7|8)?([67][0-9]{9})")
_INTERNATIONAL = re.compile(r"\+[1-9][0-9]{7,14}")


def find_phone(written: str) -> str | None:
    """The number as E.164 (``+77771234567``), or None where it is no phone number.

    Kazakhstan's may be written the local way (8 777 …) or without any prefix; others need
    their country's code after ``+`` or ``00``.
    """
    digits = re.sub(r"^00", "+", _BETWEEN.sub("", written))
    local = _KAZAKHSTAN.fullmatch(digits)
    if local:
        return f"+7{local[1]}"
    return digits if _INTERNATIONAL.fullmatch(digits) else None
