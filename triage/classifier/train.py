"""Learn heads from labelled texts, and measure them on texts that they have not seen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import scipy.sparse as sp  # type: ignore[import-untyped]  # scipy ships no types
from sklearn.svm import LinearSVC  # type: ignore[import-untyped]  # scikit-learn has no types

from triage.classifier.calibration import Places, choose_thresholds, fit
from triage.classifier.features import Counts, TextFeatures, count
from triage.classifier.heads import Calibration, Head, Scores, softmax
from triage.classifier.rows import Row
from triage.errors import Invalid

PRECISION = 0.9
"""Of the answers that the model does not abstain from, the share that shall be right."""

_SOFTNESS = 0.3  # LinearSVC's C; chosen by cross-validation on our corpus
_FOLDS = 5
_FEWEST = 2
_ALWAYS_SEEN = -1
_MOST_FILE_FOLDS = 8  # so many models are trained, each without its share of the files
_FEWEST_FILES = 3

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
    """A model that is not yet in any folder. ``held_out`` is None where texts were too few.

    ``files_held_out`` are answers where the whole file of a text was unseen, another writer and
    manner, as a customer's is; None for one file, or where a label is in one file only.
    """

    features: TextFeatures
    heads: tuple[Head, ...]
    held_out: tuple[HeldOut | None, ...]
    files_held_out: tuple[HeldOut | None, ...]
    scales: tuple[float, ...]
    rows: int
    seed: int
    precision: float


def train(
    rows: Sequence[Row],
    fields: Sequence[str],
    *,
    files: Sequence[str] | None = None,
    seed: int = 0,
    precision: float = PRECISION,
    progress: Progress = lambda _line: None,
) -> Trained:
    """A head for each field, over one vectoriser; equal rows and seed give equal heads.

    ``files[i]`` says where row ``i`` comes from: with several, confidences and thresholds are
    made on files held out whole. Raises Invalid ``train.one_label`` when a field has fewer than
    two labels.
    """
    for field in fields:
        _check_labels(rows, field)
    progress(f"reading {len(rows)} texts")
    counts = count(row["text"] for row in rows)
    features = TextFeatures().choose(counts)
    progress(f"{len(features.rarity_)} features")
    course = _Course(counts, features.weigh(counts), files, seed, precision, progress)
    learnt = [course.learn(field, [row[field] for row in rows]) for field in fields]
    heads, held, files_held, scales = zip(*learnt, strict=True)
    return Trained(
        features=features,
        heads=heads,
        held_out=held,
        files_held_out=files_held,
        scales=scales,
        rows=len(rows),
        seed=seed,
        precision=precision,
    )


@dataclass(frozen=True)
class _Course:
    """What all heads of one training share."""

    counts: Counts
    vectors: sp.csr_matrix
    files: Sequence[str] | None
    seed: int
    precision: float
    progress: Progress

    def learn(
        self, field: str, values: Sequence[str]
    ) -> tuple[Head, HeldOut | None, HeldOut | None, float]:
        """A calibrated head, what it says unseen, what with the file unseen, its scale."""
        labels, truth = np.unique(np.array(values), return_inverse=True)
        names = tuple(str(label) for label in labels)
        by_text = self._judge(truth, names, _deal(truth, self.seed), "cross-validation")
        by_file = None
        folds = None if self.files is None else _deal_files(self.files, truth)
        if folds is not None:
            by_file = self._judge(truth, names, folds, "files held out")
        measured = by_text if by_file is None else by_file
        self.progress(f"{field}: training on all {len(values)} texts")
        head = Head.of_machine(field, names, *_fit(self.vectors, truth, seed=self.seed))
        if measured is None:
            return head, None, None, 1.0
        found = fit(measured.shares, measured.truth)
        thresholds, _ = choose_thresholds(
            _believed(measured, found).shares, measured.truth, precision=self.precision
        )
        held = [None if each is None else _believed(each, found) for each in (by_text, by_file)]
        return head.calibrated(found, thresholds), held[0], held[1], found.scale

    def _judge(
        self, truth: Places, labels: tuple[str, ...], folds: Places, called: str
    ) -> HeldOut | None:
        """Logits for each text by a model, vocabulary included, that never saw its fold."""
        logits = np.zeros((len(truth), len(labels)))
        for fold in range(folds.max() + 1):
            self.progress(f"{called} {fold + 1}/{folds.max() + 1}")
            seen, unseen = np.flatnonzero(folds != fold), np.flatnonzero(folds == fold)
            features = TextFeatures().choose(self.counts, seen)
            fitted = _fit(features.weigh(self.counts, seen), truth[seen], seed=self.seed)
            head = Head.of_machine("", labels, *fitted)
            logits[unseen] = features.weigh(self.counts, unseen) @ head.weights + head.bias
        rows = np.flatnonzero(folds != _ALWAYS_SEEN)
        if not len(rows):
            return None
        return HeldOut(labels=labels, rows=rows, shares=logits[rows], truth=truth[rows])


def _believed(held_out: HeldOut, found: Calibration) -> HeldOut:
    """Probabilities in place of logits."""
    return replace(held_out, shares=softmax(held_out.shares * found.scale + found.bias))


def _check_labels(rows: Sequence[Row], field: str) -> None:
    if len({row[field] for row in rows}) < _FEWEST:
        raise Invalid("train.one_label", field=field)


def _deal(truth: Places, seed: int) -> Places:
    """A fold for each text, the texts of each label spread evenly; a label's only text has none."""
    chance = np.random.default_rng(seed)
    folds = np.full(len(truth), _ALWAYS_SEEN, dtype=np.intp)
    for label in range(truth.max() + 1):
        mine = chance.permutation(np.flatnonzero(truth == label))
        if len(mine) >= _FEWEST:
            folds[mine] = np.arange(len(mine)) % _FOLDS
    return folds


def _deal_files(files: Sequence[str], truth: Places) -> Places | None:
    """A fold for each text, a file's texts all in one; None where that leaves a label unseen."""
    names, places = np.unique(np.array(files), return_inverse=True)
    if len(names) < _FEWEST_FILES:
        return None
    folds: Places = places % min(len(names), _MOST_FILE_FOLDS)
    labels = truth.max() + 1
    for fold in range(folds.max() + 1):
        if len(np.unique(truth[folds != fold])) < labels:
            return None
    return folds


def _fit(vectors: sp.csr_matrix, truth: Places, *, seed: int) -> tuple[Scores, Scores]:
    """One separating plane a label; rare labels count as much as common ones."""
    machine = LinearSVC(C=_SOFTNESS, class_weight="balanced", random_state=seed)
    machine.fit(vectors, truth)
    return machine.coef_, machine.intercept_
