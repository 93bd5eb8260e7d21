"""The logic of rules: unknown facts, joins, and what can be settled beforehand."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triage.core.complaint import Category, Wish
from triage.core.conditions import (
    COMPARISONS,
    AllOf,
    AnyOf,
    Clause,
    Comparison,
    Condition,
    Not,
    clauses_of,
    compare,
    settle,
)
from triage.core.facts import VOCABULARY, Facts
from triage.core.vocabulary import Shape

TRUE, FALSE = Clause("appeal", Comparison.IS, 0), Clause("appeal", Comparison.IS, 1)


@pytest.mark.parametrize(
    ("value", "comparison", "wanted", "holds"),
    [
        pytest.param("defective", "is", Category.DEFECTIVE, True, id="is"),
        pytest.param(None, "is", "defective", False, id="unknown is nothing"),
        pytest.param(None, "is_not", "defective", True, id="unknown is not that"),
        pytest.param("other", "is_not", "defective", True, id="is not"),
        pytest.param("other", "one_of", frozenset({"other"}), True, id="one of"),
        pytest.param(None, "one_of", frozenset({"other"}), False, id="unknown is none of them"),
        pytest.param(None, "none_of", frozenset({"other"}), True, id="none of, unknown"),
        pytest.param(Decimal("100000.00"), "at_least", 100000, True, id="at least, at the border"),
        pytest.param(Decimal("99999.99"), "at_least", 100000, False, id="at least, below"),
        pytest.param(7, "more_than", 7, False, id="more than, at the border"),
        pytest.param(7, "at_most", 7, True, id="at most, at the border"),
        pytest.param(7, "less_than", 7, False, id="less than, at the border"),
        *(
            pytest.param(None, comparison, 1, False, id=f"unknown, {comparison}")
            for comparison in ("at_least", "more_than", "at_most", "less_than")
        ),
        pytest.param(frozenset({"a"}), "has", "a", True, id="has"),
        pytest.param(None, "has", "a", False, id="has, unknown"),
        pytest.param(frozenset({"a"}), "has_any", frozenset({"a", "b"}), True, id="has any"),
        pytest.param(frozenset({"c"}), "has_any", frozenset({"a", "b"}), False, id="has none"),
        pytest.param(None, "lacks", "a", True, id="lacks, unknown"),
        pytest.param(frozenset({"a"}), "lacks", "a", False, id="does not lack"),
        pytest.param(False, "is", False, True, id="false is known"),
        pytest.param(None, "is", False, False, id="unknown is not false"),
        pytest.param(0, "known", True, True, id="zero is known"),
        pytest.param(None, "known", False, True, id="unknown"),
    ],
)
def test_a_comparison_with_an_unknown_fact_is_not_true(
    value: Any, comparison: str, wanted: Any, holds: bool
) -> None:
    assert compare(value, Comparison(comparison), wanted) is holds


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        pytest.param(AllOf((TRUE, TRUE)), True, id="all"),
        pytest.param(AllOf((TRUE, FALSE)), False, id="not all"),
        pytest.param(AnyOf((FALSE, TRUE)), True, id="any"),
        pytest.param(AnyOf((FALSE, FALSE)), False, id="none"),
        pytest.param(Not(FALSE), True, id="not"),
        pytest.param(Not(AnyOf((FALSE, AllOf((TRUE, Not(TRUE)))))), True, id="nested"),
        pytest.param(Not(Clause("amount", Comparison.AT_LEAST, 5)), True, id="not of an unknown"),
    ],
)
def test_conditions_are_joined(condition: Condition, holds: bool) -> None:
    assert condition.holds(Facts()) is holds


def test_every_comparison_fits_some_shape_and_every_shape_has_some() -> None:
    fitting = {comparison for each in COMPARISONS.values() for comparison in each}
    assert fitting | {Comparison.KNOWN} == set(Comparison)
    assert set(COMPARISONS) == set(Shape)


SIMPLE = st.one_of(
    st.builds(Clause, st.just("category"), st.just(Comparison.IS), st.sampled_from(Category)),
    st.builds(Clause, st.just("category"), st.just(Comparison.KNOWN), st.booleans()),
    st.builds(Clause, st.just("wish"), st.just(Comparison.IS_NOT), st.sampled_from(Wish)),
    st.builds(Clause, st.just("appeal"), st.just(Comparison.AT_LEAST), st.integers(0, 3)),
)
CONDITIONS: st.SearchStrategy[Condition] = st.recursive(
    SIMPLE,
    lambda inner: st.one_of(
        st.builds(AllOf, st.lists(inner, min_size=1, max_size=3).map(tuple)),
        st.builds(AnyOf, st.lists(inner, min_size=1, max_size=3).map(tuple)),
        st.builds(Not, inner),
    ),
    max_leaves=8,
)
FACTS = st.builds(
    Facts,
    category=st.none() | st.sampled_from(Category),
    wish=st.none() | st.sampled_from(Wish),
    appeal=st.integers(0, 4),
)


@given(condition=CONDITIONS, facts=FACTS, known=st.sets(st.sampled_from(["category", "appeal"])))
def test_what_is_settled_beforehand_is_so_whatever_else_is_known(
    condition: Condition, facts: Facts, known: set[str]
) -> None:
    answer = settle(condition, {name: getattr(facts, name) for name in known})
    assert answer in (None, condition.holds(facts))


@given(condition=CONDITIONS, facts=FACTS)
def test_when_all_is_known_everything_is_settled(condition: Condition, facts: Facts) -> None:
    every = {name: getattr(facts, name) for name in VOCABULARY}
    assert settle(condition, every) is condition.holds(facts)


@given(condition=CONDITIONS)
def test_only_facts_of_the_vocabulary_are_asked_for(condition: Condition) -> None:
    assert {clause.fact for clause in clauses_of(condition)} <= VOCABULARY.keys()
