"""BMP: a header that says where the rows begin and how many and how long they are."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import NamedTuple

from triage.evidence.structure import bmpruns
from triage.evidence.structure.flaw import Fault, Flaw, Source

_HEADER = struct.Struct("<2sI4xIIiiHHIIiiI")  # file header, then the common BITMAPINFOHEADER
_UNPACKED = (0, 3, 6)  # BI_RGB and the two with bit masks; the others are compressed
_DEPTHS = {
    0: (1, 2, 4, 8, 16, 24, 32),
    1: (8,),  # run-length packing goes with one depth each
    2: (4,),
    3: (16, 32),
    4: (0, 24),  # a JPEG or PNG inside, for printers
    5: (0, 24),
    6: (16, 32),
}
_OLD_HEADER_BYTES = 12
_OS2_HEADER_BYTES = 64  # gives the numbers of packing another meaning
_FILE_HEADER_BYTES = 14
_COLOUR_BYTES = 4
_UNLIKE = 10  # times: no screen, printer or scanner has dots that much longer than wide
_LOOKED_AT = 16 * 2**20  # bytes of rows that are searched for colours outside of the palette


class _Shape(NamedTuple):
    told: int
    rows_at: int
    header: int
    width: int
    height: int
    planes: int
    depth: int
    packing: int
    row_bytes: int
    across: int  # dots a metre
    down: int
    colours: int

    @property
    def stride(self) -> int:
        return (self.width * self.depth + 31) // 32 * 4

    @property
    def room(self) -> int:
        """How many colours have a place between the header and the rows."""
        return (self.rows_at - _FILE_HEADER_BYTES - self.header) // _COLOUR_BYTES

    @property
    def palette(self) -> int:
        """How many colours it has; 0 where every pixel brings its own."""
        if self.depth > 8:
            return 0
        return max(0, min(self.colours or 2**self.depth, self.room))


def flaws(source: Source) -> Iterator[Flaw]:
    """Cut where the rows would end beyond the file; broken where the header contradicts itself.

    Minor: a size of the file that only the header believes in (readers go by the rows), runs
    that leave the picture, pixels of a colour that the palette does not have, absurd dots.
    """
    head = source.read_at(0, _HEADER.size)
    if len(head) < _HEADER.size:
        yield Flaw(fault=Fault.CUT)
        return
    shape = _Shape(*_HEADER.unpack(head)[1:])
    if shape.header == _OLD_HEADER_BYTES:
        return
    end = shape.rows_at + shape.stride * abs(shape.height) if shape.packing in _UNPACKED else 0
    if _contradicts_itself(shape):
        yield Flaw(fault=Fault.BROKEN)
    elif end > source.size:
        yield Flaw(fault=Fault.CUT, measured=end - source.size)
    elif max(shape.told, shape.row_bytes) > source.size:
        yield Flaw(
            fault=Fault.CUT, measured=max(shape.told, shape.row_bytes) - source.size, minor=True
        )
    elif shape.header != _OS2_HEADER_BYTES and _is_odd(shape, source):
        yield Flaw(fault=Fault.BROKEN, minor=True)


def _contradicts_itself(shape: _Shape) -> bool:
    """Packed rows stand from the bottom up and have the depth of their packing."""
    if shape.planes != 1 or shape.width <= 0 or shape.height == 0:
        return True
    if shape.header == _OS2_HEADER_BYTES:
        return False
    depths = _DEPTHS.get(shape.packing)
    runs = shape.packing in (1, 2)
    return depths is None or shape.depth not in depths or (runs and shape.height < 0)


def _is_odd(shape: _Shape, source: Source) -> bool:
    if shape.depth <= 8 and shape.colours > max(0, shape.room):
        return True  # its last colours would be pixels
    low, high = sorted((abs(shape.across), abs(shape.down)))
    if low and high >= low * _UNLIKE:
        return True
    if shape.packing in (1, 2):
        packed = source.read_at(shape.rows_at, _LOOKED_AT)
        return not bmpruns.stay_inside(
            packed, (shape.width, shape.height), four_bits=shape.packing == 2
        )
    return _leaves_palette(shape, source)


def _leaves_palette(shape: _Shape, source: Source) -> bool:
    """Does a pixel of 4 or 8 bits have a number that no colour has?"""
    colours, size = shape.palette, shape.stride * abs(shape.height)
    if shape.depth not in (4, 8) or not 0 < colours < 2**shape.depth or size > _LOOKED_AT:
        return False
    rows = source.read_at(shape.rows_at, size)
    used = (shape.width * shape.depth + 7) // 8
    if shape.depth == 4:
        # The highest of both halves of a byte, by a table; a last half byte is padding.
        used -= shape.width & 1
        rows = rows.translate(bytes(max(each >> 4, each & 15) for each in range(256)))
    starts = range(0, len(rows), shape.stride)
    return any(max(rows[at : at + used], default=0) >= colours for at in starts)
