"""How far a confidence can be believed: temperature, thresholds, calibration error."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from triage.classifier.heads import Scores, softmax

Places = npt.NDArray[np.intp]

_SCALES = np.geomspace(0.02, 50.0, 200)
_ENOUGH_ANSWERS = 100  # of one label, before it gets a threshold of its own
_BINS = 15
NEVER = 1.01
"""A threshold that no probability reaches: this label is never given without a person."""


def fit_scale(logits: Scores, truth: Places) -> float:
    """The factor on held-out ``logits`` (texts x labels) that makes the truth likeliest.

    Temperature scaling (Guo et al. 2017), the inverse temperature searched on a fixed grid so
    that every machine finds the same one.
    """
    chosen = [
        float(np.log(softmax(logits * scale)[np.arange(len(truth)), truth] + 1e-12).mean())
        for scale in _SCALES
    ]
    return float(_SCALES[int(np.argmax(chosen))])


def choose_thresholds(
    shares: Scores, truth: Places, *, precision: float
) -> tuple[tuple[float, ...], float]:
    """Per label, the lowest confidence above which held-out answers reach ``precision``.

    A label with too few answers shares the threshold of all answers together, which is also
    returned.
    """
    answers = shares.argmax(axis=1)
    confidences = shares.max(axis=1)
    right = answers == truth
    overall = _lowest(confidences, right, precision)
    own = [answers == label for label in range(shares.shape[1])]
    chosen = tuple(
        _lowest(confidences[mine], right[mine], precision)
        if mine.sum() >= _ENOUGH_ANSWERS
        else overall
        for mine in own
    )
    return chosen, overall


def _lowest(confidences: Scores, right: npt.NDArray[np.bool_], precision: float) -> float:
    """The confidence down to which the answers, surest first, stay as right as asked."""
    order = np.argsort(-confidences, kind="stable")
    kept = np.cumsum(right[order]) / np.arange(1, len(order) + 1)
    reaching = np.flatnonzero(kept >= precision)
    if not len(reaching):
        return NEVER
    return round(float(confidences[order[reaching[-1]]]), 6)


def coverage_at(confidences: Scores, right: npt.NDArray[np.bool_], precision: float) -> float:
    """The share of texts that may go unchecked when ``precision`` of these must be right."""
    if not len(confidences):
        return 0.0
    lowest = _lowest(confidences, right, precision)
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
