"""The lint finds rules that never or always fire, and parts of conditions that decide nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.rulebook.seeds import Patch, broken, linted, rule
from tests.rulebook.sown import POLICY, Shows, added, decides, fire, found_and_shown, silent

UNREACHABLE = [
    pytest.param(
        "[{fact: lists, has: complex}, {fact: lists, has: kept}]",
        "{lists: [complex, kept]}",
        id="no goods are on both lists",
    ),
    pytest.param(
        "[{fact: product_category, is: sofa}, {fact: lists, has: complex}]",
        "{product_category: sofa, lists: [complex]}",
        id="the goods are not on the list",
    ),
    pytest.param(
        "[{fact: predicted, known: true}, {fact: model_confidence, known: false}]",
        "{predicted: defective}",
        id="a prediction without a model",
    ),
    pytest.param(
        "[{fact: usable_damage_photo, at_least: 20}, {fact: usable_other, at_least: 11}]",
        "{usable_damage_photo: 20, usable_other: 11}",
        id="more files than a complaint has",
    ),
]


@pytest.mark.parametrize(("when", "example"), UNREACHABLE)
def test_a_rule_that_can_never_fire(tmp_path: Path, when: str, example: str) -> None:
    book = broken(tmp_path, *added(POLICY, rule("seed", when, "{points: 5}", example, "{}")))
    [note] = [note for note in linted(book) if note.code == "rule.unreachable"]
    assert note.level == "error"
    assert "'seed'" in note.sentence
    assert note.witness is not None
    assert silent("seed")(book, note.witness.facts(book))


FAULTS = [
    pytest.param(
        "rule.always",
        added(
            POLICY,
            rule(
                "seed",
                "{any: [{fact: predicted, known: false}, {fact: model_confidence, known: true}]}",
                "{points: 5}",
                "{}",
                "{predicted: defective}",
            ),
        ),
        fire("seed"),
        id="a condition that is always true",
    ),
    pytest.param(
        "comparison.never",
        added(
            POLICY,
            rule(
                "seed",
                "{any: [{fact: model_confidence, at_least: expensive}, {fact: appeal, is: 2}]}",
                "{points: 5}",
                "{appeal: 2}",
                "{}",
            ),
        ),
        silent("seed"),
        id="a number that the fact never has",
    ),
    pytest.param(
        "comparison.always",
        added(
            POLICY,
            rule(
                "seed",
                "[{fact: appeal, at_least: 0}, {fact: on_credit, is: true}]",
                "{points: 5}",
                "{on_credit: true}",
                "{}",
            ),
        ),
        silent("seed"),
        id="a number that the fact always has",
    ),
    pytest.param(
        "branch.dead",
        added(
            POLICY,
            rule(
                "seed",
                "{any: [{fact: amount, at_least: 500}, {fact: amount, at_least: expensive}]}",
                "{points: 5}",
                "{amount: 500}",
                "{amount: 499}",
            ),
        ),
        fire("seed"),
        id="a branch inside another",
    ),
    pytest.param(
        "part.idle",
        added(
            POLICY,
            rule(
                "seed",
                "[{fact: lists, has: complex}, {fact: product_category, known: true}]",
                "{points: 5}",
                "{product_category: phone}",
                "{}",
            ),
        ),
        lambda book, facts: True,
        id="a comparison that follows from another",
    ),
    # ---- substitutes -----------------------------------------------------------------------------
    pytest.param(
        "substitute.senseless",
        [(POLICY, "[{kind: unboxing_video}]", "[{when: {fact: category, is: other}}]")],
        fire("photo"),
        id="a substitute that never serves",
    ),
    pytest.param(
        "substitute.senseless",
        [(POLICY, "[{kind: unboxing_video}]", "[{when: {fact: category, known: true}}]")],
        decides(status="queued"),
        id="a substitute that always serves",
    ),
    pytest.param(
        "substitute.senseless",
        [(POLICY, "[{kind: unboxing_video}]", "[{kind: damage_photo, count: 1}]")],
        lambda book, facts: fire("photo")(book, facts) and facts.usable_damage_photo == 1,
        id="fewer of the same instead",
    ),
]


@pytest.mark.parametrize(("code", "patches", "shows"), FAULTS)
def test_a_fault_is_found_and_shown(
    tmp_path: Path, code: str, patches: list[Patch], shows: Shows
) -> None:
    found_and_shown(broken(tmp_path, *patches), code, shows)
