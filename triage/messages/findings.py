"""What each finding of the evidence checks says to people, and what they can do about it.

Placeholders are the finding's own: ``{measured}``, ``{limit}`` and the names in its ``detail``.
Sizes in sentences are mebibytes, which people call MB.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from triage.messages import cures


class Words(NamedTuple):
    """A sentence about what was found, and the cure."""

    sentence: str
    cure: str


FINDINGS: Mapping[str, Words] = MappingProxyType(
    {
        "file.empty": Words("The file is empty: there is nothing in it.", cures.CHOOSE),
        "file.changed": Words(
            "The stored file has {measured} bytes where {limit} were received; it was not checked.",
            cures.WAIT,
        ),
        "file.polyglot": Words(
            "A second file ({measured}) is hidden inside this one.", cures.PLAIN
        ),
        "file.too_large": Words(
            "The file has {measured} MB; at most {limit} MB are taken.", cures.SMALLER
        ),
        "file.type_mismatch": Words(
            "The name or the sender says {declared}, the content is {measured}; it was read"
            " as what it is.",
            cures.NOTHING,
        ),
        "file.type_not_allowed": Words(
            "Files of the type {measured} are not taken as evidence.", cures.OTHER_TYPE
        ),
        "file.type_switched_off": Words(
            "{measured} files are not taken at the moment.", cures.OTHER_TYPE
        ),
        "file.wrong_kind_of_file": Words(
            "A {measured} file cannot be this kind of evidence.", cures.OTHER_TYPE
        ),
        "archive.not_allowed": Words(
            "This is an archive ({measured}); archives are not opened.", cures.UNPACK
        ),
        "image.bomb": Words(
            "The picture has {measured} million pixels; at most {limit} million are read.",
            cures.PIXELS,
        ),
        "image.truncated": Words(
            "The picture breaks off: a part of the file is missing.", cures.AGAIN
        ),
        "image.corrupt": Words("The picture is damaged and cannot be read.", cures.AGAIN),
        "image.damaged": Words(
            "The picture is damaged in places; what can be seen may not be what was taken.",
            cures.LOOK,
        ),
        "image.unsupported": Words(
            "The picture is of a rare variety that cannot be read here.", cures.ASJPEG
        ),
        "image.too_many_frames": Words("The animation has more than {limit} frames.", cures.FRAMES),
        "image.trailing_data": Words(
            "{measured} bytes follow after the end of the picture.", cures.NOTHING
        ),
        "image.too_small": Words(
            "The picture is small: its shorter side has {measured} pixels, {limit} are needed to"
            " see details.",
            cures.LARGER,
        ),
        "image.blank": Words(
            "The picture shows next to nothing: its tones differ by {measured} of 255, from"
            " {limit} on something can be seen.",
            cures.TAKE_AGAIN,
        ),
        "image.too_dark": Words(
            "The picture is too dark: its lightest parts reach {measured} of 255, {limit} are"
            " needed.",
            cures.LIGHT,
        ),
        "image.blurred": Words(
            "The picture is blurred: its sharpness is {measured} of 100, {limit} are needed.",
            cures.STEADY,
        ),
        "kind.screenshot_as_photo": Words(
            "This looks like a screenshot, not a photo of the goods"
            " ({measured} % sure: {because}).",
            cures.AS_TAKEN,
        ),
        "kind.photo_of_screen": Words(
            "This looks like a photo of a screen ({measured} % sure: {because}).",
            cures.SCREEN_SHOWN,
        ),
        "kind.photo_as_screenshot": Words(
            "This looks like a camera's photo, not a screenshot ({measured} % sure: {because}).",
            cures.SCREENSHOT,
        ),
        "kind.photo_as_document": Words(
            "This looks like a picture of things, not a document ({measured} % sure: {because}).",
            cures.DOCUMENT,
        ),
        "metadata.gps_present": Words(
            "The file holds the place where the picture was taken; the copies that are shown do"
            " not.",
            cures.NOTHING,
        ),
        "metadata.edited": Words(
            "The picture was saved by a program for editing pictures ({measured}).", cures.UNEDITED
        ),
        "metadata.taken_before_order": Words(
            "By the camera's clock the picture was taken on {measured}, before the order of"
            " {limit}.",
            cures.CLOCK,
        ),
        "metadata.taken_after_filing": Words(
            "By the camera's clock the picture was taken on {measured}, after it was sent on"
            " {limit}: the clock is probably wrong.",
            cures.NOTHING,
        ),
        "metadata.credentials": Words(
            "The file carries Content Credentials that fit it: signed by {signer}, made with"
            " {generator}, origin: {measured}. Whether the signer can be trusted was not checked.",
            cures.NOTHING,
        ),
        "metadata.credentials_broken": Words(
            "The file carries Content Credentials that do not fit it: it was changed after they"
            " were signed ({measured}).",
            cures.UNEDITED,
        ),
        "metadata.credentials_unverified": Words(
            "The file carries Content Credentials that were not verified ({measured}).",
            cures.NOTHING,
        ),
        "metadata.ai_generated": Words(
            "The file's Content Credentials say that an AI made it or a part of it ({measured}).",
            cures.UNEDITED,
        ),
        "receipt.qr_read": Words(
            "The QR code of the receipt was read: {sum} ₸, {time}, {operator}.", cures.NOTHING
        ),
        "receipt.link_only": Words(
            "The QR code leads to a receipt at {operator} but holds neither sum nor time.",
            cures.NOTHING,
        ),
        "receipt.unknown_host": Words(
            "The QR code leads to {measured}, which is not an operator of fiscal receipts.",
            cures.RECEIPT,
        ),
        "receipt.malformed": Words(
            "The QR code of the receipt is not written as its operator writes it (part:"
            " {measured}).",
            cures.RECEIPT,
        ),
        "receipt.not_read": Words("No QR code of a fiscal receipt was read.", cures.WITH_CODE),
        "receipt.text_read": Words(
            "No QR code was read, but the receipt is printed legibly: {sum} ₸, {time}.",
            cures.NOTHING,
        ),
        "receipt.print_mismatch": Words(
            "What is printed on the receipt differs from its QR code in: {measured} (i fiscal"
            " sign, f till, s sum, t time).",
            cures.RECEIPT,
        ),
        "receipt.amount_mismatch": Words(
            "The receipts come to {measured} ₸, the order to {limit} ₸.", cures.MORE_RECEIPTS
        ),
        "receipt.time_mismatch": Words(
            "The receipt was issued on {measured}; by the order and the complaint it should be"
            " from {earliest} to {latest}.",
            cures.RIGHT_RECEIPT,
        ),
        "receipt.reused": Words(
            "The same receipt serves in other cases too ({count}): {cases}.", cures.WAIT
        ),
        "video.truncated": Words(
            "The video breaks off: a part of the file is missing.", cures.AGAIN
        ),
        "video.corrupt": Words("The video is damaged and cannot be played.", cures.AGAIN),
        "video.damaged": Words(
            "The video is damaged in places: {measured} % of what was played cannot be shown.",
            cures.AGAIN,
        ),
        "video.no_picture": Words(
            "There are no pictures in the video, at most sound.", cures.FILM_AGAIN
        ),
        "video.encrypted": Words("The video is encrypted and cannot be watched.", cures.UNLOCKED),
        "video.codec_unknown": Words(
            "The pictures of the video are stored in a way that cannot be read here ({measured}).",
            cures.PLAYABLE,
        ),
        "video.external_content": Words(
            "The pictures of the video lie in another file, which was not sent.", cures.PLAYABLE
        ),
        "video.bomb": Words(
            "A frame of the video has {measured} million pixels; at most {limit} million are read.",
            cures.PLAYABLE,
        ),
        "video.partly_checked": Words(
            "The first {measured} of {limit} seconds of the video were played; from the rest only"
            " samples were looked at.",
            cures.NOTHING,
        ),
        "video.too_short": Words(
            "The video lasts {measured} seconds; {limit} are needed to show how a parcel is"
            " opened.",
            cures.LONGER,
        ),
        "video.too_small": Words(
            "The picture of the video is small: its shorter side has {measured} pixels, {limit}"
            " are needed to see details.",
            cures.FULLSIZE,
        ),
        "video.still": Words(
            "Nothing moves in the video: its frames differ by {measured} of 255, from {limit} on"
            " something happens.",
            cures.FILM_AGAIN,
        ),
        "video.blank": Words(
            "The video shows next to nothing: its tones differ by {measured} of 255, from {limit}"
            " on something can be seen.",
            cures.FILM_AGAIN,
        ),
        "video.trailing_data": Words(
            "{measured} bytes follow after the end of the video.", cures.NOTHING
        ),
        "pdf.corrupt": Words("The PDF is damaged and cannot be opened.", cures.PDF_AGAIN),
        "pdf.damaged": Words(
            "The PDF is damaged in places; what could be repaired is shown.", cures.LOOK
        ),
        "pdf.truncated": Words("The PDF breaks off: a part of the file is missing.", cures.AGAIN),
        "pdf.trailing_data": Words(
            "{measured} bytes follow after the end of the PDF.", cures.NOTHING
        ),
        "pdf.active_content": Words(
            "The PDF holds more than pages to read: {measured}.", cures.PRINT
        ),
        "pdf.embedded_file": Words(
            "Other files are packed into the PDF: {measured}.", cures.SEPARATELY
        ),
        "pdf.encrypted": Words("The PDF is encrypted.", cures.NOTHING),
        "pdf.needs_password": Words("The PDF opens only with a password.", cures.NOPASSWORD),
        "pdf.no_pages": Words("The PDF has no pages.", cures.PDF_AGAIN),
        "pdf.too_many_pages": Words(
            "The PDF has {measured} pages; at most {limit} are taken.", cures.PAGES
        ),
        "pdf.page_too_large": Words(
            "A page of the PDF is {measured} inches long; at most {limit} are read.",
            cures.PDF_AGAIN,
        ),
        "docx.corrupt": Words("The document is damaged and cannot be opened.", cures.ASPDF),
        "docx.truncated": Words(
            "The document breaks off: a part of the file is missing.", cures.ASPDF
        ),
        "docx.damaged": Words(
            "The document is damaged in places; not every program will open it.", cures.ASPDF
        ),
        "docx.active_content": Words(
            "The document holds more than a text to read: {measured}.", cures.ASPDF
        ),
        "docx.external_content": Words(
            "The document would fetch a part of itself from another computer ({measured}).",
            cures.ASPDF,
        ),
        "docx.embedded_file": Words(
            "Other files are packed into the document: {measured}.", cures.SEPARATELY
        ),
        "docx.needs_password": Words("The document opens only with a password.", cures.NOPASSWORD),
        "docx.macros": Words("The document contains macros, which are programs.", cures.ASPDF),
        "docx.bomb": Words(
            "The document would take {measured} MB when opened; at most {limit} MB are opened.",
            cures.ASPDF,
        ),
        "docx.too_many_parts": Words(
            "The document consists of {measured} parts; at most {limit} are opened.", cures.ASPDF
        ),
        "duplicate.other_complaint": Words(
            "The same file was sent with other complaints, too: {measured}.", cures.COMPARE
        ),
        "duplicate.similar_picture": Words(
            "Almost the same picture was sent with another complaint: {measured} of its 256"
            " features differ, and up to {limit} are one picture.",
            cures.COMPARE,
        ),
        "duplicate.same_complaint": Words(
            "The same file is already attached to this complaint.", cures.ANOTHER
        ),
        "malware.found": Words("The malware scanner found {measured} in this file.", cures.CLEAN),
        "malware.not_scanned": Words(
            "The file could not be scanned for malware ({measured}).", cures.NOTHING
        ),
        "check.unavailable": Words(
            "The file could not be checked because the checking service is not available.",
            cures.WAIT,
        ),
        "check.timed_out": Words(
            "The file could not be checked within {limit} seconds.", cures.LOOK
        ),
        "check.out_of_memory": Words(
            "The file could not be checked within {limit} MB of memory.", cures.LOOK
        ),
        "check.crashed": Words("The check broke off before its end ({measured}).", cures.LOOK),
    }
)
"""By code."""
