"""Is the DOCX a sound ZIP with a text in it and nothing that runs, at a size that can be opened?"""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator

from triage.core.evidence import Finding, Level
from triage.evidence.accepted import DOCX
from triage.evidence.limits import MIB
from triage.evidence.opened import Opened

_OLE = b"\xd0\xcf\x11\xe0"
_ENCRYPTED_ENTRY = 0x1
_MACROS = "vbaproject.bin"


def check(opened: Opened) -> Iterator[Finding]:
    """Nothing is inflated before the declared sizes were added up."""
    if opened.media_type != DOCX:
        return
    if opened.head.startswith(_OLE):
        yield Finding(code="docx.needs_password", level=Level.UNUSABLE)
        return
    try:
        with zipfile.ZipFile(opened.stream()) as archive:
            yield from _entries(archive, opened)
    except MemoryError:
        raise
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, RuntimeError):
        # RuntimeError also stands for a way of packing that no writer of DOCX uses.
        yield _corrupt()


def _corrupt() -> Finding:
    return Finding(code="docx.corrupt", level=Level.UNUSABLE)


def _entries(archive: zipfile.ZipFile, opened: Opened) -> Iterator[Finding]:
    entries, limits = archive.infolist(), opened.limits
    if len(entries) > limits.archive_entries:
        yield Finding(
            code="docx.too_many_parts",
            level=Level.UNUSABLE,
            measured=len(entries),
            limit=limits.archive_entries,
        )
        return
    unpacked = sum(each.file_size for each in entries)
    if unpacked > limits.archive_bytes:
        yield Finding(
            code="docx.bomb",
            level=Level.DANGEROUS,
            measured=round(unpacked / MIB),
            limit=limits.archive_bytes // MIB,
        )
        return
    if any(each.flag_bits & _ENCRYPTED_ENTRY for each in entries):
        yield Finding(code="docx.needs_password", level=Level.UNUSABLE)
        return
    names = {each.filename.lower() for each in entries}
    if any(name.rpartition("/")[2] == _MACROS for name in names):
        yield Finding(code="docx.macros", level=Level.DANGEROUS)
    # testzip inflates entry after entry, never beyond the declared size, and compares checksums.
    if "[content_types].xml" not in names or archive.testzip() is not None:
        yield _corrupt()
