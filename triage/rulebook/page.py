"""A file of the rule book as a tree that knows its lines, and typed readings of its entries.

Only what rules need of YAML is let in: mappings, lists and plain words. Anchors, aliases and
tags are refused, so that a small file cannot grow large or make objects.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, NoReturn

import yaml

from triage.core.catalogue import Texts
from triage.rulebook.trouble import RuleError, did_you_mean

LANGUAGES = ("ru", "kk", "en")
MOST_BYTES = 1_000_000
MOST_DEPTH = 20
_LONGEST_SHOWN = 60
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_WHOLE = re.compile(r"-?\d{1,12}")
_NUMBER = re.compile(r"-?\d{1,12}(\.\d{1,6})?")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


@dataclass(frozen=True)
class Entry:
    """One value of a file: a word, a list or a mapping, and the line on which it begins."""

    value: str | tuple[Entry, ...] | Mapping[str, Entry]
    file: str
    line: int
    plain: bool = False  # a word without quotes

    def fail(self, problem: str, cure: str = "") -> NoReturn:
        """Raise what is wrong here, with the place."""
        raise RuleError(self.file, self.line, problem, cure)

    def parts(
        self, required: Collection[str] = (), optional: Collection[str] = ()
    ) -> Mapping[str, Entry]:
        """A mapping with these keys and no others."""
        found = self.mapping()
        known = [*required, *optional]
        for key, entry in found.items():
            if key not in known:
                entry.fail(f"there is no key {_shown(key)} here", did_you_mean(key, known))
        for key in required:
            if key not in found:
                self.fail(f"the key '{key}' is missing")
        return found

    def mapping(self) -> Mapping[str, Entry]:
        """A mapping with any keys."""
        if not isinstance(self.value, Mapping):
            self.fail("a mapping (key: value) is expected here")
        return self.value

    def items(self) -> Sequence[Entry]:
        """A list that is not empty."""
        if not isinstance(self.value, tuple):
            self.fail("a list is expected here", "Write it as [a, b] or as lines with '- '.")
        if not self.value:
            self.fail("the list is empty", "Leave the key out instead.")
        return self.value

    def text(self) -> str:
        """A word or sentence that is not empty."""
        if not isinstance(self.value, str):
            self.fail("a word is expected here")
        if not self.value.strip():
            self.fail("a word is expected here, and there is none")
        return self.value.strip()

    def code(self, choices: Collection[str], what: str) -> str:
        """One word of a closed list; ``what`` names it in the error: "kind of evidence"."""
        word = self.text()
        if word not in choices:
            self.fail(f"there is no {what} {_shown(word)}", did_you_mean(word, choices))
        return word

    def codes(self, choices: Collection[str], what: str) -> frozenset[str]:
        return frozenset(item.code(choices, what) for item in self.items())

    def flag(self) -> bool:
        word = self.text()
        if word not in ("true", "false") or not self.plain:
            self.fail(f"{_shown(word)} is neither true nor false")
        return word == "true"

    def whole(self, low: int, high: int) -> int:
        """A whole number in those bounds."""
        word = self.text()
        if not _WHOLE.fullmatch(word) or not low <= int(word) <= high:
            self.fail(f"{_shown(word)} is not a whole number from {low} to {high}")
        return int(word)

    def number(self) -> Decimal:
        word = self.text()
        if not _NUMBER.fullmatch(word):
            self.fail(f"{_shown(word)} is not a number", "Write it like 100000 or 99.5.")
        return Decimal(word)

    def day(self) -> date:
        word = self.text()
        try:
            if _DAY.fullmatch(word):
                return date.fromisoformat(word)
        except ValueError:
            pass  # like 2026-02-30: named below
        return self.fail(f"{_shown(word)} is not a date", "Write it like 2026-12-31.")

    def texts(self) -> Texts:
        """The same sentence in every language; a missing translation refuses the book."""
        found = self.mapping()
        for key, entry in found.items():
            if key not in LANGUAGES:
                entry.fail(f"there is no language {_shown(key)}", did_you_mean(key, LANGUAGES))
        missing = [language for language in LANGUAGES if language not in found]
        if missing:
            self.fail(f"the translation into {' and '.join(missing)} is missing")
        return {language: found[language].text() for language in LANGUAGES}


def read_text(path: Path, name: str) -> str:
    """The file's text; ``name`` stands for it in errors. Raises RuleError only."""
    try:
        size = path.stat().st_size
        if size > MOST_BYTES:
            raise RuleError(name, 1, f"the file has {size} bytes, {MOST_BYTES} are allowed")
        return path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise RuleError(name, 1, f"the file cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise RuleError(name, 1, "the file is not UTF-8 text") from None


def parse_page(text: str, name: str) -> Entry:
    """The tree of a text. Raises RuleError only, whatever the text is."""
    try:
        reading = _Reading(name, yaml.parse(text, Loader=_LOADER))
        return reading.document()
    except UnicodeError:
        raise RuleError(name, 1, "it holds a character that is not text") from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or "it holds a character that is not text"
        raise RuleError(name, mark.line + 1 if mark else 1, f"not YAML: {problem}") from None


class _Reading:
    """One pass over the parser's events. Depth is bounded, so recursion is too."""

    def __init__(self, file: str, events: Iterator[Any]) -> None:
        self._file = file
        self._events = events

    def document(self) -> Entry:
        root: Entry | None = None
        for event in self._events:
            if isinstance(event, yaml.DocumentStartEvent):
                if root is not None:
                    raise self._error(event, "a second document begins", "One file, one document.")
                root = self._entry(next(self._events), 0)
        if root is None:
            raise RuleError(self._file, 1, "the file is empty")
        return root

    def _entry(self, event: Any, depth: int) -> Entry:
        if depth > MOST_DEPTH:
            raise self._error(event, f"nested more than {MOST_DEPTH} deep")
        if isinstance(event, yaml.AliasEvent) or event.anchor is not None:
            raise self._error(event, "anchors and aliases are not allowed", "Write it out.")
        if event.tag is not None:
            raise self._error(event, "tags are not allowed", "Leave the '!' word out.")
        line = event.start_mark.line + 1
        if isinstance(event, yaml.ScalarEvent):
            return Entry(event.value, self._file, line, plain=not event.style)
        if isinstance(event, yaml.SequenceStartEvent):
            return Entry(tuple(self._list(depth)), self._file, line)
        return Entry(self._mapping(depth), self._file, line)

    def _list(self, depth: int) -> Iterator[Entry]:
        while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
            yield self._entry(event, depth + 1)

    def _mapping(self, depth: int) -> Mapping[str, Entry]:
        found: dict[str, Entry] = {}
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            key = self._entry(event, depth + 1)
            value = self._entry(next(self._events), depth + 1)
            if not isinstance(key.value, str):
                key.fail("a key is one word")
            if key.value in found:
                key.fail(f"the key {_shown(key.value)} stands here twice")
            found[key.value] = value
        return found

    def _error(self, event: Any, problem: str, cure: str = "") -> RuleError:
        return RuleError(self._file, event.start_mark.line + 1, problem, cure)


def _shown(word: str) -> str:
    """A word of the file as it is quoted in an error: one line, not too long."""
    flat = " ".join(word.split())
    return f"'{flat[:_LONGEST_SHOWN]}…'" if len(flat) > _LONGEST_SHOWN else f"'{flat}'"
