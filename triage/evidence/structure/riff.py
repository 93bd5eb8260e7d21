"""RIFF as WebP uses it: a size in the first header, then chunks."""

from __future__ import annotations

from collections.abc import Iterator

from triage.evidence.structure.flaw import Fault, Flaw, Source

_HEADER_BYTES = 8


def flaws(source: Source) -> Iterator[Flaw]:
    """Cut where the file is shorter than its first header says."""
    end = _HEADER_BYTES + _little(source.read_at(4, 4))
    end += end & 1  # chunks are padded to even lengths
    if end > source.size + 1:
        yield Flaw(fault=Fault.CUT, measured=end - source.size)
    elif source.read_at(end, 64).strip(b"\0"):
        yield Flaw(fault=Fault.TRAILING, measured=source.size - end)


def canvas_size(head: bytes) -> tuple[int, int]:
    """Width and height in pixels of a WebP by its first chunk; (0, 0) where it names none.

    The Extended format says its canvas, the two simple ones their only frame.
    """
    kind, body = head[12:16], head[20:30]
    if len(body) < 10:
        return 0, 0
    if kind == b"VP8X":
        return _little(body[4:7]) + 1, _little(body[7:10]) + 1
    if kind == b"VP8L":
        packed = _little(body[1:5])
        return (packed & 0x3FFF) + 1, (packed >> 14 & 0x3FFF) + 1
    if kind == b"VP8 ":
        return _little(body[6:8]) & 0x3FFF, _little(body[8:10]) & 0x3FFF
    return 0, 0


def _little(field: bytes) -> int:
    return int.from_bytes(field, "little")
