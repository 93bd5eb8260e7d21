"""Whatever rules a book holds, the loader answers, and the lint never contradicts the evaluator.

Every witness is tried by the lint itself with the real evaluator before it is given out; one that
fails raises Unproved, and so fails these tests.
"""

from __future__ import annotations

import json
import random
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from tests.rulebook import random_books
from tests.rulebook.seeds import FINDINGS, TODAY, base_book
from triage import rulebook
from triage.core.conditions import Condition
from triage.core.facts import VOCABULARY, Facts
from triage.core.policy import RuleBook
from triage.core.vocabulary import FactSpec, Shape
from triage.rulebook import RuleError
from triage.rulebook.conditions import Words, read_condition
from triage.rulebook.lint import lint
from triage.rulebook.lint.asking import Asking
from triage.rulebook.lint.witness import Witness
from triage.rulebook.lint.world import World
from triage.rulebook.page import parse_page

RELAXED = settings(
    max_examples=30, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True
)
BOOKS = st.lists(st.integers(0, 1), min_size=1, max_size=4).flatmap(
    lambda names: st.tuples(*(random_books.rules(f"rule-{n}") for n, _ in enumerate(names)))
)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    folder = base_book(tmp_path_factory.mktemp("random"))
    return dict(rulebook.sources(folder))


@pytest.fixture(scope="module")
def base(small: dict[str, str]) -> RuleBook:
    return rulebook.bind(small)


def read(tree: Any, book: RuleBook) -> Condition:
    page = parse_page(json.dumps(tree, ensure_ascii=False), "tree.yaml")
    return read_condition(page, Words(codes=random_books.LISTED, thresholds=book.thresholds))


def examples_of(condition: Condition, book: RuleBook) -> list[dict[str, Any]] | None:
    """One example that matches and one that does not, found by trying; None: none was found."""
    luck = random.Random(7)
    found: dict[bool, dict[str, Any]] = {}
    for _ in range(150):
        given_facts = _some_facts(luck)
        goods = given_facts.get("product_category")
        lists = {"lists": sorted(book.goods[goods].lists)} if goods else {}
        facts = Facts.from_json({**lists, **given_facts})
        found.setdefault(condition.holds(facts), given_facts)
    if len(found) < 2:
        return None
    return [{"given": given_facts, "match": match} for match, given_facts in found.items()]


def _some_facts(luck: random.Random) -> dict[str, Any]:
    names = [name for name in VOCABULARY if name != "lists" and luck.random() < 0.4]
    return {name: _some_value(luck, VOCABULARY[name]) for name in names}


def _some_value(luck: random.Random, spec: FactSpec) -> Any:
    if spec.shape is Shape.FLAG:
        return luck.random() < 0.5
    if spec.shape is Shape.NUMBER:
        return luck.choice([0, 1, 2, 3, 13, 14, 15, 30, 31, 80, 81, 100])
    choices = random_books.LISTED.get(spec.word.listed, spec.values)
    if spec.shape is Shape.CODES:
        return [code for code in choices if luck.random() < 0.5]
    return luck.choice(choices)


@RELAXED
@given(trees=BOOKS)
def test_no_book_of_rules_crashes_the_loader_or_the_lint(
    small: dict[str, str], base: RuleBook, trees: tuple[dict[str, Any], ...]
) -> None:
    sound = []
    for tree in trees:
        examples = examples_of(read(tree["when"], base), base)
        if examples is not None:
            sound.append({**tree, "examples": examples})
    assume(sound)
    text = json.dumps({"rules": sound}, ensure_ascii=False)
    try:
        book = rulebook.bind({**small, "policy.yaml": text})
    except RuleError:
        return  # such as a rule that sets the category and asks for it
    for note in lint(book, TODAY, FINDINGS):
        assert note.sentence
        assert note.to_json()["level"] in ("error", "warning", "hint")


@RELAXED
@given(tree=random_books.CONDITIONS)
def test_the_solver_and_the_evaluator_read_a_condition_alike(base: RuleBook, tree: Any) -> None:
    """What the solver calls possible, the evaluator confirms on an input; and the other way."""
    condition = read(tree, base)
    rule = replace(base.rules[0], when=condition)
    book = replace(base, rules=(rule,))
    asking = Asking(World(book, TODAY, 30))
    holds = asking.world.holds(condition)
    witness = asking.find(holds, proof=condition.holds)
    if witness is None:
        luck = random.Random(3)
        for _ in range(150):
            facts = _lawful(luck, book)
            assert not condition.holds(facts)


def _lawful(luck: random.Random, book: RuleBook) -> Facts:
    """Facts that could be those of a complaint: few files, and no opinion without a model."""
    given_facts = _some_facts(luck)
    model = "model_confidence" in given_facts
    for name in ("predicted", "model_priority", "model_danger", "model_priority_confidence"):
        if not model:
            given_facts.pop(name, None)
    if model:
        given_facts.setdefault("model_priority_confidence", 50)
    if "category" not in given_facts:
        given_facts.pop("claimed", None)
        given_facts.pop("predicted", None)
    files = [name for name in given_facts if name.startswith("usable_")]
    for name in files:
        given_facts[name] = min(given_facts[name], 30 // len(files))
    return Witness(given_facts, date(2026, 11, 22)).facts(book)
