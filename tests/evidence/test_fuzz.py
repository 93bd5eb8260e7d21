"""Mutated files: whatever the bytes, an answer and never an exception."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.evidence import files
from tests.evidence.conftest import judged_by
from triage.core.evidence import verdict_of
from triage.evidence import Examiner, pdf_actions, wordparts
from triage.evidence.signatures import media_type_of
from triage.evidence.structure import (
    bmp,
    ebml,
    gif,
    iloc,
    isobmff,
    jpeg,
    pdftail,
    png,
    riff,
    second,
    tiff,
    zipends,
)
from triage.evidence.structure.flaw import Flaw, Source
from triage.evidence.wordparts import NotXml

SEEDS = [
    *(
        files.picture(form)
        for form in ("JPEG", "PNG", "GIF", "WEBP", "BMP", "TIFF", "HEIF", "AVIF")
    ),
    files.picture("TIFF", big_tiff=True),
    files.animation("GIF", 3),
    files.animation("WEBP", 3),
    files.pdf(2),
    files.docx("word/media/a.png"),
    files.mp4(),
    files.webm(),
    files.webm(live=True),
    files.picture() + files.mp4(),
]
WALKS: list[Callable[[Source], Iterator[Flaw]]] = [
    jpeg.flaws,
    png.flaws,
    gif.flaws,
    riff.flaws,
    bmp.flaws,
    tiff.flaws,
    ebml.flaws,
    isobmff.movie_flaws,
    isobmff.picture_flaws,
    iloc.flaws,
    pdftail.flaws,
]


class InMemory:
    def __init__(self, content: bytes) -> None:
        self.content = content
        self.size = len(content)

    def read_at(self, offset: int, length: int) -> bytes:
        return self.content[offset : offset + length] if offset < self.size else b""


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    """A sound file with a few bytes changed, a piece cut out, doubled or put at the end."""
    content = bytearray(draw(st.sampled_from(SEEDS)))
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, max(0, len(content) - 1)))
        piece = draw(st.integers(0, 64))
        match draw(st.sampled_from(["change", "extreme", "cut", "end", "double", "insert"])):
            case "change":
                content[at : at + 1] = draw(st.binary(min_size=1, max_size=8))
            case "extreme":
                content[at : at + 4] = draw(st.sampled_from([b"\xff" * 4, bytes(4), b"\x7f" * 4]))
            case "cut":
                del content[at : at + piece]
            case "end":
                del content[at:]
            case "double":
                content[at:at] = content[at : at + piece]
            case _:
                content[at:at] = draw(st.sampled_from(SEEDS))[:piece]
    return bytes(content)


def _search_for_second_formats(content: bytes) -> None:
    second.is_script_too(content)
    for stretch in (content, *jpeg.outside_of_scans(content), *zipends.between_entries(content)):
        assert len(list(second.seconds(stretch))) <= 8
    pdf_actions.in_bytes(content)
    with contextlib.suppress(NotXml):
        wordparts.relations(content)
    wordparts.starts_programs(content)


@settings(max_examples=400, deadline=2000, suppress_health_check=list(HealthCheck))
@given(mutated())
def test_no_walk_over_a_mutated_file_raises_or_runs_on(content: bytes) -> None:
    media_type_of(content[:65536], content[-65536:])
    for walk in WALKS:
        assert len(list(walk(InMemory(content)))) <= 2
    _search_for_second_formats(content)


@settings(max_examples=200, deadline=2000, suppress_health_check=list(HealthCheck))
@given(st.binary(max_size=400))
def test_no_walk_over_any_bytes_raises(content: bytes) -> None:
    media_type_of(content, content)
    for walk in WALKS:
        list(walk(InMemory(content)))
    _search_for_second_formats(content)


@pytest.mark.timeout(280)
@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(mutated(), st.sampled_from(["damage_photo", "purchase_proof", "other"]))
def test_every_mutated_file_is_judged(examiner: Examiner, content: bytes, kind: str) -> None:
    judged = judged_by(examiner, content, name="x.jpg", kind=kind)
    assert judged.verdict is verdict_of(judged.findings)
    assert not any(each.code in ("check.crashed", "check.unavailable") for each in judged.findings)
