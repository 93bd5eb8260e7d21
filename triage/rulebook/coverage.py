"""How much of a book's conditions its examples, or its history, have decided both ways."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from triage.core.conditions import AllOf, AnyOf, Clause, Condition, Not
from triage.core.facts import Facts
from triage.core.policy import Rule, RuleBook
from triage.rulebook.showing import shown

Path = tuple[int, ...]
_Answers = tuple[bool, bool]
_BOTH = (True, False)


@dataclass(frozen=True, kw_only=True)
class RuleCoverage:
    """One rule: which of its branches were seen to answer what.

    A branch is the whole condition (did the rule fire, and did it not) and every part of it in
    both answers. A part counts only when it was reached: in ``all`` when all before it held, in
    ``any`` when none before it did, as the evaluator goes through them; the condition of a
    substitute when the rule fired. ``missing`` are the path of a part, the part, and the answer
    that was never seen.
    """

    rule: Rule
    fired: int
    seen: frozenset[tuple[Path, bool]]

    @property
    def branches(self) -> int:
        return 2 * sum(1 for _ in parts_of(self.rule))

    @property
    def covered(self) -> int:
        return len(self.seen)

    @property
    def missing(self) -> Sequence[tuple[Path, Condition, bool]]:
        return [
            (path, part, answer)
            for path, part in parts_of(self.rule)
            for answer in _BOTH
            if (path, answer) not in self.seen
        ]


@dataclass(frozen=True, kw_only=True)
class Coverage:
    """The whole book; ``inputs`` counts what was tried: examples or complaints."""

    rules: tuple[RuleCoverage, ...]
    inputs: int

    @property
    def branches(self) -> int:
        return sum(each.branches for each in self.rules)

    @property
    def covered(self) -> int:
        return sum(each.covered for each in self.rules)

    @property
    def per_cent(self) -> float:
        """From 0 to 100, one decimal, rounded down so that 100 means all."""
        if not self.branches:
            return 100.0
        return self.covered * 1000 // self.branches / 10

    def to_json(self) -> Mapping[str, Any]:
        """The figures as plain values, with the parts that were never seen to answer so."""
        return {
            "inputs": self.inputs,
            "branches": self.branches,
            "covered": self.covered,
            "per_cent": self.per_cent,
            "rules": [
                {
                    "id": each.rule.id,
                    "place": each.rule.place,
                    "fired": each.fired,
                    "branches": each.branches,
                    "covered": each.covered,
                    "missing": [
                        {"part": shown(part), "answer": answer} for _, part, answer in each.missing
                    ],
                }
                for each in self.rules
            ],
        }


def by_examples(book: RuleBook) -> Coverage:
    """What the examples of each rule decide in that rule; other rules' examples do not count."""
    rules = []
    for rule in book.rules:
        tally = _Tally(rule)
        for example in rule.examples:
            tally.take(example.given)
        rules.append(tally.told())
    return Coverage(rules=tuple(rules), inputs=sum(len(rule.examples) for rule in book.rules))


def by_history(book: RuleBook, history: Iterable[Facts]) -> Coverage:
    """What past complaints decide; a rule sees those that were filed in its time."""
    tallies = [_Tally(rule) for rule in book.rules]
    inputs = 0
    for facts in history:
        inputs += 1
        for tally in tallies:
            if tally.rule.valid_from <= facts.filed_on <= tally.rule.valid_to:
                tally.take(facts)
    return Coverage(rules=tuple(tally.told() for tally in tallies), inputs=inputs)


def parts_of(rule: Rule) -> Iterator[tuple[Path, Condition]]:
    """The rule's condition with its parts, then those of its substitutes."""
    yield from nodes(rule.when)
    for path, condition in _substitutes(rule):
        yield from nodes(condition, path)


def _substitutes(rule: Rule) -> Iterator[tuple[Path, Condition]]:
    """The conditions that do instead of evidence; their paths begin below zero."""
    for n, require in enumerate(rule.then.require):
        for place, each in enumerate(require.instead):
            if each.when is not None:
                yield (-1 - n, place), each.when


def nodes(condition: Condition, path: Path = ()) -> Iterator[tuple[Path, Condition]]:
    """The condition and all its parts, each with its path."""
    yield path, condition
    if isinstance(condition, Clause):
        return
    parts = (condition.part,) if isinstance(condition, Not) else condition.parts
    for place, part in enumerate(parts):
        yield from nodes(part, (*path, place))


@dataclass
class _Tally:
    """Counts the answers of one rule's parts."""

    rule: Rule
    fired: int = 0
    seen: set[tuple[Path, bool]] = field(default_factory=set)

    def take(self, facts: Facts) -> None:
        if not self._answer(self.rule.when, facts, ()):
            return
        self.fired += 1
        for path, condition in _substitutes(self.rule):
            self._answer(condition, facts, path)

    def told(self) -> RuleCoverage:
        return RuleCoverage(rule=self.rule, fired=self.fired, seen=frozenset(self.seen))

    def _answer(self, condition: Condition, facts: Facts, path: Path) -> bool:
        if isinstance(condition, Clause):
            answer = condition.holds(facts)
        elif isinstance(condition, Not):
            answer = not self._answer(condition.part, facts, (*path, 0))
        else:
            answer = self._join(condition, facts, path)
        self.seen.add((path, answer))
        return answer

    def _join(self, condition: AllOf | AnyOf, facts: Facts, path: Path) -> bool:
        """As the evaluator does it: no further than the part that settles the answer."""
        settling = isinstance(condition, AnyOf)
        for place, part in enumerate(condition.parts):
            if self._answer(part, facts, (*path, place)) is settling:
                return settling
        return not settling
