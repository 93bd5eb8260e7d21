"""XMP, the description in XML that programs and phones put into pictures: is it XML at all?"""

from __future__ import annotations

from xml.parsers import expat

IN_JPEG = b"http://ns.adobe.com/xap/1.0/\0"
_PADDING = b"\0 \t\r\n"


def is_sound(packet: bytes) -> bool:
    """Is it well formed? Damage in a file shows first in what has a strict syntax.

    A document type, of which XMP has none, is not read but taken for damage.
    """
    text = packet.strip(_PADDING)
    if not text:
        return True
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = _refuse
    try:
        parser.Parse(text, True)
    except (expat.ExpatError, ValueError, LookupError):
        return False
    return True


def _refuse(*_: object) -> None:
    raise ValueError("a document type")
