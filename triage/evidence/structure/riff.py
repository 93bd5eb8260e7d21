"""RIFF as WebP uses it: a size in the first header, then chunks."""

from __future__ import annotations

from collections.abc import Iterator

from triage.evidence.structure.flaw import Fault, Flaw, Source

_HEADER_BYTES = 8
_FIRST_CHUNK = 12
_CHUNKS = 100_000
_LOSSY, _LOSSLESS, _FRAME, _EXTENDED = b"VP8 ", b"VP8L", b"ANMF", b"VP8X"
_FRAME_HEADER = 16  # of an animation: place, size, time, flags; then chunks again
_LOSSY_HEADER = 10


def flaws(source: Source) -> Iterator[Flaw]:
    """Cut where the file is shorter than its first header says.

    Broken where no chunk holds a picture or one ends beyond the end; minor where the parts of a
    lossy picture are longer than the chunk that they are in.
    """
    end = _HEADER_BYTES + _little(source.read_at(4, 4))
    end += end & 1  # chunks are padded to even lengths
    if end > source.size + 1:
        yield Flaw(fault=Fault.CUT, measured=end - source.size)
        return
    yield from _chunk_flaws(source, end)
    if source.read_at(end, 64).strip(b"\0"):
        yield Flaw(fault=Fault.TRAILING, measured=source.size - end)


def _chunk_flaws(source: Source, end: int) -> Iterator[Flaw]:
    pictures, canvas = 0, canvas_size(source.read_at(0, 30))
    for name, body, length in _chunks(source, _FIRST_CHUNK, end):
        if body + length > end:
            yield Flaw(fault=Fault.BROKEN, measured=body + length - end)
            return
        pictures += name in (_LOSSY, _LOSSLESS, _FRAME)
        lossy, inside = body, length
        if name == _FRAME:
            inner = source.read_at(body + _FRAME_HEADER, 8)
            name, lossy = inner[:4], body + _FRAME_HEADER + 8
            inside = min(_little(inner[4:8]), length - _FRAME_HEADER - 8)
            if _leaves(source.read_at(body, 12), canvas):
                yield Flaw(fault=Fault.BROKEN, minor=True)
                return
        if name == _LOSSY and not _has_room(source.read_at(lossy, _LOSSY_HEADER), inside):
            yield Flaw(fault=Fault.BROKEN, minor=True)
            return
    if not pictures:
        yield Flaw(fault=Fault.BROKEN)


def _chunks(source: Source, at: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """Name, offset of the content and its length."""
    for _ in range(_CHUNKS):
        head = source.read_at(at, 8)
        if at + 8 > end or len(head) < 8:
            return
        length = _little(head[4:])
        yield head[:4], at + 8, length
        at += 8 + length + (length & 1)


def _has_room(head: bytes, length: int) -> bool:
    """RFC 6386, 9.1: a key frame with its start code, the first part within the chunk."""
    if len(head) < _LOSSY_HEADER or head[3:6] != b"\x9d\x01\x2a" or head[0] & 1:
        return False
    return _LOSSY_HEADER + (_little(head[:3]) >> 5) <= length


def _leaves(place: bytes, canvas: tuple[int, int]) -> bool:
    """Does a frame of an animation end outside of the canvas?"""
    left, top = 2 * _little(place[:3]), 2 * _little(place[3:6])
    width, height = _little(place[6:9]) + 1, _little(place[9:12]) + 1
    return left + width > canvas[0] or top + height > canvas[1]


def canvas_size(head: bytes) -> tuple[int, int]:
    """Width and height in pixels of a WebP by its first chunk; (0, 0) where it names none.

    The Extended format says its canvas, the two simple ones their only frame.
    """
    kind, body = head[12:16], head[20:30]
    if len(body) < 10:
        return 0, 0
    if kind == _EXTENDED:
        return _little(body[4:7]) + 1, _little(body[7:10]) + 1
    if kind == _LOSSLESS:
        packed = _little(body[1:5])
        return (packed & 0x3FFF) + 1, (packed >> 14 & 0x3FFF) + 1
    if kind == _LOSSY:
        return _little(body[6:8]) & 0x3FFF, _little(body[8:10]) & 0x3FFF
    return 0, 0


def _little(field: bytes) -> int:
    return int.from_bytes(field, "little")
