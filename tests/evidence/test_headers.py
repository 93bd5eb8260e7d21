"""Headers that contradict the file or themselves: BMP, and the table of places in HEIF."""

from __future__ import annotations

import struct

import pytest

from tests.evidence import files
from tests.evidence.conftest import Judge
from triage.core.evidence import Level

FILE_BYTES, PLANES, PACKING, ROWS_BYTES, HEIGHT = 2, 26, 30, 34, 22


def bmp(at: int = 0, form: str = "", number: int = 0) -> bytes:
    """A sound picture, with one number in its header changed."""
    content = bytearray(files.picture("BMP"))
    if form:
        struct.pack_into("<" + form, content, at, number)
    return bytes(content)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        pytest.param(bmp(), [], id="sound"),
        pytest.param(bmp(FILE_BYTES, "I", 0), [], id="says_no_size"),
        pytest.param(
            bmp(PLANES, "H", 3), [("image.corrupt", Level.UNUSABLE)], id="layers_that_cannot_be"
        ),
        pytest.param(
            bmp(PACKING, "I", 1),
            [("image.corrupt", Level.UNUSABLE)],
            id="packing_without_its_depth",
        ),
        pytest.param(
            bmp(FILE_BYTES, "I", 2**30),
            [("image.truncated", Level.WEAK)],
            id="larger_by_its_header",
        ),
        pytest.param(
            bmp(ROWS_BYTES, "I", 2**30), [("image.truncated", Level.WEAK)], id="more_rows_than_file"
        ),
        pytest.param(
            bmp(HEIGHT, "i", 4000), [("image.truncated", Level.UNUSABLE)], id="rows_missing"
        ),
    ],
)
def test_a_bmp_is_held_to_its_header(
    judge: Judge, content: bytes, expected: list[tuple[str, Level]]
) -> None:
    found = judge(content).findings
    said = [(each.code, each.level) for each in found if each.code in SUBJECT]
    assert said == expected


SUBJECT = ("image.corrupt", "image.truncated")


def heif_with_its_end_hidden() -> bytes:
    """Cut, and the box of the content made to fit what is left: only the table knows."""
    whole = files.picture("HEIF")
    cut = bytearray(whole[: len(whole) - len(whole) // 4])
    at = whole.index(b"mdat") - 4
    cut[at : at + 4] = struct.pack(">I", len(cut) - at)
    return bytes(cut)


@pytest.mark.parametrize("form", ["HEIF", "AVIF"])
def test_a_sound_picture_lies_within_its_file(judge: Judge, form: str) -> None:
    assert not [each for each in judge(files.picture(form)).findings if each.code in SUBJECT]


def test_a_picture_beyond_the_end_of_its_file_is_cut(judge: Judge) -> None:
    found = judge(heif_with_its_end_hidden()).findings
    assert (found[0].code, found[0].level) == ("image.truncated", Level.UNUSABLE)
