"""The lint finds what is written wrong: unused things, law without articles, dates, languages."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.rulebook.seeds import Patch, broken, linted

POLICY, SLA = "policy.yaml", "sla.yaml"
WRITTEN = [
    pytest.param(
        "list.unused",
        (
            "goods.yaml",
            "",
            "  spare: {name: {ru: Запас, kk: Қор, en: Spare}, basis: operator default, "
            "source: nobody, goods: [sofa]}\n",
        ),
        "goods.yaml:16",
        id="list",
    ),
    pytest.param(
        "threshold.unused",
        ("thresholds.yaml", "", "spare: {value: 3, about: days, source: nobody}\n"),
        "thresholds.yaml:3",
        id="threshold",
    ),
    pytest.param(
        "team.unused",
        ("categories.yaml", "", "  spare: {ru: Запас, kk: Қор, en: Spare}\n"),
        "categories.yaml:18",
        id="team",
    ),
    pytest.param(
        "finding.unknown",
        (SLA, "has: image.blurred", "has_any: [image.blurred, image.blured]"),
        "sla.yaml:",
        id="a finding that no check says",
    ),
    pytest.param(
        "law.no_article",
        (POLICY, "source: Law No. 274-IV, art. 30(1)", "source: the consumer law"),
        "policy.yaml:",
        id="law without an article",
    ),
    pytest.param(
        "law.no_article",
        ("goods.yaml", "source: Law No. 274-IV, art. 30(1)", "source: Law No. 274-IV"),
        "goods.yaml:",
        id="a list of the law without an article",
    ),
    pytest.param(
        "rule.expired",
        (
            POLICY,
            "source: operator default\n",
            "source: operator default\n    valid_to: 2026-11-21\n",
        ),
        "policy.yaml:2",
        id="expired",
    ),
    pytest.param(
        "rule.later",
        (
            POLICY,
            "source: operator default\n",
            "source: operator default\n    valid_from: 2026-11-23\n",
        ),
        "policy.yaml:2",
        id="not yet valid",
    ),
    pytest.param(
        "rule.ends_soon",
        (
            POLICY,
            "source: operator default\n",
            "source: operator default\n    valid_to: 2026-11-30\n",
        ),
        "policy.yaml:2",
        id="ends soon",
    ),
    pytest.param(
        "text.untranslated",
        (POLICY, "kk: Фото керек.", "kk: Нужны фото."),
        "policy.yaml:2",
        id="kk",
    ),
    pytest.param(
        "text.untranslated",
        (POLICY, "en: Photos are needed.", "en: Нужны фото."),
        "policy.yaml:2",
        id="English in Cyrillic",
    ),
    pytest.param(
        "text.untranslated",
        (POLICY, "ru: Нужны фото.", "ru: Photos are needed."),
        "policy.yaml:2",
        id="Russian in Latin",
    ),
    pytest.param(
        "example.far",
        (
            POLICY,
            "{given: {category: refund_refused, days_since_receipt: window}, match: false}",
            "{given: {category: other}, match: false}",
        ),
        "policy.yaml:",
        id="an example that proves little",
    ),
]


@pytest.mark.parametrize(("code", "patch", "place"), WRITTEN)
def test_what_is_written_wrong_is_found(
    tmp_path: Path, code: str, patch: Patch, place: str
) -> None:
    found = [note for note in linted(broken(tmp_path, patch)) if note.code == code]
    assert found
    assert all(note.place.startswith(place) for note in found)


def test_the_suggested_near_miss_is_one(tmp_path: Path) -> None:
    _, patch, _ = WRITTEN[-1].values
    book = broken(tmp_path, patch)
    [note] = [note for note in linted(book) if note.code == "example.far"]
    assert note.witness is not None
    assert not book.by_id["window-over"].when.holds(note.witness.facts(book))


def test_the_book_that_is_broken_above_is_clean(tmp_path: Path) -> None:
    assert {note.code for note in linted(broken(tmp_path))} == {"fact.unused"}
