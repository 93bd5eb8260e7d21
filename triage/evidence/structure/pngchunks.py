"""What each chunk of a PNG may look like and where it may stand (PNG, third edition, 5 and 11)."""

from __future__ import annotations

import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

_DEPTHS = {0: (1, 2, 4, 8, 16), 2: (8, 16), 3: (1, 2, 4, 8), 4: (8, 16), 6: (8, 16)}
_CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
_PALETTE = 3
_ONCE = frozenset(
    {
        *(b"IHDR", b"PLTE", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"sBIT"),
        *(b"bKGD", b"hIST", b"pHYs", b"tIME", b"acTL", b"eXIf", b"oFFs", b"pCAL", b"sCAL"),
    }
)
_BEFORE_PALETTE = frozenset((b"cHRM", b"gAMA", b"iCCP", b"sBIT", b"sRGB"))
_BEFORE_PIXELS = _BEFORE_PALETTE | {b"PLTE", b"tRNS", b"bKGD", b"hIST", b"pHYs", b"sPLT", b"acTL"}
_KNOWN_CRITICAL = frozenset((b"IHDR", b"PLTE", b"IDAT", b"IEND"))
_APPLE = b"CgBI"  # what Xcode makes of a PNG; its pixels are packed in another way
_PASSES = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2))
_LAST_PASS = (0, 1, 1, 2)
_KEYWORD_BYTES = 79
_LONGEST_SIDE = 2**31 - 1


class Chunk(NamedTuple):
    """``head`` is the first KiB of its content."""

    name: bytes
    length: int
    head: bytes


@dataclass(frozen=True, kw_only=True)
class Header:
    """The fields of IHDR."""

    width: int
    height: int
    depth: int
    colour: int
    interlaced: bool


