"""What pictures say about themselves: a place, an editor; and what is only a camera's name."""

from __future__ import annotations

from typing import Any

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from tests.evidence import files
from tests.evidence.conftest import Judge, Shown, codes
from triage.core.evidence import Level, Verdict
from triage.evidence.metadata import editor_in, taken_at

SOFTWARE, GPS = 0x0131, 0x8825
NORTH_EAST = {1: "N", 2: (43.0, 14.0, 20.0), 3: "E", 4: (76.0, 53.0, 30.0)}
XMP = (
    b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF><rdf:Description'
    b' xmp:CreatorTool="GIMP 2.10"/></rdf:RDF></x:xmpmeta>'
)
XMP_ELEMENT = b"<x:xmpmeta><xmp:CreatorTool>Adobe Photoshop 25.0</xmp:CreatorTool></x:xmpmeta>"


def picture(form: str = "JPEG", *, software: str = "", place: object = None, **how: Any) -> bytes:
    exif = Image.Exif()
    if software:
        exif[SOFTWARE] = software
    if place:
        exif[GPS] = place
    return files.picture(form, exif=exif, **how)


@pytest.mark.parametrize(
    ("software", "editor"),
    [
        ("Adobe Photoshop 25.0 (Windows)", "Adobe Photoshop"),
        ("Adobe Photoshop Lightroom Classic 13.1", "Adobe Photoshop Lightroom"),
        ("GIMP 2.10.34", "GIMP"),
        ("paint.net 5.0", "paint.net"),
        ("Snapseed 2.0", "Snapseed"),
        ("PicsArt", "PicsArt"),
        ("gimp", "GIMP"),
        ("17.5.1", None),
        ("S918BXXS3BWK2", None),
        ("HDR+ 1.0.585804401zd", None),
        ("MediaTek Camera Application", None),
        ("Xiaomi 13T Pro", None),
        ("Windows Photo Viewer", None),
        ("Gimpel Optics v1", None),
        ("Canvas Phone OS", None),
        ("", None),
    ],
)
def test_editors_are_told_from_phones(software: str, editor: str | None) -> None:
    assert editor_in(software) == editor


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "TIFF", "HEIF", "AVIF"])
def test_an_editor_is_flagged_and_named(judge: Judge, form: str) -> None:
    judged = judge(picture(form, software="Adobe Photoshop 25.0 (Windows)"))
    (finding,) = judged.findings
    assert (finding.code, finding.level) == ("metadata.edited", Level.WEAK)
    assert finding.measured == "Adobe Photoshop"
    assert judged.verdict is Verdict.FLAGGED


@pytest.mark.parametrize(
    ("xmp", "editor"), [(XMP, "GIMP"), (XMP_ELEMENT, "Adobe Photoshop")], ids=["value", "element"]
)
def test_an_editor_is_found_in_xmp_too(judge: Judge, xmp: bytes, editor: str) -> None:
    (finding,) = judge(picture("JPEG", xmp=xmp)).findings
    assert (finding.code, finding.measured) == ("metadata.edited", editor)


def test_an_editor_is_found_in_the_texts_of_a_png(judge: Judge) -> None:
    said = PngInfo()
    said.add_text("Software", "Photopea")
    assert codes(judge(picture("PNG", pnginfo=said))) == ["metadata.edited"]


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        pytest.param(NORTH_EAST, ["metadata.gps_present"], id="both_coordinates"),
        pytest.param({1: "N", 3: "E"}, [], id="no_fix"),
        pytest.param({2: (43.0, 14.0, 20.0)}, [], id="half_a_place"),
        pytest.param({29: "2026:01:01"}, [], id="only_a_date"),
        pytest.param(None, [], id="nothing"),
    ],
)
def test_a_place_is_noted_and_kept_to_itself(
    judge: Judge, shown: Shown, place: object, expected: list[str]
) -> None:
    judged = judge(picture(place=place))
    assert codes(judged) == expected
    assert judged.verdict is Verdict.ACCEPTED
    assert all(not each.detail and each.measured is None for each in judged.findings)
    assert not shown(picture(place=place)).getexif()


def test_damaged_metadata_says_nothing(judge: Judge) -> None:
    whole = picture(software="GIMP", place=NORTH_EAST)
    at = whole.index(b"Exif\0\0") + 10
    judged = judge(whole[:at] + b"\xff" * 40 + whole[at + 40 :])
    assert judged.verdict is Verdict.ACCEPTED


@pytest.mark.parametrize(
    ("when", "offset", "expected"),
    [
        ("2026:11:21 10:00:00", None, "2026-11-21 10:00:00"),
        ("2026:11:21 10:00:00", "+05:00", "2026-11-21 10:00:00+05:00"),
        ("2026:11:21 10:00:00\0", "", "2026-11-21 10:00:00"),
        ("2026:11:21 10:00:00", "   :  ", "2026-11-21 10:00:00"),
        ("2026:11:21 10:00:00", "+99:00", "2026-11-21 10:00:00"),
        ("    :  :     :  :  ", None, None),
        ("0000:00:00 00:00:00", None, None),
        ("2026:13:41 10:00:00", None, None),
        ("yesterday", None, None),
        (b"2026:11:21 10:00:00", None, None),
        (None, "+05:00", None),
    ],
)
def test_when_the_camera_says_that_it_was(
    when: object, offset: object, expected: str | None
) -> None:
    assert taken_at(when, offset) == expected


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "HEIF", "AVIF"])
def test_the_time_is_told_for_comparing_and_not_as_a_finding(judge: Judge, form: str) -> None:
    exif = Image.Exif()
    exif[0x010F] = "Maker"  # some encoders leave out what has nothing but a sub-directory
    exif.get_ifd(0x8769)[0x9003] = "2026:11:21 10:00:00"
    judged = judge(files.picture(form, exif=exif), kind="damage_photo")
    assert judged.signals["taken_at"] == "2026-11-21 10:00:00"
    assert codes(judged) == []
