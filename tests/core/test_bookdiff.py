"""What two books differ in, named as an operator wrote it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.core.books import RULES
from triage import rulebook
from triage.core.bookdiff import diff
from triage.core.policy import RuleBook

SOURCES = rulebook.sources(RULES)


def edited(name: str, old: str, new: str) -> RuleBook:
    assert old in SOURCES[name]
    return rulebook.bind({**SOURCES, name: SOURCES[name].replace(old, new, 1)})


def test_a_book_does_not_differ_from_itself():
    assert diff(rulebook.bind(SOURCES), rulebook.bind(SOURCES)).empty


@pytest.mark.parametrize(
    ("name", "old", "new", "rule", "field"),
    [
        pytest.param(
            "policy.yaml", "count: 2}", "count: 3}", "defect-photos", "then.require", id="an effect"
        ),
        pytest.param(
            "policy.yaml", "Two photos, the whole item", "Photos, the whole item",
            "defect-photos", "why.en", id="a sentence",
        ),
        pytest.param(
            "policy.yaml", "basis: operator default", "basis: law", "defect-photos", "basis",
            id="its basis",
        ),
    ],
)  # fmt: skip
def test_a_changed_rule_is_told_by_its_fields(name, old, new, rule, field):
    found = diff(rulebook.bind(SOURCES), edited(name, old, new))
    assert list(found.changed) == [rule]
    assert list(found.changed[rule]) == [field]
    assert not found.added
    assert not found.removed


def test_a_threshold_is_told_with_the_rules_that_use_it():
    book = rulebook.bind(SOURCES)
    dear = book.thresholds["expensive"]
    found = diff(book, replace(book, thresholds={**book.thresholds, "expensive": dear + 1}))
    assert found.settings == {"thresholds.expensive": (dear, dear + 1)}


def test_rules_come_and_go_and_their_order_counts():
    book = rulebook.bind(SOURCES)
    first, second, *others = book.rules
    without = replace(book, rules=(second, *others))
    turned = replace(book, rules=(second, first, *others))
    assert diff(book, without).removed == (first.id,)
    assert diff(without, book).added == (first.id,)
    assert set(diff(book, turned).moved) == {first.id, second.id}


def test_a_difference_is_plain_json():
    book = rulebook.bind(SOURCES)
    scale = replace(book.priority, urgent=book.priority.urgent + 5)
    found = diff(book, replace(book, priority=scale)).to_json()
    assert found["settings"] == {"priority.urgent": [scale.urgent - 5, scale.urgent]}
