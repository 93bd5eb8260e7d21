"""The lint finds effects that never count, each on an input on which they really do not."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.rulebook.seeds import Patch, broken, rule
from tests.rulebook.sown import (
    POLICY,
    PRIORITY,
    SLA,
    SOFA,
    Shows,
    added,
    fire,
    found_and_shown,
    no_use,
)

FAULTS = [
    pytest.param(
        "effect.never_counts",
        added(
            POLICY,
            rule(
                "seed",
                "[{fact: category, is: defective}, {fact: symptom, is: broken}]",
                "{require: [{kind: damage_photo, level: optional}]}",
                "{category: defective, symptom: broken}",
                "{category: defective}",
            ),
        ),
        no_use("seed"),
        id="evidence that another rule always asks for more strictly",
    ),
    pytest.param(
        "effect.never_counts",
        added(
            POLICY,
            rule(
                "seed",
                "{fact: category, is: defective}",
                "{waive: [unboxing_video]}",
                "{category: defective}",
                "{}",
            ),
        ),
        fire("video", "seed"),
        id="evidence that is always waived",
    ),
    pytest.param(
        "effect.never_counts",
        added(
            POLICY,
            rule("seed", "{fact: appeal, is: 2}", "{waive: [expert_report]}", "{appeal: 2}", "{}"),
        ),
        no_use("seed"),
        id="a waiver of what nobody asks for",
    ),
    pytest.param(
        "effect.never_counts",
        added(
            POLICY, rule("seed", "{fact: appeal, is: 2}", "{sla: standard}", "{appeal: 2}", "{}")
        ),
        no_use("seed"),
        id="the SLA class that everything has",
    ),
    pytest.param(
        "effect.never_counts",
        added(
            SLA,
            rule("seed", "{fact: amount, at_least: 1}", "{sla: expert}", "{amount: 1}", "{}"),
        ),
        no_use("dear"),
        id="an SLA class that is always raised further",
    ),
    pytest.param(
        "effect.never_counts",
        added(
            POLICY,
            rule(
                "seed",
                "[{fact: safety_risk, is: true}, {fact: appeal, at_least: 1}]",
                "{at_least: high}",
                "{safety_risk: true, appeal: 1}",
                "{appeal: 1}",
            ),
        ),
        no_use("seed"),
        id="a floor under a floor",
    ),
    pytest.param(
        "effect.never_counts",
        added(
            PRIORITY,
            rule(
                "seed",
                "{fact: category, is: defective}",
                "{team: safety}",
                "{category: defective}",
                "{}",
            ),
        ),
        no_use("seed"),
        id="a team after another team",
    ),
    pytest.param(
        "effect.never_counts",
        added(
            PRIORITY,
            rule(
                "wide",
                "{fact: category, is: other}",
                "{team: claims}",
                SOFA,
                "{}",
                "    valid_from: 2026-11-01\n    valid_to: 2027-01-31\n",
            ),
            rule(
                "seed",
                "{fact: category, is: other}",
                "{team: safety}",
                SOFA,
                "{}",
                "    valid_from: 2026-12-01\n    valid_to: 2026-12-31\n",
            ),
        ),
        no_use("seed"),
        id="a team that never wins within its time",
    ),
    pytest.param(
        "effect.never_counts",
        added(
            POLICY,
            rule(
                "wide",
                "{fact: symptom, known: true}",
                "{category: other}",
                "{symptom: smoke}",
                "{}",
            ),
            rule(
                "seed",
                "{fact: symptom, is: smoke}",
                "{category: defective}",
                "{symptom: smoke}",
                "{}",
            ),
        ),
        no_use("seed"),
        id="a category after a wider rule's",
    ),
]


@pytest.mark.parametrize(("code", "patches", "shows"), FAULTS)
def test_a_fault_is_found_and_shown(
    tmp_path: Path, code: str, patches: list[Patch], shows: Shows
) -> None:
    found_and_shown(broken(tmp_path, *patches), code, shows)
