"""What people can do about a finding, and why a picture is taken for what it is taken for."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

NOTHING = "There is nothing to do."
CLEAN = "Check the device for malware, then take or save the file anew and send that."
AGAIN = "Send the original file again, not a copy from a messenger."
OTHER_TYPE = "Send one of these instead: {limit}."
UNPACK = "Unpack the archive and send the files themselves: {limit}."
SMALLER = "Send a smaller or shorter version, at most {limit} MB."
WAIT = "There is nothing to do: an employee will look at the file."
LOOK = "An employee will look at it. If you have a better copy, send it."
NOPASSWORD = "Remove the password or print the document into a new PDF, and send that."
PDF_AGAIN = "Save or scan the document again and send the new PDF, or send a photo of it."
PRINT = "Print the document into a new PDF and send that, or send a photo of it."
SEPARATELY = "If they matter, send them as files of their own."
PAGES = "Send only the pages that matter."
ASPDF = "Save the document as a PDF and send that."
FRAMES = "Send a still picture, or a video as MP4."
PIXELS = "Send the picture at a smaller size, or a screenshot of it."
ASJPEG = "Save the picture as a JPEG and send that."
ANOTHER = "Send another file if you meant to."
COMPARE = "An employee compares the cases; by itself this is held against nobody."
PLAIN = "Send a screenshot of it, or save it anew in an ordinary program and send that."
CHOOSE = "Choose the file again and send it."
LARGER = "Send the original picture, not a thumbnail or a cut-out."
TAKE_AGAIN = "Take the picture again so that what it is about can be seen."
LIGHT = "Take the picture again in better light or with the flash."
STEADY = "Take the picture again: hold still, and tap on what should be sharp."
UNEDITED = "If you still have the picture as it was taken, send that."
RECEIPT = "Send the receipt as the shop or the bank issued it."
FILM_AGAIN = "Film it again so that the parcel, its seal and its content can be seen."
PLAYABLE = "Save the video as an MP4 (H.264) and send that."
UNLOCKED = "Send a video that you filmed yourself, without copy protection."
LONGER = "If you have the whole video, send that."
FULLSIZE = "Send the original video, not the small version of a messenger."
WITH_CODE = "If the receipt has a QR code, send it so that the code is whole and sharp."
MORE_RECEIPTS = "If the order has further receipts, send them too."
RIGHT_RECEIPT = "If it is the receipt of another purchase, send the right one."
CLOCK = "If the camera's clock is wrong, say so; otherwise send a picture of what you received."
AS_TAKEN = "Send the photo of the goods as your camera took it. If there is none, leave it so."
SCREEN_SHOWN = (
    "It can be used. A screenshot shows a chat better, a photo of the goods themselves shows"
    " damage better: if you can make one, send it."
)
SCREENSHOT = "Open the chat, take a screenshot on the device and send that."
DOCUMENT = "Send the document itself: a PDF, a scan, or a photo of the page."

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
