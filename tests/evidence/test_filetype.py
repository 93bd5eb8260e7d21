"""What a file is by its content, whether that is taken, and whether its name says the same."""

from __future__ import annotations

import pytest

from tests.evidence import files, films
from tests.evidence.conftest import Judge, codes, judged_by
from triage.core.evidence import EvidenceKind, Level, Verdict
from triage.evidence import ACCEPTED, EXTENSIONS, Examiner, Limits, accepted_types
from triage.evidence.signatures import media_type_of

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        pytest.param(files.picture("JPEG"), "image/jpeg", id="jpeg"),
        pytest.param(files.picture("PNG"), "image/png", id="png"),
        pytest.param(files.picture("GIF"), "image/gif", id="gif"),
        pytest.param(files.picture("WEBP"), "image/webp", id="webp"),
        pytest.param(files.picture("WEBP", lossless=True), "image/webp", id="webp_lossless"),
        pytest.param(files.picture("BMP"), "image/bmp", id="bmp"),
        pytest.param(files.picture("TIFF"), "image/tiff", id="tiff"),
        pytest.param(files.picture("TIFF", big_tiff=True), "image/tiff", id="big_tiff"),
        pytest.param(files.picture("HEIF"), "image/heic", id="heic"),
        pytest.param(files.picture("AVIF"), "image/avif", id="avif"),
        pytest.param(files.pdf(), "application/pdf", id="pdf"),
        pytest.param(files.docx(), DOCX, id="docx"),
        pytest.param(films.mp4(), "video/mp4", id="mp4"),
        pytest.param(films.mp4(b"a new one"[:4]), "video/mp4", id="mp4_of_an_unknown_brand"),
        pytest.param(films.mp4(b"qt  "), "video/quicktime", id="mov"),
        pytest.param(films.mp4(b"3gp5"), "video/3gpp", id="3gp"),
        pytest.param(films.webm(), "video/webm", id="webm"),
        pytest.param(films.webm(b"matroska"), "video/x-matroska", id="mkv"),
        pytest.param(films.mp4(b""), "video/quicktime", id="old_mov_without_brand"),
    ],
)
def test_every_accepted_type_is_told_by_its_content(
    judge: Judge, content: bytes, media_type: str
) -> None:
    judged = judge(content)
    assert judged.media_type == media_type
    assert judged.verdict is Verdict.ACCEPTED, judged.findings


@pytest.mark.parametrize(
    ("content", "code", "level"),
    [
        pytest.param(files.SVG, "file.type_not_allowed", Level.DANGEROUS, id="svg_with_prolog"),
        pytest.param(files.HTML, "file.type_not_allowed", Level.DANGEROUS, id="html"),
        pytest.param(files.ELF, "file.type_not_allowed", Level.DANGEROUS, id="elf"),
        pytest.param(files.SHELL, "file.type_not_allowed", Level.DANGEROUS, id="shell_script"),
        pytest.param(files.PLAYLIST, "file.type_not_allowed", Level.DANGEROUS, id="playlist"),
        pytest.param(b"just a text\n" * 9, "file.type_not_allowed", Level.UNUSABLE, id="text"),
        pytest.param(files.zipped(), "archive.not_allowed", Level.UNUSABLE, id="zip"),
        pytest.param(
            b"Rar!\x1a\x07\x00" + bytes(40), "archive.not_allowed", Level.UNUSABLE, id="rar"
        ),
        pytest.param(
            b"\x1f\x8b\x08\x00" + bytes(40), "archive.not_allowed", Level.UNUSABLE, id="gz"
        ),
        pytest.param(b"", "file.empty", Level.UNUSABLE, id="zero_bytes"),
        pytest.param(bytes(5000), "file.empty", Level.UNUSABLE, id="zeros_only"),
        pytest.param(
            b"<html>" + files.pdf(), "file.type_not_allowed", Level.UNUSABLE, id="html_before_pdf"
        ),
        pytest.param(
            b"\0\0\0\0junk" + files.pdf(), "file.type_not_allowed", Level.UNUSABLE, id="late_pdf"
        ),
    ],
)
def test_what_is_no_evidence_is_refused_by_name(
    judge: Judge, content: bytes, code: str, level: Level
) -> None:
    judged = judge(content, name="photo.jpg", declared="image/jpeg")
    assert [(each.code, each.level) for each in judged.findings] == [(code, level)]
    assert judged.verdict is Verdict.REJECTED
    assert not judged.showable


