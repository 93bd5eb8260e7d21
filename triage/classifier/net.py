"""A second opinion on English texts: small neural nets that hear what their words mean.

The planes weigh each word and cluster by itself. Nets over the mean of the words' vectors err
elsewhere, and together they err less often. What means something else than all that was learnt
is doubted (docs/classifier.md).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from triage.classifier.scores import Floats, Scores, softmax
from triage.classifier.vectors import Meaning

_CERTAIN = 1e-9
_DOUBT = 0.1
"""How fast log odds shrink with each standard deviation that a text is stranger than usual."""
_STRANGEST, _NEAREST = -6.0, 3.0  # standard deviations


@dataclass(frozen=True, kw_only=True)
class Net:
    """``relu(meaning @ first + edges) @ second + bias`` are logits."""

    first: Floats
    edges: Floats
    second: Floats
    bias: Floats

    def shares(self, meanings: Floats) -> Scores:
        """Probabilities (texts x labels)."""
        hidden = np.maximum(meanings @ self.first + self.edges, 0)
        return softmax(hidden @ self.second + self.bias)


class Told(NamedTuple):
    """What nets said of texts: log probabilities (texts x labels), and how near each text is to
    what a label means on average (cosine, -1 to 1; of the nearest label).

    Both are 0 of a text that means nothing to them, of which they say nothing.
    """

    logs: Scores
    near: Scores


@dataclass(frozen=True, kw_only=True)
class Nets:
    """Several that differ by chance, and ``centres`` (labels x 256): the mean of the meanings of
    each label's texts, of length 1."""

    nets: Sequence[Net]
    centres: Floats

    def say(self, meanings: Floats) -> Told:
        shares = np.mean([net.shares(meanings) for net in self.nets], axis=0)
        logs: Scores = np.log(shares + _CERTAIN)
        logs[~meanings.any(axis=1)] = 0
        near = (meanings @ self.centres.T).max(axis=1) / np.sqrt(meanings.shape[1])
        return Told(logs, near.astype(np.float64))


@dataclass(frozen=True, kw_only=True)
class SecondOpinion:
    """Log odds are ``own`` times those of what is thought already, plus ``told`` times the nets',
    both times what is left by doubt, plus ``offset`` (labels).

    ``usual`` are mean and deviation of how near texts were that nets had not seen. ``odds`` are by
    how much labels are more or less common than they were.
    """

    own: float
    told: float
    offset: Scores
    usual: tuple[float, float]
    odds: Scores
    meaning: Meaning
    nets: Nets

    def joined(self, own: Scores, meanings: Floats) -> Scores:
        """Probabilities (texts x labels) once the nets have been heard as well."""
        return self.heard(own, self.nets.say(meanings))

    def heard(self, own: Scores, told: Told) -> Scores:
        """The same from what nets told; ``own`` where they told nothing."""
        before = np.log(own + _CERTAIN) - self.odds
        both = (self.own * before + self.told * told.logs) * left_by_doubt(told.near, self.usual)
        heard = told.logs.any(axis=1, keepdims=True)
        return np.where(heard, softmax(both + self.offset + self.odds), own)

    def softened(self, by: float) -> SecondOpinion:
        """For ``own`` whose log odds are times ``by`` already."""
        return replace(self, told=self.told * by, offset=self.offset * by)

    def shifted(self, odds: Scores) -> SecondOpinion:
        """For ``own`` in which labels are more or less common by ``odds`` already."""
        return replace(self, odds=self.odds + odds)


def left_by_doubt(near: Scores, usual: tuple[float, float]) -> Scores:
    """What log odds are times (texts x 1): 1 for a text as near as usual, less for a strange
    one."""
    mean, deviation = usual
    strange = np.clip((near - mean) / deviation, _STRANGEST, _NEAREST)
    left: Scores = np.exp(_DOUBT * strange)[:, None]
    return left
