"""What is the file by its content, is that taken here, and does its name say the same?"""

from __future__ import annotations

import re
from collections.abc import Iterator

from triage.core.evidence import EvidenceKind, Finding, Level
from triage.evidence import signatures
from triage.evidence.accepted import (
    ACCEPTED,
    AVIF,
    BMP,
    DOCX,
    EXTENSIONS,
    GIF,
    HEIC,
    HEIF,
    JPEG,
    MATROSKA,
    MP4,
    PDF,
    PNG,
    QUICKTIME,
    THREE_GPP,
    TIFF,
    UNKNOWN,
    WEBM,
    WEBP,
    accepted_types,
)
from triage.evidence.emptiness import too_large
from triage.evidence.libmagic import detector
from triage.evidence.opened import Opened

NAMES = {
    JPEG: "JPEG",
    PNG: "PNG",
    WEBP: "WebP",
    GIF: "GIF",
    HEIC: "HEIC",
    HEIF: "HEIF",
    AVIF: "AVIF",
    BMP: "BMP",
    TIFF: "TIFF",
    MP4: "MP4",
    QUICKTIME: "MOV",
    WEBM: "WebM",
    MATROSKA: "MKV",
    THREE_GPP: "3GP",
    PDF: "PDF",
    DOCX: "DOCX",
}
"""What people call the accepted types."""

_ARCHIVE = re.compile(
    r"application/(?:x-)?(?:zip|rar|7z|gzip|bzip2|xz|tar|zstd|lz\w*|lha|cpio|java-archive|arj|"
    r"iso9660|archive|compress|vnd\.(?:rar|ms-cab|android\.package|debian))"
)
_ACTIVE = re.compile(
    r"text/(?:html|x-|javascript|xml)|image/svg|message/|"
    r"application/(?:x-)?(?:dosexec|executable|pie-executable|sharedlib|object|mach|elf|msi|"
    r"msdownload|javascript|java-applet|wine|ms-shortcut|mswinurl|playlist|shellscript|"
    r"vnd\.microsoft\.portable|xhtml|hta|php)"
)
_SAYS_NOTHING = ("", UNKNOWN, "binary/octet-stream", "application/x-unknown", "image/*", "video/*")
_ALIASES = {
    "image/jpg": JPEG,
    "image/pjpeg": JPEG,
    "image/x-png": PNG,
    "image/apng": PNG,
    "image/x-ms-bmp": BMP,
    "image/x-bmp": BMP,
    "image/heic-sequence": HEIC,
    "image/heif-sequence": HEIF,
    "video/x-m4v": MP4,
    "video/3gpp2": THREE_GPP,
    "application/x-pdf": PDF,
}
_A_TYPE = re.compile(r"[a-z]{1,20}/[a-z0-9.+_*-]{1,60}")


def prepare() -> None:
    """Load libmagic and its tables while files can still be opened."""
    detector()


def check(opened: Opened) -> Iterator[Finding]:
    """Sets ``opened.media_type``, on which every later check depends."""
    opened.media_type = _by_content(opened)
    refusal = _refusal(opened)
    if refusal is not None:
        yield refusal
        return
    most = opened.limits.max_bytes_of(opened.kind, opened.media_type)
    if opened.size > most:
        yield too_large(opened.size, most)
    declared = _other_claim(opened)
    if declared:
        yield Finding(
            code="file.type_mismatch",
            level=Level.NOTE,
            measured=NAMES[opened.media_type],
            detail={"declared": declared},
        )


def _by_content(opened: Opened) -> str:
    ours = signatures.media_type_of(opened.head, opened.tail)
    if ours is not None:
        return ours
    theirs = detector().from_buffer(opened.head)
    # A type that we take has to pass our own table: nothing may stand before its first byte.
    return UNKNOWN if theirs in NAMES or not _A_TYPE.fullmatch(theirs) else theirs


def _refusal(opened: Opened) -> Finding | None:
    media_type, limits = opened.media_type, opened.limits
    taken = accepted_types(opened.kind, limits)
    if media_type in taken:
        return None
    name = NAMES.get(media_type, media_type)
    names = ", ".join(NAMES[each] for each in taken)

    def finding(code: str, level: Level = Level.UNUSABLE) -> Finding:
        return Finding(code=code, level=level, measured=name, limit=names)

    if not opened.head.strip(b"\0"):
        return Finding(code="file.empty", level=Level.UNUSABLE, measured=opened.size)
    if media_type in limits.switched_off:
        return finding("file.type_switched_off")
    if media_type in ACCEPTED[EvidenceKind.OTHER]:
        return finding("file.wrong_kind_of_file")
    if _ARCHIVE.match(media_type):
        return finding("archive.not_allowed")
    if _ACTIVE.match(media_type):
        return finding("file.type_not_allowed", Level.DANGEROUS)
    return finding("file.type_not_allowed")


def _other_claim(opened: Opened) -> str | None:
    """What the name or the declared type says when that is not what the content is."""
    media_type = opened.media_type
    if opened.extension and opened.extension not in EXTENSIONS[media_type]:
        return opened.extension
    declared = opened.declared_type.partition(";")[0].strip().lower()
    declared = _ALIASES.get(declared, declared)
    same = {declared, media_type} in ({declared}, {HEIC, HEIF})
    if same or declared in _SAYS_NOTHING:
        return None
    return declared if _A_TYPE.fullmatch(declared) else "?"
