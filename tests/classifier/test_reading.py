"""What stands in one clause of a long text counts: heads read a text whole and in its parts."""

from __future__ import annotations

import numpy as np
import pytest

from triage.classifier.heads import Head
from triage.classifier.reading import Reading, learn
from triage.classifier.rows import Row
from triage.classifier.scores import Places, Scores
from triage.classifier.train import Manner, train


def said(count: int, seed: int = 0) -> tuple[Scores, Scores, Places, Places]:
    """Texts of four parts; where there is a grievance, one part tells it plainly, and the whole
    text says little of it."""
    chance = np.random.default_rng(seed)
    truth = chance.integers(2, size=count)
    owners = np.repeat(np.arange(count), 4)
    of_parts = chance.uniform(0.05, 0.3, len(owners))
    of_parts[np.arange(count) * 4 + chance.integers(4, size=count)] = np.where(truth, 0.8, 0.2)
    whole = chance.uniform(0.2, 0.5, count) + 0.05 * truth
    both = [np.column_stack([1 - each, each]) for each in (whole, of_parts)]
    return both[0], both[1], owners, truth


def test_a_grievance_in_one_part_is_found_where_the_whole_says_little() -> None:
    reading = learn(*said(400))
    assert reading is not None
    whole, of_parts, owners, truth = said(200, seed=1)
    found = reading.shares(whole, of_parts, owners).argmax(axis=1)
    assert (whole.argmax(axis=1) == truth).mean() < 0.7
    assert (found == truth).mean() > 0.95


def test_shares_add_up_and_a_text_of_one_part_is_its_own_part() -> None:
    reading = learn(*said(400))
    assert reading is not None
    whole = np.array([[0.7, 0.3]])
    alone = reading.shares(whole, np.empty((0, 2)), np.empty(0, np.intp))
    assert alone.sum() == pytest.approx(1)
    assert alone == pytest.approx(reading.shares(whole, whole, np.array([0])))


@pytest.mark.parametrize(
    "whole",
    [pytest.param(0.0, id="none"), pytest.param(1e-300, id="next to none")],
)
def test_what_is_impossible_stays_a_number(whole: float) -> None:
    reading = Reading(weights=np.ones((6, 2)), bias=np.zeros(2))
    shares = np.array([[1 - whole, whole]])
    assert np.isfinite(reading.shares(shares, shares, np.array([0]))).all()


def test_doubt_calms_one_label_more_than_the_others() -> None:
    reading = learn(*said(400))
    assert reading is not None
    whole, of_parts, owners, _truth = said(200, seed=1)
    plain = reading.shares(whole, of_parts, owners)
    calmer = reading.softened(np.array([0.5, 0.5])).shares(whole, of_parts, owners)
    assert (calmer.argmax(axis=1) == plain.argmax(axis=1)).all()
    assert calmer.max(axis=1).mean() < plain.max(axis=1).mean()
    first = reading.softened(np.array([0.5, 1.0])).shares(whole, of_parts, owners)
    sure_of_first = plain[:, 0] > 0.6
    assert sure_of_first.any()
    assert (first[sure_of_first, 0] < plain[sure_of_first, 0]).all()


def test_nothing_is_learnt_from_too_few_texts_or_without_one_of_the_labels() -> None:
    assert learn(*said(100)) is None
    whole, of_parts, owners, truth = said(400)
    assert learn(whole, of_parts, owners, np.zeros_like(truth)) is None


def test_a_live_mix_moves_what_was_read() -> None:
    reading = Reading(weights=np.vstack([np.eye(2), np.zeros((4, 2))]), bias=np.zeros(2))
    head = Head(
        field="category",
        labels=("other", "defective"),
        weights=np.zeros((1, 2), np.float32),
        bias=np.zeros(2, np.float32),
        thresholds=(0.0, 0.0),
        reading=reading,
    )
    moved = head.shifted(np.array([0.0, np.log(3)]), (0.5, 0.5))
    nothing = np.full((1, 2), 0.5), np.empty((0, 2)), np.empty(0, np.intp)
    assert head.read(*nothing)[0, 1] == pytest.approx(0.5)
    assert moved.read(*nothing)[0, 1] == pytest.approx(0.75)
    assert moved.thresholds == (0.5, 0.5)


FILLER = (
    "доставка быстрая спасибо магазину",
    "цвет приятный и цена хорошая",
    "брала в подарок маме на кухню",
    "пользуемся второй месяц каждый день",
    "коробка целая курьер вежливый",
    "сестра советовала эту фирму давно",
)
FAULTS = ("перестал включаться совсем", "треснула крышка сама", "протекает снизу вода")


def long_texts(count: int) -> list[Row]:
    chance = np.random.default_rng(3)
    rows: list[Row] = []
    for number in range(count):
        clauses = list(chance.permutation(FILLER)[:4])
        if number % 2:
            clauses[int(chance.integers(4))] = FAULTS[int(chance.integers(len(FAULTS)))]
        rows.append(
            {"text": ". ".join(clauses), "category": "defective" if number % 2 else "other"}
        )
    return rows


def test_training_learns_to_read_and_says_the_same_one_by_one_and_together() -> None:
    trained = train(long_texts(200), ("category",))
    assert trained.heads[0].reading is not None
    model = trained.classifier("reader")
    texts = ["", "треснула", *(row["text"] for row in long_texts(30))]
    together = model.predict_many(texts, explained=False)
    shares = model.shares(texts)
    for place, text in enumerate(texts):
        alone = model.predict(text)
        assert alone.category == together[place].category
        assert alone.confidence == pytest.approx(together[place].confidence, abs=1e-5)
        assert alone.confidence == pytest.approx(shares[place].max(), abs=1e-5)


def test_reading_can_be_switched_off() -> None:
    trained = train(long_texts(200), ("category",), manner=Manner(in_parts=False))
    assert trained.heads[0].reading is None
