"""The lean path gives what scikit-learn gives, and the reasons add up to the answer."""

from __future__ import annotations

import pickle
from itertools import pairwise

import numpy as np
import pytest
from sklearn.pipeline import Pipeline  # type: ignore[import-untyped]  # no types
from sklearn.svm import LinearSVC  # type: ignore[import-untyped]  # no types

from triage.classifier import features as features_module
from triage.classifier.counts import count
from triage.classifier.explain import terms, token_weights
from triage.classifier.features import TextFeatures
from triage.classifier.heads import Head
from triage.classifier.predict import Classifier
from triage.classifier.rows import Row

UNSEEN = [
    "чайник не работает, течет",
    "Тапсырыс әлі келмеді, бір ай күттім!!!",
    "zakaz kelmedi",
    "совсем другое",
    "",
]


@pytest.mark.parametrize("field", ["category", "priority"])
def test_lean_path_equals_scikit_learns_pipeline(rows: list[Row], field: str) -> None:
    texts, labels = [row["text"] for row in rows], [row[field] for row in rows]
    pipeline = Pipeline([("features", TextFeatures()), ("machine", LinearSVC(random_state=0))])
    pipeline.fit(texts, labels)
    machine = pipeline["machine"]
    names = tuple(str(name) for name in machine.classes_)
    head = Head.of_machine(field, names, machine.coef_, machine.intercept_)
    lean = Classifier("lean", pipeline["features"], [head])
    for text in [*texts, *UNSEEN]:
        theirs = np.atleast_1d(pipeline.decision_function([text])[0])
        theirs = np.array([-theirs[0], theirs[0]]) if len(theirs) == 1 else theirs
        odds = np.diff(np.log(lean.judge(text).verdicts[0].shares))
        assert odds == pytest.approx(np.diff(theirs), abs=1e-4)
        assert lean.predict(text).category == pipeline.predict([text])[0]


def test_counting_once_equals_reading_again(rows: list[Row]) -> None:
    texts = [row["text"] for row in rows]
    counts = count(texts)
    weights = TextFeatures().choose(counts).weights_
    again = TextFeatures().fit(texts).transform(texts)
    assert abs(weights.weigh(counts.table.matrix) - again).max() < 1e-6


def test_parts_counted_once_are_weighed_as_parts_read_alone(rows: list[Row]) -> None:
    texts = [
        "чайник течет снизу сильно, а крышка у него хорошая. спасибо вам за быструю доставку",
        "одно",
        "",
        "быстро привезли прямо домой вечером с другом. прислали совсем не тот размер обуви",
    ]
    counts = count([*texts, *(row["text"] for row in rows)])
    features = TextFeatures().choose(counts)
    times, owners = features.count_parts(texts, counts.table.matrix.shape[1])
    batch = features.encode_many(texts, in_parts=True)
    assert owners.tolist() == batch.part_owners.tolist()
    assert set(owners.tolist()) == {0, 3}
    assert abs(features.weights_.weigh(times) - batch.parts).max() < 1e-6


