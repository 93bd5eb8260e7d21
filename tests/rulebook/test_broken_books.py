"""A book whose other files make no sense does not load either; a sound one is a value."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.core.books import NOW, RULES, a_case, a_prediction, levels, the_book
from tests.rulebook.small import SMALL
from triage import rulebook
from triage.core.decision import decide
from triage.rulebook import RuleError

LATELY = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        pytest.param(
            "categories.yaml", "  senior:", "  Senior:", "'Senior' is no code", id="a code"
        ),
        pytest.param(
            "categories.yaml", "  other: {ru: Другое", "  oter: {ru: Другое", "'oter'", id="type"
        ),
        pytest.param(
            "categories.yaml", "[молчит,", "[отказ,", "already means 'refused'", id="synonym"
        ),
        pytest.param(
            "goods.yaml", "[medicine, med", "[medicin, med", "Did you mean 'medicine'?", id="goods"
        ),
        pytest.param(
            "thresholds.yaml", "value: 100000", "value: a lot", "not a whole number", id="number"
        ),
        pytest.param(
            "priority.yaml", "points: 60", "points: 30", "urgent needs more points", id="scale"
        ),
        pytest.param(
            "sla.yaml", "counted: business", "counted: busy", "there is no way", id="counting"
        ),
        pytest.param("sla.yaml", "target: 1", "target: 9", "from 1 to 3", id="target past limit"),
        pytest.param(
            "calendar.yaml", "Asia/Almaty", "Asia/Almata", "there is no time zone", id="zone"
        ),
        pytest.param("calendar.yaml", "Asia/Almaty", "../etc", "no time zone", id="zone as path"),
        pytest.param(
            "calendar.yaml", "09:00-17:00", "17:00-09:00", "opens before", id="hours backwards"
        ),
        pytest.param("calendar.yaml", "09:00-17:00", "9-17", "Write them like", id="hours"),
        pytest.param(
            "calendar.yaml", "2026-01-07", "2025-01-07", "is not in the year 2026", id="year"
        ),
        pytest.param(
            "calendar.yaml", "capital: [2026", "capitl: [2026", "has no name", id="holiday"
        ),
        pytest.param(
            "calendar.yaml", "to: 2035", "to: 2099", "no more than 60 years", id="estimates"
        ),
        pytest.param(
            "evidence.yaml", "  expert_report:", "  expert_reprt:", "'expert_reprt'", id="kind"
        ),
    ],
)
def test_the_other_files_are_looked_at_as_closely(
    book: Path, file: str, old: str, new: str, message: str
) -> None:
    text = (book / file).read_text(encoding="utf-8")
    assert old in text
    (book / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(RuleError, match=file) as broken:
        rulebook.load(book)
    assert message in str(broken.value)


def test_all_problems_of_a_book_are_told_at_once(book: Path) -> None:
    path = book / "policy.yaml"
    path.write_text(SMALL + SMALL.replace("rules:\n", "").replace("is: def", "is: df"))
    (book / "sla.yaml").write_text(
        (book / "sla.yaml").read_text().replace("category, is: seller_fraud", "categry, is: x")
    )
    with pytest.raises(RuleError) as broken:
        rulebook.load(book)
    assert [error.file for error in (broken.value, *broken.value.others)] == [
        "policy.yaml",
        "sla.yaml",
    ]


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        pytest.param(lambda p: p.unlink(), "cannot be read", id="missing"),
        pytest.param(lambda p: p.write_bytes(b""), "the file is empty", id="empty"),
        pytest.param(lambda p: p.write_bytes(b"\xff\xfe\xfa"), "not UTF-8", id="not text"),
        pytest.param(lambda p: p.write_bytes(b"a: \x01"), "not text", id="control character"),
        pytest.param(lambda p: p.write_bytes(b"[" * 5000), "nested more than", id="deep"),
        pytest.param(lambda p: p.write_bytes(b"a" * 2_000_000), "are allowed", id="huge"),
        pytest.param(lambda p: (p.unlink(), p.mkdir()), "cannot be read", id="a folder"),
    ],
)
def test_a_file_that_is_none_is_an_error_with_its_name(
    book: Path, spoil: Callable[[Path], Any], message: str
) -> None:
    spoil(book / "policy.yaml")
    with pytest.raises(RuleError, match=r"policy\.yaml:1: ") as broken:
        rulebook.load(book)
    assert message in str(broken.value)


@pytest.mark.parametrize(
    ("folder", "profile", "message"),
    [
        pytest.param("nowhere", "humane", "there is no such folder", id="no folder"),
        pytest.param("rules", "human", "Did you mean 'humane'?", id="no profile"),
        pytest.param("rules", "../rules", "there is no profile", id="a path for a profile"),
    ],
)
def test_a_book_or_profile_that_is_not_there(
    book: Path, folder: str, profile: str, message: str
) -> None:
    with pytest.raises(RuleError) as broken:
        rulebook.load(book.parent / folder, profile)
    assert message in str(broken.value)


def test_a_closed_list_of_findings_refuses_what_no_check_says(book: Path) -> None:
    with pytest.raises(RuleError, match=r"value of findings 'receipt\.amount_mismatch'"):
        rulebook.load(book, findings=["receipt.amount_mismatches"])


def test_the_version_follows_every_word(book: Path) -> None:
    before = rulebook.load(book).version
    assert before == the_book().version
    with (book / "evidence.yaml").open("a", encoding="utf-8") as file:
        file.write("# a remark\n")
    assert rulebook.load(book).version != before


def test_a_new_threshold_changes_the_decision_without_any_code(book: Path) -> None:
    path = book / "thresholds.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("value: 100000", "value: 30000"))
    cheaper = rulebook.load(book)
    case = a_case("defective", amount=30_000, received_on=LATELY)
    assert "unboxing_video" in levels(decide(case, a_prediction(None), cheaper, NOW))
    assert "unboxing_video" not in levels(decide(case, a_prediction(None), the_book(), NOW))


def test_the_rule_that_the_readme_teaches_loads(book: Path) -> None:
    readme = (RULES / "README.md").read_text(encoding="utf-8")
    taught = readme.split("```yaml\n")[1].split("```")[0]
    (book / "policy.yaml").write_text("rules:\n" + taught, encoding="utf-8")
    assert "defect-unboxing-video" in rulebook.load(book).by_id
