"""The closed list of what a check may say; each code has its words in triage/messages/findings.

A child that says anything else is not believed at all, so nothing unknown gets to a page.
"""

from __future__ import annotations

ACROSS = frozenset(
    {
        "duplicate.same_complaint",
    }
)
"""Found by comparing a file with its order, its neighbours and other cases, anew every round
(``casework/crosscheck.py``), never by a child."""

FOR_STAFF: frozenset[str] = frozenset()
"""Signals about other people's cases: customers are not told."""

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
        "image.too_dark",
        "image.too_many_frames",
        "image.too_small",
        "image.trailing_data",
        "image.truncated",
        "image.unsupported",
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
        "receipt.qr_read",
        "receipt.unknown_host",
        "video.corrupt",
        "video.trailing_data",
        "video.truncated",
    }
)
