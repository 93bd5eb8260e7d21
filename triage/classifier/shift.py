"""The mix of labels in live traffic, estimated from texts that nobody labelled.

A model learns from a corpus whose writers chose how many texts each label has; customers choose
otherwise. EM (Saerens, Latinne and Decaestecker 2002) finds the shares that make the model's own
probabilities most consistent. It overshoots where the texts are unlike the corpus, so the answer
is drawn half-way back to the corpus and bounded on both sides.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import numpy as np

from triage.classifier.calibration import choose_thresholds
from triage.classifier.heads import Head
from triage.classifier.scores import Places, Scores
from triage.errors import Invalid

FEWEST_TEXTS = 200
"""Unlabelled texts below which nothing is estimated."""

_PRIOR = 0.05  # of the texts, as imaginary ones with the corpus's shares (Dirichlet prior)
_DAMPING = 0.5  # of the way back to the corpus, in log odds
_FARTHEST = np.log(4.0)  # log odds that one label may gain or lose
_FLOOR = 0.01  # share below which no label falls
_ROUNDS = 200
_STILL = 1e-7
_RESAMPLES = 40
_DIGITS = 6


@dataclass(frozen=True, kw_only=True)
class LiveMix:
    """``odds`` (natural log) are added to a label's logit; ``thresholds`` are for these answers.

    ``shares`` are used, ``low`` and ``high`` bound 90 % of what resampled texts gave for them:
    how sure the estimate is of itself, not how right the model is about such texts.
    """

    model: str
    field: str
    labels: tuple[str, ...]
    texts: int
    created: str
    corpus_shares: tuple[float, ...]
    shares: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    odds: tuple[float, ...]
    thresholds: tuple[float, ...]

    @property
    def digest(self) -> str:
        """SHA-256 of all that is said here, in hexadecimal."""
        said = json.dumps(asdict(self), ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(said.encode()).hexdigest()

    def apply(self, head: Head) -> Head:
        return head.shifted(np.array(self.odds), self.thresholds)

    def to_json(self) -> dict[str, Any]:
        return {**asdict(self), "sha256": self.digest}


def from_json(value: Any) -> LiveMix | None:
    """What ``to_json`` wrote; None where it was changed since, or is something else."""
    try:
        fields: dict[str, Any] = {
            name: tuple(each) if isinstance(each, list) else each for name, each in value.items()
        }
        digest = fields.pop("sha256")
        mix = LiveMix(**fields)
    except (AttributeError, KeyError, TypeError):
        return None
    sizes = {len(each) for each in (mix.labels, mix.odds, mix.thresholds)}
    return mix if mix.digest == digest and len(sizes) == 1 else None


@dataclass(frozen=True, kw_only=True)
class Known:
    """What the model said of labelled texts that it had not seen: the corpus's own measure."""

    shares: Scores
    truth: Places


def estimate(
    live: Scores, known: Known, head: Head, *, model: str, precision: float, now: datetime
) -> LiveMix:
    """The mix behind ``live`` (texts x labels, the unshifted model's probabilities).

    The thresholds are those that keep ``precision`` on the labelled texts, each weighing as much
    as its label does in live traffic. Raises Invalid ``adapt.too_few_texts``.
    """
    if len(live) < FEWEST_TEXTS:
        raise Invalid("adapt.too_few_texts", texts=len(live), fewest=FEWEST_TEXTS)
    corpus = np.bincount(known.truth, minlength=len(head.labels)) / len(known.truth)
    shares = live_shares(live, corpus)
    chance = np.random.default_rng(0)
    tried = [
        live_shares(live[chance.integers(len(live), size=len(live))], corpus)
        for _ in range(_RESAMPLES)
    ]
    odds = np.log(shares / corpus)
    shifted = known.shares * np.exp(odds)
    shifted /= shifted.sum(axis=1, keepdims=True)
    weights = (shares / corpus)[known.truth]
    thresholds, _ = choose_thresholds(shifted, known.truth, precision=precision, weights=weights)
    return LiveMix(
        model=model,
        field=head.field,
        labels=head.labels,
        texts=len(live),
        created=now.isoformat(timespec="seconds"),
        corpus_shares=_rounded(corpus),
        shares=_rounded(shares),
        low=_rounded(np.quantile(tried, 0.05, axis=0)),
        high=_rounded(np.quantile(tried, 0.95, axis=0)),
        odds=_rounded(odds),
        thresholds=thresholds,
    )


def live_shares(live: Scores, corpus: Scores) -> Scores:
    """Shares of labels: EM with a Dirichlet prior, damped, bounded; they add up to one."""
    imagined = _PRIOR * len(live)
    shares = corpus
    for _ in range(_ROUNDS):
        likely = live * (shares / corpus)
        counted = (likely / likely.sum(axis=1, keepdims=True)).sum(axis=0)
        before, shares = shares, (counted + imagined * corpus) / (len(live) + imagined)
        if np.abs(shares - before).max() < _STILL:
            break
    odds = (1 - _DAMPING) * np.log(shares / corpus)
    bounded = corpus * np.exp(np.clip(odds - odds @ corpus, -_FARTHEST, _FARTHEST))
    floored = np.maximum(bounded / bounded.sum(), np.minimum(_FLOOR, corpus))
    whole: Scores = floored / floored.sum()
    return whole


def _rounded(values: Sequence[float] | Scores) -> tuple[float, ...]:
    return tuple(round(float(value), _DIGITS) for value in values)
