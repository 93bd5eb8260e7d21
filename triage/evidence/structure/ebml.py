"""EBML (WebM, Matroska): elements in elements, sizes that may be left open by live recorders."""

from __future__ import annotations

from collections.abc import Iterator

from triage.evidence.structure.flaw import Fault, Flaw, Source

_ELEMENTS = 1_000_000  # a browser's recording of an hour has some 300,000 blocks
_HEADER = 0x1A45DFA3
_DOCTYPE = 0x4282
_SEGMENT = 0x18538067
_CLUSTER = 0x1F43B675
_TRACKS = 0x1654AE6B
_OPEN = -1  # the size is not known; the content goes on until something else begins


def doctype(head: bytes) -> bytes:
    """The document type that the first element names, empty where it names none."""
    first = _element(head[:16])
    if first is None or first[0] != _HEADER:
        return b""
    at, end = first[2], min(first[2] + first[1], len(head))
    while at < end and (inner := _element(head[at : at + 16])) is not None:
        name, size, body = inner
        if name == _DOCTYPE:
            return head[at + body : at + body + size].rstrip(b"\0")
        at += body + max(size, 0)
    return b""


def flaws(source: Source) -> Iterator[Flaw]:
    """Cut where an element ends beyond the file; broken without tracks or anything in them."""
    seen: set[int] = set()
    at = 0
    for _ in range(_ELEMENTS):
        if at >= source.size:
            break
        element = _element(source.read_at(at, 16))
        if element is None:
            yield from _no_element(source, at, seen)
            return
        name, size, body = element
        seen.add(name)
        end = at + body + size
        if size != _OPEN and end > source.size:
            yield Flaw(fault=Fault.CUT, measured=end - source.size)
            return
        # What is open, and the one element that holds all others, is entered, not skipped.
        at = at + body if size == _OPEN or name == _SEGMENT else end
    if not {_HEADER, _SEGMENT, _TRACKS, _CLUSTER} <= seen:
        yield Flaw(fault=Fault.BROKEN)


def _no_element(source: Source, at: int, seen: set[int]) -> Iterator[Flaw]:
    """Bytes that begin no element: a tail behind a whole film, else damage."""
    left = source.size - at
    if {_TRACKS, _CLUSTER} <= seen and left < 16:
        yield Flaw(fault=Fault.CUT)
    elif source.read_at(at, 64).strip(b"\0"):
        yield Flaw(fault=Fault.BROKEN, measured=left)


def _element(head: bytes) -> tuple[int, int, int] | None:
    """Name, size of the content and length of the header; None where none can begin.

    Both numbers carry their own length in the leading zero bits of their first byte.
    """
    name_length = _length(head[:1], 4)
    size_length = _length(head[name_length : name_length + 1], 8) if name_length else 0
    header = name_length + size_length
    if not size_length or len(head) < header:
        return None
    name = int.from_bytes(head[:name_length], "big")
    mask = (1 << 7 * size_length) - 1
    size = int.from_bytes(head[name_length:header], "big") & mask
    return name, _OPEN if size == mask else size, header


def _length(first: bytes, most: int) -> int:
    """How many bytes the number takes that begins with this one; 0 where none begins."""
    length = 9 - first[0].bit_length() if first and first[0] else 0
    return length if length <= most else 0
