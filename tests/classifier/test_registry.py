"""Model folders: nothing is unpickled that the card does not vouch for."""

from __future__ import annotations

import hashlib
import json
import pickle
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from triage.classifier import registry
from triage.classifier.evaluate import Reports
from triage.classifier.features import TextFeatures
from triage.classifier.golden import answer, golden_answers
from triage.classifier.packing import pack, unpack
from triage.classifier.predict import Classifier
from triage.classifier.rows import Row
from triage.classifier.train import Trained
from triage.classifier.vocabulary import Vocabulary
from triage.errors import NotFound, Unavailable

CREATED = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
MODELS = Path(__file__).parents[2] / "models"


@pytest.fixture
def models(tmp_path: Path, trained: Trained) -> Path:
    (tmp_path / "CURRENT").touch()
    folder = registry.save(
        trained,
        tmp_path,
        sources=[],
        reports=Reports(by_text={}, by_file={}),
        golden=[],
        created=CREATED,
    )
    registry.use(tmp_path, folder.name)
    return tmp_path


def folder_of(models: Path) -> Path:
    return models / registry.current_name(models)


def change_card(models: Path, **changes: object) -> None:
    path = folder_of(models) / "card.json"
    path.write_text(json.dumps({**json.loads(path.read_text("utf-8")), **changes}), "utf-8")


def code_of_loading(models: Path) -> str:
    with pytest.raises(Unavailable) as raised:
        registry.load_current(models)
    return raised.value.code


class Bomb:
    """A pickle that leaves a mark where it was opened."""

    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self) -> tuple[object, tuple[Path]]:
        return Path.touch, (self.mark,)


def test_a_saved_model_answers_as_before(models: Path, small: Classifier) -> None:
    loaded = registry.load_current(models)
    text = "курьер не приехал"
    assert loaded.name == folder_of(models).name
    assert loaded.predict(text).confidence == small.predict(text).confidence
    for before, after in zip(small.heads, loaded.heads, strict=True):
        assert (before.weights == after.weights).all()


@pytest.mark.parametrize("together", [True, False], ids=["2 December 2026", "1 December 2026"])
def test_a_model_in_an_earlier_form_still_opens(trained: Trained, *, together: bool) -> None:
    weights = trained.features.weights_
    weights = replace(weights, starts=weights.starts[:5])  # no clusters of words
    apart = {"kept_": weights.kept, "rarity_": weights.rarity, "starts_": weights.starts}
    before = SimpleNamespace(
        vocabularies_=[
            dict.fromkeys(block, 0) for block in _every_name(trained.features.vocabulary_)[:4]
        ],
        min_texts=trained.features.min_texts,
        **({"weights_": weights} if together else apart),
    )
    features, heads, alarm = unpack(
        {"features": before, "heads": trained.heads, "alarm": trained.alarm}
    )
    text = "курьер не приехал, чайник течет"
    opened = Classifier("", features, heads, alarm=alarm)
    assert opened.predict(text) == trained.classifier("").predict(text)


def test_packed_a_model_is_the_same_to_the_last_number(trained: Trained) -> None:
    features, heads, alarm = unpack(pack(trained.features, trained.heads, trained.alarm))
    assert alarm == trained.alarm
    for head, its in zip(trained.heads, heads, strict=True):
        assert (head.weights == its.weights).all()
        assert (head.bias == its.bias).all()
    assert features.min_texts == trained.features.min_texts
    assert (features.weights_.starts == trained.features.weights_.starts).all()
    before, after = trained.features.vocabulary_, features.vocabulary_
    assert after.names == before.names
    for mine, theirs in zip(before.pairs, after.pairs, strict=True):
        assert (mine.keys == theirs.keys).all()
        assert (mine.columns == theirs.columns).all()
    assert (features.weights_.rarity == trained.features.weights_.rarity).all()
    assert features.weights_.rarity.dtype == trained.features.weights_.rarity.dtype


@pytest.mark.parametrize(
    "texts",
    [
        pytest.param(["лампа", "стол"], id="no pair and no topic"),
        pytest.param(["лампа стол", "лампа стол"], id="pairs and no topic"),
        pytest.param(["чайник течет", "спасибо"], id="topics and no pair"),
    ],
)
def test_a_model_without_some_kind_of_feature_is_packed(texts: list[str]) -> None:
    features = TextFeatures().fit(texts)
    again, _heads, _alarm = unpack(pack(features, [], None))
    for text in texts:
        assert again.encode(text).values.tolist() == features.encode(text).values.tolist()


def test_numbers_that_were_kept_as_they_are_still_open(trained: Trained) -> None:
    content = pack(trained.features, trained.heads, trained.alarm)
    vocabulary = trained.features.vocabulary_
    content["columns"] = [np.fromiter(block.values(), np.int32) for block in vocabulary.names]
    content["pairs"] = [(pairs.keys, pairs.columns) for pairs in vocabulary.pairs]
    content["rarity"] = trained.features.weights_.rarity
    opened = Classifier("", *unpack(content)[:2], alarm=trained.alarm)
    text = "курьер не приехал, чайник течет"
    assert opened.predict(text) == trained.classifier("").predict(text)


def _every_name(vocabulary: Vocabulary) -> list[list[str]]:
    """Names of each block, pairs spelled out, in the order of their columns."""
    blocks = []
    for number, block in enumerate(vocabulary.names):
        found = {column: name for name, column in block.items()}
        if number < len(vocabulary.pairs):
            names = dict(found)
            pairs = vocabulary.pairs[number]
            for key, column in zip(pairs.keys.tolist(), pairs.columns.tolist(), strict=True):
                found[column] = f"{names[key >> 32]} {names[key & 0xFFFFFFFF]}"
        blocks.append([found[column] for column in sorted(found)])
    return blocks


