"""What a picture says about itself: a place, an editor, and when it was taken.

Absence says nothing: messengers and screenshots carry no metadata at all.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from PIL import ExifTags, Image

from triage.core.evidence import Finding, Level
from triage.evidence.opened import Opened

_XMP_BYTES = 64 * 1024
_LONGEST = 200
_EXPOSURE = (ExifTags.Base.ExposureTime, ExifTags.Base.FNumber)  # no program writes them anew
_TAKEN = re.compile(r"[0-9]{4}(:[0-9]{2}){2} [0-9]{2}(:[0-9]{2}){2}")
_OFFSET = re.compile(r"[+-][0-9]{2}:[0-9]{2}")
_CREATOR = re.compile(r"xmp:CreatorTool(?:\s*=\s*[\"']|\s*>)([^\"'<>]{1,200})")

EDITORS = (
    # The longer name first: what Lightroom writes begins as what Photoshop writes.
    *("Adobe Photoshop Lightroom", "Adobe Lightroom", "Adobe Photoshop", "Adobe Express"),
    *("Adobe Firefly", "Adobe Illustrator", "GIMP", "Affinity Photo", "Affinity Designer"),
    *("Pixelmator", "paint.net", "Krita", "Photopea", "Canva", "PicsArt", "Snapseed", "VSCO"),
    *("Facetune", "Meitu", "BeautyPlus", "Photoroom", "Polarr", "Fotor", "Pixlr", "YouCam"),
    *("PaintShop Pro", "Paint Shop Pro", "CorelDRAW", "Corel PHOTO-PAINT", "ACDSee", "PhotoScape"),
    *("Luminar", "Capture One", "darktable", "RawTherapee", "Inkscape", "Figma", "AirBrush"),
    *("Lensa", "Remini", "PhotoDirector", "PhotoFiltre", "PhotoImpact", "Movavi"),
    *("Stable Diffusion", "Midjourney", "DALL-E", "ComfyUI"),
)
"""Programs in which people change pictures.

A list of what counts, not of what does not: cameras and phones write the names of their
firmware into the same field, and there are more of those than anybody could list.
"""
_EDITOR = re.compile(
    "|".join(rf"(?<![a-z0-9]){re.escape(name)}(?![a-z])" for name in EDITORS), re.IGNORECASE
)
_CANONICAL = {name.lower(): name for name in EDITORS}


def remembered(picture: Image.Image) -> dict[str, Any]:
    """What the header of an opened picture holds: a place, which software, when it was taken.

    Read before the pixels; damaged metadata is no metadata.
    """
    try:
        exif = picture.getexif()
        place = exif.get_ifd(ExifTags.IFD.GPSInfo)
        software = exif.get(ExifTags.Base.Software)
        camera = exif.get_ifd(ExifTags.IFD.Exif)
    except Exception:  # says nothing about the picture
        place, software, camera = {}, None, {}
    named = [software, picture.info.get("Software"), _creator(picture.info)]
    return {
        "has_place": _is_place(place),
        "software": tuple(each[:_LONGEST] for each in named if isinstance(each, str)),
        "taken_at": taken_at(
            camera.get(ExifTags.Base.DateTimeOriginal), camera.get(ExifTags.Base.OffsetTimeOriginal)
        ),
        "by_camera": any(camera.get(tag) for tag in _EXPOSURE),
        "screenshot": b"screenshot" in _as_bytes(camera.get(ExifTags.Base.UserComment)).lower(),
    }


def _as_bytes(comment: object) -> bytes:
    """A comment of the user's, whose first eight bytes name its encoding."""
    return comment[:_LONGEST] if isinstance(comment, bytes) else str(comment)[:_LONGEST].encode()


def taken_at(when: object, offset: object = None) -> str | None:
    """``YYYY-MM-DD HH:MM:SS[+HH:MM]``; None for blanks, zeros and days that never were."""
    text = when.strip("\0 ") if isinstance(when, str) else ""
    zone = offset.strip("\0 ") if isinstance(offset, str) else ""
    if not _TAKEN.fullmatch(text):
        return None
    stamp = text[:10].replace(":", "-") + text[10:]
    for candidate in (stamp + zone if _OFFSET.fullmatch(zone) else stamp, stamp):
        try:
            return datetime.fromisoformat(candidate).isoformat(sep=" ", timespec="seconds")
        except ValueError:  # an offset of 99 hours leaves the time, a month of 0 days nothing
            continue
    return None


def _creator(said: dict[Any, Any]) -> str | None:
    """From XMP, by pattern: a parser of XML would be one more to be attacked."""
    xmp = said.get("xmp") or said.get("XML:com.adobe.xmp") or b""
    text = xmp if isinstance(xmp, str) else bytes(xmp[:_XMP_BYTES]).decode("utf-8", "replace")
    found = _CREATOR.search(text[:_XMP_BYTES])
    return found[1] if found else None


def _is_place(place: dict[int, Any]) -> bool:
    """Both coordinates, and numbers: phones without a fix leave them out or divide by zero."""
    return all(
        _is_coordinate(place.get(tag))
        for tag in (ExifTags.GPS.GPSLatitude, ExifTags.GPS.GPSLongitude)
    )


def _is_coordinate(value: Any) -> bool:
    try:
        degrees = [float(part) for part in value]
    except (TypeError, ValueError, ZeroDivisionError, OverflowError):
        return False
    return bool(degrees) and all(part == part and abs(part) < 1e6 for part in degrees)


def editor_in(software: str) -> str | None:
    """The editor that a field names, as this module spells it."""
    found = _EDITOR.search(software)
    return _CANONICAL[found[0].lower()] if found else None


def check(opened: Opened) -> Iterator[Finding]:
    """Needs what the check of the picture remembered of its header; sets ``taken_at``."""
    if taken := opened.remembered.get("taken_at"):
        opened.signals["taken_at"] = taken
    if opened.remembered.get("has_place"):
        yield Finding(code="metadata.gps_present", level=Level.NOTE)
    for software in opened.remembered.get("software", ()):
        if editor := editor_in(software):
            yield Finding(code="metadata.edited", level=Level.WEAK, measured=editor)
            return
