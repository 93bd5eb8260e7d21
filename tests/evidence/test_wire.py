"""What the server believes of a child's report: only what an honest child could have said."""

from __future__ import annotations

import json
import struct

import pytest

from triage.core.evidence import EvidenceKind, Finding, Level
from triage.evidence import Item
from triage.evidence.wire import (
    Garbled,
    Reports,
    begin_frame,
    end_frame,
    extension_of,
    part_frame,
    preview_frame,
)

JPEG = b"\xff\xd8\xff" + bytes(20) + b"\xff\xd9"


def reports(files: int = 1) -> Reports:
    return Reports(most=files, preview_bytes=1000)


def raw(kind: bytes, content: bytes, length: int | None = None) -> bytes:
    return struct.pack(">cI", kind, len(content) if length is None else length) + content


def part(**changed: object) -> bytes:
    message = {
        "media_type": "image/jpeg",
        "findings": [],
        "facts": {},
        "signals": {},
        "showable": False,
    }
    message |= changed
    return raw(b"J", json.dumps(message).encode())


def finding(*fields: object) -> bytes:
    return part(findings=[list(fields)])


def test_a_whole_report_arrives_in_pieces_of_any_size() -> None:
    said = Finding(
        code="image.bomb", level=Level.UNUSABLE, measured=51.2, limit=50, detail={"frame": 3}
    )
    stream = (
        begin_frame()
        + part_frame("image/png", [], {})
        + part_frame("image/png", [said], {"width": 7, "height": 8}, showable=True)
        + preview_frame(JPEG)
        + end_frame()
    )
    for step in (1, 7, len(stream)):
        (got,) = fed(reports(), stream, step).heard
        assert got.complete
        assert (got.media_type, got.findings, got.preview) == ("image/png", [said], JPEG)
        assert (got.facts, got.showable) == ({"width": 7, "height": 8}, True)


def fed(got: Reports, stream: bytes, step: int) -> Reports:
    for start in range(0, len(stream), step):
        got.feed(stream[start : start + step])
    return got


def test_what_is_said_of_one_file_is_not_said_of_the_next() -> None:
    said = Finding(code="image.blank", level=Level.WEAK, measured=1, limit=2)
    first = part_frame("image/png", [said], {"width": 7}, {"pdq_quality": "9"}, showable=True)
    stream = begin_frame() + first + preview_frame(JPEG) + end_frame()
    stream += begin_frame() + part_frame("image/jpeg", [], {"height": 8}) + end_frame()
    for step in (1, 7, len(stream)):
        one, other = fed(reports(2), stream, step).heard
        assert (one.findings, one.facts, one.signals) == (
            [said],
            {"width": 7},
            {"pdq_quality": "9"},
        )
        assert (other.findings, other.facts, other.signals) == ([], {"height": 8}, {})
        assert (other.media_type, other.preview, other.showable) == ("image/jpeg", None, False)


def test_a_file_that_has_begun_is_known_before_anything_is_said_of_it() -> None:
    got = fed(reports(2), begin_frame() + end_frame() + begin_frame(), 3)
    assert [each.complete for each in got.heard] == [True, False]


@pytest.mark.parametrize(
    "stream",
    [
        pytest.param(b"\xff" * 9, id="noise"),
        pytest.param(raw(b"X", b""), id="unknown_kind"),
        pytest.param(raw(b"J", b"", 2**31), id="announces_too_much"),
        pytest.param(raw(b"J", b"{"), id="no_json"),
        pytest.param(raw(b"J", b"[" * 60_000), id="nested_without_end"),
        pytest.param(raw(b"J", b"[1]"), id="another_shape"),
        pytest.param(raw(b"J", b"null"), id="null"),
        pytest.param(part(media_type="text/html\r\nSet-Cookie: x"), id="a_header_in_the_type"),
        pytest.param(part(media_type=5), id="a_number_as_type"),
        pytest.param(part(facts={"width": -1}), id="negative_width"),
        pytest.param(part(facts={"width": True}), id="truth_as_width"),
        pytest.param(part(facts={"width": 2**40}), id="endless_width"),
        pytest.param(part(facts={"is_admin": 1}), id="a_fact_nobody_asked_for"),
        pytest.param(part(facts=[1]), id="facts_as_a_list"),
        pytest.param(finding("image.bomb", 9, None, None, {}), id="unknown_level"),
        pytest.param(finding("image.beautiful", 1, None, None, {}), id="a_code_of_no_check"),
        pytest.param(finding("<script>", 1, None, None, {}), id="code_of_another_form"),
        pytest.param(finding("image.bomb", 1, None, None), id="too_few_fields"),
        pytest.param(finding("image.bomb", 1, "x" * 121, None, {}), id="long_word"),
        pytest.param(finding("image.bomb", 1, "a\nb", None, {}), id="two_lines"),
        pytest.param(finding("image.bomb", 1, {"a": 1}, None, {}), id="a_table_as_value"),
        pytest.param(finding("image.bomb", 1, float("nan"), None, {}), id="not_a_number"),
        pytest.param(finding("image.bomb", 1, 10**30, None, {}), id="a_number_beyond_sense"),
        pytest.param(finding("image.bomb", 1, None, None, {"A B": 1}), id="odd_name"),
        pytest.param(
            finding("image.bomb", 1, None, None, {f"n{c}": 1 for c in "abcdefghi"}),
            id="much_detail",
        ),
        pytest.param(part(findings=[["image.bomb", 1, None, None, {}]] * 65), id="many_findings"),
        pytest.param(part() * 65, id="many_frames"),
        pytest.param(
            part(findings=[["image.bomb", 1, "x" * 100, None, {}]] * 60) * 10, id="much_json"
        ),
        pytest.param(raw(b"P", b"<html>"), id="preview_of_another_type"),
        pytest.param(raw(b"P", JPEG[:-1]), id="preview_cut"),
        pytest.param(raw(b"P", JPEG) * 2, id="two_previews"),
        pytest.param(raw(b"P", b"", 1001), id="large_preview"),
        pytest.param(end_frame() + part(), id="more_after_the_end"),
        pytest.param(end_frame() + begin_frame(), id="a_file_that_it_was_not_given"),
        pytest.param(begin_frame(), id="a_second_beginning"),
        pytest.param(part(showable=1, facts=[]), id="not_only_showable"),
        pytest.param(raw(b"E", b"x"), id="an_end_that_says_more"),
    ],
)
def test_what_no_honest_child_says_is_garbled(stream: bytes) -> None:
    with pytest.raises(Garbled):
        reports().feed(begin_frame() + stream)


@pytest.mark.parametrize("stream", [end_frame(), part(), b"\xff", b"B\0\0\0\1x"])
def test_nothing_is_said_before_the_first_file_begins(stream: bytes) -> None:
    with pytest.raises(Garbled):
        reports().feed(stream)


@pytest.mark.parametrize(
    ("name", "extension"),
    [
        ("photo.JPG", "jpg"),
        ("a.tar.gz", "gz"),
        ("photo", ""),
        ("", ""),
        (".heic", "heic"),
        ("x.p\0ng", "png"),
        ("чек.фото", ""),
        ("../../etc/passwd", "etcpassw"),
        ("x." + "y" * 500, "yyyyyyyy"),
    ],
)
def test_only_a_harmless_extension_is_passed_on(name: str, extension: str) -> None:
    item = Item(kind=EvidenceKind.OTHER, filename=name, declared_type="", size=1, sha256="0" * 64)
    assert extension_of(item) == extension
