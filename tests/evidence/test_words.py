"""Every finding that can be raised has its sentence and its cure, in three languages."""

from __future__ import annotations

import ast
import re
import string
from itertools import product
from pathlib import Path

import pytest

import triage.evidence
from triage.evidence import filetype, integrity
from triage.evidence.codes import ACROSS, CODES, FOR_STAFF, SCANNED
from triage.evidence.levels import LEVELS
from triage.languages import translate
from triage.messages.findings import FINDINGS

PLACEHOLDERS = {"because", "measured", "limit", "declared", "sum", "time", "operator"}
PLACEHOLDERS |= {"earliest", "latest", "count", "cases", "signer", "generator"}
PACKAGE = Path(triage.evidence.__file__).parent
SAID = CODES | ACROSS | SCANNED
CODE = re.compile(rf"({'|'.join({each.partition('.')[0] for each in SAID})})\.[a-z_]+")


def codes_in_the_source() -> set[str]:
    """Every string of the form of a code, and those that the container walks put together."""
    found = {
        node.value
        for path in PACKAGE.rglob("*.py")
        if path.name != "codes.py"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and CODE.fullmatch(node.value)
    }
    subjects = {media_type.partition("/")[0] for media_type in integrity._WALKS}
    return found | {f"{one}.{two}" for one, two in product(subjects, integrity._CODES.values())}


def placeholders(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


def test_what_is_raised_what_may_be_raised_and_what_has_words_are_the_same() -> None:
    assert codes_in_the_source() == SAID
    assert set(FINDINGS) == SAID
    assert FOR_STAFF <= ACROSS
    assert list(LEVELS) == sorted(FINDINGS), "triage/evidence/levels.py"


@pytest.mark.parametrize("language", ["ru", "kk"])
@pytest.mark.parametrize("code", FINDINGS)
def test_sentence_and_cure_are_translated_with_the_same_placeholders(
    code: str, language: str
) -> None:
    for english in FINDINGS[code]:
        translated = translate(english, language)
        assert translated != english, "not translated"
        assert placeholders(translated) == placeholders(english)
        assert placeholders(english) <= PLACEHOLDERS


def test_every_accepted_type_has_a_name_for_people() -> None:
    assert set(filetype.NAMES) == set(triage.evidence.EXTENSIONS)
