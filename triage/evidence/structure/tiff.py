"""TIFF: directories of tags that point at strips or tiles anywhere in the file."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from triage.evidence.structure.flaw import Fault, Flaw, Source

_DIRECTORIES = 1_000
_TAGS = 4_096
_PIECES = 1_000_000  # strips and tiles of all directories together
_WIDTH, _HEIGHT, _ROWS = 256, 257, 278
_STRIPS, _TILES = (273, 279), (324, 325)  # their offsets, and their lengths in bytes
_FORMATS = {3: "H", 4: "I", 16: "Q"}
_TYPE_BYTES = dict(enumerate((0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4, 0, 0, 8, 8, 8)))
_Tag = tuple[int, int, bytes]  # type, count, value field


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

    @property
    def offset_bytes(self) -> int:
        return struct.calcsize(self.order + self.offset)


@dataclass(kw_only=True)
class _Directory:
    """``complete``: no value of a tag lies beyond the file."""

    tags: dict[int, _Tag] = field(default_factory=dict)
    following: int = 0
    complete: bool = True


def flaws(source: Source) -> Iterator[Flaw]:
    """Cut where a directory or the picture that it points at lies beyond the file.

    Minor: the value of some tag lies there, or there are fewer strips than rows need.
    """
    layout, at = _start(source)
    seen, left = set[int](), _PIECES
    complete = whole = True
    while at and at not in seen and len(seen) < _DIRECTORIES and left > 0:
        seen.add(at)
        directory = _directory(source, at, layout)
        if directory is None:
            yield Flaw(fault=Fault.CUT, minor=len(seen) > 1)
            return
        at = directory.following
        places, lengths = _pieces(source, directory.tags, layout)
        left -= len(places)
        end = max((start + size for start, size in zip(places, lengths, strict=False)), default=0)
        if end > source.size:
            yield Flaw(fault=Fault.CUT, measured=end - source.size)
            return
        complete &= directory.complete
        whole &= _are_enough(source, directory.tags, layout, len(places))
    if not complete:
        yield Flaw(fault=Fault.CUT, minor=True)
    elif not whole:
        yield Flaw(fault=Fault.BROKEN, minor=True)


def _start(source: Source) -> tuple[_Layout, int]:
    head = source.read_at(0, 16)
    order = "<" if head[:2] == b"II" else ">"
    if head[2:4] in (b"*\0", b"\0*"):
        layout, first = _Layout(order=order, offset="I", count="H", entry_bytes=12), head[4:8]
    else:
        layout, first = _Layout(order=order, offset="Q", count="Q", entry_bytes=20), head[8:16]
    return layout, next(iter(layout.numbers(layout.offset, first)), 0)


def _directory(source: Source, at: int, layout: _Layout) -> _Directory | None:
    """None where the directory itself is not all in the file."""
    head_bytes = struct.calcsize(layout.order + layout.count)
    counted = layout.numbers(layout.count, source.read_at(at, head_bytes))
    if not counted or counted[0] > _TAGS:
        return None
    width = layout.entry_bytes
    raw = source.read_at(at + head_bytes, counted[0] * width + layout.offset_bytes)
    if len(raw) < counted[0] * width:
        return None
    found = _Directory()
    for start in range(0, counted[0] * width, width):
        entry = raw[start : start + width]
        number, kind, count = layout.numbers("HH" + layout.offset, entry)
        tag = found.tags[number] = kind, count, entry[width - layout.offset_bytes :]
        found.complete &= _end_of_value(tag, layout) <= source.size
    following = layout.numbers(layout.offset, raw[counted[0] * width :])
    found.following = following[0] if following else 0
    return found


def _end_of_value(tag: _Tag, layout: _Layout) -> int:
    """The offset behind a value that stands elsewhere; 0 where it stands in its own field."""
    kind, count, raw = tag
    length = _TYPE_BYTES.get(kind, 0) * count
    return layout.numbers(layout.offset, raw)[0] + length if length > len(raw) else 0


def _pieces(
    source: Source, tags: dict[int, _Tag], layout: _Layout
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Offsets and lengths of the strips or tiles; nothing where the directory names none."""
    for places, lengths in (_STRIPS, _TILES):
        if places in tags and lengths in tags:
            return _values(source, tags[places], layout), _values(source, tags[lengths], layout)
    return (), ()


def _are_enough(source: Source, tags: dict[int, _Tag], layout: _Layout, pieces: int) -> bool:
    """A picture in strips has one for every so many rows."""
    if _STRIPS[0] not in tags or _HEIGHT not in tags or _WIDTH not in tags:
        return True
    height = next(iter(_values(source, tags[_HEIGHT], layout)), 0)
    rows = next(iter(_values(source, tags[_ROWS], layout)), 0) if _ROWS in tags else height
    return rows <= 0 or height <= 0 or pieces >= -(-height // rows)


def _values(source: Source, tag: _Tag, layout: _Layout) -> tuple[int, ...]:
    """The numbers of a tag, which stand in its value field or, when too long, elsewhere."""
    kind, count, raw = tag
    if kind not in _FORMATS or count > _PIECES:
        return ()
    fields = f"{count}{_FORMATS[kind]}"
    length = struct.calcsize(layout.order + fields)
    if length > len(raw):
        raw = source.read_at(layout.numbers(layout.offset, raw)[0], length)
    return layout.numbers(fields, raw)
