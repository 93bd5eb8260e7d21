"""A loaded model answering: text in, Prediction out, about half a millisecond on one core."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from triage.classifier.explain import terms
from triage.classifier.features import Encoded, TextFeatures
from triage.classifier.heads import Floats, Head, Scores, softmax
from triage.core.prediction import Alternative, Prediction

_ALTERNATIVES = 3
_LEAST_ALTERNATIVE = 0.01  # probability below which another label is not worth showing
_LEAST_KNOWN = 0.25  # of the words of a text; with fewer, the answer is a guess
_PRIORITY, _URGENT = "priority", "urgent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """One head's answer: probabilities in the order of its labels, the place of the likeliest."""

    shares: Scores
    best: int
    confidence: float
    abstained: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """``weights`` (columns of the text x labels of all heads, the first head's labels first)."""

    encoded: Encoded
    weights: Floats
    verdicts: tuple[Verdict, ...]


class Classifier:
    """Safe to share between threads: nothing but a cache of words changes after construction.

    The first head answers ``category`` (whatever its labels mean), a head of the field
    ``priority`` answers ``priority``.
    """

    def __init__(self, name: str, features: TextFeatures, heads: Sequence[Head]) -> None:
        self.name = name
        self.features = features
        self.heads = tuple(heads)
        self._main = self.heads[0]
        self._weights = np.hstack([head.weights for head in self.heads])
        self._bias = np.concatenate([head.bias for head in self.heads])
        ends = np.cumsum([0, *(len(head.labels) for head in self.heads)]).tolist()
        self._spans = [slice(ends[place], ends[place + 1]) for place in range(len(self.heads))]

    def predict(self, text: str, language: str | None = None) -> Prediction:
        """What the model makes of a text; ``language`` overrides what is detected.

        A text of which the model knows too few words is answered with abstention.
        """
        return self._prediction(text, language, explained=True)

    def predict_many(self, texts: Iterable[str], *, explained: bool = True) -> list[Prediction]:
        """A prediction a text, in order; without ``terms`` where nobody will read them."""
        return [self._prediction(text, None, explained=explained) for text in texts]

    def _prediction(self, text: str, language: str | None, *, explained: bool) -> Prediction:
        judgement = self.judge(text)
        verdict = judgement.verdicts[0]
        reasons = judgement.weights[:, verdict.best]
        priority, priority_confidence = self._priority(judgement)
        return Prediction(
            category=self._main.labels[verdict.best],
            confidence=verdict.confidence,
            abstained=verdict.abstained,
            alternatives=_alternatives(self._main, verdict),
            priority=priority,
            priority_confidence=priority_confidence,
            danger=self._danger(judgement),
            terms=terms(text, judgement.encoded, reasons) if explained else (),
            model=self.name,
            language=language or judgement.encoded.language,
        )

    def judge(self, text: str) -> Judgement:
        """What each head says, in the order of the heads, without reasons."""
        encoded = self.features.encode(text)
        weights = self._weights.take(encoded.columns, axis=0)
        logits = encoded.values @ weights + self._bias
        verdicts = tuple(
            _verdict(head, logits[span], known=_understood(encoded))
            for head, span in zip(self.heads, self._spans, strict=True)
        )
        return Judgement(encoded=encoded, weights=weights, verdicts=verdicts)

    def _priority(self, judgement: Judgement) -> tuple[str | None, float]:
        for head, verdict in zip(self.heads[1:], judgement.verdicts[1:], strict=True):
            if head.field == _PRIORITY:
                return head.labels[verdict.best], verdict.confidence
        return None, 0.0

    def _danger(self, judgement: Judgement) -> float | None:
        for head, verdict in zip(self.heads[1:], judgement.verdicts[1:], strict=True):
            if head.field == _PRIORITY and _URGENT in head.labels:
                return float(verdict.shares[head.labels.index(_URGENT)])
        return None


def _understood(encoded: Encoded) -> bool:
    """Whether enough of the words are ones that the model has met."""
    known = encoded.known_words
    return known > 0 and known >= _LEAST_KNOWN * encoded.words


def _verdict(head: Head, logits: Floats, *, known: bool) -> Verdict:
    shares = softmax(logits)
    best = int(shares.argmax())
    confidence = float(shares[best])
    return Verdict(
        shares=shares,
        best=best,
        confidence=confidence,
        abstained=not known or confidence < head.thresholds[best],
    )


def _alternatives(head: Head, verdict: Verdict) -> tuple[Alternative, ...]:
    shares = verdict.shares.tolist()
    order = sorted(range(len(shares)), key=lambda place: -shares[place])[: _ALTERNATIVES + 1]
    return tuple(
        Alternative(category=head.labels[place], confidence=shares[place])
        for place in order
        if place != verdict.best and shares[place] >= _LEAST_ALTERNATIVE
    )
