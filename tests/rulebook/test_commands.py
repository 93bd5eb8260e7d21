"""``triage rules check`` and ``test`` as an operator sees them."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner

from tests.core.books import the_book
from tests.rulebook.small import SMALL
from triage.cli.rules import rules as rules_command


def run(*arguments: str) -> tuple[int, str]:
    answer = CliRunner().invoke(rules_command, arguments)
    assert answer.exception is None or isinstance(answer.exception, SystemExit), answer.exception
    return answer.exit_code, answer.output


def test_check_passes_the_shipped_book(book: Path) -> None:
    status, output = run("check", "--book", str(book))
    assert status == 0, output
    assert f"humane: 67 rules, version {the_book().version}" in output
    assert "strict_seed: " in output


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
