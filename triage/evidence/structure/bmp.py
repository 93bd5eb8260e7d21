"""BMP: a header that says where the rows begin and how many and how long they are."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from triage.evidence.structure.flaw import Fault, Flaw, Source

_HEADER = struct.Struct("<2sI4xIIiiHHII")  # file header, then the common part of BITMAPINFO
_UNPACKED = (0, 3, 6)  # BI_RGB and the two with bit masks; the others are compressed
_DEPTHS_OF_RUNS = {1: 8, 2: 4}  # run-length packing goes with one depth of colour each
_OLD_HEADER_BYTES = 12
_OS2_HEADER_BYTES = 64  # gives the numbers of packing another meaning


def flaws(source: Source) -> Iterator[Flaw]:
    """Cut where the rows would end beyond the file; broken where the header contradicts itself.

    A size of the file that only the header believes in is minor: readers go by the rows.
    """
    head = source.read_at(0, _HEADER.size)
    if len(head) < _HEADER.size:
        yield Flaw(fault=Fault.CUT)
        return
    _, told, rows_at, header, width, height, planes, depth, packing, rows = _HEADER.unpack(head)
    if header == _OLD_HEADER_BYTES:
        return
    row_bytes = (width * depth + 31) // 32 * 4
    end = rows_at + row_bytes * abs(height) if packing in _UNPACKED else 0
    if planes != 1 or (
        header != _OS2_HEADER_BYTES and _are_impossible_runs(packing, depth, height)
    ):
        yield Flaw(fault=Fault.BROKEN)
    elif end > source.size:
        yield Flaw(fault=Fault.CUT, measured=end - source.size)
    elif max(told, rows) > source.size:
        yield Flaw(fault=Fault.CUT, measured=max(told, rows) - source.size, minor=True)


def _are_impossible_runs(packing: int, depth: int, height: int) -> bool:
    """Packed rows stand from the bottom up and have the depth of their packing."""
    return packing in _DEPTHS_OF_RUNS and (height < 0 or depth != _DEPTHS_OF_RUNS[packing])
