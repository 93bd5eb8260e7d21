"""The lint finds rules that disagree, and ends that no complaint reaches."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.rulebook.seeds import Patch, broken, rule
from tests.rulebook.sown import (
    POLICY,
    PRIORITY,
    SLA,
    Shows,
    added,
    decides,
    fire,
    found_and_shown,
    held,
    order_decides,
)
from triage.core.decision import judge

FAULTS = [
    pytest.param(
        "overlap.category",
        added(
            POLICY,
            rule("one", "{fact: appeal, is: 1}", "{category: other}", "{appeal: 1}", "{}"),
            rule(
                "seed",
                "{fact: symptom, is: smoke}",
                "{category: defective}",
                "{symptom: smoke}",
                "{}",
            ),
        ),
        order_decides,
        id="two categories",
    ),
    pytest.param(
        "overlap.evidence",
        added(
            POLICY,
            rule(
                "seed",
                "[{fact: category, is: defective}, {fact: symptom, is: broken}]",
                "{require: [{kind: damage_photo, level: required_at_intake, count: 2}]}",
                "{category: defective, symptom: broken}",
                "{category: defective}",
            ),
        ),
        order_decides,
        id="the same evidence with and without a substitute",
    ),
    pytest.param(
        "overlap.count",
        added(
            POLICY,
            rule(
                "seed",
                "{fact: symptom, is: smoke}",
                "{require: [{kind: damage_photo, level: optional, count: 4}]}",
                "{symptom: smoke}",
                "{}",
            ),
        ),
        fire("photo", "seed"),
        id="more files at a lower level",
    ),
    pytest.param(
        "overlap.waived",
        added(
            POLICY,
            rule(
                "seed",
                "{fact: symptom, is: smoke}",
                "{waive: [damage_photo]}",
                "{symptom: smoke}",
                "{}",
            ),
        ),
        fire("photo", "seed"),
        id="required here and waived there",
    ),
    pytest.param(
        "overlap.points",
        added(
            PRIORITY,
            rule(
                "seed",
                "{not: {fact: category, none_of: [refund_refused, defective]}}",
                "{points: -15}",
                "{category: defective}",
                "{}",
            ),
        ),
        fire("everyday", "seed"),
        id="points that cancel out",
    ),
    pytest.param(
        "overlap.text",
        [(POLICY, "en: Not returned by law.", "en: The time is over.")],
        fire("window-over", "kept-goods"),
        id="the same words twice",
    ),
    pytest.param(
        "rule.duplicate",
        added(
            SLA,
            rule(
                "seed",
                "{not: {any: [{fact: amount, known: false}, "
                "{fact: amount, less_than: expensive}]}}",
                "{sla: complex}",
                "{amount: expensive}",
                "{}",
            ),
        ),
        fire("dear", "seed"),
        id="the same rule in other words",
    ),
    # ---- ends that cannot be reached -------------------------------------------------------------
    pytest.param(
        "category.unsatisfiable",
        added(
            POLICY,
            rule(
                "seed",
                "{fact: category, is: other}",
                "{require: [{kind: other, level: required_at_intake, count: 20}, "
                "{kind: purchase_proof, level: required_at_intake, count: 11}]}",
                "{category: other}",
                "{}",
            ),
        ),
        held,
        id="a problem type that nobody can satisfy",
    ),
    pytest.param(
        "category.dead_end",
        added(
            POLICY,
            rule(
                "first",
                "[{fact: category, is: other}, {fact: usable_other, is: 0}]",
                "{require: [{kind: other, level: required_at_intake}]}",
                "{category: other}",
                "{}",
            ),
            rule(
                "seed",
                "[{fact: category, is: other}, {fact: usable_other, at_least: 1}, "
                "{fact: amount, at_least: expensive}]",
                "{require: [{kind: expert_report, level: required_for_decision, count: 15}, "
                "{kind: purchase_proof, level: required_for_decision, count: 15}]}",
                "{category: other, usable_other: 1, amount: expensive}",
                "{}",
            ),
        ),
        held,
        id="complaints that no files complete",
    ),
    pytest.param(
        "priority.impossible",
        [(PRIORITY, "then: {points: 15,", "then: {points: 35,")],
        decides(priority="high"),
        id="no rule comes to normal",
    ),
    pytest.param(
        "priority.impossible",
        [(PRIORITY, "{at_least: urgent, team: safety}", "{team: safety}")],
        decides(priority="high"),
        id="the points do not reach urgent",
    ),
    pytest.param(
        "sla.impossible",
        added(
            SLA, rule("seed", "{fact: amount, at_least: 1}", "{sla: expert}", "{amount: 1}", "{}")
        ),
        lambda book, facts: judge(facts, book).sla_class != "complex",
        id="a class that is always passed over",
    ),
    pytest.param(
        "sla.impossible",
        added(
            SLA,
            rule("known", "{fact: amount, known: true}", "{sla: complex}", "{amount: 1}", "{}"),
            rule("seed", "{fact: amount, known: false}", "{sla: complex}", "{}", "{amount: 1}"),
        ),
        lambda book, facts: judge(facts, book).sla_class != "standard",
        id="nothing is ever standard",
    ),
    pytest.param(
        "team.impossible",
        [
            (PRIORITY, "{at_least: urgent, team: safety}", "{at_least: urgent}"),
            *added(
                PRIORITY,
                rule(
                    "seed",
                    "{fact: category, is: defective}",
                    "{team: safety}",
                    "{category: defective}",
                    "{}",
                ),
            ),
        ],
        lambda book, facts: fire("seed")(book, facts) and judge(facts, book).team == "claims",
        id="a team that gets nothing",
    ),
]


@pytest.mark.parametrize(("code", "patches", "shows"), FAULTS)
def test_a_fault_is_found_and_shown(
    tmp_path: Path, code: str, patches: list[Patch], shows: Shows
) -> None:
    found_and_shown(broken(tmp_path, *patches), code, shows)
