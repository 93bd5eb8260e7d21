"""The live mix: found without labels, bounded, told from a damaged file, and off when absent."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from triage.classifier import registry
from triage.classifier.evaluate import Reports
from triage.classifier.heads import Head
from triage.classifier.rows import Row
from triage.classifier.scores import softmax
from triage.classifier.shift import Known, estimate, from_json, live_shares
from triage.classifier.train import Trained
from triage.cli.models import models_group
from triage.errors import Unavailable

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
LABELS = ("a", "b")


def drawn(share: float, texts: int = 4000) -> tuple[np.ndarray, np.ndarray]:
    """Calibrated answers, under equal shares, to texts of which ``share`` are ``a``."""
    chance = np.random.default_rng(3)
    truth = (chance.random(texts) >= share).astype(np.intp)
    evidence = np.where(truth == 0, 1.0, -1.0) + chance.normal(size=texts)
    return softmax(np.stack([evidence, -evidence], axis=1)), truth


def head() -> Head:
    coefficients = np.array([[1.0], [-1.0]])
    return Head.of_machine("category", LABELS, coefficients, np.zeros(2))


@pytest.mark.parametrize("share", [0.5, 0.65, 0.8])
def test_half_of_the_way_to_the_live_mix_is_gone(share: float) -> None:
    found = live_shares(drawn(share)[0], np.array([0.5, 0.5]))
    half = np.sqrt([share, 1 - share])
    assert found == pytest.approx(half / half.sum(), abs=0.03)


def test_no_label_vanishes_however_rare_it_seems() -> None:
    shares = np.tile([0.9999, 0.0001], (1000, 1))
    found = live_shares(shares, np.array([0.5, 0.5]))
    assert found[1] >= 0.05
    assert found.sum() == pytest.approx(1)


def test_too_few_texts_say_nothing() -> None:
    shares, truth = drawn(0.5, 150)
    known = Known(shares=shares, truth=truth)
    with pytest.raises(Exception, match=r"adapt\.too_few_texts"):
        estimate(shares, known, head(), model="m", precision=0.9, now=NOW)


def test_what_was_changed_by_hand_is_not_believed() -> None:
    shares, truth = drawn(0.5)
    known = Known(shares=shares, truth=truth)
    mix = estimate(drawn(0.8)[0], known, head(), model="m", precision=0.9, now=NOW)
    written = json.loads(json.dumps(mix.to_json()))
    assert from_json(written) == mix
    assert from_json({**written, "odds": [5.0, -5.0]}) is None
    assert from_json({"odds": []}) is None
    assert from_json([]) is None
    assert mix.low[0] <= mix.shares[0] <= mix.high[0]


def test_adapting_a_model_moves_its_category_and_nothing_else(
    tmp_path: Path, trained: Trained, rows: list[Row]
) -> None:
    model = registry.save(
        trained,
        tmp_path / "mine",
        sources=[],
        reports=Reports(by_text={}, by_file={}),
        golden=[],
        created=NOW,
    )
    texts = tmp_path / "live.jsonl"
    late = [row for row in rows if row["category"] == "late_delivery"] * 10
    texts.write_text("".join(json.dumps({"text": row["text"]}) + "\n" for row in late), "utf-8")
    before = registry.load(model).predict("заказ")
    ended = CliRunner().invoke(
        models_group, ["adapt", "--texts", str(texts), "--model", str(model)]
    )
    assert ended.exit_code == 0, ended.output
    after = registry.load(model).predict("заказ")
    shares = [
        {said.category: said.confidence, **{a.category: a.confidence for a in said.alternatives}}
        for said in (before, after)
    ]
    assert shares[1]["late_delivery"] > shares[0]["late_delivery"]
    assert (before.priority_confidence, before.danger) == (after.priority_confidence, after.danger)
    assert after.model.startswith(f"{before.model}+")

    (model / "live.json").write_text("{}", "utf-8")
    assert registry.load(model).predict("заказ") == before
    with pytest.raises(Unavailable, match=r"model\.live_broken"):
        registry.read_live(model)

    ended = CliRunner().invoke(models_group, ["adapt", "--off", "--model", str(model)])
    assert ended.exit_code == 0
    assert registry.read_live(model) is None


@pytest.mark.parametrize("options", [[], ["--texts", "x.jsonl", "--live", "3"]])
def test_one_source_of_texts_is_named(options: list[str]) -> None:
    ended = CliRunner().invoke(models_group, ["adapt", *options])
    assert ended.exit_code == 2
    assert "--live" in ended.stderr
