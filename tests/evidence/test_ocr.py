"""Receipts without a code are read by their print where the operator wants it."""

from __future__ import annotations

import io
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace

import pytest
from PIL import Image, ImageDraw, ImageFont

from tests.conftest import PLAIN
from tests.evidence.conftest import Judge, judged_by
from tests.servers import not_here
from triage.core.evidence import Finding, Level
from triage.evidence import Examiner, Limits, ocr

LINES = ("ТОО МАГАЗИН", "РНМ 010101234567", "ФП 123456789", "ИТОГО: 14999.50", "15.11.2026 12:33")


def photo(lines: tuple[str, ...] = LINES) -> bytes:
    """A receipt without a code, as a telephone sees it."""
    try:
        letters = ImageFont.truetype("DejaVuSans.ttf", 40)
    except OSError:
        not_here("the font DejaVu Sans")
    paper = Image.new("L", (900, 120 + 90 * len(lines)), "white")
    pen = ImageDraw.Draw(paper)
    for row, line in enumerate(lines):
        pen.text((60, 60 + 90 * row), line, font=letters, fill=20)
    out = io.BytesIO()
    paper.save(out, "JPEG", quality=90)
    return out.getvalue()


@pytest.fixture(scope="module")
def reader() -> Iterator[Examiner]:
    if shutil.which("tesseract") is None:
        not_here("tesseract (apt: tesseract-ocr tesseract-ocr-rus tesseract-ocr-kaz)")
    examiner = Examiner(replace(PLAIN, ocr=True))
    yield examiner
    examiner.close()


def receipts(examiner: Examiner, content: bytes, kind: str = "purchase_proof") -> list[Finding]:
    judged = judged_by(examiner, content, kind=kind)
    return [each for each in judged.findings if each.code.startswith("receipt.")]


def test_the_print_of_a_photo_is_read(reader: Examiner) -> None:
    judged = judged_by(reader, photo(), kind="purchase_proof")
    (finding,) = judged.findings
    assert (finding.code, finding.level) == ("receipt.text_read", Level.NOTE)
    assert finding.detail["sum"] == "14999.50"
    assert judged.signals["printed"].startswith("123456789|010101234567|14999.50|2026-11-15 12:33")
    assert judged.signals["printed"].endswith("|unsure")


def test_what_is_no_receipt_stays_unread(reader: Examiner) -> None:
    found = receipts(reader, photo(("A LETTER", "about nothing much", "with no numbers")))
    assert [each.code for each in found] == ["receipt.not_read"]


def test_only_proofs_of_purchase_are_read(reader: Examiner) -> None:
    assert receipts(reader, photo(), kind="damage_photo") == []


def test_it_is_off_by_default(judge: Judge) -> None:
    found = judge(photo(), kind="purchase_proof").findings
    assert [each.code for each in found] == ["receipt.not_read"]


def test_without_the_program_nothing_changes(
    reader: Examiner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)
    assert [each.code for each in receipts(reader, photo())] == ["receipt.not_read"]


def test_a_reader_that_takes_too_long_is_ended(
    monkeypatch: pytest.MonkeyPatch, reader: Examiner
) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: "/usr/bin/sleep")
    began = time.monotonic()
    assert ocr.text_of(photo(), Limits(ocr_seconds=1)) == ""
    assert time.monotonic() - began < 10


PROBES = """
import os, socket, sys
from pathlib import Path
from triage.evidence import ocr

def tried(what):
    try:
        what()
    except OSError:
        return "refused"
    return "possible"

ocr.lock_in(Path(sys.executable), memory_bytes=2**30, cpu_seconds=5)
print(
    tried(lambda: open("/etc/passwd")),
    tried(lambda: os.listdir("/home")),
    tried(lambda: open("/var/tmp/written", "w")),
    tried(lambda: socket.socket().connect(("127.0.0.1", int(sys.argv[1])))),
    tried(lambda: os.execv("/usr/bin/id", ["id"])),
)
"""


def test_the_reader_is_locked_in() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        said = subprocess.run(
            [sys.executable, "-c", PROBES, str(listening.getsockname()[1])],
            capture_output=True,
            text=True,
            check=True,
        )
    assert said.stdout.split() == ["refused"] * 5
