"""One question put to a text (its category, its priority): linear, calibrated answers, read."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from triage.classifier.experts import Experts
from triage.classifier.net import SecondOpinion
from triage.classifier.reading import Reading
from triage.classifier.scores import Floats, Places, Scores, softmax


@dataclass(frozen=True, kw_only=True)
class Head:
    """``logits = values @ weights[columns] + bias``; their softmax is the probability.

    What calibrates is already multiplied into ``weights`` (features x labels)
    and ``bias``, so a weight is in natural-log odds. With a ``reading`` that is so of the whole
    text and of each of its parts, and the reading makes the probability of these. With
    ``experts`` their opinion is put beside the linear one before anything is read, and with a
    ``second`` opinion that one after it was. Below ``thresholds[label]`` the answer is a guess:
    the head abstains.
    """

    field: str
    labels: tuple[str, ...]
    weights: Floats
    bias: Floats
    thresholds: tuple[float, ...]
    reading: Reading | None = None
    experts: Experts | None = None
    second: SecondOpinion | None = None

    def likely(self, logits: Scores, advice: Scores, given: Scores) -> Scores:
        """Probabilities (texts x labels) before anything is read, of whole texts or of parts.

        ``advice`` are the experts' logits, ``given`` how likely each answer to the first
        question is; both count for nothing where the head has no experts.
        """
        own = softmax(logits)
        return own if self.experts is None else self.experts.joined(own, advice, given)

    def read(
        self, whole: Scores, of_parts: Scores, owners: Places, meanings: Floats | None = None
    ) -> Scores:
        """Probabilities of texts, from those of the whole texts and of their parts, and from what
        the texts mean where there is a second opinion."""
        if self.reading is not None:
            whole = self.reading.shares(whole, of_parts, owners)
        if self.second is None or meanings is None:
            return whole
        return self.second.joined(whole, meanings)

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

    def within(self, weights: Floats, of_experts: Floats) -> Head:
        """The same with weights that lie in a larger array, so that they are kept once."""
        experts = None if self.experts is None else replace(self.experts, weights=of_experts)
        return replace(self, weights=weights, experts=experts)

    def rounded(self) -> Head:
        """The same head with weights that half precision holds exactly, as they are stored."""
        return replace(
            self,
            weights=self.weights.astype(np.float16).astype(np.float32),
            experts=None if self.experts is None else self.experts.rounded(),
        )

    def calibrated(self, fit: Calibration, thresholds: tuple[float, ...]) -> Head:
        return replace(
            self,
            weights=self.weights * np.float32(fit.scale),
            bias=(self.bias * fit.scale + fit.bias).astype(np.float32),
            thresholds=thresholds,
        )

    def shifted(self, odds: Scores, thresholds: tuple[float, ...]) -> Head:
        """The same head where labels are more or less common by ``odds`` (natural-log odds)."""
        second = None if self.second is None else self.second.shifted(odds)
        head = replace(self, second=second, thresholds=thresholds)
        if self.reading is not None:
            return replace(head, reading=self.reading.shifted(odds))
        return replace(head, bias=(self.bias + odds).astype(np.float32))


class Calibration(NamedTuple):
    """``logits * scale + bias`` are natural-log odds that can be believed."""

    scale: float
    bias: Scores

    def softened(self, by: float) -> Calibration:
        return Calibration(self.scale * by, self.bias * by)
