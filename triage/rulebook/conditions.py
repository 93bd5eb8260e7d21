"""Reads the "when" of a rule: facts and comparisons that exist, values that fit."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from triage.core.conditions import COMPARISONS, AllOf, AnyOf, Clause, Comparison, Condition, Not
from triage.core.facts import VOCABULARY
from triage.core.vocabulary import FactSpec, Shape
from triage.rulebook.page import Entry
from triage.rulebook.trouble import did_you_mean

MEANINGS: Mapping[str, str] = {
    "is": "equal",
    "is_not": "not equal, or unknown",
    "one_of": "one of a list",
    "none_of": "none of a list, or unknown",
    "at_least": "this much or more",
    "more_than": "more than this",
    "at_most": "this much or less",
    "less_than": "less than this",
    "has": "the code is among them",
    "has_any": "one of a list of codes is among them",
    "lacks": "the code is not among them, or they are unknown",
    "known": "`true`: we know it; `false`: we do not",
}
"""When each comparison is true, as the handbook and editors explain it."""

_JOINS = ("all", "any", "not")
_FINDING = re.compile(r"[a-z]+(_[a-z]+)*\.[a-z0-9]+(_[a-z0-9]+)*")
_NAMED = re.compile(r"([a-z][a-z0-9_]*)( ?[+-] ?\d{1,9})?")
_MANY = (Comparison.ONE_OF, Comparison.NONE_OF, Comparison.HAS_ANY)
_LARGEST = 10**12


@dataclass(frozen=True, kw_only=True)
class Words:
    """The words that a rule may use: codes by the name of their list, numbers by their name.

    ``codes["findings"]`` may be left out: then any word of the right form is taken.
    """

    codes: Mapping[str, Collection[str]]
    thresholds: Mapping[str, int]

    def value(self, spec: FactSpec, entry: Entry) -> Any:
        """One value of a fact, or one code of a set of codes."""
        if spec.shape is Shape.FLAG:
            return entry.flag()
        if spec.shape is Shape.NUMBER:
            return self._number(spec, entry)
        if spec.word.listed == "findings" and "findings" not in self.codes:
            return _finding(entry)
        choices = self.codes[spec.word.listed] if spec.word.listed else spec.values
        return entry.code(choices, f"value of {spec.name}")

    def _number(self, spec: FactSpec, entry: Entry) -> Any:
        """A number, or the threshold of that name, perhaps with so much more or less."""
        named = _NAMED.fullmatch(entry.text())
        if named is not None:
            name, shift = named.groups()
            if name not in self.thresholds:
                cure = did_you_mean(name, self.thresholds)
                entry.fail(f"there is no threshold '{name[:60]}'", cure)
            return max(0, self.thresholds[name] + int((shift or "0").replace(" ", "")))
        highest = _LARGEST if spec.word.high is None else spec.word.high
        if spec.whole:
            return entry.whole(0, highest)
        number = entry.number()
        if not 0 <= number <= highest:
            entry.fail(f"{spec.name} is never {number}: it lies between 0 and {highest}")
        return number


def read_condition(entry: Entry, words: Words) -> Condition:
    """A condition: ``{fact: …, <comparison>: …}``, ``all``/``any`` with a list, or ``not``.

    A list alone means that all of it must hold.
    """
    if isinstance(entry.value, tuple):
        return AllOf(tuple(read_condition(item, words) for item in entry.items()))
    keys = entry.mapping()
    if "fact" in keys:
        return _clause(entry, keys, words)
    join = next(iter(keys), "")
    if len(keys) != 1 or join not in _JOINS:
        cure = did_you_mean(join, [*_JOINS, "fact"]) if len(keys) == 1 else ""
        entry.fail("a condition has 'fact' and one comparison, or one of all, any, not", cure)
    if join == "not":
        return Not(read_condition(keys["not"], words))
    parts = tuple(read_condition(item, words) for item in keys[join].items())
    return AllOf(parts) if join == "all" else AnyOf(parts)


def _clause(entry: Entry, keys: Mapping[str, Entry], words: Words) -> Clause:
    spec = VOCABULARY[keys["fact"].code(VOCABULARY, "fact")]
    others = [key for key in keys if key != "fact"]
    if len(others) != 1:
        entry.fail(f"one comparison is expected beside 'fact', there are {len(others)}")
    comparison = _comparison(spec, others[0], keys[others[0]])
    value = keys[others[0]]
    if comparison is Comparison.KNOWN:
        return Clause(spec.name, comparison, value.flag())
    if comparison in _MANY:
        wanted = frozenset(words.value(spec, item) for item in value.items())
        return Clause(spec.name, comparison, wanted)
    named = _NAMED.fullmatch(value.text()) if spec.shape is Shape.NUMBER else None
    threshold = named[1] if named is not None else ""
    return Clause(spec.name, comparison, words.value(spec, value), threshold)


def _comparison(spec: FactSpec, word: str, entry: Entry) -> Comparison:
    fitting: list[str] = list(COMPARISONS[spec.shape])
    if spec.may_be_unknown:
        fitting.append(Comparison.KNOWN)
    if word not in fitting:
        known = word in list(Comparison)
        problem = (
            f"'{word}' does not fit {spec.name}" if known else f"there is no comparison '{word}'"
        )
        entry.fail(problem, did_you_mean(word, fitting))
    return Comparison(word)


def _finding(entry: Entry) -> str:
    code = entry.text()
    if not _FINDING.fullmatch(code):
        entry.fail(f"'{code[:60]}' is no finding code", "Write it like file.type_mismatch.")
    return code
