"""GIF: a screen, then extensions and pictures in sub-blocks of up to 255 bytes, then ``;``."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from triage.evidence.structure.flaw import Fault, Flaw, Source

_SCREEN_BYTES = 13
_EXTENSION, _PICTURE, _TRAILER = 0x21, 0x2C, 0x3B
_PLACE = struct.Struct("<HHHH")
_CODE_BITS = range(1, 12)  # of the first LZW codes; 12 is what codes may grow to
_FIRST_BLOCK = {0xF9: 4, 0x01: 12, 0xFF: 11}  # bytes, by the kind of extension
_PADDING = (0, 0x0A, 0x0D, 0x20)
_BLOCKS = 200_000


def flaws(source: Source) -> Iterator[Flaw]:
    """Cut where the file ends inside a block; the trailer alone may be missing.

    Minor: a picture outside of the screen or without any palette, an extension of a length that
    its kind does not have, bytes between the blocks that are no padding.
    """
    content = source.content
    at = _SCREEN_BYTES + _palette_bytes(content, 10)
    pictures, odd = 0, False
    for _ in range(_BLOCKS):
        if at >= len(content) or content[at] == _TRAILER:
            break
        kind = content[at]
        if kind == _EXTENSION:
            odd |= _is_odd_extension(content, at)
            at = _behind_blocks(content, at + 2)
        elif kind == _PICTURE:
            odd |= _is_odd_picture(content, at)
            at = _behind_blocks(content, at + 11 + _palette_bytes(content, at + 9))
            pictures += 1
        else:
            odd |= kind not in _PADDING
            at += 1  # which readers skip
    if at > len(content) or not pictures:
        yield Flaw(fault=Fault.CUT)
        return
    if odd:
        yield Flaw(fault=Fault.BROKEN, minor=True)
    if content[at + 1 :].strip(b"\0\r\n "):
        yield Flaw(fault=Fault.TRAILING, measured=len(content) - at - 1)


def _is_odd_extension(content: bytes, at: int) -> bool:
    kind, length = content[at + 1 : at + 2], content[at + 2 : at + 3]
    wanted = _FIRST_BLOCK.get(kind[0]) if kind else None
    return wanted is not None and length != bytes((wanted,))


def _is_odd_picture(content: bytes, at: int) -> bool:
    place, bits_at = content[at + 1 : at + 9], at + 10 + _palette_bytes(content, at + 9)
    if len(place) < 8 or bits_at >= len(content):
        return False  # cut, which is said elsewhere
    left, top, width, height = _PLACE.unpack(place)
    across, down = struct.unpack("<HH", content[6:10])
    has_colours = bool((content[10] | content[at + 9]) & 0x80)
    inside = width and height and left + width <= across and top + height <= down
    return not inside or not has_colours or content[bits_at] not in _CODE_BITS


def _palette_bytes(content: bytes, flags_at: int) -> int:
    flags = content[flags_at] if flags_at < len(content) else 0
    return 3 << (flags & 7) + 1 if flags & 0x80 else 0


def _behind_blocks(content: bytes, at: int) -> int:
    """The offset behind the empty block that ends a row of them; beyond the end when cut."""
    while at < len(content) and content[at]:
        at += 1 + content[at]
    return at + 1
