"""Every bound that a file is held to, with its default and its unit."""

from __future__ import annotations

import os
from dataclasses import dataclass, field

from triage.core.evidence import EvidenceKind

MIB = 1024 * 1024


def _cores() -> int:
    return len(os.sched_getaffinity(0))


@dataclass(frozen=True, kw_only=True)
class Limits:
    """Bounds for one file. Byte limits are published by ``GET /policy`` and held while streaming.

    Memory, pixel, frame and page limits changed one of 1,857 measured files against four times
    as much, so they cost honest senders nothing and stop bombs early.
    """

    photo_bytes: int = 25 * MIB
    screenshot_bytes: int = 25 * MIB
    video_bytes: int = 500 * MIB
    document_bytes: int = 25 * MIB

    frame_pixels: int = 50_000_000
    file_pixels: int = 400_000_000  # all frames together
    frames: int = 300
    pages: int = 200
    page_points: int = 14_400  # longest side of a PDF page; ISO 32000's own limit, 200 inches
    archive_entries: int = 2_000  # a DOCX is a ZIP inside
    archive_bytes: int = 200 * MIB  # the sum of the sizes that its directory declares

    memory_bytes: int = 1024 * MIB  # address space of the child
    cpu_seconds: int = 20
    video_cpu_seconds: int = 60
    wall_seconds: float = 30.0
    video_wall_seconds: float = 90.0
    concurrency: int = field(default_factory=_cores)  # children at the same time

    photo_side: int = 300  # pixels, the shorter side: thumbnails of messengers have 180 to 288
    document_side: int = 500  # the same where print must be read: 60 dots an inch on A4
    tones: int = 12  # of 255, between the regions of a picture; one printed line makes 18
    light: int = 48  # of 255, of its lightest parts; a dark screen with two messages has 106
    sharpness: int = 30  # of 100; see quality.py
    kind_sureness: int = 80  # per cent; see kind.py and docs/evidence-kinds.md

    video_seconds: int = 5  # at the least: seal, opening and content take longer
    video_side: int = 240  # pixels, the shorter side: below it phones of 2005 and thumbnails
    video_change: int = 8  # of 255, between the frames of a video: encoding a still makes 2
    video_frames: int = 1_500  # that are decoded one after another; some 50 seconds
    video_decode_seconds: int = 20  # of CPU; what is left over is said to be

    preview_side: int = 2048  # pixels, the longer side: half of what most phones take
    preview_bytes: int = 2 * MIB

    film_seconds: int = 60  # from the start: what is watched of a video in the browser
    film_side: int = 480  # pixels, the shorter side
    film_bytes: int = 12 * MIB
    film_cpu_seconds: int = 40  # then the copy ends where it stands
    shown_pages: int = 30  # of a PDF; who needs more takes the original

    ocr: bool = False  # read the print of receipts whose code was not read; needs tesseract
    ocr_seconds: int = 20  # of CPU; a page takes 1 to 3

    switched_off: frozenset[str] = frozenset()
    """Media types that are refused for now, e.g. ``image/heic`` after bad news about a decoder."""

    def max_bytes(self, kind: EvidenceKind) -> int:
        """The most bytes that a file of this kind may have."""
        return {
            EvidenceKind.DAMAGE_PHOTO: self.photo_bytes,
            EvidenceKind.CHAT_SCREENSHOT: self.screenshot_bytes,
            EvidenceKind.UNBOXING_VIDEO: self.video_bytes,
            EvidenceKind.PURCHASE_PROOF: self.document_bytes,
            EvidenceKind.EXPERT_REPORT: self.document_bytes,
            EvidenceKind.OTHER: max(self.document_bytes, self.video_bytes),
        }[kind]

    def max_bytes_of(self, kind: EvidenceKind, media_type: str) -> int:
        """The same once the content is known: only a video may be as large as a video."""
        if kind is EvidenceKind.OTHER and not media_type.startswith("video/"):
            return self.document_bytes
        return self.max_bytes(kind)
