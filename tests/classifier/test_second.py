"""English texts are heard a second time by what their words mean, where that makes it better."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import numpy as np
import pytest

import triage.classifier.train as training
from triage.classifier.clusters import places_of_words
from triage.classifier.counts import count
from triage.classifier.heads import Head
from triage.classifier.machines import Question
from triage.classifier.net import Net, Nets, SecondOpinion, Told
from triage.classifier.packing import pack, unpack
from triage.classifier.predict import Classifier
from triage.classifier.registry import _card
from triage.classifier.rows import Row
from triage.classifier.scores import softmax
from triage.classifier.second import English
from triage.classifier.tokens import tokenise
from triage.classifier.train import Manner, Trained, train
from triage.classifier.vectors import Meaning, english_words, vectors_of

KINDS = {
    "animal": "horse cow pig goat sheep dog cat rabbit lion tiger bear wolf donkey mouse",
    "fruit": "apple pear peach plum cherry lemon orange banana grape mango melon apricot berry",
    "tool": "hammer saw drill wrench screwdriver pliers chisel axe knife shovel spade rake",
    "garment": "shirt coat jacket trousers skirt dress sweater sock scarf hat glove jeans",
}
NEW = {
    "animal": "buffalo squirrel monkey elephant deer",
    "fruit": "strawberry papaya fig kiwi pomegranate",
    "tool": "crowbar scissors sledgehammer mallet screw",
    "garment": "cardigan blouse boots pants shorts",
}
FRAMES = (
    "there was a {} near the house yesterday",
    "my friend told me about the {} again",
    "we had another {} before this one",
    "please show them how the {} looks now",
    "nobody here has seen any {} since then",
    "they would rather have one {} than two",
)


def told(*, spelled: Sequence[str] = FRAMES) -> list[Row]:
    """Every frame with every word, labelled by the kind of the word."""
    return [
        {"text": frame.format(word), "label": kind}
        for kind, words in KINDS.items()
        for word in words.split()
        for frame in spelled
    ]


@pytest.fixture(autouse=True)
def _worth_choosing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(training, "_WORTH_CHOOSING", range(300, 401))


@pytest.fixture(scope="module")
def both() -> tuple[Trained, Trained]:
    """The same texts learnt with a second opinion and without."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(training, "_WORTH_CHOOSING", range(300, 401))
        rows = told()
        return train(rows, ["label"]), train(rows, ["label"], manner=Manner(second=False))


def of(*words: str) -> np.ndarray:
    return vectors_of(np.array(places_of_words(words)))


@pytest.mark.parametrize(
    ("word", "near", "far"),
    [
        ("fridge", "refrigerator", "letter"),
        ("parcel", "package", "music"),
        ("refund", "reimbursement", "garden"),
        ("broken", "damaged", "summer"),
    ],
)
def test_vectors_of_words_alike_are_near(word: str, near: str, far: str) -> None:
    vectors = of(word, near, far)
    assert vectors.shape == (3, 256)
    assert np.allclose((vectors**2).sum(axis=1), 1, atol=1e-5)
    assert vectors[0] @ vectors[1] > vectors[0] @ vectors[2] + 0.2


def test_a_text_means_the_same_when_it_is_learnt_and_when_it_is_asked() -> None:
    texts = [
        "The fridge leaks, the fridge is wet",
        "parcel refund parcel xqzzw",
        "холодильник течет",
        "my fridge and my parcel",
        "у меня опять сломался fridge, где мастер",
        "",
    ]
    times = english_words(count(texts))
    meaning = Meaning.learn(times)
    learnt = meaning.of_counts(times)
    asked = meaning.of_texts([tokenise(text) for text in texts])
    assert np.allclose(learnt, asked, atol=1e-4)
    means_something = [bool(row.any()) for row in asked]
    assert means_something == [True, True, False, True, False, False]
    assert np.allclose((asked[0] ** 2).mean(), 1, atol=1e-3)


def test_a_rare_word_means_more_than_a_frequent_one_and_a_new_one_as_much_as_the_rarest() -> None:
    times = english_words(count(["the kettle is broken", "the kettle leaks", "the lid is broken"]))
    rarity = Meaning.learn(times).rarity
    kettle, lid, new = rarity[places_of_words(["kettle", "lid", "sofa"])]
    assert kettle < lid == new


def test_what_words_mean_that_were_never_met_makes_the_truth_likelier(both) -> None:
    models = [each.classifier("m") for each in both]
    assert both[0].heads[0].second is not None
    assert both[1].heads[0].second is None
    labels = both[0].heads[0].labels
    texts = [FRAMES[0].format(word) for words in NEW.values() for word in words.split()]
    truth = np.array([labels.index(kind) for kind, words in NEW.items() for _ in words.split()])
    told_by = [np.log(model.shares(texts)[np.arange(len(truth)), truth]) for model in models]
    assert told_by[0].mean() > told_by[1].mean() + 0.1
    assert (told_by[0] > told_by[1]).mean() > 0.7


