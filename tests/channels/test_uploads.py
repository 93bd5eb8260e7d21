"""A form is read in one pass, wherever the network cuts it, and leaves nothing behind."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.channels.forms import BOUNDARY, MIB, TYPE, Pieces, Shelf, bounds, form, part, read
from triage.channels.api.body import Body
from triage.channels.api.refusals import TooLarge, Unreadable
from triage.channels.api.uploads import FIELD_BYTES, read_upload
from triage.core.evidence import EvidenceKind
from triage.errors import Invalid, TriageError

TRICKY = b"\r\n--a-bound\r\n--a-boundar\r\n-\r\r\n\n--a-boundarY--\r\n--"
WHOLE = form(
    part("text", "Чайник течёт".encode()),
    part("damage_photo", TRICKY, filename="box.jpg", more="Content-Type: image/jpeg\r\n"),
    part("purchase_proof", bytes(range(256)) * 3, filename="чек.pdf"),
    part("language", b"kk"),
)


def seen(raw: bytes | Pieces) -> tuple[dict[str, str], list[tuple[object, ...]]]:
    shelf = Shelf()
    with read(raw, shelf) as upload:
        return upload.fields, [
            (file.kind, file.filename, file.declared_type, file.incoming.content)
            for file in upload.files
        ]


def test_fields_and_files_come_out_as_they_were_sent() -> None:
    fields, files = seen(WHOLE)
    assert fields == {"text": "Чайник течёт", "language": "kk"}
    assert files == [
        (EvidenceKind.DAMAGE_PHOTO, "box.jpg", "image/jpeg", TRICKY),
        (
            EvidenceKind.PURCHASE_PROOF,
            "чек.pdf",
            "application/octet-stream",
            bytes(range(256)) * 3,
        ),
    ]


@settings(max_examples=300, deadline=None)
@given(st.lists(st.integers(1, len(WHOLE) - 1), max_size=12).map(sorted))
def test_it_does_not_matter_where_the_network_cuts(cuts: Sequence[int]) -> None:
    edges = [0, *cuts, len(WHOLE)]
    pieces = [WHOLE[a:b] for a, b in itertools.pairwise(edges) if a < b]
    assert seen(Pieces(pieces)) == seen(WHOLE)


def test_it_does_not_matter_when_every_byte_comes_alone() -> None:
    assert seen(Pieces(bytes([byte]) for byte in WHOLE)) == seen(WHOLE)


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.sampled_from([b"\r", b"\n", b"-", b"a-boundary", b"\r\n--a-b", b"x"])).map(b"".join)
)
def test_content_that_looks_like_a_boundary_is_content(content: bytes) -> None:
    if b"\r\n--" + BOUNDARY.encode() in b"\r\n" + content + b"\r\n":
        return  # that would be a boundary indeed
    _, files = seen(form(part("damage_photo", content, filename="a.jpg")))
    assert [file[3] for file in files] == [content]


def test_what_stands_before_and_after_the_form_is_ignored() -> None:
    inner = form(part("text", b"hello"))
    assert seen(b"for old mail programs\r\n" + inner + b"an epilogue")[0] == {"text": "hello"}
    assert seen(b"\r\n" + inner)[0] == {"text": "hello"}


def test_a_file_field_left_empty_in_a_browser_is_no_file() -> None:
    assert seen(form(part("damage_photo", b"", filename=""))) == ({}, [])
    assert seen(form(part("damage_photo", b""))) == ({}, [])


def test_a_named_file_of_no_bytes_is_passed_on_to_the_checks() -> None:
    _, files = seen(form(part("damage_photo", b"", filename="box.jpg")))
    assert [(file[1], file[3]) for file in files] == [("box.jpg", b"")]


@pytest.mark.parametrize("last", [True, False], ids=["last", "first"])
def test_an_empty_file_whose_boundary_follows_its_headers_at_once(last: bool) -> None:
    empty = part("damage_photo", b"", filename="box.jpg").removesuffix(b"\r\n")
    raw = form(part("text", b"a"), empty) if last else form(empty, part("text", b"a"))
    for pieces in ([raw], [bytes([byte]) for byte in raw]):
        fields, files = seen(Pieces(pieces))
        assert (fields, [file[3] for file in files]) == ({"text": "a"}, [b""])


def test_blanks_after_a_boundary_and_folded_headers_are_understood() -> None:
    raw = form(part("text", b"a")).replace(b"y\r\n", b"y \t\r\n").replace(b"; n", b";\r\n n")
    assert seen(raw)[0] == {"text": "a"}


def test_a_file_without_a_name_is_called_by_its_kind() -> None:
    _, files = seen(form(part("other", b"bytes", more="Content-Type: image/png\r\n")))
    assert [(file[1], file[3]) for file in files] == [("other", b"bytes")]


HEAD = f"--{BOUNDARY}\r\n".encode()
END = f"--{BOUNDARY}--\r\n".encode()
FILE = part("damage_photo", b"x" * 10, filename="a.jpg")

BROKEN = [
    pytest.param(b"", Unreadable("upload.no_start"), id="nothing at all"),
    pytest.param(b"x" * 200_000, Unreadable("upload.no_start"), id="no boundary in sight"),
    pytest.param(b"--another\r\n\r\n", Unreadable("upload.no_start"), id="another boundary"),
    pytest.param(HEAD + FILE, Unreadable("upload.no_end"), id="no closing boundary"),
    pytest.param(HEAD + FILE[:-8], Unreadable("upload.no_end"), id="cut in a file"),
    pytest.param(HEAD, Unreadable("upload.no_end"), id="cut in the headers"),
    pytest.param(
        form(FILE).replace(b"\r\n", b"\n"), Unreadable("upload.no_start"), id="lines end with LF"
    ),
    pytest.param(
        form(part("text", b"x", more=f"X-Long: {'y' * 9000}\r\n")),
        Unreadable("upload.malformed"),
        id="a header too long",
    ),
    pytest.param(
        form(part("text", b"x", more="X-Many: 1\r\n" * 2)),
        Unreadable("upload.malformed"),
        id="a header twice",
    ),
    pytest.param(form(b"\r\nx\r\n"), Unreadable("upload.part_without_name"), id="no headers"),
    pytest.param(
        form(b"Content-Disposition: form-data\r\n\r\nx\r\n"),
        Unreadable("upload.part_without_name"),
        id="no name",
    ),
    pytest.param(
        form(b'Content-Disposition: attachment; name="text"\r\n\r\nx\r\n'),
        Unreadable("upload.part_without_name"),
        id="not form data",
    ),
    pytest.param(
        form(part("text", b"=41", more="Content-Transfer-Encoding: quoted-printable\r\n")),
        Unreadable("upload.transfer_encoding", field="text"),
        id="encoded for e-mail",
    ),
    pytest.param(
        form(part("text", b"\xff")), Unreadable("field.not_utf8", field="text"), id="not UTF-8"
    ),
    pytest.param(
        form(part("text", b"a"), part("text", b"b")),
        Invalid("field.repeated", field="text"),
        id="a field twice",
    ),
    pytest.param(
        form(part("photo", b"a", filename="a.jpg")),
        Invalid(
            "evidence.unknown_kind",
            field="photo",
            allowed="damage_photo, chat_screenshot, unboxing_video, purchase_proof, "
            "expert_report, other",
        ),
        id="a file that is no kind of evidence",
    ),
    pytest.param(
        form(part("damage_photo", b"box.jpg")),
        Invalid("evidence.not_a_file", field="damage_photo"),
        id="a file's name in place of the file",
    ),
    pytest.param(
        form(part("text", b"x" * (FIELD_BYTES + 1))),
        TooLarge("field.too_large", field="text", limit=FIELD_BYTES),
        id="a field too large",
    ),
    pytest.param(
        form(*[part(f"f{n}", b"") for n in range(10_000)]),
        TooLarge("upload.too_many_parts", limit=100),
        id="10,000 parts",
    ),
    pytest.param(
        form(*[FILE] * 4),
        Invalid("submission.too_many_files", field="damage_photo", limit=3),
        id="more files than allowed",
    ),
    pytest.param(
        form(part("damage_photo", b"x" * (2 * MIB), filename="a.jpg")),
        TooLarge(
            "file.too_large",
            field="damage_photo",
            limit=MIB,
            measured=2 * MIB,
            limit_mb=1,
            measured_mb=2.0,
        ),
        id="a file too large, with its real size",
    ),
    pytest.param(
        form(*[part(f"f{n}", b"x" * 90_000) for n in range(90)]) + b"x" * 5 * MIB,
        TooLarge("request.too_large", limit_mb=10, limit=10 * MIB),
        id="a request too large in all",
    ),
]


@pytest.mark.parametrize(("raw", "error"), BROKEN)
@pytest.mark.parametrize("chunked", [False, True], ids=["by length", "chunked"])
def test_what_cannot_be_read_is_refused_and_leaves_nothing(
    raw: bytes, error: TriageError, chunked: bool
) -> None:
    shelf = Shelf()
    pieces = Pieces(raw[at : at + 8192] for at in range(0, len(raw), 8192))
    with pytest.raises(type(error)) as refused:
        read(pieces if chunked else raw, shelf)
    facts = {name: refused.value.facts.get(name) for name in error.facts}
    assert (refused.value.code, facts) == (error.code, dict(error.facts))
    assert all(file.abandoned for file in shelf.opened)


@pytest.mark.parametrize(
    "content_type",
    ["multipart/form-data", "multipart/form-data; boundary=", "multipart/form-data; boundary=é"],
)
def test_a_form_without_a_boundary_cannot_be_read(content_type: str) -> None:
    with pytest.raises(Unreadable, match=r"upload\.no_boundary"):
        read(form(FILE), Shelf(), content_type)


@pytest.mark.parametrize("error", [ConnectionResetError(), TimeoutError(), ValueError("bad chunk")])
def test_a_client_who_vanishes_leaves_nothing(error: Exception) -> None:
    shelf = Shelf()
    with pytest.raises(Unreadable, match=r"request\.cut_short"):
        read(Pieces([WHOLE[:300]], error), shelf)
    assert shelf.opened
    assert all(file.abandoned for file in shelf.opened)


def test_a_body_shorter_than_it_says_was_cut_short() -> None:
    body = Body(Pieces([b"half"]), 8)
    with pytest.raises(Unreadable, match=r"request\.cut_short"):
        body.read_all(100)


def test_a_request_that_says_that_it_is_too_large_is_refused_unread() -> None:
    class Untouched:
        def read(self, size: int = -1, /) -> bytes:
            raise AssertionError("nothing may be read")

    body = Body(Untouched(), 10 * MIB + 1)
    with pytest.raises(TooLarge, match=r"request\.too_large"):
        read_upload(body, TYPE, Shelf().receive, bounds())


def test_a_text_of_the_most_characters_fits_whatever_its_alphabet() -> None:
    text = "😀" * 20_000
    fields, _ = seen(form(part("text", text.encode())))
    assert fields["text"] == text
