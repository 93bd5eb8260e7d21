"""What the index of an MP4 says about its pictures that a decoder does not: locked, or elsewhere.

A walk over a few boxes, bounded like the walk over the whole file. Damage is not named here:
a box that is not where it belongs simply says nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from triage.evidence.structure.flaw import Source
from triage.evidence.structure.isobmff import Box, boxes

_TRACKS = 64
_ENTRIES = 16  # descriptions of one track, and places that its samples may lie in
_LOCKED = (b"encv", b"drmi")  # ISO 23001-7 and what shops of films used before it
_COUNTED = 8  # version, flags and a count stand before the entries of a list
_IN_THIS_FILE = 1  # the flag of a place without an address


@dataclass(frozen=True, kw_only=True)
class PictureTrack:
    """One track of pictures: is its content encrypted, does it lie in another file?

    ``codec``: the four letters by which the index calls the way of encoding, or nothing.
    """

    codec: str
    is_locked: bool
    is_elsewhere: bool


def picture_tracks(source: Source) -> list[PictureTrack]:
    """Those that the index (moov) names, in its order."""
    found = []
    for index in _named(source, 0, source.size, b"moov"):
        for track in islice(_named(source, index.body, _end(index, source), b"trak"), _TRACKS):
            media = _first(source, track, b"mdia")
            if media and _handler(source, media) == b"vide":
                found.append(_described(source, media))
    return found


def _described(source: Source, media: Box) -> PictureTrack:
    table = _at(source, media, b"minf", b"stbl", b"stsd")
    places = _at(source, media, b"minf", b"dinf", b"dref")
    entries = _entries(source, table)
    flags = [_flags(source, each) for each in _entries(source, places)]
    return PictureTrack(
        codec=entries[0].kind.decode("latin-1").strip() if entries else "",
        is_locked=any(each.kind in _LOCKED for each in entries),
        is_elsewhere=bool(flags) and not any(each & _IN_THIS_FILE for each in flags),
    )


def _handler(source: Source, media: Box) -> bytes:
    """The kind of track: a word behind version, flags and four bytes that differ by maker."""
    handler = _first(source, media, b"hdlr")
    return source.read_at(handler.body + 8, 4) if handler else b""


def _flags(source: Source, entry: Box) -> int:
    return int.from_bytes(source.read_at(entry.body + 1, 3), "big")


def _entries(source: Source, table: Box | None) -> list[Box]:
    if table is None:
        return []
    inner = boxes(source, table.body + _COUNTED, _end(table, source))
    return list(islice(inner, _ENTRIES))


def _at(source: Source, box: Box | None, *path: bytes) -> Box | None:
    for kind in path:
        box = _first(source, box, kind) if box else None
    return box


def _first(source: Source, outer: Box, kind: bytes) -> Box | None:
    return next(_named(source, outer.body, _end(outer, source), kind), None)


def _named(source: Source, start: int, end: int, kind: bytes) -> Iterator[Box]:
    return (box for box in boxes(source, start, end) if box.kind == kind)


def _end(box: Box, source: Source) -> int:
    return min(box.end, source.size)
