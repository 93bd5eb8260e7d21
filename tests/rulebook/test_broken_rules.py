"""A rule that makes no sense does not load, and the error says where and how to mend it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.rulebook.small import SMALL
from triage import rulebook
from triage.rulebook import RuleError


def test_the_small_book_that_is_broken_below_is_sound(book: Path) -> None:
    (book / "policy.yaml").write_text(SMALL, encoding="utf-8")
    assert "small" in rulebook.load(book).by_id


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        pytest.param(
            "fact: category,",
            "fact: categry,",
            "policy.yaml:4: there is no fact 'categry'. Did you mean 'category'?",
            id="misspelt fact",
        ),
        pytest.param(
            "at_least",
            "at_leest",
            "policy.yaml:5: there is no comparison 'at_leest'. Did you mean 'at_least'?",
            id="misspelt comparison",
        ),
        pytest.param(
            "is: defective}\n      - {fact: am",
            "at_least: 3}\n      - {fact: am",
            "policy.yaml:4: 'at_least' does not fit category.",
            id="a comparison of numbers for a choice",
        ),
        pytest.param(
            "is: defective",
            "is: defectve",
            "policy.yaml:4: there is no value of category 'defectve'. Did you mean 'defective'?",
            id="misspelt value",
        ),
        pytest.param(
            "expensive}",
            "expensve}",
            "policy.yaml:5: there is no threshold 'expensve'. Did you mean 'expensive'?",
            id="misspelt threshold",
        ),
        pytest.param(
            "expensive}",
            "expensive -}",
            "policy.yaml:5: 'expensive -' is not a number.",
            id="arithmetic without a number",
        ),
        pytest.param(
            "at_least: expensive",
            "at_least: -5",
            "policy.yaml:5: amount is never -5",
            id="a number that the fact never is",
        ),
        pytest.param(
            "at_least: expensive",
            "at_least: [1]",
            "policy.yaml:5: a word is expected here",
            id="a list for a number",
        ),
        pytest.param(
            "at_least: expensive",
            "known: maybe",
            "policy.yaml:5: 'maybe' is neither true nor false.",
            id="neither true nor false",
        ),
        pytest.param(
            "amount, at_least: expensive",
            "appeal, known: true",
            "policy.yaml:5: 'known' does not fit appeal.",
            id="asking whether a fact is known that always is",
        ),
        pytest.param(
            "at_least: expensive}",
            "at_least: expensive, at_most: 5}",
            "policy.yaml:5: one comparison is expected beside 'fact', there are 2.",
            id="two comparisons",
        ),
        pytest.param(
            "      - {fact: amount, at_least: expensive}",
            "      - {al: []}",
            "Did you mean 'all'?",
            id="misspelt join",
        ),
        pytest.param(
            "      - {fact: amount, at_least: expensive}",
            "      - {any: []}",
            "policy.yaml:5: the list is empty.",
            id="any of nothing",
        ),
        pytest.param(
            "points: 5",
            "point: 5",
            "policy.yaml:7: there is no key 'point' here. Did you mean 'points'?",
            id="misspelt effect",
        ),
        pytest.param("points: 5", "points: 0", "0 points change nothing", id="no points"),
        pytest.param("points: 5", "points: 1e3", "is not a whole number", id="points as a float"),
        pytest.param("points: 5", "at_least: urgnt", "Did you mean 'urgent'?", id="priority"),
        pytest.param("points: 5", "sla: slow", "there is no SLA class 'slow'", id="SLA class"),
        pytest.param("points: 5", "team: antifrod", "Did you mean 'antifraud'?", id="team"),
        pytest.param(
            "points: 5",
            "require: [{kind: damage_foto, level: optional}]",
            "there is no kind of evidence 'damage_foto'. Did you mean 'damage_photo'?",
            id="kind of evidence",
        ),
        pytest.param(
            "points: 5",
            "require: [{kind: other, level: optional, count: 0}]",
            "'0' is not a whole number from 1 to 20",
            id="count of nothing",
        ),
        pytest.param(
            "points: 5",
            "require: [{kind: other, level: optional}, {kind: other, level: optional}]",
            "required twice",
            id="the same kind twice",
        ),
        pytest.param(
            "points: 5",
            "{waive: [other], require: [{kind: other, level: optional}]}",
            "required and waived",
            id="required and waived",
        ),
        pytest.param(
            "points: 5",
            "require: [{kind: other, level: optional, instead: [{count: 2}]}]",
            "a substitute is either files (kind, count) or a condition (when)",
            id="a substitute of nothing",
        ),
        pytest.param(
            "points: 5",
            "category: other",
            "a rule that sets the category cannot ask for it. Ask for 'claimed' or 'predicted'.",
            id="a rule that bites its tail",
        ),
        pytest.param(
            "points: 5",
            "warn: {ru: а, en: a}",
            "policy.yaml:7: the translation into kk is missing.",
            id="missing translation of a warning",
        ),
        pytest.param(
            "kk: ә, ", "", "policy.yaml:8: the translation into kk is missing.", id="translation"
        ),
        pytest.param("kk: ә", "kk: ''", "there is none", id="empty translation"),
        pytest.param("kk: ә", "kz: ә", "there is no language 'kz'", id="wrong language"),
        pytest.param("default\n", "defaults\n", "there is no basis", id="basis"),
        pytest.param("    source: somebody\n", "", "the key 'source' is missing", id="no source"),
        pytest.param("id: small", "id: Small One", "'Small One' is no id", id="bad id"),
        pytest.param(
            "id: small",
            "id: base-defective",
            ": the id 'base-defective' is taken by policy.yaml:2. Give one of them another id.",
            id="an id that is taken",
        ),
        pytest.param(
            "    source: somebody\n",
            "    source: somebody\n    valid_to: 2026-02-30\n",
            "'2026-02-30' is not a date",
            id="a day that does not exist",
        ),
        pytest.param(
            "    source: somebody\n",
            "    source: s\n    valid_from: 2026-03-01\n    valid_to: 2026-02-01\n",
            "the rule ends before it begins",
            id="ends before it begins",
        ),
        pytest.param(
            "amount: 5}, match: false",
            "amount: 500000}, match: false",
            "policy.yaml:13: rule 'small' fails its own example: it matches.",
            id="a failing example",
        ),
        pytest.param(
            "amount: 5}, match: false",
            "amount: 500000}, match: true",
            "rule 'small' needs one example that matches and one that does not",
            id="only matching examples",
        ),
        pytest.param(
            "{category: defective, amount: 5}",
            "{categry: defective}",
            "policy.yaml:13: there is no fact 'categry'. Did you mean 'category'?",
            id="misspelt fact in an example",
        ),
        pytest.param("    why:", "    why: &w", "anchors and aliases", id="an anchor"),
        pytest.param("id: small", "id: !!python/name:os.system x", "tags are not", id="a tag"),
        pytest.param("id: small", "id: small\n    id: small", "stands here twice", id="key twice"),
        pytest.param("rules:", "rules:\n---\n", "One file, one document", id="two documents"),
        pytest.param("rules:", "rules: [", "not YAML", id="not YAML"),
    ],
)
def test_a_broken_book_says_where_and_how_to_mend_it(
    book: Path, old: str, new: str, message: str
) -> None:
    assert old in SMALL
    (book / "policy.yaml").write_text(SMALL.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(RuleError) as broken:
        rulebook.load(book)
    assert message in " ".join(map(str, (broken.value, *broken.value.others)))
