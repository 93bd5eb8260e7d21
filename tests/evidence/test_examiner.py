"""What is decided before anybody looks inside, and over the files of a complaint together."""

from __future__ import annotations

import os
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from tests.conftest import PLAIN
from tests.evidence import files, films
from tests.evidence.conftest import Judge, codes, judged_by
from triage.core.evidence import EvidenceKind, Level, Verdict
from triage.evidence import Examiner, Item, Limits, same_file_twice

MIB = 2**20
PHOTO = Item(
    kind=EvidenceKind.DAMAGE_PHOTO, filename="a.jpg", declared_type="", size=9, sha256="a" * 64
)


@pytest.mark.parametrize(
    ("kind", "limit"),
    [
        ("damage_photo", 25),
        ("chat_screenshot", 25),
        ("unboxing_video", 500),
        ("purchase_proof", 25),
        ("expert_report", 25),
        ("other", 500),
    ],
)
def test_each_kind_of_evidence_has_its_limit_of_size(
    examiner: Examiner, kind: str, limit: int
) -> None:
    size = limit * MIB + 1
    item = replace(PHOTO, kind=EvidenceKind(kind), size=size)
    with tempfile.TemporaryFile() as file:
        file.truncate(size)
        judged = examiner.examine(item, file.fileno())
    (finding,) = judged.findings
    assert (finding.code, finding.limit) == ("file.too_large", limit)
    assert judged.verdict is Verdict.REJECTED


def test_only_a_video_may_be_as_large_as_a_video() -> None:
    examiner = Examiner(Limits(document_bytes=1000))
    try:
        assert codes(judged_by(examiner, films.mp4(), kind="other")) == []
        picture = files.picture("PNG", (100, 100))
        assert codes(judged_by(examiner, picture, kind="other")) == ["file.too_large"]
    finally:
        examiner.close()


def test_bytes_that_are_not_the_hashed_ones_are_not_judged(examiner: Examiner) -> None:
    with tempfile.TemporaryFile() as file:
        file.write(files.picture())
        judged = examiner.examine(replace(PHOTO, size=5), file.fileno())
    assert codes(judged) == ["file.changed"]
    assert judged.verdict is Verdict.PENDING


def test_many_threads_share_one_examiner(judge: Judge) -> None:
    contents = [files.picture("PNG", (10 + each, 10)) for each in range(12)]
    with ThreadPoolExecutor(6) as pool:
        widths = [judged.width for judged in pool.map(judge, contents)]
    assert widths == [10 + each for each in range(12)]


def test_how_each_child_ended_is_told_to_whoever_watches() -> None:
    seen = []
    examiner = Examiner(PLAIN, watch=lambda items, ending: seen.append((items[0].sha256, ending)))
    try:
        judged = judged_by(examiner, files.picture())
    finally:
        examiner.close()
    ((sha256, ending),) = seen
    assert (ending.exit_code, ending.signal, ending.timed_out) == (0, None, False)
    assert 0 < ending.peak_memory < 200 * MIB
    assert 0 < ending.cpu_seconds < 5
    assert len(sha256) == 64
    assert judged.verdict is Verdict.ACCEPTED


def test_a_closed_descriptor_is_the_callers_mistake(examiner: Examiner) -> None:
    """The one thing that raises: it says nothing about the file."""
    reading, writing = os.pipe()
    os.close(reading)
    os.close(writing)
    with pytest.raises(OSError, match="descriptor"):
        examiner.examine(PHOTO, reading)


@pytest.mark.parametrize(
    ("kinds", "hashes", "levels"),
    [
        pytest.param(["damage_photo"], "a", [None], id="one_file"),
        pytest.param(["damage_photo"] * 2, "ab", [None, None], id="two_files"),
        pytest.param(["damage_photo"] * 2, "aa", [None, Level.NOTE], id="twice_as_the_same_kind"),
        pytest.param(
            ["damage_photo", "purchase_proof"], "aa", [None, Level.WEAK], id="as_two_kinds"
        ),
        pytest.param(
            ["damage_photo"] * 4, "abab", [None, None, Level.NOTE, Level.NOTE], id="two_pairs"
        ),
        pytest.param([], "", [], id="no_file"),
    ],
)
def test_the_same_file_twice_in_one_complaint(
    kinds: list[str], hashes: str, levels: list[Level | None]
) -> None:
    items = [
        replace(PHOTO, kind=EvidenceKind(kind), sha256=letter * 64)
        for kind, letter in zip(kinds, hashes, strict=True)
    ]
    found = same_file_twice(items)
    assert [each and each.level for each in found] == levels
    assert {each.code for each in found if each} <= {"duplicate.same_complaint"}
