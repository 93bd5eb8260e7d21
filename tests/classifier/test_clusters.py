"""English words are known by words like them; in no other language does that change anything."""

from __future__ import annotations

import re
from itertools import pairwise

import numpy as np
import pytest

from triage.classifier import clusters
from triage.classifier.clusters import clusters_of
from triage.classifier.counts import count
from triage.classifier.explain import token_weights
from triage.classifier.features import Encoded, TextFeatures
from triage.classifier.packing import pack, unpack
from triage.classifier.predict import Classifier
from triage.classifier.rows import Row
from triage.classifier.train import Trained, train

_LEARNT = [
    "my fridge is leaking and the floor is wet",
    "the parcel is late and the courier does not answer",
    "холодильник течет",
]
_ENGLISH = "the refrigerator is leaking, and the kitchen is wet. but where is the package now?"
_RUSSIAN = "холодильник refrigerator течет"


@pytest.fixture(scope="module")
def english() -> Trained:
    texts = (
        ("defective", "normal", "the fridge is leaking and the floor is wet"),
        ("defective", "urgent", "smoke came out of the charger and it burnt my hand"),
        ("late_delivery", "normal", "where is my parcel, the courier does not come"),
        ("late_delivery", "high", "my order is late by a month and nobody answers"),
    )
    rows: list[Row] = [
        {"text": f"{text}{mark}", "category": category, "priority": priority}
        for mark in ("", "!", " please", " now")
        for category, priority, text in texts
    ]
    return train(rows, ("category", "priority"), seed=7)


def _of_clusters(features: TextFeatures, encoded: Encoded) -> int:
    """How many columns of the text are clusters."""
    return int((encoded.columns >= features.weights_.starts[-2]).sum())


def test_every_word_of_the_table_has_its_clusters() -> None:
    table = clusters._table()
    assert len(table.place) > 40_000
    assert all(re.fullmatch("[a-z]+", word) for word in table.place)
    assert table.clusters.shape == (len(table.place), 8)
    for clustering in table.clusters.T.tolist():
        assert 1_000 < len(set(clustering)) <= 2_048


@pytest.mark.parametrize(
    ("word", "near", "far"),
    [
        ("fridge", "refrigerator", "letter"),
        ("sofa", "couch", "money"),
        ("parcel", "parcels", "music"),
        ("kettle", "teapot", "bank"),
        ("phone", "smartphone", "flower"),
        ("refund", "refunded", "garden"),
        ("fake", "counterfeit", "summer"),
    ],
)
def test_words_alike_share_clusters(word: str, near: str, far: str) -> None:
    its = set(clusters_of(word))
    assert sorted(name.partition(".")[0] for name in its) == list("01234567")
    assert len(its & set(clusters_of(near))) >= 2
    assert not its & set(clusters_of(far))


@pytest.mark.parametrize("word", ["холодильник", "qwzzx", "", "07-13", "don't"])
def test_a_word_that_is_not_in_the_table_has_none(word: str) -> None:
    assert clusters_of(word) == []


def test_an_english_word_never_met_is_known_by_those_like_it() -> None:
    features = TextFeatures().fit(_LEARNT)
    assert _of_clusters(features, features.encode("the refrigerator is here")) > 0
    met = {name.partition(" ")[0] for name in features.vocabulary_.names[0]}
    assert "refrigerator" not in met


def test_in_another_language_an_english_word_is_a_name() -> None:
    features = TextFeatures().fit(_LEARNT)
    assert _of_clusters(features, features.encode(_RUSSIAN)) == 0
    width = int(features.weights_.starts[-2])
    together = features.encode_many([_RUSSIAN, _ENGLISH]).vectors
    assert together[0, width:].nnz == 0
    assert together[1, width:].nnz > 0


def test_clusters_weigh_half_as_much_again_as_the_words() -> None:
    features = TextFeatures().fit(_LEARNT)
    encoded = features.encode(_ENGLISH)
    values, starts = encoded.values, features.weights_.starts
    lengths = [
        float(np.linalg.norm(values[(encoded.columns >= start) & (encoded.columns < end)]))
        for start, end in pairwise(starts.tolist())
    ]
    assert lengths == pytest.approx([1, 1, 1, 0.35, 1.5], abs=1e-5)


@pytest.mark.parametrize(
    "texts",
    [
        pytest.param([_ENGLISH], id="English alone"),
        pytest.param([_RUSSIAN, _ENGLISH, "", _ENGLISH, _RUSSIAN], id="among others"),
        pytest.param(["", "", _ENGLISH], id="empty first"),
    ],
)
def test_texts_read_together_have_the_clusters_that_each_has_alone(texts: list[str]) -> None:
    features = TextFeatures().fit([*_LEARNT, _ENGLISH])
    batch = features.encode_many(texts, in_parts=True)
    assert abs(batch.vectors - features.transform(texts)).max() < 1e-6
    for place in set(batch.part_owners.tolist()):
        encoded = features.encode(texts[place])
        alone = features.in_parts(texts[place], encoded)
        its = batch.parts[batch.part_owners == place]
        assert abs(alone - its[:, encoded.columns].toarray()).max() < 1e-6


def test_clusters_counted_once_are_those_read_again() -> None:
    texts = [*_LEARNT, _RUSSIAN, _ENGLISH]
    counts = count(texts)
    features = TextFeatures().choose(counts)
    again = features.transform(texts)
    assert abs(features.weights_.weigh(counts.table.matrix) - again).max() < 1e-6
    parts, owners = features.count_parts(texts, counts.table.matrix.shape[1])
    batch = features.encode_many(texts, in_parts=True)
    assert owners.tolist() == batch.part_owners.tolist()
    assert len(owners) > 0
    assert abs(features.weights_.weigh(parts) - batch.parts).max() < 1e-6


def test_reasons_with_clusters_add_up_to_the_answer(english: Trained) -> None:
    classifier = english.classifier("")
    encoded = classifier.features.encode(_ENGLISH)
    assert _of_clusters(classifier.features, encoded) > 0
    for head in classifier.heads:
        for label in range(len(head.labels)):
            weights = head.weights[encoded.columns, label]
            assert token_weights(encoded, weights).sum() == pytest.approx(
                float(encoded.values @ weights), abs=1e-5
            )


def test_packed_a_model_keeps_its_clusters(english: Trained) -> None:
    features, heads, alarm = unpack(pack(english.features, english.heads, english.alarm))
    opened = Classifier("", features, heads, alarm=alarm)
    assert opened.predict(_ENGLISH) == english.classifier("").predict(_ENGLISH)


@pytest.mark.parametrize("text", [_ENGLISH, _RUSSIAN, "чайник течет, жду месяц"])
def test_a_model_from_before_there_were_clusters_answers_as_it_did(
    trained: Trained, text: str
) -> None:
    content = pack(trained.features, trained.heads, trained.alarm)
    assert content["starts"][-1] == content["starts"][-2], "the fixture has no English text"
    for each in ("names", "columns"):
        content[each] = content[each][:4]
    content["starts"] = content["starts"][:5]
    features, heads, alarm = unpack(content)
    opened = Classifier("", features, heads, alarm=alarm)
    assert opened.predict(text) == trained.classifier("").predict(text)
    (together,) = opened.predict_many([text], explained=False)
    assert together.confidence == pytest.approx(opened.predict(text).confidence, abs=1e-5)
