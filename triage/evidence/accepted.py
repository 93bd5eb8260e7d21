"""Which types of content each kind of evidence accepts; ``GET /policy`` publishes it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from triage.core.evidence import EvidenceKind
from triage.evidence.limits import Limits

JPEG = "image/jpeg"
PNG = "image/png"
WEBP = "image/webp"
GIF = "image/gif"
HEIC = "image/heic"
HEIF = "image/heif"
AVIF = "image/avif"
BMP = "image/bmp"
TIFF = "image/tiff"
MP4 = "video/mp4"
QUICKTIME = "video/quicktime"
WEBM = "video/webm"
MATROSKA = "video/x-matroska"
THREE_GPP = "video/3gpp"
PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
UNKNOWN = "application/octet-stream"

PICTURES = (JPEG, PNG, WEBP, GIF, HEIC, HEIF, AVIF, BMP, TIFF)
VIDEOS = (MP4, QUICKTIME, WEBM, MATROSKA, THREE_GPP)

ACCEPTED: Mapping[EvidenceKind, tuple[str, ...]] = MappingProxyType(
    {
        EvidenceKind.DAMAGE_PHOTO: PICTURES,
        EvidenceKind.CHAT_SCREENSHOT: (*PICTURES, PDF),
        EvidenceKind.UNBOXING_VIDEO: VIDEOS,
        EvidenceKind.PURCHASE_PROOF: (*PICTURES, PDF),
        EvidenceKind.EXPERT_REPORT: (*PICTURES, PDF, DOCX),
        EvidenceKind.OTHER: (*PICTURES, *VIDEOS, PDF, DOCX),
    }
)

EXTENSIONS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        JPEG: ("jpg", "jpeg", "jpe", "jfif", "mpo"),
        PNG: ("png", "apng"),
        WEBP: ("webp",),
        GIF: ("gif",),
        HEIC: ("heic", "heif", "hif"),
        HEIF: ("heif", "heic", "hif"),
        AVIF: ("avif",),
        BMP: ("bmp", "dib"),
        TIFF: ("tif", "tiff"),
        MP4: ("mp4", "m4v"),
        QUICKTIME: ("mov", "qt"),
        WEBM: ("webm",),
        MATROSKA: ("mkv",),
        THREE_GPP: ("3gp", "3gpp", "3g2"),
        PDF: ("pdf",),
        DOCX: ("docx",),
    }
)


def switched_off(names: str) -> frozenset[str]:
    """The types of a list with commas, as a person wrote it, for ``Limits.switched_off``.

    Raises ValueError, with a sentence, for a type that is not among ours. HEIC and HEIF are read
    by one decoder and told apart by what the file says of itself, so they go together.
    """
    wanted = frozenset(filter(None, (each.strip().lower() for each in names.split(","))))
    unknown = sorted(wanted - EXTENSIONS.keys())
    if unknown:
        raise ValueError(f"names {', '.join(unknown)}; known are {', '.join(EXTENSIONS)}.")
    return wanted | _ONE_DECODER if wanted & _ONE_DECODER else wanted


_ONE_DECODER = frozenset({HEIC, HEIF})


def accepted_types(kind: EvidenceKind, limits: Limits) -> tuple[str, ...]:
    """What this kind takes today: the table above without what is switched off."""
    return tuple(each for each in ACCEPTED[kind] if each not in limits.switched_off)
