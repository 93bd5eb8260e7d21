"""One question asked within each answer to another: what is urgent of a defect, what of a delay.

The same words weigh differently there («second week» says much of a parcel and nothing of a
repair). An expert for each label of the first question has learnt from the texts of that label
only; all of them speak, each as loud as its label is likely, and their word is put beside that of
the head that learnt from all texts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
import scipy.sparse as sp  # type: ignore[import-untyped]  # scipy ships no types
from sklearn.svm import LinearSVC  # type: ignore[import-untyped]  # scikit-learn has no types

from triage.classifier.scores import Floats, Places, Scores, softmax

_FEWEST = 200
"""Texts that every label of the first question must have, that experts are asked at all."""

_MOST_COLUMNS = 48
"""Experts times labels; more would make the model too large."""

_OWN_LESSONS = 8
"""Lessons of its own in which a feature must occur for an expert to weigh it (a text is one, and
joined to another it is one more); with 1 the answers are no better and the model is larger."""

_NEVER_SEEN = -2.0
"""Logit of a label that an expert never met: twice the margin below what speaks against it."""

_CERTAIN = 1e-9


class Given(NamedTuple):
    """The answers to the first question: text ``i`` has label number ``truth[i]`` of ``labels``."""

    truth: Places
    labels: int


@dataclass(frozen=True, kw_only=True)
class Experts:
    """``logits = values @ weights[columns] + bias``, the first expert's labels first.

    ``weights`` are features x (experts * labels). ``scale`` and ``offset`` (labels) calibrate the
    product of both opinions; log odds are theirs.
    """

    weights: Floats
    bias: Floats
    scale: float
    offset: Scores

    def rounded(self) -> Experts:
        """The same with weights that half precision holds exactly, as they are stored."""
        return replace(self, weights=self.weights.astype(np.float16).astype(np.float32))

    def calibrated(self, scale: float) -> Experts:
        """The same with logits that are times ``scale``."""
        return replace(
            self,
            weights=self.weights * np.float32(scale),
            bias=self.bias * np.float32(scale),
        )

    def joined(self, own: Scores, logits: Scores, given: Scores) -> Scores:
        """Probabilities (texts x labels) from the head's ``own``, the experts' logits, and how
        likely each label of the first question is (``given``, texts x experts)."""
        return softmax(both(own, logits, given) * self.scale + self.offset)


def both(own: Scores, logits: Scores, given: Scores) -> Scores:
    """Log of the product of two opinions: the head's own, and that of the experts together."""
    of_each = softmax(logits.reshape(len(logits), given.shape[1], own.shape[1]))
    theirs = (given[:, :, None] * of_each).sum(axis=1)
    product: Scores = np.log(own + _CERTAIN) + np.log(theirs + _CERTAIN)
    return product


def worth_asking(given: Given, labels: int) -> bool:
    """Whether there are texts enough for each expert, and not too many experts."""
    counts = np.bincount(given.truth, minlength=given.labels)
    return given.labels * labels <= _MOST_COLUMNS and bool(counts.min() >= _FEWEST)


def fit_experts(
    vectors: sp.csr_matrix,
    given: Places,
    wanted: Places,
    shape: tuple[int, int],
    machine: LinearSVC,
) -> Experts:
    """Not yet calibrated. ``shape`` is how many experts, and how many labels each tells apart.

    ``machine`` says how each is fitted; ``wanted`` are the places of the labels of the vectors.
    """
    experts, labels = shape
    weights = np.zeros((vectors.shape[1], experts, labels), dtype=np.float32)
    bias = np.full((experts, labels), _NEVER_SEEN, dtype=np.float32)
    for number in range(experts):
        mine = np.flatnonzero(given == number)
        met = np.unique(wanted[mine])
        if len(met) < 2:  # one label cannot be told from itself
            bias[number, met] = 1.0
            continue
        own = vectors[mine]
        columns = np.flatnonzero(np.bincount(own.indices, minlength=own.shape[1]) >= _OWN_LESSONS)
        machine.fit(own[:, columns], wanted[mine])
        planes, edges = machine.coef_, machine.intercept_
        if len(met) == len(planes) + 1:  # of two labels, only the second one's are given
            planes, edges = np.vstack([-planes, planes]), np.concatenate([-edges, edges])
        weights[columns[:, None], number, met] = planes.T
        bias[number, met] = edges
    flat = weights.reshape(vectors.shape[1], experts * labels)
    return Experts(weights=flat, bias=bias.ravel(), scale=1.0, offset=np.zeros(labels))


def mean(each: Sequence[Experts]) -> Experts:
    """Experts whose logits are the mean of the others'."""
    return replace(
        each[0],
        weights=np.mean([one.weights for one in each], axis=0, dtype=np.float32),
        bias=np.mean([one.bias for one in each], axis=0, dtype=np.float32),
    )
