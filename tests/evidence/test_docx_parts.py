"""What a DOCX would run or fetch, by the types of its relations, and what is out of order in it."""

from __future__ import annotations

import io
import zipfile

import pytest

from tests.evidence import files
from tests.evidence.conftest import Judge, codes
from triage.core.evidence import Level

RELS = "word/_rels/document.xml.rels"
WORD = b'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'


def related(kind: str, target: str, *, external: bool = True) -> bytes:
    return files.docx(parts={RELS: files.relations((kind, target), external=external)})


def with_text(text: bytes) -> bytes:
    return files.docx(parts={"word/document.xml": WORD + text + b"</w:document>"})


def with_types(main: str) -> bytes:
    return files.docx(parts={"[Content_Types].xml": files.content_types(main)})


DDE = (
    b'<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
    b"<w:instrText> DDEA</w:instrText><w:instrText>UTO c:\\\\calc.exe x</w:instrText>"
)
ENTITY = b'<!DOCTYPE x [<!ENTITY a SYSTEM "http://localhost/">]><xml>&a;</xml>'
ELSEWHERE = "http://localhost/a.dotm"


@pytest.mark.parametrize(
    ("content", "code", "measured", "level"),
    [
        *(
            pytest.param(
                related(kind, ELSEWHERE), "external_content", kind, Level.DANGEROUS, id=kind
            )
            for kind in ("attachedTemplate", "oleObject", "frame", "subDocument", "aFChunk")
        ),
        pytest.param(
            related("attachedTemplate", r"\\host\share\a.dotm"),
            "external_content",
            "attachedTemplate",
            Level.DANGEROUS,
            id="template_on_a_share",
        ),
        pytest.param(
            related("image", "http://localhost/a.png"),
            "external_content",
            "image",
            Level.WEAK,
            id="picture_from_elsewhere",
        ),
        pytest.param(
            related("control", "activeX/activeX1.xml", external=False),
            "active_content",
            "ActiveX",
            Level.DANGEROUS,
            id="control",
        ),
        pytest.param(with_text(DDE), "active_content", "DDE", Level.DANGEROUS, id="dde_in_pieces"),
        pytest.param(
            files.docx(content=ENTITY), "active_content", "DTD", Level.DANGEROUS, id="entity"
        ),
        pytest.param(
            with_types("application/vnd.ms-word.document.macroEnabled.main+xml"),
            "macros",
            None,
            Level.DANGEROUS,
            id="macros_by_type",
        ),
        pytest.param(
            related("oleObject", "embeddings/a.bin", external=False),
            "embedded_file",
            1,
            Level.WEAK,
            id="object_of_another_program",
        ),
    ],
)
def test_what_a_document_would_do_is_named(
    judge: Judge, content: bytes, code: str, measured: str | int | None, level: Level
) -> None:
    found = judge(content, name="report.docx", kind="expert_report").findings
    said = [
        (each.code, each.measured, each.level) for each in found if each.code.startswith("docx.")
    ]
    assert said == [(f"docx.{code}", measured, level)]


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(related("hyperlink", "http://localhost/"), id="link"),
        pytest.param(related("attachedTemplate", "file:///C:\\Users\\a\\b.dotx"), id="own_disk"),
        pytest.param(related("package", "embeddings/a.xlsx", external=False), id="table_of_chart"),
        pytest.param(with_text(b"<w:t>DDEAUTO is a word here</w:t>"), id="word_in_the_text"),
    ],
)
def test_what_ordinary_documents_have_is_accepted(judge: Judge, content: bytes) -> None:
    assert "docx." not in " ".join(codes(judge(content)))


def with_properties(*inner: bytes) -> bytes:
    """As many parts of properties as given; the first is where Word puts it."""
    names = [f"docProps/core{number}.xml" for number in range(len(inner))]
    space = (
        b'<p xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"'
        b' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
    )
    top = files.relations(
        ("officeDocument", "word/document.xml"), *(("core-properties", name) for name in names)
    )
    parts = {name: space + each + b"</p>" for name, each in zip(names, inner, strict=True)}
    return files.docx(parts={"_rels/.rels": top, **parts})


DATED = b'<dcterms:created xsi:type="dcterms:W3CDTF">2026-01-01T00:00:00Z</dcterms:created>'


def with_a_part_twice() -> bytes:
    out = io.BytesIO(files.docx())
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr("WORD/document.xml", b"<xml/>")
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        pytest.param(with_properties(DATED), [], id="sound"),
        pytest.param(with_properties(DATED, DATED), ["docx.damaged"], id="two_sets"),
        pytest.param(with_properties(DATED * 2), ["docx.damaged"], id="one_twice"),
        pytest.param(
            with_properties(b"<dcterms:created>2026</dcterms:created>"),
            ["docx.damaged"],
            id="date_without_type",
        ),
        pytest.param(
            with_properties(b'<dc:title xml:lang="en">a</dc:title>'),
            ["docx.damaged"],
            id="in_a_language",
        ),
        pytest.param(
            files.docx(
                parts={
                    "_rels/.rels": files.relations(
                        ("officeDocument", "word/document.xml"), ("core-properties", "lost.xml")
                    )
                }
            ),
            ["docx.damaged"],
            id="properties_lost",
        ),
        pytest.param(with_a_part_twice(), ["docx.damaged"], id="part_twice"),
        pytest.param(files.docx(content=b"<xml>"), ["docx.corrupt"], id="text_not_closed"),
        pytest.param(
            files.docx(parts={"_rels/.rels": files.relations()}), ["docx.corrupt"], id="no_text"
        ),
        pytest.param(
            files.docx(parts={"[Content_Types].xml": b"nothing"}), ["docx.corrupt"], id="no_types"
        ),
    ],
)
def test_a_package_is_held_to_its_own_rules(
    judge: Judge, content: bytes, expected: list[str]
) -> None:
    assert codes(judge(content)) == expected
