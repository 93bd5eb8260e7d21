"""A file in memory, judged as an upload would be."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Callable

import pytest

from triage.core.evidence import EvidenceKind, Level
from triage.evidence import Examiner, Item, Judged
from triage.evidence.levels import LEVELS

Judge = Callable[..., Judged]


def judged_by(
    examiner: Examiner,
    content: bytes,
    *,
    name: str = "",
    declared: str = "",
    kind: str = "other",
) -> Judged:
    """Put ``content`` into a file and have it examined."""
    item = Item(
        kind=EvidenceKind(kind),
        filename=name,
        declared_type=declared,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
    )
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


@pytest.fixture(scope="session")
def judge(examiner: Examiner) -> Judge:
    return lambda content, **about: judged_by(examiner, content, **about)


def codes(judged: Judged) -> list[str]:
    """Without what is true of whatever the tests make that is no receipt."""
    return [finding.code for finding in judged.findings if finding.code != "receipt.not_read"]
