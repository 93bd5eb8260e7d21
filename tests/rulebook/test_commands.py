"""``triage rules check`` and ``test`` as an operator sees them."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.core.books import known_of, the_book
from tests.rulebook.seeds import base_book, rule
from tests.rulebook.small import SMALL
from triage import rulebook
from triage.cli.rules import rules as rules_command
from triage.core.facts import Facts
from triage.rulebook.handbook import BEGIN, END
from triage.rulebook.schema import schema_name
from triage.store import db


def run(*arguments: str) -> tuple[int, str]:
    answer = CliRunner().invoke(rules_command, arguments)
    assert answer.exception is None or isinstance(answer.exception, SystemExit), answer.exception
    return answer.exit_code, answer.output


def remember(path: Path, facts: Facts) -> None:
    """A decision in a database of its own; who complained does not matter here."""
    engine = db.open_engine(f"sqlite:///{path}")
    db.upgrade(engine)
    engine.dispose()
    row = ("C1", 1, "2026-11-23 05:00:00", "submit", json.dumps(facts.to_json()), "{}", "{}")
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(
            "INSERT INTO assessments (complaint_id, round, made_at, cause, facts, prediction, "
            "decision, model, rulebook) VALUES (?, ?, ?, ?, ?, ?, ?, '', '')",
            row,
        )


def test_check_passes_the_shipped_book(book: Path) -> None:
    status, output = run("check", "--book", str(book))
    assert status == 0, output
    rules = len(the_book().rules)
    assert f"humane: {rules} rules, version {the_book().version}" in output
    assert "strict_seed: 0 errors, 0 warnings" in output


def test_check_prints_every_problem_and_fails(book: Path) -> None:
    (book / "policy.yaml").write_text(SMALL.replace("fact: category", "fact: categry"))
    status, output = run("check", "--book", str(book), "--profile", "humane")
    assert status == 1
    assert "policy.yaml:4: there is no fact 'categry'. Did you mean 'category'?" in output


def test_check_finds_what_nobody_uses(book: Path) -> None:
    (book / "policy.yaml").write_text(SMALL, encoding="utf-8")
    status, output = run("check", "--book", str(book), "--profile", "humane", "--json")
    found = [json.loads(line) for line in output.splitlines()]
    assert status == 1
    assert {"list.unused", "threshold.unused"} <= {
        note["code"] for note in found if note["serious"]
    }


def test_test_runs_the_examples(book: Path) -> None:
    status, output = run("test", "--book", str(book), "--json")
    counts = [json.loads(line) for line in output.splitlines()]
    assert status == 0
    assert [each["profile"] for each in counts] == ["humane", "strict_seed"]
    assert all(each["examples"] >= 2 * each["rules"] for each in counts)
    (book / "policy.yaml").write_text(SMALL.replace("amount: 5}", "amount: 500000}"))
    status, output = run("test", "--book", str(book))
    assert status == 1
    assert "fails its own example" in output


def test_a_folder_that_is_not_there_is_a_problem_and_no_crash(tmp_path: Path) -> None:
    status, output = run("check", "--book", str(tmp_path / "nowhere"))
    assert status == 1
    assert "there is no such folder" in output


def test_a_fault_is_told_with_place_cure_and_witness(tmp_path: Path) -> None:
    text = rule("seed", "{fact: appeal, is: 2}", "{sla: standard}", "{appeal: 2}", "{}")
    folder = base_book(tmp_path)
    with (folder / "policy.yaml").open("a", encoding="utf-8") as file:
        file.write(text)
    status, output = run("check", "--book", str(folder), "--no-hints")
    assert status == 1
    told = output.splitlines()
    assert told[0].startswith("policy.yaml:57: warning: rule 'seed': 'sla standard' never counts")
    assert told[1].startswith("    cure: ")
    assert told[2].startswith("    witness: {appeal: 2}, filed on ")
    status, output = run("check", "--book", str(folder), "--json")
    notes = {note["code"]: note for note in map(json.loads, output.splitlines())}
    assert notes["effect.never_counts"]["witness"]["appeal"] == 2
    assert notes["effect.never_counts"]["place"] == "policy.yaml:57"


def test_a_finding_that_no_check_says_does_not_load(book: Path) -> None:
    path = book / "sla.yaml"
    path.write_text(
        path.read_text().replace("receipt.amount_mismatch", "receipt.amount_mismach", 1)
    )
    status, output = run("check", "--book", str(book), "--profile", "humane")
    assert status == 1
    assert "Did you mean 'receipt.amount_mismatch'?" in output


@pytest.mark.parametrize(
    ("least", "status"), [pytest.param("100", 0, id="all"), pytest.param("100.1", 2, id="no such")]
)
def test_the_shipped_examples_decide_every_branch(book: Path, least: str, status: int) -> None:
    assert run("test", "--book", str(book), "--min", least)[0] == status


def test_too_little_coverage_fails_and_says_what_is_missing(book: Path) -> None:
    (book / "policy.yaml").write_text(SMALL, encoding="utf-8")
    arguments = ("test", "--book", str(book), "--profile", "humane")
    status, output = run(*arguments, "--min", "100", "--missing")
    assert status == 1
    assert "    never false: {fact: category, is: defective}" in output
    assert run(*arguments, "--min", "90")[0] == 0


def test_history_is_counted_from_stored_decisions(book: Path, tmp_path: Path) -> None:
    facts = known_of("defective", amount=150_000, safety_risk=True)
    settings = {"TRIAGE_DATA_DIR": str(tmp_path), "TRIAGE_RULES_DIR": str(book)}
    with pytest.MonkeyPatch.context() as patch:
        for name, value in settings.items():
            patch.setenv(name, value)
        remember(tmp_path / "triage.db", facts)
        status, output = run("test", "--history", "--profile", "humane", "--json")
    covered = json.loads(output)["coverage"]
    assert status == 0
    assert covered["inputs"] == 1
    assert {each["id"] for each in covered["rules"] if each["fired"]} >= {"defect-photos"}


def test_schemas_and_handbook_are_printed(tmp_path: Path) -> None:
    assert json.loads(run("schema", "policy")[1])["title"]
    assert run("schema", "polcy")[0] == 2
    assert set(json.loads(run("schema")[1])) == set(rulebook.FILES)
    assert run("schema", "--out", str(tmp_path))[0] == 0
    assert {path.name for path in tmp_path.iterdir()} == set(map(schema_name, rulebook.FILES))
    assert "receipt.amount_mismatch: " in run("handbook", "--findings")[1]
    readme = tmp_path / "README.md"
    readme.write_text(f"before {BEGIN} old {END} after")
    assert run("handbook", "--into", str(readme))[0] == 0
    assert readme.read_text() == f"before {run('handbook')[1].strip()} after"
