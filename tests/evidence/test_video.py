"""Videos: is the container whole? (What it shows: ``test_video_decoding``.)"""

from __future__ import annotations

import os
import struct
from pathlib import Path

import pytest

from tests.evidence import files, films
from tests.evidence.conftest import Judge, codes
from triage.core.evidence import EvidenceKind, Level, Verdict
from triage.evidence import Examiner, Item
from triage.evidence.structure import ebml, isobmff


def large_box(kind: bytes, content: bytes) -> bytes:
    """With its size in 8 bytes, as files beyond 4 GB have it."""
    return struct.pack(">I", 1) + kind + struct.pack(">Q", 16 + len(content)) + content


def parts_of_mp4() -> tuple[bytes, bytes, bytes]:
    whole = files.mp4()
    index = whole.index(b"moov") - 4
    content = whole.index(b"mdat") - 4
    return whole[:index], whole[index:content], whole[content:]


class InMemory:
    def __init__(self, content: bytes) -> None:
        self.content = content
        self.size = len(content)

    def read_at(self, offset: int, length: int) -> bytes:
        return self.content[offset : offset + length] if offset < self.size else b""


START, INDEX, CONTENT = parts_of_mp4()


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(START + CONTENT + INDEX, id="index_last"),
        pytest.param(START + INDEX + bytes(4) + b"mdat" + bytes(99), id="size_zero_to_the_end"),
        pytest.param(START + INDEX + large_box(b"mdat", bytes(99)), id="size_in_8_bytes"),
        pytest.param(START + INDEX + files.box(b"moof", bytes(20)) + CONTENT * 3, id="fragments"),
        pytest.param(START + files.box(b"free", bytes(9)) + INDEX + CONTENT, id="free_space"),
        pytest.param(files.mp4() + bytes(12), id="padding_of_zeros"),
        pytest.param(files.webm(live=True), id="webm_of_a_live_recorder"),
        pytest.param(files.webm() + files.element("ec", bytes(20)), id="webm_with_void"),
    ],
)
def test_no_order_that_the_format_allows_is_a_flaw(content: bytes) -> None:
    walk = ebml.flaws if content.startswith(b"\x1a") else isobmff.movie_flaws
    assert list(walk(InMemory(content))) == []


@pytest.mark.parametrize("make", [files.mp4, files.webm], ids=["mp4", "webm"])
@pytest.mark.parametrize("missing", [1, 7, 150, 400])
def test_a_cut_video_is_never_accepted(judge: Judge, make: object, missing: int) -> None:
    assert callable(make)
    judged = judge(make()[:-missing], kind="unboxing_video")
    assert codes(judged) in (["video.truncated"], ["video.corrupt"])
    assert judged.verdict is Verdict.REJECTED


def test_a_cut_live_recording_is_found_too(judge: Judge) -> None:
    assert codes(judge(files.webm(live=True)[:-50])) == ["video.truncated"]


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(START + CONTENT, id="no_index"),
        pytest.param(START + INDEX, id="no_content"),
        pytest.param(START + files.box(b"moov", bytes(50)) + CONTENT, id="empty_index"),
        pytest.param(
            START + files.box(b"moov", files.box(b"trak")[:4] + b"free") + CONTENT, id="no_track"
        ),
        pytest.param(
            START + files.box(b"moov", struct.pack(">I", 9999) + b"trak" + bytes(40)) + CONTENT,
            id="a_track_longer_than_the_index",
        ),
        pytest.param(files.webm()[:20], id="webm_header_only"),
        pytest.param(files.webm()[:17] + bytes(300), id="webm_of_zeros"),
    ],
)
def test_what_cannot_be_played_is_rejected(judge: Judge, content: bytes) -> None:
    judged = judge(content, kind="unboxing_video")
    assert judged.verdict is Verdict.REJECTED


def test_a_file_behind_the_film_is_noted(judge: Judge) -> None:
    judged = judge(films.mp4() + b"\x01\x02PK and what else")
    assert [(each.code, each.level) for each in judged.findings] == [
        ("video.trailing_data", Level.NOTE)
    ]


def test_a_large_video_is_judged_without_being_loaded(examiner: Examiner, tmp_path: Path) -> None:
    """A film of 400 MB (most of it a gap) needs no more memory than one of a kilobyte."""
    path = tmp_path / "film.mp4"
    length = 400 * 2**20
    with path.open("wb") as file:
        file.write(films.mp4() + struct.pack(">I", length) + b"free")
        file.truncate(file.tell() + length - 8)
    with path.open("rb") as file:
        size = os.fstat(file.fileno()).st_size
        item = Item(
            kind=EvidenceKind.UNBOXING_VIDEO,
            filename="film.mp4",
            declared_type="video/mp4",
            size=size,
            sha256="0" * 64,
        )
        assert examiner.examine(item, file.fileno()).verdict is Verdict.ACCEPTED
