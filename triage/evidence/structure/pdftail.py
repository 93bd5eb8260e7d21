"""PDF from its end: ``startxref``, an offset, ``%%EOF``; every update repeats them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from triage.evidence.structure.flaw import Fault, Flaw, Source

_EOF = b"%%EOF"
_START = b"startxref"
_REACH = 2048  # how far in front of the end mark readers look for the offset
_OBJECT = re.compile(rb"\d\s+obj\b")
_BLANK = b"\0\t\n\f\r "


def flaws(source: Source) -> Iterator[Flaw]:
    """Cut where the last mark is missing or an update begins behind it and does not end."""
    content = source.content
    end = content.rfind(_EOF)
    if end < 0:
        yield Flaw(fault=Fault.CUT)
        return
    behind = content[end + len(_EOF) :].strip(_BLANK)
    if _OBJECT.search(behind):
        yield Flaw(fault=Fault.CUT)
    elif content.rfind(_START, max(0, end - _REACH), end) < 0:
        yield Flaw(fault=Fault.BROKEN)
    elif behind:
        yield Flaw(fault=Fault.TRAILING, measured=len(behind))
