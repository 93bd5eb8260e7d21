"""A danger told in passing: a text is as dangerous as its most dangerous part.

People mention the smoke or the rash in half a sentence of a long, calm review, where everything
else speaks for an ordinary case. So the worst part is heard on its own, beside what was read of
the whole (``reading``) and where too few texts were learnt for a reading.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from triage.classifier.calibration import fit
from triage.classifier.scores import Places, Scores

FIELD, LABEL = "priority", "urgent"

ALARM = 0.12
"""Probability from which a text is called urgent: a missed danger weighs as seven false alarms."""

_CERTAIN = 1e-6


@dataclass(frozen=True, kw_only=True)
class Alarm:
    """What turns two shares of ``urgent``, of the whole text and of its worst part, into one.

    The mean of both, recalibrated on texts held out: ``log odds * scale + bias``.
    """

    scale: float
    bias: float

    def danger(self, whole: Scores, worst: Scores) -> Scores:
        odds = _log_odds((whole + worst) / 2) * self.scale + self.bias
        shares: Scores = 1 / (1 + np.exp(-odds))
        return shares


def learn(whole: Scores, worst: Scores, urgent: npt.NDArray[np.bool_]) -> Alarm:
    """The alarm that makes what is known of held-out texts likeliest."""
    odds = _log_odds((whole + worst) / 2)
    found = fit(np.column_stack([np.zeros_like(odds), odds]), urgent.astype(np.intp))
    return Alarm(scale=found.scale, bias=round(float(found.bias[1] - found.bias[0]), 6))


def _log_odds(shares: Scores) -> Scores:
    inside = np.clip(shares, _CERTAIN, 1 - _CERTAIN)
    odds: Scores = np.log(inside / (1 - inside))
    return odds


def place_of(labels: Sequence[str], field: str) -> int | None:
    """Where among ``labels`` the danger is; None for a head that knows none."""
    return labels.index(LABEL) if field == FIELD and LABEL in labels else None


def alarmed(shares: Scores, danger: Scores, place: int) -> Scores:
    """``shares`` (texts x labels) with the danger in its place, the others in proportion."""
    others = 1 - shares[:, place]
    told = shares * ((1 - danger) / np.maximum(others, _CERTAIN))[:, None]
    told[:, place] = danger
    return told


def answers(shares: Scores, place: int | None) -> Places:
    """The label that each row of ``shares`` comes to: the likeliest, or the danger."""
    best: Places = shares.argmax(axis=1)
    if place is not None:
        best[shares[:, place] >= ALARM] = place
    return best


def worst(whole: Scores, of_parts: Scores, owners: Places) -> Scores:
    """The largest of the shares of each text's parts; ``owners`` say whose each part is.

    A text without parts counts as a whole.
    """
    found = np.zeros(len(whole))
    np.maximum.at(found, owners, of_parts)
    in_parts = np.zeros(len(whole), dtype=np.bool_)
    in_parts[owners] = True
    return np.where(in_parts, found, whole)