@pytest.mark.parametrize("few", [0, 10**6], ids=["as of a long text", "as of a short text"])
def test_parts_of_one_text_are_weighed_as_those_of_many(
    rows: list[Row], monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    monkeypatch.setattr(features_module, "_FEW_CELLS", few)
    text = " ".join(f"{row['text']}. а чайник течет снизу сильно" for row in rows[:6])
    features = TextFeatures().fit([*(row["text"] for row in rows), text, text])
    encoded = features.encode(text)
    alone = features.in_parts(text, encoded)
    batch = features.encode_many([text], in_parts=True)
    assert len(alone) > 3
    assert abs(alone - batch.parts[:, encoded.columns].toarray()).max() < 1e-6
    assert alone.sum() == pytest.approx(batch.parts.sum(), rel=1e-5)


def test_two_processes_count_what_one_does(rows: list[Row]) -> None:
    texts = [row["text"] for row in rows]
    texts += ["быстро привезли прямо домой вечером с другом. а крышка сразу течет и течет снизу"]
    alone, beside = count(texts), count(texts, workers=2)
    assert beside.names == alone.names
    assert beside.table.edges.tolist() == alone.table.edges.tolist()
    assert (beside.table.matrix != alone.table.matrix).nnz == 0
    features = TextFeatures().choose(alone)
    width = alone.table.matrix.shape[1]
    one, owners = features.count_parts(texts, width)
    two, owners_of_two = features.count_parts(texts, width, workers=2)
    assert owners_of_two.tolist() == owners.tolist()
    assert one.nnz > 0
    assert (one != two).nnz == 0


def test_texts_read_together_make_no_pair_across_their_seam() -> None:
    features = TextFeatures().fit(["чайник течет", "чайник течет", "спасибо"])
    apart = features.encode_many(["спасибо чайник", "", "течет"])
    alone = features.transform(["спасибо чайник", "", "течет"])
    assert abs(apart.vectors - alone).max() < 1e-6
    pairs = set(features.vocabulary_.pairs[0].columns.tolist())
    assert len(pairs) == 1
    assert not pairs & set(apart.vectors.indices.tolist())


@pytest.mark.parametrize(
    "texts",
    [
        pytest.param(["", "чайник течет"], id="empty first"),
        pytest.param(["чайник течет", "", "", "чайник течет"], id="empty between"),
        pytest.param(["чайник", "течет", ""], id="empty last, a word a text"),
        pytest.param(["", ""], id="nothing at all"),
    ],
)
def test_texts_read_together_have_the_pairs_that_each_has_alone(texts: list[str]) -> None:
    features = TextFeatures().fit(["чайник течет", "чайник течет", "спасибо"])
    assert abs(features.encode_many(texts).vectors - features.transform(texts)).max() < 1e-6


def test_a_lesson_from_two_texts_has_no_pair_that_nobody_wrote() -> None:
    counts = count(["чайник течет", "спасибо за чайник", "чайник течет спасибо за чайник"])
    matrix = counts.table.matrix
    names = [name for block in counts.names for name in block]
    seam = (matrix[2] - (matrix[0] + matrix[1])).tocoo()
    assert {names[column] for column in seam.col[seam.data != 0]} == {
        "течет спасибо",
        "течет спаси",
        "dead praise",
    }


def test_features_survive_pickling(rows: list[Row]) -> None:
    features = TextFeatures().fit([row["text"] for row in rows])
    again = pickle.loads(pickle.dumps(features))
    for text in UNSEEN:
        assert again.encode(text).values.tolist() == features.encode(text).values.tolist()


def test_the_words_weights_add_up_to_the_score(small: Classifier) -> None:
    head = small.heads[0]
    for text in UNSEEN[:3]:
        encoded = small.features.encode(text)
        for label in range(len(head.labels)):
            weights = head.weights[encoded.columns, label]
            words = token_weights(encoded, weights).sum()
            assert words == pytest.approx(float(encoded.values @ weights), abs=1e-5)


def test_terms_are_the_customers_own_words(small: Classifier) -> None:
    text = "Тапсырыс ӘЛІ Келмедi, күттім"
    said = small.predict(text)
    assert said.category == "late_delivery"
    assert all(term.term in text for term in said.terms)
    weights = [term.weight for term in said.terms]
    assert all(one >= other for one, other in pairwise(weight for weight in weights if weight > 0))
    assert weights[0] > 0


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        pytest.param("товар не пришел", "не пришел", id="russian: the word after"),
        pytest.param("тауар келген жоқ", "келген жоқ", id="kazakh: the word before"),
    ],
)
def test_a_negation_stays_with_what_it_negates(small: Classifier, text: str, phrase: str) -> None:
    encoded = small.features.encode(text)
    shown = terms(text, encoded, np.ones(len(encoded.columns), dtype=np.float32))
    assert phrase in [term.term for term in shown]


def test_texts_read_together_are_answered_as_one_by_one(small: Classifier) -> None:
    texts = ["чайник течет", "", "заказ не пришел вовремя, заказ!", "xyz", "тапсырыс келмеді"]
    together = small.predict_many(texts, explained=False)
    for alone, said in zip((small.predict(text) for text in texts), together, strict=True):
        assert said.confidence == pytest.approx(alone.confidence, abs=1e-5)
        assert (said.category, said.priority, said.abstained, said.language) == (
            alone.category,
            alone.priority,
            alone.abstained,
            alone.language,
        )


def test_spans_are_the_customers_own_words(shipped: Classifier) -> None:
    text = "Чайник ТЕЧЁТ снизу. Не включается! Опять течёт"
    found = shipped.predict(text).terms
    assert found
    for term in found:
        start, end = term.spans[0]
        assert text[start:end].split() == term.term.split()
        assert all(0 <= start < end <= len(text) for start, end in term.spans)
