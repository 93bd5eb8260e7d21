"""Learn heads from labelled texts, and measure them on texts that they have not seen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp  # type: ignore[import-untyped]  # scipy ships no types
from sklearn.svm import LinearSVC  # type: ignore[import-untyped]  # scikit-learn has no types

from triage.classifier.calibration import Places, choose_thresholds, fit_scale
from triage.classifier.features import Counts, TextFeatures, count
from triage.classifier.heads import Head, Scores, softmax
from triage.classifier.rows import Row
from triage.errors import Invalid

PRECISION = 0.9
"""Of the answers that the model does not abstain from, the share that shall be right."""

_SOFTNESS = 0.3  # LinearSVC's C; chosen by cross-validation on our corpus
_FOLDS = 5
_FEWEST = 2
_ALWAYS_SEEN = -1

Progress = Callable[[str], None]


@dataclass(frozen=True, kw_only=True)
class HeldOut:
    """What a head said about texts that it was not trained on.

    ``rows`` are their places among the training rows; ``shares`` (texts x labels) are calibrated
    probabilities, ``truth`` are places in ``labels``.
    """

    labels: tuple[str, ...]
    rows: Places
    shares: Scores
    truth: Places


@dataclass(frozen=True, kw_only=True)
class Trained:
    """A model that is not yet in any folder. ``held_out`` is None where texts were too few."""

    features: TextFeatures
    heads: tuple[Head, ...]
    held_out: tuple[HeldOut | None, ...]
    scales: tuple[float, ...]
    rows: int
    seed: int
    precision: float


def train(
    rows: Sequence[Row],
    fields: Sequence[str],
    *,
    seed: int = 0,
    precision: float = PRECISION,
    progress: Progress = lambda _line: None,
) -> Trained:
    """A head for each field, over one vectoriser; equal rows and seed give equal heads.

    Raises Invalid ``train.one_label`` when a field has fewer than two labels.
    """
    for field in fields:
        _check_labels(rows, field)
    progress(f"reading {len(rows)} texts")
    counts = count(row["text"] for row in rows)
    features = TextFeatures().choose(counts)
    progress(f"{len(features.rarity_)} features")
    vectors = features.weigh(counts)
    learnt = []
    for field in fields:
        values = np.array([row[field] for row in rows])
        labels, truth = np.unique(values, return_inverse=True)
        names = tuple(str(label) for label in labels)
        held_out, scale = _hold_out(counts, truth, names, seed=seed, progress=progress)
        progress(f"{field}: training on all {len(rows)} texts")
        head = Head.of_machine(field, names, *_fit(vectors, truth, seed=seed))
        thresholds = (0.0,) * len(names)
        if held_out is not None:
            thresholds, _ = choose_thresholds(held_out.shares, held_out.truth, precision=precision)
        learnt.append((head.calibrated(scale, thresholds), held_out, scale))
    heads, held, scales = zip(*learnt, strict=True)
    return Trained(
        features=features,
        heads=heads,
        held_out=held,
        scales=scales,
        rows=len(rows),
        seed=seed,
        precision=precision,
    )


def _check_labels(rows: Sequence[Row], field: str) -> None:
    if len({row[field] for row in rows}) < _FEWEST:
        raise Invalid("train.one_label", field=field)


def _hold_out(
    counts: Counts, truth: Places, labels: tuple[str, ...], *, seed: int, progress: Progress
) -> tuple[HeldOut | None, float]:
    """Cross-validation: each text judged by a model, vocabulary included, that never saw it."""
    folds = _deal(truth, seed)
    logits = np.zeros((len(truth), len(labels)))
    for fold in range(folds.max() + 1):
        progress(f"cross-validation {fold + 1}/{folds.max() + 1}")
        seen, unseen = np.flatnonzero(folds != fold), np.flatnonzero(folds == fold)
        features = TextFeatures().choose(counts, seen)
        fitted = _fit(features.weigh(counts, seen), truth[seen], seed=seed)
        head = Head.of_machine("", labels, *fitted)
        logits[unseen] = features.weigh(counts, unseen) @ head.weights + head.bias
    rows = np.flatnonzero(folds != _ALWAYS_SEEN)
    if not len(rows):
        return None, 1.0
    scale = fit_scale(logits[rows], truth[rows])
    shares = softmax(logits[rows] * scale)
    return HeldOut(labels=labels, rows=rows, shares=shares, truth=truth[rows]), scale


def _deal(truth: Places, seed: int) -> Places:
    """A fold for each text, the texts of each label spread evenly; a label's only text has none."""
    chance = np.random.default_rng(seed)
    folds = np.full(len(truth), _ALWAYS_SEEN, dtype=np.intp)
    for label in range(truth.max() + 1):
        mine = chance.permutation(np.flatnonzero(truth == label))
        if len(mine) >= _FEWEST:
            folds[mine] = np.arange(len(mine)) % _FOLDS
    return folds


def _fit(vectors: sp.csr_matrix, truth: Places, *, seed: int) -> tuple[Scores, Scores]:
    """One separating plane a label; rare labels count as much as common ones."""
    machine = LinearSVC(C=_SOFTNESS, class_weight="balanced", random_state=seed)
    machine.fit(vectors, truth)
    return machine.coef_, machine.intercept_
