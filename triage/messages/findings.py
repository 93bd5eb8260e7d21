"""What each finding of the evidence checks says to people, and what they can do about it.

Placeholders are the finding's own: ``{measured}``, ``{limit}`` and the names in its ``detail``.
Sizes in sentences are mebibytes, which people call MB.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple


class Words(NamedTuple):
    """A sentence about what was found, and the cure."""

    sentence: str
    cure: str


_NOTHING = "There is nothing to do."
_CLEAN = "Check the device for malware, then take or save the file anew and send that."
_AGAIN = "Send the original file again, not a copy from a messenger."
_OTHER_TYPE = "Send one of these instead: {limit}."
_UNPACK = "Unpack the archive and send the files themselves: {limit}."
_SMALLER = "Send a smaller or shorter version, at most {limit} MB."
_WAIT = "There is nothing to do: an employee will look at the file."
_LOOK = "An employee will look at it. If you have a better copy, send it."
_NOPASSWORD = "Remove the password or print the document into a new PDF, and send that."
_PDF_AGAIN = "Save or scan the document again and send the new PDF, or send a photo of it."
_PRINT = "Print the document into a new PDF and send that, or send a photo of it."
_SEPARATELY = "If they matter, send them as files of their own."
_PAGES = "Send only the pages that matter."
_ASPDF = "Save the document as a PDF and send that."
_FRAMES = "Send a still picture, or a video as MP4."
_PIXELS = "Send the picture at a smaller size, or a screenshot of it."
_ASJPEG = "Save the picture as a JPEG and send that."
_ANOTHER = "Send another file if you meant to."
_COMPARE = "An employee compares the cases; by itself this is held against nobody."
_PLAIN = "Send a screenshot of it, or save it anew in an ordinary program and send that."
_CHOOSE = "Choose the file again and send it."
_LARGER = "Send the original picture, not a thumbnail or a cut-out."
_TAKE_AGAIN = "Take the picture again so that what it is about can be seen."
_LIGHT = "Take the picture again in better light or with the flash."
_STEADY = "Take the picture again: hold still, and tap on what should be sharp."
_UNEDITED = "If you still have the picture as it was taken, send that."
_RECEIPT = "Send the receipt as the shop or the bank issued it."
_FILM_AGAIN = "Film it again so that the parcel, its seal and its content can be seen."
_PLAYABLE = "Save the video as an MP4 (H.264) and send that."
_UNLOCKED = "Send a video that you filmed yourself, without copy protection."
_LONGER = "If you have the whole video, send that."
_FULLSIZE = "Send the original video, not the small version of a messenger."
_WITH_CODE = "If the receipt has a QR code, send it so that the code is whole and sharp."
_MORE_RECEIPTS = "If the order has further receipts, send them too."
_RIGHT_RECEIPT = "If it is the receipt of another purchase, send the right one."
_CLOCK = "If the camera's clock is wrong, say so; otherwise send a picture of what you received."
_AS_TAKEN = "Send the photo of the goods as your camera took it. If there is none, leave it so."
_SCREEN_SHOWN = (
    "It can be used. A screenshot shows a chat better, a photo of the goods themselves shows"
    " damage better: if you can make one, send it."
)
_SCREENSHOT = "Open the chat, take a screenshot on the device and send that."
_DOCUMENT = "Send the document itself: a PDF, a scan, or a photo of the page."

BECAUSE: Mapping[str, str] = MappingProxyType(
    {
        "camera": "the camera wrote down its exposure",
        "equal_points": "neighbouring points are exactly equal",
        "exact_edges": "edges run exactly along the rows",
        "few_colours": "a few colours fill it",
        "lines_of_text": "it holds lines of text",
        "many_shades": "it is full of shades",
        "no_print": "there is next to no print in it",
        "noise": "a sensor's noise is everywhere",
        "says_so": "the file itself says so",
        "screen_size": "it has the size of a screen",
        "status_bar": "it has a status bar on top",
        "stripes": "it has the fine stripes of a photographed screen",
    }
)
"""Why a picture is taken for something, by the codes of ``{because}``."""

FINDINGS: Mapping[str, Words] = MappingProxyType(
    {
        "file.empty": Words(
            "The file is empty: there is nothing in it.",
            _CHOOSE,
        ),
        "file.changed": Words(
            "The stored file has {measured} bytes where {limit} were received; it was not checked.",
            _WAIT,
        ),
        "file.polyglot": Words(
            "A second file ({measured}) is hidden inside this one.",
            _PLAIN,
        ),
        "file.too_large": Words(
            "The file has {measured} MB; at most {limit} MB are taken.",
            _SMALLER,
        ),
        "file.type_mismatch": Words(
            "The name or the sender says {declared}, the content is {measured}; it was read"
            " as what it is.",
            _NOTHING,
        ),
        "file.type_not_allowed": Words(
            "Files of the type {measured} are not taken as evidence.",
            _OTHER_TYPE,
        ),
        "file.type_switched_off": Words(
            "{measured} files are not taken at the moment.",
            _OTHER_TYPE,
        ),
        "file.wrong_kind_of_file": Words(
            "A {measured} file cannot be this kind of evidence.",
            _OTHER_TYPE,
        ),
        "archive.not_allowed": Words(
            "This is an archive ({measured}); archives are not opened.",
            _UNPACK,
        ),
        "image.bomb": Words(
            "The picture has {measured} million pixels; at most {limit} million are read.",
            _PIXELS,
        ),
        "image.truncated": Words(
            "The picture breaks off: a part of the file is missing.",
            _AGAIN,
        ),
        "image.corrupt": Words(
            "The picture is damaged and cannot be read.",
            _AGAIN,
        ),
        "image.damaged": Words(
            "The picture is damaged in places; what can be seen may not be what was taken.",
            _LOOK,
        ),
        "image.unsupported": Words(
            "The picture is of a rare variety that cannot be read here.",
            _ASJPEG,
        ),
        "image.too_many_frames": Words(
            "The animation has more than {limit} frames.",
            _FRAMES,
        ),
        "image.trailing_data": Words(
            "{measured} bytes follow after the end of the picture.",
            _NOTHING,
        ),
        "image.too_small": Words(
            "The picture is small: its shorter side has {measured} pixels, {limit} are needed to"
            " see details.",
            _LARGER,
        ),
        "image.blank": Words(
            "The picture shows next to nothing: its tones differ by {measured} of 255, from"
            " {limit} on something can be seen.",
            _TAKE_AGAIN,
        ),
        "image.too_dark": Words(
            "The picture is too dark: its lightest parts reach {measured} of 255, {limit} are"
            " needed.",
            _LIGHT,
        ),
        "image.blurred": Words(
            "The picture is blurred: its sharpness is {measured} of 100, {limit} are needed.",
            _STEADY,
        ),
        "kind.screenshot_as_photo": Words(
            "This looks like a screenshot, not a photo of the goods"
            " ({measured} % sure: {because}).",
            _AS_TAKEN,
        ),
        "kind.photo_of_screen": Words(
            "This looks like a photo of a screen ({measured} % sure: {because}).",
            _SCREEN_SHOWN,
        ),
        "kind.photo_as_screenshot": Words(
            "This looks like a camera's photo, not a screenshot ({measured} % sure: {because}).",
            _SCREENSHOT,
        ),
        "kind.photo_as_document": Words(
            "This looks like a picture of things, not a document ({measured} % sure: {because}).",
            _DOCUMENT,
        ),
        "metadata.gps_present": Words(
            "The file holds the place where the picture was taken; the copies that are shown do"
            " not.",
            _NOTHING,
        ),
        "metadata.edited": Words(
            "The picture was saved by a program for editing pictures ({measured}).",
            _UNEDITED,
        ),
        "metadata.taken_before_order": Words(
            "By the camera's clock the picture was taken on {measured}, before the order of"
            " {limit}.",
            _CLOCK,
        ),
        "metadata.taken_after_filing": Words(
            "By the camera's clock the picture was taken on {measured}, after it was sent on"
            " {limit}: the clock is probably wrong.",
            _NOTHING,
        ),
        "metadata.credentials": Words(
            "The file carries Content Credentials that fit it: signed by {signer}, made with"
            " {generator}, origin: {measured}. Whether the signer can be trusted was not checked.",
            _NOTHING,
        ),
        "metadata.credentials_broken": Words(
            "The file carries Content Credentials that do not fit it: it was changed after they"
            " were signed ({measured}).",
            _UNEDITED,
        ),
        "metadata.credentials_unverified": Words(
            "The file carries Content Credentials that were not verified ({measured}).",
            _NOTHING,
        ),
        "metadata.ai_generated": Words(
            "The file's Content Credentials say that an AI made it or a part of it ({measured}).",
            _UNEDITED,
        ),
        "receipt.qr_read": Words(
            "The QR code of the receipt was read: {sum} ₸, {time}, {operator}.",
            _NOTHING,
        ),
        "receipt.link_only": Words(
            "The QR code leads to a receipt at {operator} but holds neither sum nor time.",
            _NOTHING,
        ),
        "receipt.unknown_host": Words(
            "The QR code leads to {measured}, which is not an operator of fiscal receipts.",
            _RECEIPT,
        ),
        "receipt.malformed": Words(
            "The QR code of the receipt is not written as its operator writes it (part:"
            " {measured}).",
            _RECEIPT,
        ),
        "receipt.not_read": Words(
            "No QR code of a fiscal receipt was read.",
            _WITH_CODE,
        ),
        "receipt.text_read": Words(
            "No QR code was read, but the receipt is printed legibly: {sum} ₸, {time}.",
            _NOTHING,
        ),
        "receipt.print_mismatch": Words(
            "What is printed on the receipt differs from its QR code in: {measured} (i fiscal"
            " sign, f till, s sum, t time).",
            _RECEIPT,
        ),
        "receipt.amount_mismatch": Words(
            "The receipts come to {measured} ₸, the order to {limit} ₸.",
            _MORE_RECEIPTS,
        ),
        "receipt.time_mismatch": Words(
            "The receipt was issued on {measured}; by the order and the complaint it should be"
            " from {earliest} to {latest}.",
            _RIGHT_RECEIPT,
        ),
        "receipt.reused": Words(
            "The same receipt serves in other cases too ({count}): {cases}.",
            _WAIT,
        ),
        "video.truncated": Words(
            "The video breaks off: a part of the file is missing.",
            _AGAIN,
        ),
        "video.corrupt": Words(
            "The video is damaged and cannot be played.",
            _AGAIN,
        ),
        "video.damaged": Words(
            "The video is damaged in places: {measured} % of what was played cannot be shown.",
            _AGAIN,
        ),
        "video.no_picture": Words(
            "There are no pictures in the video, at most sound.",
            _FILM_AGAIN,
        ),
        "video.encrypted": Words(
            "The video is encrypted and cannot be watched.",
            _UNLOCKED,
        ),
        "video.codec_unknown": Words(
            "The pictures of the video are stored in a way that cannot be read here ({measured}).",
            _PLAYABLE,
        ),
        "video.external_content": Words(
            "The pictures of the video lie in another file, which was not sent.",
            _PLAYABLE,
        ),
        "video.bomb": Words(
            "A frame of the video has {measured} million pixels; at most {limit} million are read.",
            _PLAYABLE,
        ),
        "video.partly_checked": Words(
            "The first {measured} of {limit} seconds of the video were played; from the rest only"
            " samples were looked at.",
            _NOTHING,
        ),
        "video.too_short": Words(
            "The video lasts {measured} seconds; {limit} are needed to show how a parcel is"
            " opened.",
            _LONGER,
        ),
        "video.too_small": Words(
            "The picture of the video is small: its shorter side has {measured} pixels, {limit}"
            " are needed to see details.",
            _FULLSIZE,
        ),
        "video.still": Words(
            "Nothing moves in the video: its frames differ by {measured} of 255, from {limit} on"
            " something happens.",
            _FILM_AGAIN,
        ),
        "video.blank": Words(
            "The video shows next to nothing: its tones differ by {measured} of 255, from {limit}"
            " on something can be seen.",
            _FILM_AGAIN,
        ),
        "video.trailing_data": Words(
            "{measured} bytes follow after the end of the video.",
            _NOTHING,
        ),
        "pdf.corrupt": Words(
            "The PDF is damaged and cannot be opened.",
            _PDF_AGAIN,
        ),
        "pdf.damaged": Words(
            "The PDF is damaged in places; what could be repaired is shown.",
            _LOOK,
        ),
        "pdf.truncated": Words(
            "The PDF breaks off: a part of the file is missing.",
            _AGAIN,
        ),
        "pdf.trailing_data": Words(
            "{measured} bytes follow after the end of the PDF.",
            _NOTHING,
        ),
        "pdf.active_content": Words(
            "The PDF holds more than pages to read: {measured}.",
            _PRINT,
        ),
        "pdf.embedded_file": Words(
            "Other files are packed into the PDF: {measured}.",
            _SEPARATELY,
        ),
        "pdf.encrypted": Words(
            "The PDF is encrypted.",
            _NOTHING,
        ),
        "pdf.needs_password": Words(
            "The PDF opens only with a password.",
            _NOPASSWORD,
        ),
        "pdf.no_pages": Words(
            "The PDF has no pages.",
            _PDF_AGAIN,
        ),
        "pdf.too_many_pages": Words(
            "The PDF has {measured} pages; at most {limit} are taken.",
            _PAGES,
        ),
        "pdf.page_too_large": Words(
            "A page of the PDF is {measured} inches long; at most {limit} are read.",
            _PDF_AGAIN,
        ),
        "docx.corrupt": Words(
            "The document is damaged and cannot be opened.",
            _ASPDF,
        ),
        "docx.truncated": Words(
            "The document breaks off: a part of the file is missing.",
            _ASPDF,
        ),
        "docx.damaged": Words(
            "The document is damaged in places; not every program will open it.",
            _ASPDF,
        ),
        "docx.active_content": Words(
            "The document holds more than a text to read: {measured}.",
            _ASPDF,
        ),
        "docx.external_content": Words(
            "The document would fetch a part of itself from another computer ({measured}).",
            _ASPDF,
        ),
        "docx.embedded_file": Words(
            "Other files are packed into the document: {measured}.",
            _SEPARATELY,
        ),
        "docx.needs_password": Words(
            "The document opens only with a password.",
            _NOPASSWORD,
        ),
        "docx.macros": Words(
            "The document contains macros, which are programs.",
            _ASPDF,
        ),
        "docx.bomb": Words(
            "The document would take {measured} MB when opened; at most {limit} MB are opened.",
            _ASPDF,
        ),
        "docx.too_many_parts": Words(
            "The document consists of {measured} parts; at most {limit} are opened.",
            _ASPDF,
        ),
        "duplicate.other_complaint": Words(
            "The same file was sent with other complaints, too: {measured}.",
            _COMPARE,
        ),
        "duplicate.similar_picture": Words(
            "Almost the same picture was sent with another complaint: {measured} of its 256"
            " features differ, and up to {limit} are one picture.",
            _COMPARE,
        ),
        "duplicate.same_complaint": Words(
            "The same file is already attached to this complaint.",
            _ANOTHER,
        ),
        "malware.found": Words(
            "The malware scanner found {measured} in this file.",
            _CLEAN,
        ),
        "malware.not_scanned": Words(
            "The file could not be scanned for malware ({measured}).",
            _NOTHING,
        ),
        "check.unavailable": Words(
            "The file could not be checked because the checking service is not available.",
            _WAIT,
        ),
        "check.timed_out": Words(
            "The file could not be checked within {limit} seconds.",
            _LOOK,
        ),
        "check.out_of_memory": Words(
            "The file could not be checked within {limit} MB of memory.",
            _LOOK,
        ),
        "check.crashed": Words(
            "The check broke off before its end ({measured}).",
            _LOOK,
        ),
    }
)
"""By code."""
