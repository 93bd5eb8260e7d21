"""Training: any labels, the same twice, honest about what it has not seen."""

from __future__ import annotations

import joblib  # type: ignore[import-untyped]  # no types
import numpy as np
import pytest

from triage.classifier import machines
from triage.classifier.calibration import (
    NEVER,
    calibration_error,
    choose_thresholds,
    coverage_at,
    fit,
)
from triage.classifier.predict import Classifier
from triage.classifier.rows import Row, labels_to_learn
from triage.classifier.scores import softmax
from triage.classifier.train import Manner, Trained, train
from triage.core.prediction import Prediction
from triage.errors import Invalid


def test_same_rows_and_seed_give_the_same_predictions(rows: list[Row], small: Classifier) -> None:
    again = train(rows, ("category", "priority"), seed=7)
    twin = again.classifier("small")
    texts = [row["text"] for row in rows] + ["что-то другое", "келмеді"]
    assert small.predict_many(texts) == twin.predict_many(texts)


def test_two_heads_answer_category_and_priority(small: Classifier) -> None:
    said = small.predict("розетка искрит")
    assert (said.category, said.priority) == ("defective", "urgent")
    assert 0 < said.priority_confidence <= 1
    assert said.language == "ru"
    assert said.model == "small"


def test_priority_is_not_a_function_of_category(small: Classifier) -> None:
    calm, burning = small.predict("телефон сломался"), small.predict("телефон искрит и дымится")
    assert calm.category == burning.category
    assert calm.priority != burning.priority


def test_one_label_of_any_name_trains_one_head(rows: list[Row]) -> None:
    intents = [{"text": row["text"], "intent": f"intent {row['category']}"} for row in rows]
    trained = train(intents, labels_to_learn(intents, "intent"))
    said = trained.classifier("intents").predict("чайник течет")
    assert said.category == "intent defective"
    assert said.priority is None


def test_a_label_with_a_single_text_is_learnt_but_not_judged(rows: list[Row]) -> None:
    rare: Row = {"text": "спасибо вам большое", "category": "other"}
    trained = train([*rows, rare], ("category",))
    assert "other" in trained.heads[0].labels
    held_out = trained.held_out[0]
    assert held_out is not None
    assert len(rows) not in held_out.rows.tolist()


def test_one_label_alone_teaches_nothing(rows: list[Row]) -> None:
    with pytest.raises(Invalid, match=r"train\.one_label"):
        train([row for row in rows if row["category"] == "defective"], ("category",))


@pytest.mark.parametrize(
    ("row", "label", "expected"),
    [
        pytest.param({"category": "a", "priority": "b"}, None, ("category", "priority"), id="both"),
        pytest.param({"category": "a"}, None, ("category",), id="category alone"),
        pytest.param({"category": "a", "priority": "b"}, "priority", ("priority",), id="asked"),
        pytest.param({"label": "a"}, None, ("label",), id="label"),
        pytest.param({"intent": "a"}, None, ("intent",), id="intent"),
    ],
)
def test_chooses_what_to_learn(row: Row, label: str | None, expected: tuple[str, ...]) -> None:
    assert labels_to_learn([{"text": "x", **row}], label) == expected


@pytest.mark.parametrize("label", [None, "topic"])
def test_names_the_text_without_a_label(label: str | None) -> None:
    with pytest.raises(Invalid) as raised:
        labels_to_learn([{"text": "a", "topic": "x", "category": "y"}, {"text": "b"}], label)
    assert raised.value.code == "rows.no_label"
    assert raised.value.facts["row"] == 2


def test_held_out_texts_were_never_seen(trained: Trained) -> None:
    for held_out in trained.held_out:
        assert held_out is not None
        assert held_out.shares.sum(axis=1) == pytest.approx(1)
        assert sorted(held_out.rows.tolist()) == list(range(trained.rows))


OWN = ("лодка", "берег", "туман", "камыш", "весло")


