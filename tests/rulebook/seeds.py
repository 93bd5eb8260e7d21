"""A small sound book, and ways to break it: text in place of text, or further rules."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from tests.core.books import RULES
from triage import rulebook
from triage.core.policy import RuleBook
from triage.rulebook.lint import Note, lint
from triage.rulebook.lint.notes import CODES

BASE = Path(__file__).parent / "base"
TODAY = date(2026, 11, 22)
FINDINGS = frozenset({"image.blurred", "image.too_dark", "receipt.malformed"})

Patch = tuple[str, str, str]
"""A file, what stands in it, and what stands there instead; no old text: added at the end."""


def base_book(folder: Path) -> Path:
    """A copy of the small book to break; calendar and kinds of evidence are the shipped ones."""
    book = Path(shutil.copytree(BASE, folder / "small"))
    for file in ("calendar.yaml", "evidence.yaml"):
        text = (RULES / file).read_text(encoding="utf-8")
        # Nothing here is about far years, and estimating them takes most of the time.
        text = text.replace("estimate: {from: 2020, to: 2035}", "estimate: {from: 2026, to: 2026}")
        (book / file).write_text(text, encoding="utf-8")
    return book


def broken(folder: Path, *patches: Patch) -> RuleBook:
    book = base_book(folder)
    for file, old, new in patches:
        text = (book / file).read_text(encoding="utf-8")
        assert old in text, f"{old!r} is not in {file}"
        text = text.replace(old, new, 1) if old else text + new
        (book / file).write_text(text, encoding="utf-8")
    return rulebook.load(book)


def rule(name: str, when: str, then: str, yes: str, no: str, more: str = "") -> str:
    """A further rule; ``yes`` and ``no`` are its examples, ``more`` further keys."""
    match, miss = (f"      - {{given: {given}, match: {m}}}" for given, m in _pairs(yes, no))
    return f"""
  - id: {name}
    when: {when}
    then: {then}
    why: {{ru: Потому {name}., kk: Себебі {name} әрі., en: Because {name}.}}
    basis: operator default
    source: operator default
{more}    examples:
{match}
{miss}
"""


def _pairs(yes: str, no: str) -> Iterable[tuple[str, str]]:
    return ((yes, "true"), (no, "false"))


def linted(book: RuleBook) -> list[Note]:
    """All notes; each has a code, and the level, of the list that the handbook prints."""
    notes = list(lint(book, TODAY, FINDINGS))
    for note in notes:
        assert note.level is CODES[note.code][0], note
    return notes
