"""BMP: a header that says where the rows begin and how many and how long they are."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from triage.evidence.structure.flaw import Fault, Flaw, Source

_HEADER = struct.Struct("<2sI4xIIiiHHI")  # file header, then the common part of BITMAPINFO
_UNPACKED = (0, 3, 6)  # BI_RGB and the two with bit masks; the others are compressed
_OLD_HEADER_BYTES = 12


def flaws(source: Source) -> Iterator[Flaw]:
    """Cut where the rows would end beyond the file. The size in the header is often a lie."""
    head = source.read_at(0, _HEADER.size)
    if len(head) < _HEADER.size:
        yield Flaw(fault=Fault.CUT)
        return
    _, _, rows_at, header, width, height, _, depth, packing = _HEADER.unpack(head)
    if header == _OLD_HEADER_BYTES or packing not in _UNPACKED:
        return
    row_bytes = (width * depth + 31) // 32 * 4
    end = rows_at + row_bytes * abs(height)
    if end > source.size:
        yield Flaw(fault=Fault.CUT, measured=end - source.size)
