"""The same word weighs differently within another category, and experts of each know it."""

from __future__ import annotations

import random
from itertools import pairwise

import joblib
import numpy as np
import pytest
from scipy.sparse import csr_matrix
from sklearn.svm import LinearSVC

from triage.classifier import experts
from triage.classifier.evaluate import evaluate
from triage.classifier.experts import Experts, Given, both, fit_experts, worth_asking
from triage.classifier.packing import pack, unpack
from triage.classifier.predict import Classifier
from triage.classifier.rows import Row
from triage.classifier.train import Manner, Trained, train

FIELDS = ("category", "priority")
FILLER = [f"слово{letter}" for letter in "абвгдежзиклмнопрстуфхцчшэ"]
# What is long ago raises the priority of a delivery, and lowers that of a defect.
HIGH_WHEN = {"late_delivery": "давно", "defective": "вчера"}
GRIEVANCE = {"late_delivery": "доставка", "defective": "поломка"}


def told(number: int, seed: int) -> list[Row]:
    chance = random.Random(seed)
    rows: list[Row] = []
    for place in range(number):
        category = ("late_delivery", "defective")[place % 2]
        when = ("давно", "вчера")[place // 2 % 2]
        words = [*chance.choices(FILLER, k=5), GRIEVANCE[category], *chance.choices(FILLER, k=4)]
        priority = "high" if HIGH_WHEN[category] == when else "normal"
        text = " ".join([*words, when, *chance.choices(FILLER, k=2)])
        rows.append({"text": text, "category": category, "priority": priority})
    return rows


@pytest.fixture(scope="module")
def advised() -> Trained:
    return train(told(1200, 1), FIELDS, files=[f"{place % 3}" for place in range(1200)])


def test_what_depends_on_the_category_is_learnt_within_each(advised: Trained) -> None:
    unseen = told(200, 2)
    alone = train(told(1200, 1), FIELDS, manner=Manner(experts=False)).classifier("")
    with_experts = evaluate(unseen, advised.classifier(""))["priority"]
    assert with_experts.accuracy > 0.95
    assert with_experts.accuracy > evaluate(unseen, alone)["priority"].accuracy + 0.1
    assert with_experts.calibration_error < 0.1


def test_texts_are_answered_alike_together_and_one_by_one(advised: Trained) -> None:
    classifier = advised.classifier("")
    texts = [row["text"] for row in told(20, 3)]
    texts += [f"{one}. {other}" for one, other in pairwise(texts)]
    for one, other in zip(
        classifier.predict_many(texts), classifier.predict_many(texts, explained=False), strict=True
    ):
        assert (one.category, one.priority) == (other.category, other.priority)
        assert one.priority_confidence == pytest.approx(other.priority_confidence, abs=1e-5)


def test_a_model_file_keeps_its_experts(advised: Trained) -> None:
    features, heads, alarm = unpack(pack(advised.features, advised.heads, advised.alarm))
    opened = Classifier("", features, heads, alarm=alarm)
    for head, its in zip(advised.heads, heads, strict=True):
        if head.experts is not None:
            assert its.experts is not None
            assert (head.experts.weights == its.experts.weights).all()
    assert heads[1].experts is not None
    before = advised.classifier("")
    for row in told(10, 4):
        assert opened.predict(row["text"]) == before.predict(row["text"])


def test_equal_texts_give_equal_experts(advised: Trained) -> None:
    again = train(told(1200, 1), FIELDS, files=[f"{place % 3}" for place in range(1200)])
    assert joblib.hash(again.heads) == joblib.hash(advised.heads)


@pytest.mark.parametrize(
    ("counts", "labels", "expected"),
    [
        pytest.param((200, 200), 4, True, id="enough of each"),
        pytest.param((5000, 199), 4, False, id="too few of one"),
        pytest.param((200,) * 12, 4, True, id="just few enough experts"),
        pytest.param((200,) * 13, 4, False, id="too many"),
    ],
)
def test_experts_are_asked_where_there_is_enough_to_learn(
    counts: tuple[int, ...], labels: int, *, expected: bool
) -> None:
    truth = np.repeat(np.arange(len(counts)), counts)
    assert worth_asking(Given(truth, len(counts)), labels) is expected


@pytest.mark.parametrize(
    ("fields", "manner"),
    [
        pytest.param(("category",), Manner(), id="one question"),
        pytest.param(FIELDS, Manner(experts=False), id="switched off"),
    ],
)
def test_without_a_first_question_or_a_wish_there_are_none(
    fields: tuple[str, ...], manner: Manner
) -> None:
    assert all(head.experts is None for head in train(told(400, 5), fields, manner=manner).heads)


def learnt(wanted: list[int]) -> Experts:
    """Two experts and three labels; the second expert's texts have the ``wanted`` ones."""
    given = np.array([0] * 40 + [1] * len(wanted))
    vectors = np.eye(4)[np.arange(len(given)) % 4]
    truth = np.concatenate([np.arange(40) % 3, wanted])
    machine = LinearSVC(random_state=0)
    return fit_experts(csr_matrix(vectors), given, truth, (2, 3), machine)


@pytest.mark.parametrize(
    ("wanted", "likeliest", "unmet"),
    [
        pytest.param([2] * 20, {2}, (0, 1), id="one label"),
        pytest.param([0, 2] * 20, {0, 2}, (1,), id="two labels"),
        pytest.param([0, 1, 2] * 20, {0, 1, 2}, (), id="all of them"),
    ],
)
def test_a_label_that_an_expert_never_met_is_unlikely_to_it(
    wanted: list[int], likeliest: set[int], unmet: tuple[int, ...]
) -> None:
    found = learnt(wanted)
    logits = (np.eye(4) @ found.weights + found.bias).reshape(4, 2, 3)[:, 1]
    assert set(logits.argmax(axis=1)) <= likeliest
    assert (logits[:, list(unmet)] == experts._NEVER_SEEN).all()


def test_the_expert_of_the_likely_category_is_the_one_that_is_heard() -> None:
    own = np.full((1, 2), 0.5)
    advice = np.array([[4.0, -4.0, -4.0, 4.0]])  # two experts that contradict each other
    for given, expected in ((0.9, 0), (0.1, 1)):
        assert both(own, advice, np.array([[given, 1 - given]])).argmax() == expected
