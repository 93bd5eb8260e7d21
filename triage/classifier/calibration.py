"""How far a confidence can be believed: temperature, thresholds, calibration error."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize  # type: ignore[import-untyped]  # scipy ships no types

from triage.classifier.heads import Calibration
from triage.classifier.scores import Places, Scores, softmax

_HELD_BACK = 1e-3  # pull of the biases towards none, per squared log odds
_SCALE_LIMITS = (-4.0, 4.0)  # logarithms
_ENOUGH_ANSWERS = 100  # of one label, before it gets a threshold of its own
_BINS = 15
NEVER = 1.01
"""A threshold that no probability reaches: this label is never given without a person."""


def fit(logits: Scores, truth: Places) -> Calibration:
    """What makes the truth of held-out ``logits`` (texts x labels) likeliest.

    Vector scaling (Guo et al. 2017): one temperature, and a bias for each label, because the
    machines weigh all labels alike while some are rarer.
    """
    labels = logits.shape[1]
    wanted = np.eye(labels)[truth]

    def loss(point: Scores) -> tuple[float, Scores]:
        scale, bias = np.exp(point[0]), point[1:]
        shares = softmax(logits * scale + bias)
        miss = (shares - wanted) / len(truth)
        unlikely = -np.log(shares[np.arange(len(truth)), truth] + 1e-12).mean()
        slope = [np.sum(miss * logits) * scale, *(miss.sum(axis=0) + 2 * _HELD_BACK * bias)]
        return float(unlikely + _HELD_BACK * bias @ bias), np.array(slope)

    limits = [_SCALE_LIMITS] + [(None, None)] * labels
    best = minimize(loss, np.zeros(labels + 1), jac=True, method="L-BFGS-B", bounds=limits).x
    return Calibration(round(float(np.exp(best[0])), 6), best[1:].round(6))


def choose_thresholds(
    shares: Scores,
    truth: Places,
    *,
    precision: float,
    weights: Scores | None = None,
    answers: Places | None = None,
) -> tuple[tuple[float, ...], float]:
    """Per label, the lowest confidence above which held-out answers reach ``precision``.

    A label with too few answers shares the threshold of all answers together, which is also
    returned. ``weights`` say how often each text stands for its like; one each by default.
    ``answers`` are the labels that the shares come to; by default the likeliest.
    """
    weights = np.ones(len(truth)) if weights is None else weights
    if answers is None:
        answers = shares.argmax(axis=1)
    confidences = np.take_along_axis(shares, answers[:, None], axis=1)[:, 0]
    right = answers == truth
    overall = _lowest(confidences, right, precision, weights)
    own = [answers == label for label in range(shares.shape[1])]
    chosen = tuple(
        _lowest(confidences[mine], right[mine], precision, weights[mine])
        if mine.sum() >= _ENOUGH_ANSWERS
        else overall
        for mine in own
    )
    return chosen, overall


def _lowest(
    confidences: Scores, right: npt.NDArray[np.bool_], precision: float, weights: Scores
) -> float:
    """The confidence down to which the answers, surest first, stay as right as asked."""
    order = np.argsort(-confidences, kind="stable")
    kept = np.cumsum((right * weights)[order]) / np.cumsum(weights[order])
    reaching = np.flatnonzero(kept >= precision)
    if not len(reaching):
        return NEVER
    return round(float(confidences[order[reaching[-1]]]), 6)


def coverage_at(confidences: Scores, right: npt.NDArray[np.bool_], precision: float) -> float:
    """The share of texts that may go unchecked when ``precision`` of these must be right."""
    if not len(confidences):
        return 0.0
    lowest = _lowest(confidences, right, precision, np.ones(len(right)))
    return float((confidences >= lowest).mean())


def calibration_error(confidences: Scores, right: npt.NDArray[np.bool_]) -> float:
    """Expected calibration error over 15 equal bins: mean gap of confidence and success."""
    bins = np.minimum((confidences * _BINS).astype(int), _BINS - 1)
    gaps = [
        abs(float(confidences[here].mean()) - float(right[here].mean())) * float(here.mean())
        for here in (bins == number for number in range(_BINS))
        if here.any()
    ]
    return sum(gaps)
