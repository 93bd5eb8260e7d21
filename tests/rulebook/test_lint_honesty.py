"""The lint claims nothing that it cannot show, and says so where the solver had no answer."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

import triage
from tests.rulebook.seeds import FINDINGS, TODAY, broken, linted, rule
from triage.rulebook.lint import Unproved, Witness, lint
from triage.rulebook.lint.asking import Asking, Undecided
from triage.rulebook.lint.world import World


def test_a_witness_that_does_not_show_the_fault_is_an_internal_error(tmp_path: Path) -> None:
    asking = Asking(World(broken(tmp_path), TODAY, 30))
    with pytest.raises(Unproved, match="does not agree"):
        asking.find(proof=lambda facts: facts.safety_risk is True)


def test_what_the_solver_does_not_answer_is_called_not_decided(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def silent(_asking: Asking) -> bool:
        raise Undecided

    monkeypatch.setattr(Asking, "_check", silent)
    book = broken(tmp_path)
    notes = [note for note in lint(book, TODAY, FINDINGS) if note.code != "fact.unused"]
    assert {note.code for note in notes} == {"lint.undecided"}
    assert not any(note.serious for note in notes)
    assert {f"rule '{each.id}'" for each in book.rules} <= {
        note.sentence.split(":")[0] for note in notes
    }


@pytest.mark.parametrize(
    ("given", "source"),
    [
        pytest.param({}, None, id="nobody"),
        pytest.param({"category": "other", "claimed": "other"}, "customer", id="customer"),
        pytest.param({"category": "other", "predicted": "other"}, "model", id="model"),
        pytest.param({"category": "other"}, "agent", id="agent"),
        pytest.param({"category": "other", "claimed": "defective"}, "agent", id="overruled"),
    ],
)
def test_a_witness_says_by_its_facts_who_named_the_category(
    tmp_path: Path, given: dict[str, str], source: str | None
) -> None:
    facts = Witness(given, TODAY).facts(broken(tmp_path))
    assert facts.category_source == source


def test_a_witness_reads_like_an_example_and_travels_as_json() -> None:
    given = {"safety_risk": True, "amount": 5, "findings": ["image.blurred"]}
    witness = Witness(given, TODAY)
    assert str(witness) == (
        "{safety_risk: true, amount: 5, findings: [image.blurred]}, filed on 2026-11-22"
    )
    assert json.loads(witness.to_text()) == {**given, "filed_on": "2026-11-22"}
    assert str(Witness({}, date.min)) == "{}"


def test_an_expired_rule_is_left_out_of_what_the_solver_looks_at(tmp_path: Path) -> None:
    old = "    valid_to: 2026-11-01\n"
    text = rule("seed", "{fact: appeal, is: 2}", "{sla: standard}", "{appeal: 2}", "{}", old)
    codes = {note.code for note in linted(broken(tmp_path, ("policy.yaml", "", text)))}
    assert codes == {"rule.expired", "fact.unused"}


@pytest.mark.parametrize(
    ("amount", "decimal"),
    [
        pytest.param("more_than: 99.5}, {fact: amount, less_than: 99.52", "99.51", id="tiyn"),
        pytest.param("more_than: 0.0005}, {fact: amount, less_than: 0.01", None, id="finer"),
    ],
)
def test_fractions_are_exact(tmp_path: Path, amount: str, decimal: str | None) -> None:
    """The smallest step is a hundredth, or finer where the book writes finer numbers."""
    when = f"[{{fact: amount, {amount}}}, {{fact: appeal, at_least: 0}}]"
    text = rule("seed", when, "{points: 5}", f"{{amount: {decimal or 0.001}}}", "{}")
    book = broken(tmp_path, ("policy.yaml", "", text))
    asking = Asking(World(book, TODAY, 30))
    seed = book.by_id["seed"]
    witness = asking.find(asking.world.fires(seed), proof=seed.matches)
    assert witness is not None
    if decimal is not None:
        assert witness.given["amount"] == decimal


def test_the_whole_lint_has_its_time(tmp_path: Path) -> None:
    asking = Asking(World(broken(tmp_path), TODAY, 30), seconds=-1)
    with pytest.raises(Undecided):
        asking.possible()


def test_the_solver_is_imported_by_the_lint_only() -> None:
    package = Path(triage.__file__).parent
    users = [p for p in package.rglob("*.py") if "import z3" in p.read_text(encoding="utf-8")]
    assert users
    assert {path.parent for path in users} == {package / "rulebook" / "lint"}
    loaded = "import sys, triage.rulebook, triage.app; sys.exit('z3' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", loaded], check=False).returncode == 0
