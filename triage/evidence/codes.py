"""The closed list of what a check may say; each code has its words in triage/messages/findings.

A child that says anything else is not believed at all, so nothing unknown gets to a page.
"""

from __future__ import annotations

ACROSS = frozenset(
    {
        "duplicate.other_complaint",
        "duplicate.same_complaint",
        "duplicate.similar_picture",
        "metadata.taken_after_filing",
        "metadata.taken_before_order",
        "receipt.amount_mismatch",
        "receipt.reused",
        "receipt.time_mismatch",
    }
)
"""Found by comparing a file with its order, its neighbours and other cases, anew every round
(``casework/crosscheck.py``), never by a child."""

FOR_STAFF = frozenset(
    {
        "duplicate.other_complaint",
        "duplicate.similar_picture",
        "receipt.reused",
    }
)
"""Signals about other people's cases: customers are not told."""

SCANNED = frozenset(
    {
        "malware.found",
        "malware.not_scanned",
    }
)
"""Said by the malware scanner beside the checks (``looking.py``), never by a child; replaced
whenever a file is scanned again."""

CODES = frozenset(
    {
        "archive.not_allowed",
        "check.crashed",
        "check.out_of_memory",
        "check.timed_out",
        "check.unavailable",
        "docx.active_content",
        "docx.bomb",
        "docx.corrupt",
        "docx.damaged",
        "docx.embedded_file",
        "docx.external_content",
        "docx.macros",
        "docx.needs_password",
        "docx.too_many_parts",
        "docx.truncated",
        "file.changed",
        "file.empty",
        "file.polyglot",
        "file.too_large",
        "file.type_mismatch",
        "file.type_not_allowed",
        "file.type_switched_off",
        "file.wrong_kind_of_file",
        "image.blank",
        "image.blurred",
        "image.bomb",
        "image.corrupt",
        "image.damaged",
        "image.too_dark",
        "image.too_many_frames",
        "image.too_small",
        "image.trailing_data",
        "image.truncated",
        "image.unsupported",
        "kind.photo_as_document",
        "kind.photo_as_screenshot",
        "kind.photo_of_screen",
        "kind.screenshot_as_photo",
        "metadata.ai_generated",
        "metadata.credentials",
        "metadata.credentials_broken",
        "metadata.credentials_unverified",
        "metadata.edited",
        "metadata.gps_present",
        "pdf.active_content",
        "pdf.corrupt",
        "pdf.damaged",
        "pdf.embedded_file",
        "pdf.encrypted",
        "pdf.needs_password",
        "pdf.no_pages",
        "pdf.page_too_large",
        "pdf.too_many_pages",
        "pdf.trailing_data",
        "pdf.truncated",
        "receipt.link_only",
        "receipt.malformed",
        "receipt.not_read",
        "receipt.print_mismatch",
        "receipt.qr_read",
        "receipt.text_read",
        "receipt.unknown_host",
        "video.blank",
        "video.bomb",
        "video.codec_unknown",
        "video.corrupt",
        "video.damaged",
        "video.encrypted",
        "video.external_content",
        "video.no_picture",
        "video.partly_checked",
        "video.still",
        "video.too_short",
        "video.too_small",
        "video.trailing_data",
        "video.truncated",
    }
)