def test_the_folder_is_named_by_day_and_hash(models: Path) -> None:
    card = json.loads((folder_of(models) / "card.json").read_text("utf-8"))
    pipeline = (folder_of(models) / "pipeline.joblib").read_bytes()
    assert card["pipeline_sha256"] == hashlib.sha256(pipeline).hexdigest()
    assert folder_of(models).name == f"2026-11-22-{card['pipeline_sha256'][:6]}"


def test_a_file_that_the_card_does_not_name_is_never_opened(models: Path, tmp_path: Path) -> None:
    mark = tmp_path / "exploded"
    (folder_of(models) / "pipeline.joblib").write_bytes(pickle.dumps(Bomb(mark)))
    assert code_of_loading(models) == "model.hash_mismatch"
    assert not mark.exists()


def test_another_scikit_learn_is_refused_before_opening(models: Path, tmp_path: Path) -> None:
    mark = tmp_path / "exploded"
    bomb = pickle.dumps(Bomb(mark))
    (folder_of(models) / "pipeline.joblib").write_bytes(bomb)
    change_card(
        models,
        pipeline_sha256=hashlib.sha256(bomb).hexdigest(),
        versions={"scikit-learn": "0.1.9"},
    )
    assert code_of_loading(models) == "model.version_mismatch"
    assert not mark.exists()


def test_a_pickle_of_something_else_is_broken(models: Path) -> None:
    junk = pickle.dumps({"neither": "features nor heads"})
    (folder_of(models) / "pipeline.joblib").write_bytes(junk)
    change_card(models, pipeline_sha256=hashlib.sha256(junk).hexdigest())
    assert code_of_loading(models) == "model.broken"


@pytest.mark.parametrize(
    ("path", "code"),
    [
        pytest.param("CURRENT", "model.missing", id="no CURRENT"),
        pytest.param("{}/card.json", "model.missing", id="no card"),
        pytest.param("{}/pipeline.joblib", "model.missing", id="no pipeline"),
    ],
)
def test_a_missing_file_is_a_missing_model(models: Path, path: str, code: str) -> None:
    (models / path.format(folder_of(models).name)).unlink()
    assert code_of_loading(models) == code


@pytest.mark.parametrize("content", ["", "{", "[]", "{}", '{"pipeline_sha256": 5}'])
def test_a_card_that_cannot_be_read_is_broken(models: Path, content: str) -> None:
    (folder_of(models) / "card.json").write_text(content, "utf-8")
    assert code_of_loading(models) == "model.broken"


@pytest.mark.parametrize("name", ["", "../elsewhere", "/etc", "a/b", ".."])
def test_current_names_a_folder_beside_it_and_nothing_else(models: Path, name: str) -> None:
    (models / "CURRENT").write_text(name, "utf-8")
    assert code_of_loading(models) == "model.broken"


def test_an_unknown_model_is_not_put_in_force(models: Path) -> None:
    before = registry.current_name(models)
    with pytest.raises(NotFound, match=r"model\.unknown"):
        registry.use(models, "2020-01-01-abcdef")
    assert registry.current_name(models) == before


def test_a_folder_of_ones_own_choice_is_the_model_itself(tmp_path: Path, trained: Trained) -> None:
    out = tmp_path / "mine"
    saved = registry.save(
        trained,
        out,
        sources=[],
        reports=Reports(by_text={}, by_file={}),
        golden=[],
        created=CREATED,
    )
    assert saved == out == registry.find(out)
    assert registry.load(out).predict("чайник течет").category == "defective"


def test_golden_answers_are_of_every_label_in_every_language(
    rows: list[Row], small: Classifier
) -> None:
    english: list[Row] = [
        {"text": f"{text} {number}", "category": category, "priority": "normal"}
        for number in (1, 2, 3)
        for category, text in (
            ("defective", "the kettle is broken and it leaks"),
            ("late_delivery", "where is my order, the parcel has not come"),
        )
    ]
    golden = golden_answers([*rows, *english], small)
    labels = {row["text"]: row["category"] for row in [*rows, *english]}
    kinds = Counter((labels[str(each["text"])], each["language"]) for each in golden)
    assert kinds == {
        (label, language): 2
        for label in ("defective", "late_delivery")
        for language in ("ru", "kk", "en")
    }


def test_the_shipped_model_gives_its_golden_answers(shipped: Classifier) -> None:
    golden = json.loads((MODELS / shipped.name / "golden.json").read_text("utf-8"))
    assert {each["language"] for each in golden} >= {"ru", "kk", "en"}
    for expected in golden:
        said = answer(expected["text"], shipped)
        for field in ("confidence", "priority_confidence"):
            assert said.pop(field) == pytest.approx(expected.pop(field), abs=2e-3)
        assert said == expected


def test_the_shipped_model_is_small_and_its_card_complete(shipped: Classifier) -> None:
    folder = MODELS / shipped.name
    card = registry.read_card(folder)
    assert (folder / "pipeline.joblib").stat().st_size < 30_000_000
    assert {"created", "data", "rows", "seed", "versions", "heads", "metrics"} <= set(card)
    corpus = MODELS / "corpus"
    for source in card["data"]:
        content = (corpus / source["name"]).read_bytes()
        assert hashlib.sha256(content).hexdigest() == source["sha256"]
