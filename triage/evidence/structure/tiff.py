"""TIFF: directories of tags that point at strips or tiles anywhere in the file."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from triage.evidence.structure.flaw import Fault, Flaw, Source

_DIRECTORIES = 1_000
_TAGS = 4_096
_PIECES = 1_000_000
_PLACES = {273: 279, 324: 325}  # offsets of strips or tiles, and their lengths in bytes
_FORMATS = {3: "H", 4: "I", 16: "Q"}


@dataclass(frozen=True, kw_only=True)
class _Layout:
    """The two dialects: classic with 4-byte offsets, BigTIFF with 8."""

    order: str
    offset: str
    count: str
    entry_bytes: int

    def numbers(self, fields: str, raw: bytes) -> tuple[int, ...]:
        """Unpacked in the file's byte order; nothing where bytes are missing."""
        wanted = struct.calcsize(self.order + fields)
        return struct.unpack(self.order + fields, raw[:wanted]) if len(raw) >= wanted else ()


def flaws(source: Source) -> Iterator[Flaw]:
    """Cut where a directory or the picture that it points at lies beyond the file."""
    head = source.read_at(0, 16)
    order = "<" if head[:2] == b"II" else ">"
    if head[2:4] in (b"*\0", b"\0*"):
        layout, first = _Layout(order=order, offset="I", count="H", entry_bytes=12), head[4:8]
    else:
        layout, first = _Layout(order=order, offset="Q", count="Q", entry_bytes=20), head[8:16]
    at, seen = next(iter(layout.numbers(layout.offset, first)), 0), set[int]()
    while at and at not in seen and len(seen) < _DIRECTORIES:
        seen.add(at)
        directory = _directory(source, at, layout)
        if directory is None:
            yield Flaw(fault=Fault.CUT, minor=len(seen) > 1)
            return
        tags, at = directory
        end = _end_of_picture(source, tags, layout)
        if end > source.size:
            yield Flaw(fault=Fault.CUT, measured=end - source.size)
            return


def _directory(
    source: Source, at: int, layout: _Layout
) -> tuple[dict[int, tuple[int, int, bytes]], int] | None:
    """Tags by number as (type, count, value field), and the next directory's offset."""
    head_bytes = struct.calcsize(layout.order + layout.count)
    counted = layout.numbers(layout.count, source.read_at(at, head_bytes))
    if not counted or counted[0] > _TAGS:
        return None
    width, offset_bytes = layout.entry_bytes, struct.calcsize(layout.order + layout.offset)
    raw = source.read_at(at + head_bytes, counted[0] * width + offset_bytes)
    if len(raw) < counted[0] * width:
        return None
    tags = {}
    for start in range(0, counted[0] * width, width):
        entry = raw[start : start + width]
        number, kind, count = layout.numbers("HH" + layout.offset, entry)
        tags[number] = kind, count, entry[width - offset_bytes :]
    following = layout.numbers(layout.offset, raw[counted[0] * width :])
    return tags, following[0] if following else 0


def _end_of_picture(
    source: Source, tags: dict[int, tuple[int, int, bytes]], layout: _Layout
) -> int:
    """The offset behind the last strip or tile; 0 where the directory names none."""
    for places, lengths in _PLACES.items():
        if places in tags and lengths in tags:
            ends = zip(
                _values(source, tags[places], layout),
                _values(source, tags[lengths], layout),
                strict=False,
            )
            return max((start + length for start, length in ends), default=0)
    return 0


def _values(source: Source, tag: tuple[int, int, bytes], layout: _Layout) -> tuple[int, ...]:
    """The numbers of a tag, which stand in its value field or, when too long, elsewhere."""
    kind, count, field = tag
    if kind not in _FORMATS or count > _PIECES:
        return ()
    fields = f"{count}{_FORMATS[kind]}"
    length = struct.calcsize(layout.order + fields)
    if length > len(field):
        field = source.read_at(layout.numbers(layout.offset, field)[0], length)
    return layout.numbers(fields, field)
