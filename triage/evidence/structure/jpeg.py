"""JPEG: segments with a length each, entropy-coded scans without one, an end marker."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from triage.evidence.structure import xmp
from triage.evidence.structure.flaw import Content, Fault, Flaw, Source

_END = b"\xff\xd9"
_START = b"\xff\xd8\xff"
_SCAN, _EOI, _INTERVAL, _APP1 = 0xDA, 0xD9, 0xDD, 0xE1
_ALONE = frozenset((0x01, *range(0xD0, 0xD9)))  # markers without a length
_FRAMES = frozenset((*range(0xC0, 0xC4), *range(0xC5, 0xC8), *range(0xC9, 0xCC), 0xCD, 0xCE, 0xCF))
_IN_ONE_GO = (0xC0, 0xC1)  # Huffman codes, every row once, from top to bottom
_RESTARTS = range(0xD0, 0xD8)
_PADDING = b"\0\r\n "
_EDGE = 64
_SAMSUNG_TRAILER = b"SEFT"
_SEGMENTS = 100_000
_STEP = 128 * 1024  # bytes of a scan at a time: more would be new memory for little
_FILL = re.compile(rb"(?:\xff(?=\xff))*+")


@dataclass(kw_only=True)
class Layout:
    """What the markers of the first picture say. Offsets in bytes; a scan without its header.

    ``end`` is None where the markers do not lead to an end marker.
    """

    end: int | None = None
    first_scan: int | None = None
    scans: list[tuple[int, int]] = field(default_factory=list)
    frame: int = 0  # its marker tells how it is packed
    size: tuple[int, int] = (0, 0)
    samplings: list[tuple[int, int]] = field(default_factory=list)  # of each channel
    channels: int = 0  # in the last scan
    interval: int = 0  # units between two restart markers, 0 without any
    restarts_agree: bool = True
    texts_agree: bool = True

    @property
    def only_scan(self) -> tuple[int, int] | None:
        """The one scan of a picture that is packed row after row; None of any other."""
        whole = self.channels == len(self.samplings)
        return self.scans[0] if self._is_plain and whole and len(self.scans) == 1 else None

    @property
    def _is_plain(self) -> bool:
        return self.frame in _IN_ONE_GO and self.end is not None

    def units(self) -> int:
        """How many units (blocks of all channels together) the picture has; 0 if not known."""
        across = max((each[0] for each in self.samplings), default=0)
        down = max((each[1] for each in self.samplings), default=0)
        if len(self.samplings) == 1:
            across = down = 1  # a single channel is not interleaved
        if not across or not down:
            return 0
        columns, rows = -(-self.size[0] // (8 * across)), -(-self.size[1] // (8 * down))
        return columns * rows


def flaws(source: Source) -> Iterator[Flaw]:
    """See ``flaws_in``."""
    return flaws_in(source.content)


def flaws_in(content: Content) -> Iterator[Flaw]:
    """Cut where no end marker follows. What phones append behind the picture is no flaw.

    Minor: a second picture behind the first (stereo pair, gain map, depth map) that is itself
    cut; restart markers out of their order or too few of them, a description (XMP) that is no
    XML.
    """
    layout = layout_of(content)
    if layout.end is not None and not (layout.restarts_agree and layout.texts_agree):
        yield Flaw(fault=Fault.BROKEN, minor=True)
    if _ends_as_it_must(content):
        return
    if layout.end is None:
        yield Flaw(fault=Fault.CUT)
        return
    behind = content[layout.end : layout.end + _EDGE].lstrip(_PADDING)
    if behind.startswith(_START):
        yield Flaw(fault=Fault.CUT, minor=True)
    elif b"ftyp" not in behind and content[-len(_SAMSUNG_TRAILER) :] != _SAMSUNG_TRAILER:
        yield Flaw(fault=Fault.TRAILING, measured=len(content) - layout.end)


def _ends_as_it_must(content: Content) -> bool:
    """Padding behind the end marker is none of the picture."""
    end = len(content)
    while end > 0:
        start = max(0, end - _STEP)
        if part := content[start:end].rstrip(_PADDING):
            behind = start + len(part)
            return content[max(0, behind - len(_END)) : behind] == _END
        end = start
    return False


def outside_of_scans(content: Content) -> Iterator[bytes]:
    """What stands in front of the first scan, and from the end of the picture on.

    The entropy-coded rows between them are most of the file and cannot hold anything else
    without being seen.
    """
    layout = layout_of(content)
    if layout.end is None:
        yield content[:]
    else:
        yield content[: layout.first_scan]
        yield content[layout.end :]


def layout_of(content: Content) -> Layout:
    """Walk over the markers of the first picture: some 0.1 ms a megabyte, once a file."""
    if not (_last and _last[0][0] is content):
        _last[:] = [(content, _walked(content))]
    return _last[0][1]


def forget() -> None:
    """The file that was asked about last, and its bytes with it."""
    _last.clear()


_last: list[tuple[Content, Layout]] = []
"""Of the file that was asked about last: three checks ask about the same one."""


def _walked(content: Content) -> Layout:
    layout, at = Layout(), 2
    for _ in range(_SEGMENTS):
        at = _FILL.match(content, at).end()  # type: ignore[union-attr] # nothing matches, too
        if len(content) < at + 2 or content[at] != 0xFF:
            return layout
        marker = content[at + 1]
        if marker == _EOI:
            layout.end = at + 2
            return layout
        at += 2
        if marker in _ALONE:
            continue
        segment = content[at + 2 : at + int.from_bytes(content[at : at + 2], "big")]
        at += int.from_bytes(content[at : at + 2], "big")
        if marker != _SCAN:
            _learn(layout, marker, segment)
            continue
        _begin_scan(layout, segment, at)
        end = _end_of_scan(layout, content, at)
        if end is None:
            return layout
        layout.scans.append((at, end))
        at = end
    return layout


def _learn(layout: Layout, marker: int, segment: bytes) -> None:
    if marker in _FRAMES and len(segment) >= 6 and not layout.frame:
        layout.frame = marker
        layout.size = (_big(segment[3:5]), _big(segment[1:3]))
        sampled = segment[7 : 6 + 3 * segment[5] : 3]
        layout.samplings = [(each >> 4, each & 15) for each in sampled]
    elif marker == _INTERVAL:
        layout.interval = _big(segment[:2])
    elif marker == _APP1 and segment.startswith(xmp.IN_JPEG):
        layout.texts_agree &= xmp.is_sound(segment[len(xmp.IN_JPEG) :])


def _begin_scan(layout: Layout, header: bytes, at: int) -> None:
    if layout.first_scan is None:
        layout.first_scan = at - 4 - len(header)
    layout.channels = header[0] if header else 0


def _end_of_scan(layout: Layout, content: Content, at: int) -> int | None:
    """Where the next marker stands that is no restart; None where the file ends before."""
    in_order = True
    for restarts, end in enumerate(_markers(content, at)):
        marker = content[end + 1]
        if marker not in _RESTARTS:
            layout.restarts_agree &= in_order and _are_enough(layout, restarts)
            return end
        in_order &= marker & 7 == restarts & 7
    return None


def _markers(content: Content, at: int) -> Iterator[int]:
    """In a scan 0xFF is followed by 0 when it is a byte, by FF to fill; else it marks something."""
    whole = np.frombuffer(content, np.uint8)
    for start in range(at, len(content) - 1, _STEP):
        part = whole[start : start + _STEP + 1]
        # Functions, not operators: see tests/fuzz/README.md.
        found = np.equal(part[:-1], 0xFF) & np.not_equal(part[1:], 0)
        if found.any():
            places = np.flatnonzero(found & np.not_equal(part[1:], 0xFF))
            yield from (start + places).tolist()


def _are_enough(layout: Layout, restarts: int) -> bool:
    """One restart marker between every two stretches of so many units."""
    if not layout.interval:
        return not restarts
    units = layout.units()
    counted = layout.frame in _IN_ONE_GO and layout.channels == len(layout.samplings) and units
    return not counted or restarts == (units - 1) // layout.interval


def _big(digits: bytes) -> int:
    return int.from_bytes(digits, "big")
