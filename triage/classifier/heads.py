"""One question put to a text (its category, its priority): a linear, calibrated answer."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Scores = npt.NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Head:
    """``logits = values @ weights[columns] + bias``; their softmax is the probability.

    What calibrates is already multiplied into ``weights`` (features x labels)
    and ``bias``, so a weight is in natural-log odds. Below ``thresholds[label]`` the answer is
    a guess: the head abstains.
    """

    field: str
    labels: tuple[str, ...]
    weights: Floats
    bias: Floats
    thresholds: tuple[float, ...]

    @classmethod
    def of_machine(
        cls, field: str, labels: tuple[str, ...], coefficients: Scores, intercepts: Scores
    ) -> Head:
        """From a fitted scikit-learn linear classifier (one row a label, one row for two).

        The weight that all labels share says nothing about any of them and is taken out, so
        that an explanation tells one label from the others.
        """
        if len(labels) == len(coefficients) + 1:
            coefficients = np.vstack([-coefficients, coefficients])
            intercepts = np.concatenate([-intercepts, intercepts])
        centred = coefficients - coefficients.mean(axis=0)
        return cls(
            field=field,
            labels=labels,
            weights=np.ascontiguousarray(centred.T, dtype=np.float32),
            bias=(intercepts - intercepts.mean()).astype(np.float32),
            thresholds=(0.0,) * len(labels),
        )

    def calibrated(self, fit: Calibration, thresholds: tuple[float, ...]) -> Head:
        return Head(
            field=self.field,
            labels=self.labels,
            weights=self.weights * np.float32(fit.scale),
            bias=(self.bias * fit.scale + fit.bias).astype(np.float32),
            thresholds=thresholds,
        )

    def shifted(self, odds: Scores, thresholds: tuple[float, ...]) -> Head:
        """The same head where labels are more or less common by ``odds`` (natural-log odds)."""
        return replace(self, bias=(self.bias + odds).astype(np.float32), thresholds=thresholds)


class Calibration(NamedTuple):
    """``logits * scale + bias`` are natural-log odds that can be believed."""

    scale: float
    bias: Scores


def softmax(logits: npt.NDArray[np.floating]) -> Scores:
    """Probabilities along the last axis."""
    powers = np.exp(logits - logits.max(axis=-1, keepdims=True), dtype=np.float64)
    shares: Scores = powers / powers.sum(axis=-1, keepdims=True)
    return shares
