"""Examples that prove little: one that does not match for a reason far from the rule's own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from triage.core.conditions import clauses_of
from triage.core.facts import VOCABULARY, Facts
from triage.core.policy import Rule, RuleBook
from triage.core.vocabulary import Shape
from triage.rulebook.lint.notes import Level, Note
from triage.rulebook.lint.witness import Witness


def check_examples(book: RuleBook, rule: Rule) -> Iterator[Note]:
    """A hint where no example is a near miss: one fact away from matching.

    Whether one fact is enough is found by trying every value at a border of the rule.
    """
    misses = [example for example in rule.examples if not example.match]
    if any(_one_fact_away(book, rule, example.given) for example in misses):
        return
    better = _near_miss(book, rule)
    yield Note(
        code="example.far",
        level=Level.HINT,
        place=f"{rule.place.split(':')[0]}:{misses[0].line}" if misses else rule.place,
        sentence=f"no example of rule '{rule.id}' nearly matches: those that do not match differ "
        "in more than one fact, so they prove little",
        cure="Add one that differs from a match in a single fact.",
        witness=better,
    )


def _one_fact_away(book: RuleBook, rule: Rule, facts: Facts) -> bool:
    return any(rule.when.holds(each) for each in _neighbours(book, rule, facts))


def _near_miss(book: RuleBook, rule: Rule) -> Witness | None:
    """A neighbour of a matching example that does not match."""
    for example in rule.examples:
        if not example.match:
            continue
        for facts in _neighbours(book, rule, example.given):
            if not rule.when.holds(facts):
                given = facts.to_json()
                if "product_category" in given:
                    given.pop("lists", None)  # they follow from the goods
                return Witness(given, max(rule.valid_from, facts.filed_on))
    return None


def _neighbours(book: RuleBook, rule: Rule, facts: Facts) -> Iterator[Facts]:
    """The facts with one of those that the rule asks for changed."""
    for fact in dict.fromkeys(clause.fact for clause in clauses_of(rule.when)):
        if fact in ("lists", "product_category"):
            for goods in book.goods.values():
                yield replace(facts, product_category=goods.code, lists=goods.lists)
            yield replace(facts, product_category=None, lists=None)
            continue
        for value in _values(rule, fact, getattr(facts, fact)):
            yield replace(facts, **{fact: value})


def _values(rule: Rule, fact: str, now: Any) -> Iterator[Any]:
    spec = VOCABULARY[fact]
    wanted: list[Any] = []
    for clause in clauses_of(rule.when):
        if clause.fact == fact and not isinstance(clause.wanted, bool):
            several = isinstance(clause.wanted, frozenset)
            wanted.extend(sorted(clause.wanted) if several else [clause.wanted])
    if spec.may_be_unknown:
        yield None
    if spec.shape is Shape.FLAG:
        yield from (True, False)
    elif spec.shape is Shape.NUMBER:
        yield from (each + step for each in (0, *wanted) for step in (0, 1, -1) if each + step >= 0)
    elif spec.shape is Shape.CODES:
        yield from ((now or frozenset()) | {code} for code in wanted)
        yield from ((now or frozenset()) - {code} for code in wanted)
        yield frozenset()
    else:
        yield from (*wanted, *(_known(fact, value) for value in spec.values))


def _known(fact: str, value: str) -> Any:
    """A code of a closed list as its enumeration, which knows its rank."""
    return getattr(Facts.from_json({fact: value}), fact)
