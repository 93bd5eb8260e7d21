"""Whatever is raised has a sentence; every sentence is said in all languages, facts included."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from triage import messages
from triage.errors import TriageError
from triage.languages import LANGUAGES, catalogue
from triage.messages.errors import ERRORS

PACKAGE = Path(__file__).parents[1] / "triage"
#: What raises a code: the families, the refusals of the API, the mistakes of its fields.
RAISERS = {
    "NotFound", "Invalid", "Conflict", "Refused", "Unavailable",
    "Unreadable", "Unauthorised", "OutOfScope", "TooLarge", "Unsupported", "TooMany", "mistake",
}  # fmt: skip
COMMANDS_ONLY = {"models"}  # said by commands, which speak English like their --help
PLACEHOLDER = re.compile(r"{(\w+)}")


def modules() -> Iterator[str]:
    return (found.name for found in pkgutil.iter_modules(messages.__path__))


def sentences(module: str) -> Iterator[str]:
    """Every English sentence or label of a module of ``triage/messages``."""
    loaded = importlib.import_module(f"triage.messages.{module}")
    for name, value in vars(loaded).items():
        if name.isupper() and not name.startswith("_"):
            yield from _strings(value)


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from _strings(each)
    elif isinstance(value, tuple | list):
        for each in value:
            yield from _strings(each)


def known_codes() -> set[str]:
    """The codes of all dictionaries of errors (their names end so)."""
    found: set[str] = set()
    for module in modules():
        loaded = vars(importlib.import_module(f"triage.messages.{module}"))
        found |= {
            code for name, codes in loaded.items() if name.endswith("ERRORS") for code in codes
        }
    return found


def raised() -> Iterator[tuple[str, str]]:
    """Where a code is raised, and the code as a pattern: ``{…}`` of an f-string is anything."""
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not (isinstance(node, ast.Call) and node.args):
                continue
            name = getattr(node.func, "id", None) or getattr(node.func, "attr", "")
            if name in RAISERS and (pattern := _pattern(node.args[0])):
                yield f"{path.relative_to(PACKAGE)}:{node.lineno}", pattern


def _pattern(code: ast.expr) -> str | None:
    if isinstance(code, ast.Constant) and isinstance(code.value, str):
        return re.escape(code.value)
    if isinstance(code, ast.JoinedStr):
        return "".join(_pattern(each) or r"\w+" for each in code.values)
    if isinstance(code, ast.IfExp):
        return f"(?:{_pattern(code.body)}|{_pattern(code.orelse)})"
    return None


def test_every_code_that_is_raised_has_a_sentence() -> None:
    known = known_codes()
    found = list(raised())
    assert len(found) > 50
    silent = [
        f"{place} {pattern}"
        for place, pattern in found
        if not any(re.fullmatch(pattern, code) for code in known)
    ]
    assert not silent, "\n".join(silent)


@pytest.mark.parametrize("language", sorted(set(LANGUAGES) - {"en"}))
@pytest.mark.parametrize("module", sorted(set(modules()) - COMMANDS_ONLY))
def test_every_sentence_is_translated_with_the_same_facts(module: str, language: str) -> None:
    translated = catalogue(language)
    wrong = []
    for sentence in set(sentences(module)):
        said = str(translated.ugettext(sentence))
        # A name that is the same everywhere (Telegram) is a translation too, if it is written down.
        is_there = sentence in translated._catalog
        if not is_there or sorted(PLACEHOLDER.findall(said)) != sorted(
            PLACEHOLDER.findall(sentence)
        ):
            wrong.append(f"{sentence!r} → {said!r}")
    assert not wrong, "\n".join(sorted(wrong))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", sorted(ERRORS))
def test_an_error_says_what_is_wrong_and_then_what_to_do(code: str, language: str) -> None:
    said = ERRORS[code] if language == "en" else str(catalogue(language).ugettext(ERRORS[code]))
    wrong, stop, cure = said.partition(". ")
    assert wrong
    assert stop
    assert cure.endswith((".", "?"))


def test_an_error_is_told_by_its_code_and_facts_alone() -> None:
    assert str(TriageError("a.code", limit=5)) == "a.code limit=5"
