"""JPEG: segments with a length each, entropy-coded scans without one, an end marker."""

from __future__ import annotations

import re
from collections.abc import Iterator

from triage.evidence.structure.flaw import Fault, Flaw, Source

_END = b"\xff\xd9"
_START = b"\xff\xd8\xff"
_SCAN = 0xDA
_EOI = 0xD9
_ALONE = frozenset((0x01, *range(0xD0, 0xD9)))  # markers without a length
# In a scan 0xFF is followed by 0 when it is a byte, by D0 to D7 at a restart, by FF to fill.
_AFTER_SCAN = re.compile(rb"\xff(?=[^\x00\xd0-\xd7\xff])")
_PADDING = b"\0\r\n "
_EDGE = 64
_SAMSUNG_TRAILER = b"SEFT"


def flaws(source: Source) -> Iterator[Flaw]:
    """Cut where no end marker follows. What phones append behind the picture is no flaw.

    A second picture behind the first (stereo pair, gain map, depth map) that is itself cut is
    a minor flaw: what people see is whole.
    """
    content = source.content
    if content.rstrip(_PADDING).endswith(_END):
        return  # the common case, without a walk
    end = _end_of_picture(content)
    if end is None:
        yield Flaw(fault=Fault.CUT)
        return
    behind = content[end : end + _EDGE].lstrip(_PADDING)
    if behind.startswith(_START):
        yield Flaw(fault=Fault.CUT, minor=True)
    elif b"ftyp" not in behind and not content.endswith(_SAMSUNG_TRAILER):
        yield Flaw(fault=Fault.TRAILING, measured=len(content) - end)


def outside_of_scans(content: bytes) -> Iterator[bytes]:
    """What stands in front of the first scan, and from the end of the picture on.

    The entropy-coded rows between them are most of the file and cannot hold anything else
    without being seen.
    """
    end = _end_of_picture(content)
    if end is None:
        yield content
    else:
        yield content[: _first_scan(content)]
        yield content[end:]


def _first_scan(content: bytes) -> int:
    """The offset of the first scan, by the lengths of the segments in front of it."""
    at = 2
    while len(content) > at + 3 and content[at] == 0xFF and content[at + 1] not in (_SCAN, _EOI):
        marker = content[at + 1]
        if marker == 0xFF:
            at += 1
        elif marker in _ALONE:
            at += 2
        else:
            at += 2 + int.from_bytes(content[at + 2 : at + 4], "big")
    return at


def _end_of_picture(content: bytes) -> int | None:
    """The offset behind the end marker of the first picture; None where there is none."""
    at = 2
    while True:
        while content[at : at + 2] == b"\xff\xff":
            at += 1
        if len(content) < at + 2 or content[at] != 0xFF:
            return None
        marker = content[at + 1]
        if marker == _EOI:
            return at + 2
        at += 2 if marker in _ALONE else 2 + int.from_bytes(content[at + 2 : at + 4], "big")
        if marker == _SCAN:
            following = _AFTER_SCAN.search(content, at)
            if following is None:
                return None
            at = following.start()