def test_of_one_file_no_writer_is_asked_who_was_learnt_from() -> None:
    """Each writer has ten texts in their own words, all of one label, drawn by chance: whoever has
    read some of them can tell the others, and who has not cannot."""
    chance = np.random.default_rng(3)
    written = [
        {"text": " ".join(chance.permutation(words).tolist()), "label": label}
        for words, label in (
            ([chr(1072 + writer) * 2 + word for word in OWN], str(chance.choice(["да", "нет"])))
            for writer in range(30)
        )
        for _text in range(10)
    ]
    (held_out,) = train(written, ["label"]).held_out
    assert held_out is not None
    found = (held_out.answers == held_out.truth).mean()
    assert found < 0.75
    mixed = [written[place] for place in chance.permutation(len(written)).tolist()]
    (flattered,) = train(mixed, ["label"]).held_out
    assert flattered is not None
    assert (flattered.answers == flattered.truth).mean() > 0.85


def test_scale_softens_what_was_too_sure() -> None:
    truth = np.array([0, 1] * 50)
    truth[:20] = 1 - truth[:20]  # one in five is wrong, yet every logit is extreme
    logits = np.where(np.arange(2) == np.array([0, 1] * 50)[:, None], 10.0, -10.0)
    found = fit(logits, truth)
    shares = softmax(logits * found.scale + found.bias)
    assert shares.max(axis=1).mean() == pytest.approx(0.8, abs=0.02)


def test_doubt_softens_confidences_where_files_were_held_out(rows: list[Row]) -> None:
    wrong = {"defective": "late_delivery", "late_delivery": "defective"}
    noisy: list[Row] = [
        {**row, "category": wrong[row["category"]] if number % 5 == 0 else row["category"]}
        for number, row in enumerate(rows)
    ]
    files = [f"{number % 4}" for number in range(len(rows))]
    sure, unsure, alone, alone_too = (
        train(noisy, ("category",), files=which, manner=Manner(doubt=doubt)).classifier("x")
        for which, doubt in ((files, 1.0), (files, 0.5), (None, 1.0), (None, 0.5))
    )
    for text in ("чайник течет", "заказ не пришел"):
        bold, meek = sure.predict(text), unsure.predict(text)
        assert bold.category == meek.category
        assert 0.5 < meek.confidence < bold.confidence
        assert alone.predict(text) == alone_too.predict(text)


def test_a_threshold_keeps_the_stated_precision() -> None:
    confidences = np.linspace(0.5, 1, 200)
    shares = np.stack([confidences, 1 - confidences], axis=1)
    truth = (confidences < 0.8).astype(np.intp)  # wrong wherever it is not sure
    thresholds, overall = choose_thresholds(shares, truth, precision=1.0)
    assert thresholds[0] == pytest.approx(0.8, abs=0.01)
    assert overall == thresholds[1] == thresholds[0]


def test_no_threshold_will_do_where_every_answer_is_wrong() -> None:
    shares = np.tile([0.9, 0.1], (200, 1))
    assert choose_thresholds(shares, np.ones(200, np.intp), precision=0.9)[0][0] == NEVER


def test_coverage_is_the_share_that_may_go_unchecked() -> None:
    confidences = np.array([0.9, 0.8, 0.7, 0.6])
    right = np.array([True, True, False, False])
    assert coverage_at(confidences, right, 1.0) == 0.5


def test_calibration_error_is_the_gap_of_confidence_and_success() -> None:
    assert calibration_error(np.full(10, 0.9), np.array([True] * 5 + [False] * 5)) == (
        pytest.approx(0.4)
    )


@pytest.mark.parametrize(
    "text", ["", "   ", "😀", "asdfgh qwerty zxcvbn", "ъыъ щщщ", "12345"],
    ids=["empty", "blank", "picture", "latin gibberish", "cyrillic gibberish", "a number"],
)  # fmt: skip
def test_without_content_it_abstains(shipped: Classifier, text: str) -> None:
    said = shipped.predict(text)
    assert isinstance(said, Prediction)
    assert said.abstained


def test_machines_fitted_side_by_side_are_the_same_ones(
    rows: list[Row], monkeypatch: pytest.MonkeyPatch
) -> None:
    files = [f"{number % 4}" for number in range(len(rows))]
    alone = train(rows, ("category",), files=files)
    monkeypatch.setattr(machines, "_WORTH_IT", 1)
    monkeypatch.setattr(joblib, "cpu_count", lambda: 2)
    beside = train(rows, ("category",), files=files)
    for one, other in zip(alone.heads, beside.heads, strict=True):
        assert np.array_equal(one.weights, other.weights)
        assert one.thresholds == other.thresholds
