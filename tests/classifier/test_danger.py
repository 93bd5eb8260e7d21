"""A danger told in passing is heard, whatever the rest of the text is about."""

from __future__ import annotations

import numpy as np
import pytest

from triage.classifier.danger import ALARM, alarmed, answers, learn, place_of, worst
from triage.classifier.predict import Classifier
from triage.classifier.rows import Row
from triage.classifier.tokens import Token, parts, tokenise
from triage.classifier.train import train


def cut(text: str) -> list[str]:
    tokens = tokenise(text)[0]
    by_part: dict[int, list[Token]] = {}
    for number, token in zip(parts(text, tokens), tokens, strict=True):
        by_part.setdefault(number, []).append(token)
    return [text[part[0].start : part[-1].end] for part in by_part.values()]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("", [], id="nothing"),
        pytest.param("пошел дым", ["пошел дым"], id="a short text is one part"),
        pytest.param(
            "брала маме на кухню второй год подряд, потом пошел дым",
            ["брала маме на кухню второй год подряд", "потом пошел дым"],
            id="at a pause",
        ),
        pytest.param(
            "очень красивый и удобный чайник для дачи но провод плавится",
            ["очень красивый и удобный чайник для дачи", "но провод плавится"],
            id="at a turn",
        ),
        pytest.param("да, нет, да, нет", ["да, нет, да, нет"], id="short pieces stay together"),
    ],
)
def test_a_text_is_cut_where_it_pauses_or_turns(text: str, expected: list[str]) -> None:
    assert cut(text) == expected


@pytest.mark.parametrize(
    ("labels", "field", "expected"),
    [
        pytest.param(("high", "urgent"), "priority", 1, id="priority knows urgent"),
        pytest.param(("high", "low"), "priority", None, id="a priority without it"),
        pytest.param(("high", "urgent"), "category", None, id="another question"),
    ],
)
def test_only_the_priority_knows_of_danger(
    labels: tuple[str, ...], field: str, expected: int | None
) -> None:
    assert place_of(labels, field) == expected


def test_the_danger_takes_its_place_and_the_others_share_the_rest() -> None:
    told = alarmed(np.array([[0.6, 0.3, 0.1]]), np.array([0.55]), 2)
    assert told.sum() == pytest.approx(1)
    assert told[0, 2] == pytest.approx(0.55)
    assert told[0, 0] / told[0, 1] == pytest.approx(2)


def test_a_likely_danger_is_the_answer_before_it_is_the_likeliest() -> None:
    shares = np.array([[0.7, 0.3 - ALARM / 2, ALARM / 2], [0.7, 0.3 - ALARM, ALARM]])
    assert answers(shares, 2).tolist() == [0, 2]
    assert answers(shares, None).tolist() == [0, 0]


def test_the_worst_part_is_each_texts_own_and_a_short_text_counts_whole() -> None:
    found = worst(np.array([0.5, 0.3, 0.4]), np.array([0.1, 0.9, 0.2]), np.array([0, 0, 2]))
    assert found.tolist() == [0.9, 0.3, 0.2]


def test_the_alarm_rises_with_either_share_and_is_calibrated() -> None:
    chance = np.random.default_rng(1)
    whole, worst_part = chance.random(4000) * 0.5, chance.random(4000) * 0.5
    urgent = chance.random(4000) < (whole + worst_part) / 2
    alarm = learn(whole, worst_part, urgent)
    told = alarm.danger(whole, worst_part)
    assert told.mean() == pytest.approx(urgent.mean(), abs=0.02)
    few = np.array([0.1, 0.4])
    assert np.all(np.diff(alarm.danger(few, np.array([0.2, 0.2]))) > 0)
    assert np.all(np.diff(alarm.danger(np.array([0.2, 0.2]), few)) > 0)


CALM = [
    "хороший чайник спасибо доставка быстрая",
    "пылесос шумит но пол чистый беру второй",
    "экран маленький зато цена приятная",
    "ручка скрипит а так все хорошо",
]
BURNING = ["чайник искрит", "розетка дымится", "ребенок обжегся", "провод плавится и дымит"]


@pytest.fixture(scope="module")
def watchful() -> Classifier:
    rows: list[Row] = []
    for _ in range(4):
        rows += [{"text": t, "category": "other", "priority": "low"} for t in CALM]
        rows += [{"text": t, "category": "defective", "priority": "urgent"} for t in BURNING]
    return train(rows, ("category", "priority")).classifier("watchful")


def test_a_danger_in_half_a_sentence_of_a_calm_text_is_heard(watchful: Classifier) -> None:
    calm = (
        "Хороший чайник, спасибо, доставка быстрая, цена приятная, ручка скрипит, экран маленький"
    )
    told = f"{calm}. Один раз розетка дымится. {calm}."
    assert watchful.predict(told).priority == "urgent"
    danger, less = watchful.predict(told).danger, watchful.predict(calm).danger
    assert danger is not None
    assert less is not None
    assert danger > less


def test_one_by_one_and_together_say_the_same(watchful: Classifier) -> None:
    texts = ["", "чайник", *CALM, *BURNING, ". ".join(CALM + BURNING), ", ".join(BURNING * 3)]
    single = [watchful.predict(text) for text in texts]
    together = watchful.predict_many(texts, explained=False)
    for one, other in zip(single, together, strict=True):
        assert (one.category, one.priority) == (other.category, other.priority)
        assert one.danger == pytest.approx(other.danger, abs=1e-5)
        assert one.confidence == pytest.approx(other.confidence, abs=1e-5)