def test_texts_that_were_held_out_were_heard_by_nets_that_had_not_seen_them(both) -> None:
    def unlikely(trained: Trained) -> float:
        held = trained.held_out[0]
        assert held is not None
        assert np.allclose(held.shares.sum(axis=1), 1)
        return -float(np.log(held.shares[np.arange(len(held.truth)), held.truth]).mean())

    assert unlikely(both[0]) < unlikely(both[1])


def test_one_text_many_texts_and_a_model_from_its_file_say_the_same(both) -> None:
    trained = both[0]
    texts = [
        FRAMES[1].format("donkey"),
        FRAMES[0].format("buffalo"),  # of which the planes are unsure
        "где мой заказ",
        "",
        "Donkey, donkey! " * 40,
    ]
    model = trained.classifier("m")
    opened = Classifier("m", *unpack(pack(trained.features, trained.heads, trained.alarm))[:2])
    together = model.predict_many(texts, explained=False)
    shares = model.shares(texts)
    for text, many, row in zip(texts, together, shares, strict=True):
        one = model.predict(text)
        again = opened.predict(text)
        assert one.category == many.category == again.category
        assert one.confidence == pytest.approx(many.confidence, abs=1e-5)
        assert one.confidence == pytest.approx(again.confidence, abs=1e-5)
        assert one.confidence == pytest.approx(row.max(), abs=1e-5)


def test_the_card_tells_how_loud_the_nets_are(both) -> None:
    told_by, without = (
        _card(each, name="m", digest="", sources=[], created=datetime.now(UTC))["heads"]["label"]
        for each in both
    )
    assert without["second_opinion"] is None
    assert 0 < told_by["second_opinion"]["told"] < told_by["second_opinion"]["own"]
    assert 0 < told_by["second_opinion"]["nearness"] < 1


def test_equal_texts_give_equal_nets(both) -> None:
    first, again = both[0].heads[0].second, train(told(), ["label"]).heads[0].second
    assert first is not None
    assert again is not None
    assert (again.own, again.told, again.usual) == (first.own, first.told, first.usual)
    assert np.array_equal(again.nets.centres, first.nets.centres)
    assert len(first.nets.nets) == 3
    for net, other in zip(first.nets.nets, again.nets.nets, strict=True):
        for name in ("first", "edges", "second", "bias"):
            assert np.array_equal(getattr(other, name), getattr(net, name))


@pytest.mark.parametrize(
    ("rows", "worth"),
    [
        pytest.param(told(), range(306, 307), id="as many texts as it is asked for"),
        pytest.param(told(), range(307, 400), id="too few texts"),
        pytest.param(told(), range(306), id="too many texts"),
        pytest.param(
            told(spelled=["опять этот {} возле дома"] * 4 + [*FRAMES[:2]]),
            range(300, 401),
            id="most of them are not English",
        ),
    ],
)
def test_a_net_is_asked_of_texts_that_are_english_and_neither_few_nor_many(
    rows, worth, monkeypatch
) -> None:
    monkeypatch.setattr(training, "_WORTH_CHOOSING", worth)
    lines: list[str] = []
    train(rows, ["label"], progress=lines.append)
    assert ("nets over word vectors" in lines) == (worth == range(306, 307))


def test_two_labels_are_told_apart_as_well() -> None:
    rows = [row for row in told() if row["label"] in ("animal", "tool")] * 2
    names, truth = np.unique([row["label"] for row in rows], return_inverse=True)
    question = Question(labels=tuple(names), truth=truth, seed=0, softness=0.3)
    english = English.of(count([row["text"] for row in rows]))
    assert english is not None
    heard = english.judge(question, np.arange(len(rows)) % 4)
    assert np.allclose(np.exp(heard.logs).sum(axis=1), 1, atol=1e-6)
    assert (heard.logs.argmax(axis=1) == truth).mean() > 0.95


def test_with_files_held_out_it_is_softened_like_everything_else() -> None:
    rows = told()
    files = [f"{place // len(FRAMES) % 3}" for place in range(len(rows))]
    sure, doubting = (
        train(rows, ["label"], files=files, manner=Manner(doubt=doubt, neutral_doubt=1.0))
        for doubt in (1.0, 0.5)
    )
    first, second = (each.heads[0].second for each in (sure, doubting))
    assert first is not None
    assert second is not None
    assert second.told == pytest.approx(first.told / 2)
    assert doubting.files_held_out[0].shares.max() < sure.files_held_out[0].shares.max()
    odds = [np.log(each.files_held_out[0].shares) for each in (sure, doubting)]
    spread = [np.ptp(each, axis=1) for each in odds]
    assert np.median(spread[1] / spread[0]) == pytest.approx(0.5, abs=0.02)


