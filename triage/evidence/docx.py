"""Is the DOCX a sound package with a text in it, at a size that can be opened?

And nothing in it that runs, or that a reader would fetch from elsewhere on opening.
"""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator

from triage.core.evidence import Finding, Level
from triage.evidence.accepted import DOCX
from triage.evidence.limits import MIB
from triage.evidence.opened import Opened
from triage.evidence.wordparts import (
    NotXml,
    Relation,
    are_sound_properties,
    be_well_formed,
    content_types,
    relations,
    starts_programs,
    target_of,
)

_OLE = b"\xd0\xcf\x11\xe0"
_END_RECORD = b"PK\x05\x06"
_ENCRYPTED_ENTRY = 0x1
_MACROS = "vbaproject.bin"
_CONTENT_TYPES = "[content_types].xml"
_TOP_RELATIONS = "_rels/.rels"
_TEXT_BYTES = 16 * MIB  # of one part that is read as XML; a thousand pages have some 10
_FETCHED = frozenset({"attachedTemplate", "oleObject", "frame", "subDocument", "aFChunk"})
_SHOWN = frozenset({"image", "video", "audio", "media"})
_PACKED_IN = frozenset({"oleObject", "aFChunk"})


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
        cut = _END_RECORD not in opened.tail  # the directory comes last, and with it every name
        yield Finding(code="docx.truncated", level=Level.UNUSABLE) if cut else _corrupt()


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
    parts = {each.filename.lower(): each for each in entries}
    if any(name.rpartition("/")[2] == _MACROS for name in parts):
        yield Finding(code="docx.macros", level=Level.DANGEROUS)
    # testzip inflates entry after entry, never beyond the declared size, and compares checksums.
    if not {_CONTENT_TYPES, _TOP_RELATIONS} <= parts.keys() or archive.testzip() is not None:
        yield _corrupt()
        return
    try:
        yield from _package(_Package(archive, parts))
    except NotXml as error:
        yield _active("DTD") if error.declared else _corrupt()


class _Package:
    """The parts that say what the document consists of, read once."""

    def __init__(self, archive: zipfile.ZipFile, parts: dict[str, zipfile.ZipInfo]) -> None:
        self._archive = archive
        self.parts = parts
        self.has_doubles = len(parts) < len(archive.infolist())
        self.types = list(content_types(self.read(_CONTENT_TYPES)))
        self.top = relations(self.read(_TOP_RELATIONS))
        self.all = [
            each
            for name in parts
            if name.endswith(".rels") and name != _TOP_RELATIONS
            for each in relations(self.read(name))
        ] + self.top

    def read(self, name: str) -> bytes:
        """The first 16 MiB of a part; all of it for any that a person could have written."""
        with self._archive.open(self.parts[name]) as part:
            return part.read(_TEXT_BYTES)

    def leads_to(self, kind: str) -> list[str]:
        """The names of the parts that the package itself relates to in this way."""
        return [target_of(each, _TOP_RELATIONS).lower() for each in self.top if each.kind == kind]


def _package(package: _Package) -> Iterator[Finding]:
    texts = package.leads_to("officeDocument")
    if not texts or texts[0] not in package.parts:
        yield _corrupt()
        return
    if any("macroenabled" in each.lower() for each in package.types):
        yield Finding(code="docx.macros", level=Level.DANGEROUS)
    yield from _relations(package.all)
    text = package.read(texts[0])
    if len(text) < _TEXT_BYTES:
        be_well_formed(text)
    if starts_programs(text):
        yield _active("DDE")
    yield from _damage(package)


def _relations(all_of_them: list[Relation]) -> Iterator[Finding]:
    """By their type: an ordinary document has external links, but only to be clicked on."""
    fetched = sorted({each.kind for each in all_of_them if each.fetches} & (_FETCHED | _SHOWN))
    if fetched:
        level = Level.DANGEROUS if _FETCHED & set(fetched) else Level.WEAK
        yield Finding(code="docx.external_content", level=level, measured=", ".join(fetched))
    if any(each.kind == "control" for each in all_of_them):
        yield _active("ActiveX")
    packed_in = sum(each.kind in _PACKED_IN and not each.external for each in all_of_them)
    if packed_in:
        yield Finding(code="docx.embedded_file", level=Level.WEAK, measured=packed_in)


def _damage(package: _Package) -> Iterator[Finding]:
    """What one program mends in silence and another refuses."""
    if package.has_doubles or not _has_sound_properties(package):
        yield Finding(code="docx.damaged", level=Level.WEAK)


def _has_sound_properties(package: _Package) -> bool:
    names = package.leads_to("core-properties")
    if len(names) > 1 or any(each not in package.parts for each in names):
        return False
    return all(are_sound_properties(package.read(each)) for each in names)


def _active(what: str) -> Finding:
    return Finding(code="docx.active_content", level=Level.DANGEROUS, measured=what)
