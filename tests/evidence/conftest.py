"""A file in memory, judged as an upload would be."""

from __future__ import annotations

import hashlib
import io
import os
import tempfile
from collections.abc import Callable
from contextlib import ExitStack

import pytest
from PIL import Image

from triage.core.evidence import EvidenceKind, Level
from triage.evidence import Examiner, Item, Judged
from triage.evidence.levels import LEVELS

Judge = Callable[..., Judged]
Shown = Callable[..., Image.Image]


def judged_by(
    examiner: Examiner,
    content: bytes,
    *,
    name: str = "",
    declared: str = "",
    kind: str = "other",
) -> Judged:
    """Put ``content`` into a file and have it examined."""
    item = item_of(content, name, declared, kind)
    with tempfile.TemporaryFile() as file:
        file.write(content)
        file.flush()
        file.seek(0)
        judged = examiner.examine(item, file.fileno())
        assert os.lseek(file.fileno(), 0, os.SEEK_CUR) == 0, "the descriptor is the caller's"
    assert all(finding.sha256 == item.sha256 for finding in judged.findings)
    for finding in judged.findings:  # what docs/evidence.md promises
        assert finding.level in LEVELS.get(finding.code, tuple(Level)), finding
    return judged


def item_of(content: bytes, name: str = "", declared: str = "", kind: str = "other") -> Item:
    return Item(
        kind=EvidenceKind(kind),
        filename=name,
        declared_type=declared,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
    )


def judged_together(examiner: Examiner, *files: tuple[str, bytes]) -> list[Judged]:
    """As photos of one sender, in this order; a name and the content of each."""
    with ExitStack() as stack:
        given = []
        for name, content in files:
            file = stack.enter_context(tempfile.TemporaryFile())
            file.write(content)
            file.flush()
            given.append((item_of(content, name, kind="damage_photo"), file.fileno()))
        return examiner.examine_together(given)


def shown_by(examiner: Examiner, content: bytes, kind: str = "other") -> bytes | None:
    """The copy for people, of a file that was judged to have one."""
    assert judged_by(examiner, content, kind=kind).showable
    with tempfile.TemporaryFile() as file:
        file.write(content)
        file.flush()
        return examiner.preview(item_of(content, kind=kind), file.fileno())


@pytest.fixture(scope="session")
def shown(examiner: Examiner) -> Shown:
    def opened(content: bytes, **about: str) -> Image.Image:
        copy = shown_by(examiner, content, **about)
        assert copy is not None
        picture = Image.open(io.BytesIO(copy))
        assert picture.format == "JPEG"
        return picture

    return opened


@pytest.fixture(scope="session")
def judge(examiner: Examiner) -> Judge:
    return lambda content, **about: judged_by(examiner, content, **about)


def codes(judged: Judged) -> list[str]:
    """Without what is true of whatever the tests make that is no receipt."""
    return [finding.code for finding in judged.findings if finding.code != "receipt.not_read"]
