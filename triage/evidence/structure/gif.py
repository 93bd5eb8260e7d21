"""GIF: a screen, then extensions and pictures in sub-blocks of up to 255 bytes, then ``;``."""

from __future__ import annotations

from collections.abc import Iterator

from triage.evidence.structure.flaw import Fault, Flaw, Source

_SCREEN_BYTES = 13
_EXTENSION, _PICTURE, _TRAILER = 0x21, 0x2C, 0x3B


def flaws(source: Source) -> Iterator[Flaw]:
    """Cut where the file ends inside a block; the trailer alone may be missing."""
    content = source.content
    at = _SCREEN_BYTES + _palette_bytes(content, 10)
    pictures = 0
    while at < len(content) and content[at] != _TRAILER:
        kind = content[at]
        if kind == _EXTENSION:
            at = _behind_blocks(content, at + 2)
        elif kind == _PICTURE:
            at = _behind_blocks(content, at + 11 + _palette_bytes(content, at + 9))
            pictures += 1
        else:
            at += 1  # padding, which readers skip
    if at > len(content) or not pictures:
        yield Flaw(fault=Fault.CUT)
    elif content[at + 1 :].strip(b"\0\r\n "):
        yield Flaw(fault=Fault.TRAILING, measured=len(content) - at - 1)


def _palette_bytes(content: bytes, flags_at: int) -> int:
    flags = content[flags_at] if flags_at < len(content) else 0
    return 3 << (flags & 7) + 1 if flags & 0x80 else 0


def _behind_blocks(content: bytes, at: int) -> int:
    """The offset behind the empty block that ends a row of them; beyond the end when cut."""
    while at < len(content) and content[at]:
        at += 1 + content[at]
    return at + 1
