"""The corpus check: copies, personal data and mistaken labels are found, clean texts are not."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from triage.classifier.lint import copies, kappa, mislabelled, personal
from triage.classifier.rows import Row
from triage.classifier.unseen import HeldOut
from triage.cli.corpus import corpus_group

LONG = (
    "Купил чайник в начале месяца, через неделю он стал протекать снизу, вода на столе каждый раз"
)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        pytest.param("пишите на anna.k@example.kz", "e-mail", id="e-mail"),
        pytest.param("мой номер 8 701 123-45-67", "phone", id="phone"),
        pytest.param("карта 4400 4301 2345 6789", "card", id="card"),
        pytest.param("ЖСН 900101300123", "IIN", id="IIN"),
        pytest.param("заказ 448120957", "order", id="order"),
    ],
)
def test_finds_personal_data(text: str, what: str) -> None:
    assert [found.detail for found in personal([{"text": text}])] == [what]


@pytest.mark.parametrize("text", ["цена 125 000 тенге", "жду с 12.10.2026", "заказ 440000000"])
def test_sums_dates_and_made_up_numbers_are_not_personal(text: str) -> None:
    assert not list(personal([{"text": text}]))


def test_finds_copies_in_any_spelling_and_near_copies() -> None:
    rows: list[Row] = [
        {"text": LONG},
        {"text": LONG.upper() + "!"[:0]},
        {"text": LONG.replace("неделю", "месяц")},
        {"text": "Заказ не пришёл, курьер не звонил, поддержка молчит третий день подряд"},
    ]
    found = [(each.kind, each.rows) for each in copies(rows)]
    assert found == [("duplicate", (0, 1)), ("near", (0, 2))]


def test_a_label_that_everything_speaks_against_comes_first() -> None:
    shares = np.array([[0.9, 0.1]] * 5 + [[0.1, 0.9]] * 5 + [[0.95, 0.05]])
    truth = np.array([0] * 5 + [1] * 6)
    held_out = HeldOut(
        labels=("a", "b"),
        rows=np.arange(11),
        shares=shares,
        truth=truth,
        answers=shares.argmax(axis=1),
        parts=np.empty((0, 2)),
        owners=np.empty(0, np.intp),
    )
    assert [found.rows for found in mislabelled(held_out)] == [(10,)]


def test_kappa_is_agreement_beyond_chance() -> None:
    assert kappa(["a", "b", "a", "b"], ["a", "b", "a", "b"]) == 1.0
    assert kappa(["a", "b", "a", "b"], ["a", "a", "b", "b"]) == 0.0


def test_the_command_names_places_and_never_texts(tmp_path: Path) -> None:
    path = tmp_path / "some.jsonl"
    texts = (LONG, LONG, "звоните 87011234567")
    path.write_text(
        "".join(json.dumps({"text": text, "label": "x"}) + "\n" for text in texts), "utf-8"
    )
    ended = CliRunner().invoke(corpus_group, ["check", str(path), "--no-labels"])
    assert ended.exit_code == 1
    assert "duplicate\tsome.jsonl:1, some.jsonl:2" in ended.stdout
    assert "personal\tsome.jsonl:3\tphone" in ended.stdout
    assert "чайник" not in ended.stdout
