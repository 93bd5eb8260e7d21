"""A text read whole and in its parts, and one answer made of both.

What matters often stands in one clause of a long text, and what a text as a whole says for a
label is thinned by everything else in it. So a head reads each part, too: how likely each label
is in the whole, in the part that says most for it, and in the part that says least.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from sklearn.linear_model import (  # type: ignore[import-untyped]  # scikit-learn has no types
    LogisticRegression,
)

from triage.classifier.scores import Places, Scores, softmax

_VIEWS = 3
_SOFTNESS = 0.1  # LogisticRegression's C
_FEWEST_A_WEIGHT = 10  # held-out texts for each weight, below which nothing is learnt
_LEAST = float(np.exp(-7.0))  # probability below which nothing is told apart
_MOST_ROUNDS = 3000
_DIGITS = 6


@dataclass(frozen=True, kw_only=True)
class Reading:
    """Log odds of the labels are ``views @ weights + bias`` (3 x labels by labels)."""

    weights: Scores
    bias: Scores

    def shares(self, whole: Scores, of_parts: Scores, owners: Places) -> Scores:
        """Probabilities of texts, from those of the whole texts and of their parts."""
        return softmax(_views(whole, of_parts, owners) @ self.weights + self.bias)

    def softened(self, by: Scores) -> Reading:
        """Less sure: the log odds of each label against the mean of all, times ``by[label]``."""
        weights = self.weights - self.weights.mean(axis=1, keepdims=True)
        return replace(self, weights=weights * by, bias=(self.bias - self.bias.mean()) * by)

    def shifted(self, odds: Scores) -> Reading:
        return replace(self, bias=self.bias + odds)


def learn(whole: Scores, of_parts: Scores, owners: Places, truth: Places) -> Reading | None:
    """The reading that makes the truth of held-out texts likeliest.

    ``whole`` are probabilities of texts (texts x labels), ``of_parts`` of parts, ``owners`` the
    text of each part. None where there are too few texts for so many labels.
    """
    labels = whole.shape[1]
    if len(truth) < _FEWEST_A_WEIGHT * _VIEWS * labels**2 or len(np.unique(truth)) < labels:
        return None
    machine = LogisticRegression(C=_SOFTNESS, max_iter=_MOST_ROUNDS)
    machine.fit(_views(whole, of_parts, owners), truth)
    weights, bias = machine.coef_.T, machine.intercept_
    if labels == 1 + weights.shape[1]:  # of two labels, only the second one's are given
        weights, bias = np.hstack([-weights, weights]) / 2, np.concatenate([-bias, bias]) / 2
    return Reading(weights=weights.round(_DIGITS), bias=bias.round(_DIGITS))


def _views(whole: Scores, of_parts: Scores, owners: Places) -> Scores:
    """Log probabilities: whole, most and least of the parts (texts x 3 labels).

    A text that is all one part is its own only part.
    """
    most, least = whole.copy(), whole.copy()
    if len(owners):
        most[owners], least[owners] = 0.0, 1.0
        np.maximum.at(most, owners, of_parts)
        np.minimum.at(least, owners, of_parts)
    views: Scores = np.log(np.maximum(np.hstack([whole, most, least]), _LEAST))
    return views
