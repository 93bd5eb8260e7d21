"""ISO base media files (MP4, MOV, 3GP; HEIC, HEIF, AVIF): a row of boxes, each with its size."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from triage.evidence.structure.flaw import Fault, Flaw, Source

_BOXES = 100_000  # a fragmented hour has some 10,000; more is a loop in disguise
_TOP_LEVEL = {
    *(b"ftyp", b"styp", b"moov", b"moof", b"mdat", b"meta", b"mini", b"mfra", b"sidx", b"ssix"),
    *(b"free", b"skip", b"wide", b"uuid", b"udta", b"pdin", b"pnot", b"imda", b"emsg", b"prft"),
}
_TO_THE_END = 0
_SIZE_FOLLOWS = 1


@dataclass(frozen=True, kw_only=True)
class Box:
    """``start`` is where its header begins, ``body`` where its content does, in bytes."""

    kind: bytes
    start: int
    body: int
    end: int


def movie_flaws(source: Source) -> Iterator[Flaw]:
    """A movie needs its index (moov); without it nothing can be played."""
    yield from _flaws(source, {b"moov"}, {b"mdat", b"moof"})


def picture_flaws(source: Source) -> Iterator[Flaw]:
    """A picture needs its description (meta); image sequences describe themselves in moov."""
    yield from _flaws(source, {b"meta", b"moov", b"mini"}, set())


def boxes(source: Source, start: int, end: int) -> Iterator[Box]:
    """The boxes between two offsets. The last one may end beyond ``end``: a cut, or a lie.

    Ends without a word where no box can be: too few bytes, an impossible size, no name.
    """
    for _ in range(_BOXES):
        header = source.read_at(start, 16) if start + 8 <= end else b""
        box = _box(header, start, end)
        if box is None:
            return
        yield box
        if box.end >= end:
            return
        start = box.end


def _box(header: bytes, start: int, end: int) -> Box | None:
    size, kind, body = int.from_bytes(header[:4], "big"), header[4:8], start + 8
    if len(header) < 8 or not _is_name(kind):
        return None
    if size == _SIZE_FOLLOWS:
        size, body = int.from_bytes(header[8:16], "big"), start + 16
    box_end = end if size == _TO_THE_END else start + size
    return Box(kind=kind, start=start, body=body, end=box_end) if box_end >= body else None


def _is_name(kind: bytes) -> bool:
    """Four printable characters; QuickTime's own begin with the sign of copyright."""
    return all(0x20 <= each < 0x7F or each == 0xA9 for each in kind)


def _flaws(source: Source, needed: set[bytes], payload: set[bytes]) -> Iterator[Flaw]:
    seen: set[bytes] = set()
    reached = 0
    for box in boxes(source, 0, source.size):
        if box.end > source.size and box.kind not in _TOP_LEVEL:
            break  # not a cut box but something that happens to read like a name
        seen.add(box.kind)
        reached = box.end
        if box.kind == b"moov" and box.end <= source.size and not _is_whole(source, box):
            yield Flaw(fault=Fault.BROKEN)
    if reached > source.size:
        yield Flaw(fault=Fault.CUT, measured=reached - source.size)
    elif not seen & needed or (payload and not seen & payload):
        yield Flaw(fault=Fault.BROKEN if reached == source.size else Fault.CUT)
    elif reached < source.size and source.read_at(reached, 64).strip(b"\0"):
        yield Flaw(fault=Fault.TRAILING, measured=source.size - reached)


def _is_whole(source: Source, movie: Box) -> bool:
    """The index describes at least one track, and nothing in it is longer than itself."""
    inner = list(boxes(source, movie.body, movie.end))
    return any(box.kind == b"trak" for box in inner) and inner[-1].end <= movie.end
