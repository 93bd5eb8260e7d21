"""The beginning or end of a second format inside of a stretch of bytes, verified beyond its magic.

Short magic numbers occur by chance in compressed data, so each is believed only when the fields
around it agree: a ZIP end record with the directory that it points at, a tar header with its
checksum, a PE header with the DOS header in front of it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple


class Second(NamedTuple):
    """``grave``: opened by a careless program, it runs or unpacks. ``at`` in the stretch."""

    name: str
    grave: bool
    at: int


_TRIES = 64  # occurrences of one magic that are looked at
_PE_REACH = 4096  # between the two headers of a Windows program; real ones have some 250
_PE_MACHINES = (0x14C, 0x1C0, 0x1C4, 0x8664, 0xAA64)
_TAR_MAGIC_AT, _TAR_SUM_AT, _TAR_BLOCK = 257, 148, 512
_END_RECORD = 22
_ZIP64 = 0xFFFFFFFF
_FRAMES = 4  # of an MP3, 26 ms each
_SAMPLES = (44_100, 48_000, 32_000, 0)  # a second, of MPEG 1 layer III
_KILOBITS = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 0)  # a second
_MARKUP = re.compile(rb"<(?i:script|html|\?php|!doctype\s{1,8}html|iframe)[\s>]")
# A picture whose first bytes are at the same time an assignment, with the rest in a comment.
_PICTURE_AS_SCRIPT = re.compile(rb"(?:GIF8[79]a|BM|\xff\xd8\xff\xe0)(?:\s*=|/\*)")
_BEHIND_COMMENT = re.compile(rb"\*/\s*=")


def seconds(stretch: bytes) -> Iterator[Second]:
    """Every format with a magic of its own, once each, and pages or scripts in plain text."""
    for magic, name, grave, verify in _MAGICS:
        for at in _occurrences(stretch, magic):
            if verify(stretch, at):
                yield Second(name, grave, at)
                break
    if markup := _MARKUP.search(stretch):
        name = "PHP" if b"?" in markup.group() else "HTML"
        yield Second(name, True, markup.start())


def at_start(tail: bytes) -> Second | None:
    """What a tail begins with, by magics that are too short to be searched for."""
    for magic, name, grave in _STARTS:
        if tail.startswith(magic):
            return Second(name, grave, 0)
    return None


def is_script_too(head: bytes) -> bool:
    """Do the first bytes of a picture also read as JavaScript: ``GIF89a/*...*/=1;``"""
    found = _PICTURE_AS_SCRIPT.match(head)
    if found is None:
        return False
    return found.group().endswith(b"=") or _BEHIND_COMMENT.search(head, found.end()) is not None


def _occurrences(stretch: bytes, magic: bytes) -> Iterator[int]:
    at = -1
    for _ in range(_TRIES):
        at = stretch.find(magic, at + 1)
        if at < 0:
            return
        yield at


def _number(stretch: bytes, at: int, length: int) -> int:
    return int.from_bytes(stretch[at : at + length], "little")


def _is_zip_end(stretch: bytes, at: int) -> bool:
    """ISO 21320: the directory of entries ends where the end record begins."""
    directory_bytes = _number(stretch, at + 12, 4)
    if len(stretch) < at + _END_RECORD:
        return False
    if directory_bytes == _ZIP64:
        return stretch[max(0, at - 20) : at].startswith(b"PK\x06\x07")
    start = at - directory_bytes
    return start >= 0 and stretch[start : start + 4] == b"PK\x01\x02"


def _is_rar(stretch: bytes, at: int) -> bool:
    """Version 4 ends its mark with 0, version 5 with 1 and 0."""
    return stretch.startswith((b"\0", b"\1\0"), at + 6)


def _is_tar(stretch: bytes, at: int) -> bool:
    """The sum of the header's bytes, with the field of the sum taken as blanks, in octal."""
    start = at - _TAR_MAGIC_AT
    header = stretch[start : start + _TAR_BLOCK] if start >= 0 else b""
    if len(header) < _TAR_BLOCK:
        return False
    field = header[_TAR_SUM_AT : _TAR_SUM_AT + 8]
    told = field.strip(b" \0")
    if not told.isdigit() or any(digit > ord("7") for digit in told):
        return False
    return int(told, 8) == sum(header) - sum(field) + 8 * ord(" ")


def _is_pe(stretch: bytes, at: int) -> bool:
    if _number(stretch, at + 4, 2) not in _PE_MACHINES:
        return False
    begin = max(0, at - _PE_REACH)
    before = stretch[begin:at]
    dos = -1
    for _ in range(_TRIES):
        dos = before.find(b"MZ", dos + 1)
        if dos < 0:
            return False
        if _number(before, dos + 0x3C, 4) == at - begin - dos:
            return True
    return False


def _is_elf(stretch: bytes, at: int) -> bool:
    """Class, byte order and version have two, two and one legal values."""
    return stretch[at + 4 : at + 5] in b"\1\2" and stretch[at + 5 : at + 7] in (b"\1\1", b"\2\1")


def _is_pdf(stretch: bytes, at: int) -> bool:
    return stretch[at + 5 : at + 6].isdigit() and stretch[at + 6 : at + 7] == b"."


def _is_7z(stretch: bytes, at: int) -> bool:
    return stretch[at + 6 : at + 7] == b"\0"  # the major version, the same since 1999


def _is_id3(stretch: bytes, at: int) -> bool:
    """Version 2, 3 or 4, no flag that has no meaning, a size in four bytes of seven bits."""
    field = stretch[at + 3 : at + 10]
    return (
        len(field) == 7
        and field[0] in (2, 3, 4)
        and field[1] < 0xFF
        and not field[2] & 0x0F
        and all(each < 0x80 for each in field[3:])
    )


def _is_mp3(stretch: bytes, at: int) -> bool:
    """Frames of sound in a row, each as long as its own header says."""
    for _ in range(_FRAMES):
        head = stretch[at : at + 4]
        rate = _SAMPLES[head[2] >> 2 & 3] if len(head) == 4 else 0
        bits = _KILOBITS[head[2] >> 4] if rate else 0
        if not bits or head[0] != 0xFF or head[1] & 0xFE != 0xFA:
            return False
        at += 144_000 * bits // rate + (head[2] >> 1 & 1)
    return True


_MAGICS: tuple[tuple[bytes, str, bool, Callable[[bytes, int], bool]], ...] = (
    (b"%PDF-", "PDF", False, _is_pdf),
    (b"PK\x05\x06", "ZIP", True, _is_zip_end),
    (b"Rar!\x1a\x07", "RAR", True, _is_rar),
    (b"7z\xbc\xaf\x27\x1c", "7z", True, _is_7z),
    (b"ustar", "TAR", True, _is_tar),
    (b"PE\0\0", "EXE", True, _is_pe),
    (b"\x7fELF", "ELF", True, _is_elf),
    (b"ID3", "MP3", False, _is_id3),
    (b"\xff\xfb", "MP3", False, _is_mp3),
)
_STARTS = (
    (b"#!/", "script", True),
    (b"MZ", "EXE", True),
    (b"\xca\xfe\xba\xbe", "Java", True),
    (b"dex\n", "DEX", True),
    (b"\x1f\x8b\x08", "GZIP", True),
    (b"\xfd7zXZ\0", "XZ", True),
    (b"BZh", "BZIP2", True),
    (b"MSCF", "CAB", True),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "OLE", True),
    (b"%!PS", "PostScript", False),
)