def expected_bytes(header: Header | None) -> int:
    """The size of the unpacked pixels with a byte of filter a row; 0 where it cannot be said."""
    if header is None:
        return 0
    bits = header.depth * _CHANNELS[header.colour]
    if not header.interlaced:
        return header.height * (1 + (header.width * bits + 7) // 8)
    total = 0
    for left, top, across, down in (*_PASSES, _LAST_PASS):
        columns = (header.width - left + across - 1) // across
        rows = (header.height - top + down - 1) // down
        if columns > 0 and rows > 0:
            total += rows * (1 + (columns * bits + 7) // 8)
    return total


class Rules:
    """Shown the chunks in their order; ``broken`` once one of them is not as it must be."""

    def __init__(self) -> None:
        self.broken = False
        self.header: Header | None = None
        self._foreign = False
        self._seen: set[bytes] = set()
        self._previous = b""
        self._colours = 0  # in the palette

    def see(self, chunk: Chunk) -> None:
        """Take in the next chunk."""
        if chunk.name == _APPLE:
            self._foreign = True
            return
        self.broken |= not (
            self._is_well_named(chunk.name)
            and self._stands_well(chunk.name)
            and self._is_well_made(chunk)
        )
        self._seen.add(chunk.name)
        self._previous = chunk.name
        if chunk.name == b"PLTE":
            self._colours = chunk.length // 3
        if chunk.name == b"IEND" and not {b"IHDR", b"IDAT"} <= self._seen:
            self.broken = True

    def _is_well_named(self, name: bytes) -> bool:
        """Four letters, the third of them large; a small first one says: may be skipped."""
        if not (name.isalpha() and name[2:3].isupper()):
            return False
        return name in _KNOWN_CRITICAL or name[:1].islower()

    def _stands_well(self, name: bytes) -> bool:
        seen = self._seen
        if name == b"IHDR" or not seen:
            return name == b"IHDR" and not seen
        if (name in _ONCE and name in seen) or (name in _BEFORE_PIXELS and b"IDAT" in seen):
            return False
        if name in _BEFORE_PALETTE and b"PLTE" in seen:
            return False
        if name == b"IDAT":
            needs_palette = self.header is not None and self.header.colour == _PALETTE
            in_a_row = b"IDAT" not in seen or self._previous == b"IDAT"
            return in_a_row and (not needs_palette or b"PLTE" in seen)
        if name == b"PLTE":
            return not seen & {b"tRNS", b"bKGD", b"hIST"}
        return True

    def _is_well_made(self, chunk: Chunk) -> bool:
        if chunk.name == b"IHDR":
            self.header = None if self._foreign else _header(chunk)
            return self._foreign or self.header is not None
        if self.header is None:
            return True  # said already, or of a kind with rules of its own
        by_colour = _BY_COLOUR.get(chunk.name)
        if by_colour is not None:
            return by_colour(chunk, self.header, self._colours)
        alone = _ALONE.get(chunk.name)
        return alone is None or alone(chunk)


def _header(chunk: Chunk) -> Header | None:
    if chunk.length != 13 or len(chunk.head) < 13:
        return None
    width, height, depth, colour, packing, filters, lacing = struct.unpack(">IIBBBBB", chunk.head)
    sides = 0 < width <= _LONGEST_SIDE and 0 < height <= _LONGEST_SIDE
    if not sides or depth not in _DEPTHS.get(colour, ()) or packing or filters or lacing > 1:
        return None
    return Header(width=width, height=height, depth=depth, colour=colour, interlaced=bool(lacing))


def _is_palette(chunk: Chunk, header: Header, _colours: int) -> bool:
    most = 2**header.depth if header.colour == _PALETTE else 256
    return header.colour in (2, 3, 6) and chunk.length % 3 == 0 and 1 <= chunk.length // 3 <= most


def _is_transparency(chunk: Chunk, header: Header, colours: int) -> bool:
    if header.colour == _PALETTE:
        return 1 <= chunk.length <= colours
    return chunk.length == {0: 2, 2: 6}.get(header.colour)


def _is_background(chunk: Chunk, header: Header, colours: int) -> bool:
    if header.colour == _PALETTE:
        return chunk.length == 1 and chunk.head[0] < colours
    return chunk.length == (2 if header.colour in (0, 4) else 6)


def _are_bits(chunk: Chunk, header: Header, _colours: int) -> bool:
    """How many bits of each channel mean something."""
    channels = 3 if header.colour == _PALETTE else _CHANNELS[header.colour]
    depth = 8 if header.colour == _PALETTE else header.depth
    return chunk.length == channels and all(1 <= each <= depth for each in chunk.head)


def _is_histogram(chunk: Chunk, _header_: Header, colours: int) -> bool:
    return chunk.length == 2 * colours > 0


def _is_chroma(chunk: Chunk) -> bool:
    """Eight coordinates in hundred thousandths; the two of a colour add up to one at most."""
    if chunk.length != 32 or len(chunk.head) < 32:
        return False
    told: tuple[int, ...] = struct.unpack(">8I", chunk.head)
    return told[1] > 0 and all(x + y <= 100_000 for x, y in zip(told[::2], told[1::2], strict=True))


def _is_time(chunk: Chunk) -> bool:
    if chunk.length != 7 or len(chunk.head) < 7:
        return False
    month, day, hour, minute, second = chunk.head[2:7]
    return 1 <= month <= 12 and 1 <= day <= 31 and hour < 24 and minute < 60 and second <= 60


def _has_keyword(chunk: Chunk) -> bool:
    word, end, rest = chunk.head.partition(b"\0")
    if not end or not 1 <= len(word) <= _KEYWORD_BYTES or word != word.strip(b" "):
        return False
    printable = all(0x20 <= each < 0x7F or each >= 0xA1 for each in word)
    packed = chunk.name in (b"zTXt", b"iCCP")
    return printable and (not packed or rest[:1] == b"\0")


def _of_length(length: int) -> Callable[[Chunk], bool]:
    return lambda chunk: chunk.length == length


_BY_COLOUR: Mapping[bytes, Callable[[Chunk, Header, int], bool]] = {
    b"PLTE": _is_palette,
    b"tRNS": _is_transparency,
    b"bKGD": _is_background,
    b"sBIT": _are_bits,
    b"hIST": _is_histogram,
}
_ALONE: Mapping[bytes, Callable[[Chunk], bool]] = {
    b"cHRM": _is_chroma,
    b"gAMA": lambda chunk: chunk.length == 4 and any(chunk.head[:4]),
    b"sRGB": lambda chunk: chunk.length == 1 and chunk.head[:1] <= b"\3",
    b"pHYs": lambda chunk: chunk.length == 9 and chunk.head[8:9] <= b"\1",
    b"oFFs": lambda chunk: chunk.length == 9 and chunk.head[8:9] <= b"\1",
    b"tIME": _is_time,
    b"tEXt": _has_keyword,
    b"zTXt": _has_keyword,
    b"iTXt": _has_keyword,
    b"iCCP": _has_keyword,
    b"IEND": _of_length(0),
    b"acTL": lambda chunk: chunk.length == 8 and any(chunk.head[:4]),
    b"fcTL": _of_length(26),
}
