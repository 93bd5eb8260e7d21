"""How much each finding may weigh: what an operator is promised, and what tests hold checks to."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from triage.core.evidence import Level

_NOTE, _WEAK, _UNKNOWN = (Level.NOTE,), (Level.WEAK,), (Level.UNKNOWN,)
_UNUSABLE, _DANGEROUS = (Level.UNUSABLE,), (Level.DANGEROUS,)
_EITHER = (Level.NOTE, Level.WEAK)  # by how much there is to it: another's file, a lower sum

LEVELS: Mapping[str, tuple[Level, ...]] = MappingProxyType(
    {
        "archive.not_allowed": _UNUSABLE,
        "check.crashed": _UNKNOWN,
        "check.out_of_memory": _UNKNOWN,
        "check.timed_out": _UNKNOWN,
        "check.unavailable": _UNKNOWN,
        "docx.active_content": _DANGEROUS,
        "docx.bomb": _DANGEROUS,
        "docx.corrupt": _UNUSABLE,
        "docx.damaged": _WEAK,
        "docx.embedded_file": _WEAK,
        "docx.external_content": (Level.WEAK, Level.DANGEROUS),  # a picture; what can act
        "docx.macros": _DANGEROUS,
        "docx.needs_password": _UNUSABLE,
        "docx.too_many_parts": _UNUSABLE,
        "docx.truncated": _UNUSABLE,
        "duplicate.other_complaint": _EITHER,
        "duplicate.same_complaint": _EITHER,
        "duplicate.similar_picture": _EITHER,
        "file.changed": _UNKNOWN,
        "file.empty": _UNUSABLE,
        "file.polyglot": (Level.WEAK, Level.DANGEROUS),  # a second picture; a programme
        "file.too_large": _UNUSABLE,
        "file.type_mismatch": _NOTE,
        "file.type_not_allowed": (Level.UNUSABLE, Level.DANGEROUS),  # a programme is the latter
        "file.type_switched_off": _UNUSABLE,
        "file.wrong_kind_of_file": _UNUSABLE,
        "image.blank": _WEAK,
        "image.blurred": _WEAK,
        "image.bomb": _UNUSABLE,
        "image.corrupt": _UNUSABLE,
        "image.damaged": _WEAK,
        "image.too_dark": _WEAK,
        "image.too_many_frames": _UNUSABLE,
        "image.too_small": _WEAK,
        "image.trailing_data": _NOTE,
        "image.truncated": (Level.WEAK, Level.UNUSABLE),  # the end mark alone; content
        "image.unsupported": _UNKNOWN,
        "kind.photo_as_document": _WEAK,
        "kind.photo_as_screenshot": _WEAK,
        "kind.photo_of_screen": _WEAK,
        "kind.screenshot_as_photo": _WEAK,
        "malware.found": _DANGEROUS,
        "malware.not_scanned": (Level.NOTE, Level.UNKNOWN),  # the latter where it is required
        "metadata.ai_generated": _WEAK,
        "metadata.credentials": _NOTE,
        "metadata.credentials_broken": _WEAK,
        "metadata.credentials_unverified": _NOTE,
        "metadata.edited": _WEAK,
        "metadata.gps_present": _NOTE,
        "metadata.taken_after_filing": _NOTE,
        "metadata.taken_before_order": _WEAK,
        "pdf.active_content": (Level.WEAK, Level.DANGEROUS),  # a form; what runs by itself
        "pdf.corrupt": _UNUSABLE,
        "pdf.damaged": _WEAK,
        "pdf.embedded_file": _WEAK,
        "pdf.encrypted": _NOTE,
        "pdf.needs_password": _UNUSABLE,
        "pdf.no_pages": _UNUSABLE,
        "pdf.page_too_large": _UNUSABLE,
        "pdf.too_many_pages": _UNUSABLE,
        "pdf.trailing_data": _NOTE,
        "pdf.truncated": (Level.WEAK, Level.UNUSABLE),  # by whether it can still be opened
        "receipt.amount_mismatch": _EITHER,
        "receipt.link_only": _NOTE,
        "receipt.malformed": _WEAK,
        "receipt.not_read": _NOTE,
        "receipt.print_mismatch": _EITHER,
        "receipt.qr_read": _NOTE,
        "receipt.reused": _EITHER,
        "receipt.text_read": _NOTE,
        "receipt.time_mismatch": _EITHER,
        "receipt.unknown_host": _WEAK,
        "video.blank": _WEAK,
        "video.bomb": _UNUSABLE,
        "video.codec_unknown": _UNKNOWN,
        "video.corrupt": _UNUSABLE,
        "video.damaged": _WEAK,
        "video.encrypted": _UNUSABLE,
        "video.external_content": _UNUSABLE,
        "video.no_picture": _EITHER,
        "video.partly_checked": _NOTE,
        "video.still": _WEAK,
        "video.too_short": _WEAK,
        "video.too_small": _WEAK,
        "video.trailing_data": _NOTE,
        "video.truncated": _UNUSABLE,
    }
)
"""The levels of every code, the lightest first."""