@pytest.mark.parametrize(
    ("form", "name", "declared", "says"),
    [
        pytest.param("HEIF", "IMG_0001.JPG", "image/jpeg", "jpg", id="heic_called_jpg"),
        pytest.param("PNG", "screen.jpeg", "", "jpeg", id="png_called_jpeg"),
        pytest.param("JPEG", "photo.jpg", "image/png", "image/png", id="declared_otherwise"),
        pytest.param("JPEG", "invoice.pdf.exe", "", "exe", id="the_last_extension_counts"),
        pytest.param(
            "JPEG", "a.jpg", "text/html\r\nX: y", "?", id="what_is_no_type_is_not_repeated"
        ),
    ],
)
def test_a_wrong_name_is_corrected_not_refused(
    judge: Judge, form: str, name: str, declared: str, says: str
) -> None:
    judged = judge(files.picture(form), name=name, declared=declared, kind="damage_photo")
    assert judged.verdict is Verdict.ACCEPTED
    (finding,) = judged.findings
    assert (finding.code, finding.level) == ("file.type_mismatch", Level.NOTE)
    assert finding.detail == {"declared": says}


@pytest.mark.parametrize(
    ("form", "name", "declared"),
    [
        pytest.param("JPEG", "photo.JPG", "image/jpeg", id="upper_case"),
        pytest.param("JPEG", "photo", "application/octet-stream", id="nothing_said"),
        pytest.param("JPEG", "photo.jpg", "image/pjpeg", id="an_old_name_of_the_type"),
        pytest.param("JPEG", "photo.jpg", "image/jpeg; charset=binary", id="with_a_parameter"),
        pytest.param("HEIF", "photo.heic", "image/heif", id="the_family_instead_of_the_member"),
        pytest.param("BMP", "photo.bmp", "image/x-ms-bmp", id="bmp_by_its_old_name"),
    ],
)
def test_a_name_that_fits_is_no_finding(judge: Judge, form: str, name: str, declared: str) -> None:
    assert codes(judge(files.picture(form), name=name, declared=declared)) == []


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        pytest.param(files.pdf(), "damage_photo", id="pdf_as_a_photo"),
        pytest.param(files.mp4(), "damage_photo", id="video_as_a_photo"),
        pytest.param(files.picture(), "unboxing_video", id="photo_as_a_video"),
        pytest.param(files.docx(), "purchase_proof", id="docx_as_a_receipt"),
    ],
)
def test_a_good_file_in_the_wrong_place_is_told_which_types_go_there(
    judge: Judge, content: bytes, kind: str
) -> None:
    judged = judge(content, kind=kind)
    (finding,) = judged.findings
    assert finding.code == "file.wrong_kind_of_file"
    assert judged.verdict is Verdict.REJECTED
    assert str(finding.limit).split(", ")


def test_a_type_that_is_switched_off_is_refused_and_not_advertised() -> None:
    limits = Limits(switched_off=frozenset({"image/heic"}))
    assert "image/heic" not in accepted_types(EvidenceKind.DAMAGE_PHOTO, limits)
    examiner = Examiner(limits)
    try:
        judged = judged_by(examiner, files.picture("HEIF"), kind="damage_photo")
    finally:
        examiner.close()
    assert codes(judged) == ["file.type_switched_off"]
    assert judged.verdict is Verdict.REJECTED


def test_every_accepted_type_has_its_extensions() -> None:
    assert set(ACCEPTED) == set(EvidenceKind)
    assert {each for types in ACCEPTED.values() for each in types} == set(EXTENSIONS)


@pytest.mark.parametrize(
    ("head", "media_type"),
    [
        pytest.param(b"BM" + bytes(30), None, id="bm_begins_a_text_too"),
        pytest.param(b"BMW is a car, not a picture", None, id="bm_in_a_word"),
        pytest.param(files.box(b"ftyp", b"mif1\0\0\0\0heic"), "image/heic", id="generic_heic"),
        pytest.param(files.box(b"ftyp", b"mif1\0\0\0\0avif"), "image/avif", id="generic_avif"),
        pytest.param(files.box(b"ftyp", b"mif1\0\0\0\0jpeg"), "image/heif", id="generic_heif"),
        pytest.param(files.box(b"ftyp", b"avis\0\0\0\0avif"), "image/avif", id="avif_sequence"),
        pytest.param(files.box(b"ftyp", b"M4A \0\0\0\0"), "audio/mp4", id="sound_only"),
        pytest.param(b"\xff\xff\xff\xffftyp", "video/mp4", id="cut_behind_the_name"),
        pytest.param(b"\x1a\x45\xdf\xa3\x42\x82", None, id="cut_before_the_doctype"),
        pytest.param(b"RIFF\0\0\0\0WAVE", "audio/x-wav", id="wave"),
        pytest.param(b"PK\x03\x04xl/workbook.xml[Content_Types].xml", "application/zip", id="xlsx"),
        pytest.param(b"", None, id="nothing"),
    ],
)
def test_the_tables_of_first_bytes(head: bytes, media_type: str | None) -> None:
    assert media_type_of(head, b"") == media_type
