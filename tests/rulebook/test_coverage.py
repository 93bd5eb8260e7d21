"""Branch coverage counts a part when it is reached, as the evaluator goes through the rule."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from tests.core.books import known_of, the_book
from triage.core.conditions import AllOf, AnyOf, Clause, Comparison, Condition, Not
from triage.core.evidence import EvidenceKind
from triage.core.facts import Facts
from triage.core.policy import (
    Basis,
    Effect,
    Example,
    Require,
    RequirementLevel,
    Rule,
    RuleBook,
    Substitute,
)
from triage.rulebook.coverage import by_examples, by_history

RISK = Clause("safety_risk", Comparison.IS, True)
AGAIN = Clause("appeal", Comparison.AT_LEAST, 1)
DANGER, CALM = {"safety_risk": True}, {"safety_risk": False}


def book_of(when: Condition, *given: dict[str, Any], **more: Any) -> RuleBook:
    examples = tuple(
        Example(given=facts, match=when.holds(facts))
        for facts in (Facts.from_json(each) for each in given)
    )
    rule = Rule(
        **{"then": Effect(points=1), **more},
        id="one",
        when=when,
        why={},
        basis=Basis.OPERATOR_DEFAULT,
        source="",
        examples=examples,
    )
    return replace(the_book(), rules=(rule,), by_id={"one": rule})


@pytest.mark.parametrize(
    ("when", "given", "covered", "branches"),
    [
        pytest.param(RISK, [], 0, 2, id="no example"),
        pytest.param(RISK, [DANGER], 1, 2, id="fired only"),
        pytest.param(RISK, [DANGER, CALM], 2, 2, id="fired and not"),
        pytest.param(AllOf((RISK, AGAIN)), [CALM], 2, 6, id="all stops at the first no"),
        pytest.param(
            AllOf((RISK, AGAIN)),
            [CALM, DANGER, {**DANGER, "appeal": 1}],
            6,
            6,
            id="every answer of all",
        ),
        pytest.param(AnyOf((RISK, AGAIN)), [DANGER], 2, 6, id="any stops at the first yes"),
        pytest.param(
            AnyOf((RISK, AGAIN)), [DANGER, {}, {"appeal": 1}], 6, 6, id="every answer of any"
        ),
        pytest.param(Not(RISK), [DANGER, CALM], 4, 4, id="not and what it turns round"),
    ],
)
def test_branches(
    when: Condition, given: list[dict[str, Any]], covered: int, branches: int
) -> None:
    found = by_examples(book_of(when, *given))
    assert (found.covered, found.branches, found.inputs) == (covered, branches, len(given))
    assert len(found.rules[0].missing) == branches - covered


def test_the_condition_of_a_substitute_counts_where_the_rule_fired() -> None:
    instead = (Substitute(when=AGAIN), Substitute(kind=EvidenceKind.OTHER))
    require = Require(
        kind=EvidenceKind.DAMAGE_PHOTO, level=RequirementLevel.OPTIONAL, instead=instead
    )
    then = Effect(require=(require,))
    found = by_examples(book_of(RISK, DANGER, {"appeal": 1}, then=then))
    assert (found.covered, found.branches) == (3, 4)
    [(_, part, answer)] = found.rules[0].missing
    assert (part, answer) == (AGAIN, True)


def test_history_counts_what_was_filed_in_the_time_of_the_rule() -> None:
    facts = known_of("defective", safety_risk=True)
    book = book_of(RISK, valid_to=date(2026, 11, 30))
    later = replace(facts, filed_on=date(2026, 12, 1))
    found = by_history(book, iter([facts, later, facts]))
    assert (found.inputs, found.rules[0].fired) == (3, 2)


def test_a_hundred_per_cent_means_all() -> None:
    """Rounded down: 999 of 1000 branches are not all of them."""
    found = by_examples(the_book())
    assert found.per_cent == 100
    short = replace(found, rules=(*found.rules[:-1], replace(found.rules[-1], seen=frozenset())))
    assert short.per_cent < 100
    assert short.to_json()["rules"][-1]["missing"][0]["answer"] is True
    empty = replace(the_book(), rules=())
    assert by_examples(empty).per_cent == 100
