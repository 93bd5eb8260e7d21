"""How far planes bend to single texts is chosen where there are neither few texts nor many."""

from __future__ import annotations

import numpy as np
import pytest

import triage.classifier.train as training
from triage.classifier.machines import judge_folds
from triage.classifier.rows import Row
from triage.classifier.train import Manner, train

STIFF, BENT = 0.001, 1.0  # of the texts below the stiff planes hold better


def told(size: int) -> list[Row]:
    """Texts of 20 labels, each of which has two words of its own among many of all."""
    chance = np.random.default_rng(5)
    common = [f"слово{number}" for number in range(40)]
    rows = []
    for number in range(size):
        label = number % 20
        own = f"знак{label}{'аб'[int(chance.integers(2))]}"
        words = [*chance.choice(common, 6, replace=False).tolist(), own]
        rows.append({"text": " ".join(chance.permutation(words).tolist()), "label": f"l{label}"})
    return rows


def weights(rows: list[Row], *softnesses: float) -> np.ndarray:
    manner = Manner(softnesses=softnesses, shares=(0.0,))
    return train(rows, ["label"], manner=manner).heads[0].weights


@pytest.mark.parametrize(
    "order", [(STIFF, BENT), (BENT, STIFF)], ids=["better first", "worse first"]
)
def test_the_softness_is_chosen_by_which_texts_unseen_are_likeliest(order, monkeypatch):
    rows = told(300)
    monkeypatch.setattr(training, "_WORTH_CHOOSING", range(300, 301))
    assert np.array_equal(weights(rows, *order), weights(rows, STIFF))
    assert not np.array_equal(weights(rows, *order), weights(rows, BENT))


@pytest.mark.parametrize("size", [299, 301], ids=["too few", "too many"])
def test_the_first_softness_serves_where_texts_are_too_few_or_too_many(size, monkeypatch):
    rows = told(size)
    monkeypatch.setattr(training, "_WORTH_CHOOSING", range(300, 301))
    assert np.array_equal(weights(rows, BENT, STIFF), weights(rows, BENT))


def test_with_several_files_it_is_chosen_on_files_held_out_whole(monkeypatch):
    rows = told(300)
    files = ["abc"[place // 20 % 3] for place in range(300)]
    asked = []

    def spied(lessons, questions, folds):
        asked.append(
            (questions[0].softness, [set(folds[np.array(files) == name]) for name in "abc"])
        )
        return judge_folds(lessons, questions, folds)

    monkeypatch.setattr(training, "_WORTH_CHOOSING", range(300, 301))
    monkeypatch.setattr(training, "judge_folds", spied)
    train(rows, ["label"], files=files, manner=Manner(softnesses=(STIFF, BENT), shares=(0.0,)))
    whole = [{0}, {1}, {2}]
    assert asked[:2] == [(STIFF, whole), (BENT, whole)]
    assert all(seen != whole for _softness, seen in asked[2:])
