"""What lies in a ZIP file outside of its entries and its directory."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator

_LOCAL_HEADER = 30
_END_RECORD = b"PK\x05\x06"
_DESCRIPTOR = 24  # an optional repetition of sizes behind an entry
_ENTRIES = 10_000


def between_entries(content: bytes) -> Iterator[bytes]:
    """The gaps in front of, between and behind the entries, and the comment at the end.

    Nothing is inflated. Silent where the directory cannot be read: that is another check's.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = sorted(archive.infolist()[:_ENTRIES], key=lambda each: each.header_offset)
            directory = archive.start_dir
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return
    at = 0
    for entry in entries:
        if entry.header_offset - at > _DESCRIPTOR:
            yield content[at : entry.header_offset]
        at = max(at, _end(content, entry))
    if directory - at > _DESCRIPTOR:
        yield content[at:directory]
    end = content.rfind(_END_RECORD)
    if end >= 0 and len(content) > end + 22:
        yield content[end + 22 :]


def _end(content: bytes, entry: zipfile.ZipInfo) -> int:
    """The offset behind an entry, by the lengths in its own header."""
    lengths = content[entry.header_offset + 26 : entry.header_offset + _LOCAL_HEADER]
    name, extra = int.from_bytes(lengths[:2], "little"), int.from_bytes(lengths[2:], "little")
    return entry.header_offset + _LOCAL_HEADER + name + extra + entry.compress_size