def _second(**changed: object) -> SecondOpinion:
    chance = np.random.default_rng(3)
    net = Net(
        first=chance.normal(size=(256, 8)).astype(np.float32) / 16,
        edges=np.zeros(8, dtype=np.float32),
        second=chance.normal(size=(8, 3)).astype(np.float32),
        bias=np.zeros(3, dtype=np.float32),
    )
    centres = np.eye(3, 256, dtype=np.float32)
    parts = {
        "own": 0.5,
        "told": 0.2,
        "offset": np.array([0.1, 0.0, -0.2]),
        "usual": (0.4, 0.1),
        "odds": np.zeros(3),
        "meaning": Meaning(rarity=np.ones(1, dtype=np.float32)),
        "nets": Nets(nets=(net,), centres=centres),
    }
    return SecondOpinion(**{**parts, **changed})


def test_a_text_that_means_nothing_to_the_net_keeps_its_own_answer() -> None:
    own = np.array([[0.5, 0.3, 0.2], [0.1, 0.1, 0.8]])
    meanings = np.zeros((2, 256), dtype=np.float32)
    meanings[1] = np.random.default_rng(1).normal(size=256)
    said = _second().joined(own, meanings)
    assert np.array_equal(said[0], own[0])
    assert not np.allclose(said[1], own[1], atol=0.01)


def test_a_live_mix_moves_what_is_heard_twice_by_the_same_odds_as_what_is_not() -> None:
    second, odds = _second(), np.array([0.8, -0.3, -0.5])
    own = np.array([[0.5, 0.3, 0.2], [0.5, 0.3, 0.2]])
    meanings = np.zeros((2, 256), dtype=np.float32)
    meanings[1] = np.random.default_rng(1).normal(size=256)
    moved = own * np.exp(odds)
    moved /= moved.sum(axis=1, keepdims=True)
    before, after = second.joined(own, meanings), second.shifted(odds).joined(moved, meanings)
    steps = np.log(after) - np.log(before)
    assert np.allclose(steps - steps.mean(axis=1, keepdims=True), odds - odds.mean(), atol=1e-6)


def test_a_head_that_is_moved_to_a_live_mix_moves_its_second_opinion_along() -> None:
    odds = np.array([0.8, -0.3, -0.5])
    head = Head(
        field="label",
        labels=("a", "b", "c"),
        weights=np.zeros((0, 3), dtype=np.float32),
        bias=np.array([0.3, 0.0, -0.1], dtype=np.float32),
        thresholds=(0.0,) * 3,
        second=_second(),
    )
    meanings = np.random.default_rng(1).normal(size=(1, 256)).astype(np.float32)
    none = np.empty((0, 3)), np.empty(0, dtype=np.intp)
    before, after = (
        np.log(each.read(softmax(each.bias[None, :]), *none, meanings))[0]
        for each in (head, head.shifted(odds, head.thresholds))
    )
    assert np.allclose(after - before - (after - before).mean(), odds, atol=1e-6)


def test_a_net_that_misleads_is_not_kept() -> None:
    rows = told()
    english = English.of(count([row["text"] for row in rows]))
    assert english is not None
    names, truth = np.unique([row["label"] for row in rows], return_inverse=True)
    question = Question(labels=tuple(names), truth=truth, seed=0, softness=0.3)
    chance = np.random.default_rng(2)
    heard = np.where(chance.random(len(rows)) < 0.8, truth, chance.integers(0, 4, len(rows)))
    right, against = (0.05 + 0.8 * np.eye(4)[heard], 0.3 - 0.2 * np.eye(4)[truth])
    near = np.full(len(rows), 0.5)
    assert english.second(question, right, Told(np.log(against), near), truth) is None
    noise = 0.05 + 0.8 * np.eye(4)[chance.integers(0, 4, len(rows))]
    assert english.second(question, noise, Told(np.log(right), near), truth) is not None


def test_the_stranger_a_text_is_the_less_is_believed() -> None:
    second, own = _second(offset=np.zeros(3)), np.array([[0.6, 0.3, 0.1]])
    logs = np.log(own)
    sure = [
        float(second.heard(own, Told(logs, np.array([near]))).max())
        for near in (-1.0, -0.3, 0.3, 0.4, 0.5, 0.9, 1.0)
    ]
    assert sure[0] == sure[1] < sure[2] < sure[3] < sure[4] < sure[5] == sure[6]
    usual = np.exp(0.7 * np.log(own))
    assert sure[3] == pytest.approx((usual / usual.sum()).max())


def test_texts_of_other_things_are_further_than_texts_of_the_same(both) -> None:
    second = both[0].heads[0].second
    assert second is not None
    texts = [FRAMES[0].format("buffalo"), "quarterly dividends of the central bank fell again"]
    near = second.nets.say(second.meaning.of_texts([tokenise(text) for text in texts])).near
    _mean, deviation = second.usual
    assert near[0] > near[1] + 2 * deviation
