"""Reads rules: the condition, the effects, the texts, and the examples that prove them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from triage.core.case import SlaClass
from triage.core.catalogue import Goods
from triage.core.complaint import Category, Priority
from triage.core.conditions import clauses_of
from triage.core.evidence import EvidenceKind
from triage.core.facts import VOCABULARY, Facts
from triage.core.policy import (
    Basis,
    Effect,
    Example,
    Require,
    RequirementLevel,
    Rule,
    Substitute,
    Supplier,
)
from triage.core.vocabulary import Shape
from triage.rulebook.conditions import Words, read_condition
from triage.rulebook.page import Entry
from triage.rulebook.trouble import RuleError, did_you_mean

_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_MOST_FILES = 20
_MOST_POINTS = 1000

EFFECTS: Mapping[str, str] = {
    "require": "ask for evidence: kind, level, count, what does instead, who supplies it",
    "waive": "do not ask for these kinds of evidence, whatever other rules say",
    "points": "add to the priority score (or take away)",
    "at_least": "a priority that the complaint has at least",
    "sla": "the SLA class that the complaint has at least",
    "category": "the problem type, where neither the customer nor an agent gave one",
    "team": "who gets the complaint; the first rule in the book that says so",
    "warn": "tell the customer something",
    "ask": "ask the customer something",
}
"""What ``then`` may hold, as the handbook explains it."""


@dataclass(frozen=True, kw_only=True)
class Shelves:
    """What rules may refer to: the words of conditions, the teams, the goods with their lists."""

    words: Words
    teams: frozenset[str]
    goods: Mapping[str, Goods]


def read_rule(entry: Entry, shelves: Shelves) -> Rule:
    """One rule. Raises RuleError, also when it fails one of its own examples."""
    keys = entry.parts(
        required=("id", "when", "then", "why", "basis", "source", "examples"),
        optional=("valid_from", "valid_to"),
    )
    rule_id = keys["id"].text()
    if not _ID.fullmatch(rule_id) or len(rule_id) > 60:
        keys["id"].fail(f"'{rule_id[:60]}' is no id", "Write small letters and '-': late-proof.")
    rule = Rule(
        id=rule_id,
        when=read_condition(keys["when"], shelves.words),
        then=_effect(keys["then"], shelves),
        why=keys["why"].texts(),
        basis=Basis(keys["basis"].code(list(Basis), "basis")),
        source=keys["source"].text(),
        valid_from=keys["valid_from"].day() if "valid_from" in keys else date.min,
        valid_to=keys["valid_to"].day() if "valid_to" in keys else date.max,
        examples=tuple(_example(item, shelves) for item in keys["examples"].items()),
        place=f"{entry.file}:{entry.line}",
    )
    _check_sense(rule, keys)
    _check_examples(rule, keys["examples"])
    return rule


def _effect(entry: Entry, shelves: Shelves) -> Effect:
    keys = entry.parts(optional=EFFECTS)
    if not keys:
        entry.fail("the rule asks for nothing", f"Name one of: {', '.join(EFFECTS)}.")
    readers: Mapping[str, Callable[[Entry], Any]] = {
        "require": lambda e: tuple(_require(item, shelves.words) for item in e.items()),
        "waive": lambda e: frozenset(map(EvidenceKind, e.codes(list(EvidenceKind), "kind"))),
        "points": _points,
        "at_least": lambda e: Priority(e.code(list(Priority), "priority")),
        "sla": lambda e: SlaClass(e.code(list(SlaClass), "SLA class")),
        "category": lambda e: Category(e.code(list(Category), "problem type")),
        "team": lambda e: e.code(shelves.teams, "team"),
        "warn": Entry.texts,
        "ask": Entry.texts,
    }
    return Effect(**{name: readers[name](value) for name, value in keys.items()})


def _points(entry: Entry) -> int:
    points = entry.whole(-_MOST_POINTS, _MOST_POINTS)
    if not points:
        entry.fail("0 points change nothing", "Leave the key out.")
    return points


def _require(entry: Entry, words: Words) -> Require:
    keys = entry.parts(("kind", "level"), ("count", "instead", "supplier"))
    levels, suppliers = list(RequirementLevel), list(Supplier)
    instead = keys["instead"].items() if "instead" in keys else ()
    supplier = keys["supplier"].code(suppliers, "supplier") if "supplier" in keys else "customer"
    return Require(
        kind=_kind(keys["kind"]),
        level=RequirementLevel(keys["level"].code(levels, "level")),
        count=keys["count"].whole(1, _MOST_FILES) if "count" in keys else 1,
        instead=tuple(_substitute(item, words) for item in instead),
        supplier=Supplier(supplier),
    )


def _substitute(entry: Entry, words: Words) -> Substitute:
    keys = entry.parts(optional=("kind", "count", "when"))
    if "when" in keys:
        if len(keys) > 1:
            entry.fail("a substitute is either files (kind, count) or a condition (when)")
        return Substitute(when=read_condition(keys["when"], words))
    if "kind" not in keys:
        entry.fail("a substitute is either files (kind, count) or a condition (when)")
    count = keys["count"].whole(1, _MOST_FILES) if "count" in keys else 1
    return Substitute(kind=_kind(keys["kind"]), count=count)


def _kind(entry: Entry) -> EvidenceKind:
    return EvidenceKind(entry.code(list(EvidenceKind), "kind of evidence"))


def _example(entry: Entry, shelves: Shelves) -> Example:
    """An example; where it names the goods, the lists that they are on follow."""
    keys = entry.parts(("given", "match"))
    given: dict[str, Any] = {}
    for name, value in keys["given"].mapping().items():
        if name not in VOCABULARY:
            value.fail(f"there is no fact '{name[:60]}'", did_you_mean(name, VOCABULARY))
        given[name] = _given(name, value, shelves.words)
    if "product_category" in given:
        given.setdefault("lists", shelves.goods[given["product_category"]].lists)
    return Example(given=Facts.from_json(given), match=keys["match"].flag(), line=entry.line)


def _given(name: str, value: Entry, words: Words) -> Any:
    spec = VOCABULARY[name]
    if spec.shape is Shape.CODES:
        return [words.value(spec, item) for item in value.items()]
    return words.value(spec, value)


def _check_sense(rule: Rule, keys: Mapping[str, Entry]) -> None:
    """What is well formed and still cannot be meant."""
    if rule.valid_to < rule.valid_from:
        keys["valid_to"].fail("the rule ends before it begins")
    if rule.then.category and any(clause.fact == "category" for clause in clauses_of(rule.when)):
        cure = "Ask for 'claimed' or 'predicted'."
        keys["when"].fail("a rule that sets the category cannot ask for it", cure)
    kinds = [require.kind for require in rule.then.require]
    if len(set(kinds)) < len(kinds):
        keys["then"].fail("the same kind of evidence is required twice", "Keep one of them.")
    if rule.then.waive.intersection(kinds):
        keys["then"].fail("the same kind of evidence is required and waived")


def _check_examples(rule: Rule, entry: Entry) -> None:
    for example in rule.examples:
        if rule.when.holds(example.given) is not example.match:
            does = "does not match" if example.match else "matches"
            raise RuleError(
                entry.file,
                example.line,
                f"rule '{rule.id}' fails its own example: it {does}",
                "Mend the condition or the example.",
            )
    if {example.match for example in rule.examples} != {True, False}:
        entry.fail(f"rule '{rule.id}' needs one example that matches and one that does not")
