"""Where a HEIF or AVIF keeps its pictures: the table of places (iloc) in its description."""

from __future__ import annotations

from collections.abc import Iterator

from triage.evidence.structure.flaw import Fault, Flaw, Source
from triage.evidence.structure.isobmff import Box, boxes, picture_flaws

_TABLE_BYTES = 1_000_000  # a grid of a thousand tiles has some 20,000
_ABSURD = 2**62  # the numbers of the table have up to 64 bits
_IN_THE_FILE = 0  # how an item is kept; the others are inside of the description


def flaws(source: Source) -> Iterator[Flaw]:
    """Those of the boxes; cut also where a picture would lie beyond the end of the file."""
    of_boxes = list(picture_flaws(source))
    yield from of_boxes
    if any(each.fault is not Fault.TRAILING for each in of_boxes):
        return
    end = max((start + length for start, length in _extents(source)), default=0)
    if end > source.size:
        yield Flaw(fault=Fault.CUT, measured=min(end - source.size, _ABSURD))


def _extents(source: Source) -> Iterator[tuple[int, int]]:
    meta = _find(source, b"meta", 0, source.size)
    table = _find(source, b"iloc", meta.body + 4, meta.end) if meta else None
    if table is not None:
        length = min(table.end - table.body, _TABLE_BYTES)
        yield from _Table(source.read_at(table.body, length)).extents()


def _find(source: Source, kind: bytes, start: int, end: int) -> Box | None:
    return next((each for each in boxes(source, start, end) if each.kind == kind), None)


class _Table:
    """ISO 14496-12, 8.11.3: the widths of its numbers stand in front."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._at = 0

    def extents(self) -> Iterator[tuple[int, int]]:
        """Offset and length of every piece in the file; ends where the table is cut."""
        version = self._number(1)
        self._number(3)
        offsets, lengths = divmod(self._number(1), 16)
        bases, indexes = divmod(self._number(1), 16)
        if not offsets + lengths:
            return  # the table says nothing, at any length
        for _ in range(self._number(2 if version < 2 else 4)):
            if self._at >= len(self._content):
                return
            self._number(2 if version < 2 else 4)
            method = self._number(2) & 15 if version else _IN_THE_FILE
            self._number(2)
            base = self._number(bases)
            for _ in range(self._number(2)):
                if self._at >= len(self._content):
                    return
                self._number(indexes if version else 0)
                start, length = self._number(offsets), self._number(lengths)
                if method == _IN_THE_FILE:
                    yield base + start, length

    def _number(self, width: int) -> int:
        field = self._content[self._at : self._at + width]
        self._at += width
        return int.from_bytes(field, "big")
