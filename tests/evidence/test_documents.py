"""PDF and DOCX: do they open, for everybody, and hold nothing that runs or explodes?"""

from __future__ import annotations

import io
import zipfile

import pikepdf
import pytest

from tests.evidence import files
from tests.evidence.conftest import Judge, Shown, codes, judged_by
from triage.core.evidence import Level, Verdict
from triage.evidence import Examiner, Limits

PASSWORD = {"user": "secret", "owner": "owner"}


def test_a_sound_pdf_has_pages_and_a_picture_of_the_first(judge: Judge, shown: Shown) -> None:
    judged = judge(files.pdf(3), name="receipt.pdf", kind="purchase_proof")
    assert (judged.verdict, codes(judged), judged.pages) == (Verdict.ACCEPTED, [], 3)
    assert shown(files.pdf(3), kind="purchase_proof").size == (1600, 1600)


@pytest.mark.parametrize(
    ("content", "expected", "verdict"),
    [
        pytest.param(files.pdf()[:60], ["pdf.truncated"], Verdict.REJECTED, id="only_the_start"),
        pytest.param(b"%PDF-1.7\n%%EOF\n", ["pdf.corrupt"], Verdict.REJECTED, id="nothing_inside"),
        pytest.param(b"%PDF-1.7" + bytes(900), ["pdf.truncated"], Verdict.REJECTED, id="zeros"),
        pytest.param(files.pdf()[:-20], ["pdf.truncated"], Verdict.FLAGGED, id="without_its_end"),
        pytest.param(
            files.pdf() + b"\n9 0 obj\n<< /Type /Ca",
            ["pdf.truncated"],
            Verdict.FLAGGED,
            id="an_update_that_was_cut",
        ),
        pytest.param(
            files.pdf() + b"<!-- sent by mail -->",
            ["pdf.trailing_data"],
            Verdict.ACCEPTED,
            id="something_behind",
        ),
        pytest.param(files.pdf(0), ["pdf.no_pages"], Verdict.REJECTED, id="no_pages"),
        pytest.param(
            files.pdf(**PASSWORD),
            ["pdf.encrypted", "pdf.needs_password"],
            Verdict.REJECTED,
            id="password",
        ),
        pytest.param(
            files.pdf(user="", owner="x"), ["pdf.encrypted"], Verdict.ACCEPTED, id="only_sealed"
        ),
        pytest.param(files.pdf_with_wrong_offsets(), ["pdf.damaged"], Verdict.FLAGGED, id="mended"),
        pytest.param(
            files.pdf(side=14_401), ["pdf.page_too_large"], Verdict.REJECTED, id="giant_page"
        ),
    ],
)
def test_a_pdf_is_judged_by_whether_a_person_can_read_it(
    judge: Judge, content: bytes, expected: list[str], verdict: Verdict
) -> None:
    judged = judge(content, kind="purchase_proof")
    assert codes(judged) == expected
    assert judged.verdict is verdict


def test_a_unit_of_its_own_does_not_hide_a_giant_page(judge: Judge) -> None:
    document = pikepdf.new()
    document.add_blank_page(page_size=(200, 200)).obj.UserUnit = 1000
    out = io.BytesIO()
    document.save(out)
    assert codes(judge(out.getvalue())) == ["pdf.page_too_large"]


@pytest.mark.parametrize(
    ("pages", "expected"),
    [pytest.param(5, [], id="at_the_limit"), pytest.param(6, ["pdf.too_many_pages"], id="beyond")],
)
def test_a_pdf_has_a_limit_of_pages(pages: int, expected: list[str]) -> None:
    examiner = Examiner(Limits(pages=5))
    try:
        judged = judged_by(examiner, files.pdf(pages))
    finally:
        examiner.close()
    assert codes(judged) == expected


def as_bomb() -> bytes:
    """A part of 300 MB, packed into a few hundred kilobytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in files.WORD_PARTS:
            archive.writestr(name, b"<xml/>")
        with archive.open("word/media/image1.bmp", "w") as part:
            for _ in range(300):
                part.write(bytes(2**20))
    return out.getvalue()


def marked_as_encrypted() -> bytes:
    whole = bytearray(files.docx())
    entry = whole.index(b"PK\x01\x02")
    whole[entry + 8] |= 1
    return bytes(whole)


def under_password() -> bytes:
    """How Office stores it: no ZIP but a compound file with this stream."""
    stream = "EncryptedPackage".encode("utf-16-le")
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + stream + bytes(600)


@pytest.mark.parametrize(
    ("content", "code", "level"),
    [
        pytest.param(files.docx()[:-30], "docx.truncated", Level.UNUSABLE, id="cut"),
        pytest.param(files.docx()[:-150], "docx.truncated", Level.UNUSABLE, id="half"),
        pytest.param(
            files.zipped(("word/document.xml", "x[Content_Types].xml")),
            "docx.corrupt",
            Level.UNUSABLE,
            id="without_its_list_of_parts",
        ),
        pytest.param(
            files.docx("word/vbaProject.bin"), "docx.macros", Level.DANGEROUS, id="macros"
        ),
        pytest.param(
            files.docx("Word/VBAPROJECT.BIN"), "docx.macros", Level.DANGEROUS, id="upper_case"
        ),
        pytest.param(as_bomb(), "docx.bomb", Level.DANGEROUS, id="bomb"),
        pytest.param(
            files.docx(*(f"word/{each}.xml" for each in range(2000))),
            "docx.too_many_parts",
            Level.UNUSABLE,
            id="too_many_parts",
        ),
        pytest.param(marked_as_encrypted(), "docx.needs_password", Level.UNUSABLE, id="zip_lock"),
        pytest.param(under_password(), "docx.needs_password", Level.UNUSABLE, id="office_lock"),
    ],
)
def test_a_docx_that_cannot_or_must_not_be_opened(
    judge: Judge, content: bytes, code: str, level: Level
) -> None:
    judged = judge(content, name="report.docx", kind="expert_report")
    assert (judged.findings[0].code, judged.findings[0].level) == (code, level)
    assert judged.verdict is Verdict.REJECTED


def test_a_damaged_part_is_found_by_its_checksum(judge: Judge) -> None:
    whole = bytearray(files.docx(content=bytes(range(256)) * 40))
    whole[whole.index(b"word/document.xml") + 40] ^= 0x55
    assert codes(judge(bytes(whole), kind="expert_report")) == ["docx.corrupt"]


def test_a_sound_docx_is_accepted(judge: Judge) -> None:
    judged = judge(files.docx(), name="report.docx", kind="expert_report")
    assert (judged.verdict, judged.findings) == (Verdict.ACCEPTED, ())
