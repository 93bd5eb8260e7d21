"""triage rules explain, versions, diff, use, backtest and shadow, as an operator types them."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select

from tests.desks import INTAKE, RULES, PromisesKept, open_desk
from triage import rulebook
from triage.casework import books, shadow
from triage.casework.submit import submit
from triage.cli import main
from triage.core.complaint import Category, Submission
from triage.desk import Desk
from triage.settings import Settings
from triage.store.tables import Assessment

SOURCES = rulebook.sources(RULES)
OTHER = {**SOURCES, "policy.yaml": SOURCES["policy.yaml"].replace("count: 2}", "count: 3}", 1)}


@dataclass
class Operator:
    """Somebody at the command line of an installation in which one case was triaged."""

    folder: Path
    desk: Desk
    case: str

    def types(self, *words: str, status: int = 0) -> Result:
        environment = {
            "TRIAGE_DATA_DIR": str(self.folder),
            "TRIAGE_DATABASE_URL": self.desk.settings.database_url,
            "TRIAGE_RULES_DIR": str(RULES),
            "TRIAGE_LOG_LEVEL": "ERROR",
        }
        result = CliRunner().invoke(main, ["rules", *words], env=environment)
        assert result.exit_code == status, result.output
        return result

    def asks(self, *words: str, status: int = 0) -> dict | list:
        return json.loads(self.types(*words, "--json", status=status).stdout)


@pytest.fixture
def other(tmp_path: Path) -> Path:
    """A folder with another book."""
    folder = tmp_path / "other"
    folder.mkdir()
    for name, text in OTHER.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def operator(tmp_path: Path, sqlite_url: str, examiner, other: Path):
    settings: Callable[..., Settings] = Settings
    for desk in open_desk(tmp_path, sqlite_url, examiner):
        object.__setattr__(desk, "settings", settings(
            data_dir=tmp_path, database_url=sqlite_url, shadow_rules=str(other)
        ))  # fmt: skip
        books.record(desk)
        shadow.prepare(desk)
        said = Submission(
            text="It came broken", order_number="978080963", problem_type=Category.DEFECTIVE
        )
        receipt = submit(desk, said, INTAKE)
        assert isinstance(desk.jobs, PromisesKept)
        desk.jobs.keep(desk)
        yield Operator(tmp_path, desk, receipt.complaint_id)


def test_explain_says_of_every_rule_why(operator: Operator):
    said = operator.types("explain", operator.case.lower()).stdout
    assert "fired    defect-photos (policy.yaml:" in said
    assert "category is late_delivery: no, it is defective" in said
    assert "amount at_least expensive (" in said
    assert said.endswith("Judged again, the decision is the stored one.\n")

    told = operator.asks("explain", operator.case, "--round", "1")
    assert told["same"]
    assert len(told["rules"]) == len(operator.desk.book.rules)


def test_explain_ends_with_1_where_the_replay_differs(operator: Operator):
    with operator.desk.sessions.begin() as session:
        made = session.scalars(select(Assessment)).one()
        made.decision = {**made.decision, "team": "nobody"}
    said = operator.types("explain", operator.case, status=1).stdout
    assert "differs from what is stored: decision.team." in said


def test_explain_knows_what_it_does_not_know(operator: Operator):
    assert (
        "no such round" in operator.types("explain", operator.case, "--round", "9", status=1).output
    )
    operator.types("explain", "NOBODY22", status=1)


def test_versions_can_be_used_and_let_go(operator: Operator):
    tried = operator.desk.books.shadow.book.version
    assert [each["version"] for each in operator.asks("versions") if each["present"]] == [
        operator.desk.book.version
    ]
    assert f"{tried} is in force" in operator.types("use", tried[:8]).stdout
    said = operator.types("versions").stdout
    assert f"{tried}  humane       in force" in said
    assert "pinned by operator" in said
    operator.types("use", "folder")
    assert [each["version"] for each in operator.asks("versions") if each["present"]] == [
        operator.desk.books.own.book.version
    ]
    assert "There is no rule book" in operator.types("use", "ffffffff", status=1).output


def test_diff_names_rule_and_field_and_ends_with_1(operator: Operator, other: Path):
    said = operator.types("diff", "folder", str(other), status=1).stdout
    assert "~ rule defect-photos\n    then.require:" in said
    told = operator.asks("diff", "folder", str(other), status=1)
    assert list(told["changed"]) == ["defect-photos"]
    assert "The books say the same." in operator.types("diff", "folder", str(RULES)).stdout


def test_backtest_counts_what_would_change(operator: Operator, other: Path):
    said = operator.types("backtest", "--book", str(other), "--since", "2020-01-01").stdout
    assert "1 would be decided otherwise (100.0 %)" in said
    assert "~damage_photo: 1" in said
    assert f"cases: {operator.case}" in said

    told = operator.asks("backtest", "--book", "folder", "--profile", "humane", "--limit", "5")
    assert (told["cases"], told["changed"]) == (1, 0)


def test_backtest_refuses_a_book_that_makes_no_sense(operator: Operator, other: Path):
    (other / "sla.yaml").write_text("classes: {}", encoding="utf-8")
    assert "sla.yaml:1" in operator.types("backtest", "--book", str(other), status=2).output


def test_shadow_tells_what_it_would_have_done(operator: Operator):
    assert "1 would be decided otherwise" in operator.types("shadow").stdout
    assert operator.asks("shadow")["checklist"] == {"~damage_photo": 1}
    with operator.desk.sessions.begin() as session:
        session.execute(shadow.ShadowDecision.__table__.delete())
    assert "No book has decided" in operator.types("shadow").stdout
