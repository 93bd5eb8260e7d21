"""A loaded model answering: text in, Prediction out, about half a millisecond on one core."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise

import numpy as np
import scipy.sparse as sp  # type: ignore[import-untyped]  # scipy ships no types

from triage.classifier.danger import Alarm, alarmed, answers, place_of, worst
from triage.classifier.experts import Experts
from triage.classifier.explain import terms
from triage.classifier.features import Encoded, TextFeatures, understood
from triage.classifier.heads import Head
from triage.classifier.scores import Floats, Places, Scores, softmax
from triage.classifier.shift import LiveMix
from triage.classifier.tokens import Read
from triage.core.prediction import Alternative, Prediction, Term

_ALTERNATIVES = 3
_LEAST_ALTERNATIVE = 0.01  # probability below which another label is not worth showing
_HASH_LETTERS = 6  # of the live mix, in the name of a model that is moved to it
_AT_ONCE = 256  # texts whose vectors are made together
_PRIORITY = "priority"


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

    def __init__(
        self,
        name: str,
        features: TextFeatures,
        heads: Sequence[Head],
        live: LiveMix | None = None,
        alarm: Alarm | None = None,
    ) -> None:
        """``live`` is the mix of categories that the first head's answers are moved to.

        With an ``alarm`` the parts of a text are heard for dangers, too.
        """
        if live is not None:
            heads = (live.apply(heads[0]), *heads[1:])
            name = f"{name}+{live.digest[:_HASH_LETTERS]}"
        self.name = name
        self.live = live
        self.features = features
        experts = [head.experts for head in heads]
        machines: list[Head | Experts] = [*heads, *(each for each in experts if each is not None)]
        self._weights = np.hstack([machine.weights for machine in machines], dtype=np.float32)
        self._bias = np.concatenate([machine.bias for machine in machines])
        spans = _spans([len(machine.bias) for machine in machines])
        self._spans = [next(spans) for _head in heads]
        self._advice = [slice(0) if each is None else next(spans) for each in experts]
        self.heads = tuple(
            head.within(self._weights[:, span], self._weights[:, advice])
            for head, span, advice in zip(heads, self._spans, self._advice, strict=True)
        )
        self._main = self.heads[0]
        self._dangers = [place_of(head.labels, head.field) for head in self.heads]
        self._alarm = alarm if any(place is not None for place in self._dangers) else None
        read = any(head.reading is not None for head in self.heads)
        self._reads_parts = read or self._alarm is not None
        seconds = [head.second for head in self.heads if head.second is not None]
        self._meaning = seconds[0].meaning if seconds else None

    def predict_many(self, texts: Iterable[str], *, explained: bool = True) -> list[Prediction]:
        """A prediction a text, in order; without ``terms`` where nobody will read them.

        Without reasons the texts are read together, several times as fast.
        """
        if explained:
            return [self.predict(text) for text in texts]
        waiting = iter(texts)
        said: list[Prediction] = []
        while together := list(islice(waiting, _AT_ONCE)):
            said += self._unexplained(together)
        return said

    def shares(self, texts: list[str]) -> Scores:
        """The probabilities of the first head's labels (texts x labels)."""
        batch = self.features.encode_many(texts, in_parts=self._reads_parts)
        whole = softmax(self._logits(batch.vectors)[:, self._spans[0]])
        of_parts = softmax(self._logits(batch.parts)[:, self._spans[0]])
        return self._main.read(whole, of_parts, batch.part_owners, self._meanings(batch.read))

    def _meanings(self, read: Sequence[Read]) -> Floats | None:
        """What texts mean, where a head hears a second opinion on that."""
        return None if self._meaning is None else self._meaning.of_texts(read)

    def _logits(self, vectors: sp.csr_matrix) -> Scores:
        """Of texts or parts, for all labels of all heads and of their experts."""
        logits: Scores = vectors @ self._weights + self._bias
        return logits

    def _unexplained(self, texts: list[str]) -> list[Prediction]:
        batch = self.features.encode_many(texts, in_parts=self._reads_parts)
        logits = np.concatenate([self._logits(batch.vectors), self._logits(batch.parts)])
        meanings = self._meanings(batch.read)
        told = self._verdicts(logits, batch.understood, batch.part_owners, meanings)
        return [
            self._said(verdicts, language)
            for verdicts, (_tokens, language) in zip(told, batch.read, strict=True)
        ]

    def predict(self, text: str, language: str | None = None) -> Prediction:
        """What the model makes of a text; ``language`` overrides what is detected.

        A text of which the model knows too few words is answered with abstention.
        """
        judgement = self.judge(text)
        reasons = judgement.weights[:, judgement.verdicts[0].best]
        return self._said(
            judgement.verdicts,
            language or judgement.encoded.language,
            terms(text, judgement.encoded, reasons),
        )

    def _said(
        self, verdicts: tuple[Verdict, ...], language: str | None, reasons: tuple[Term, ...] = ()
    ) -> Prediction:
        verdict = verdicts[0]
        priority, priority_confidence = self._priority(verdicts)
        return Prediction(
            category=self._main.labels[verdict.best],
            confidence=verdict.confidence,
            abstained=verdict.abstained,
            alternatives=_alternatives(self._main, verdict),
            priority=priority,
            priority_confidence=priority_confidence,
            danger=self._danger(verdicts),
            terms=reasons,
            model=self.name,
            language=language,
        )

    def judge(self, text: str) -> Judgement:
        """What each head says, in the order of the heads, without reasons."""
        encoded = self.features.encode(text)
        weights = self._weights.take(encoded.columns, axis=0)
        known = understood(encoded.words, encoded.known_words)
        vectors = encoded.values[None, :]
        if self._reads_parts:
            vectors = np.concatenate([vectors, self.features.in_parts(text, encoded)])
        owners = np.zeros(len(vectors) - 1, np.intp)
        meanings = self._meanings([(encoded.tokens, encoded.language)])
        verdicts = self._verdicts(vectors @ weights + self._bias, [known], owners, meanings)[0]
        return Judgement(encoded=encoded, weights=weights, verdicts=verdicts)

    def _verdicts(
        self, logits: Scores, known: Sequence[bool], owners: Places, meanings: Floats | None
    ) -> list[tuple[Verdict, ...]]:
        """What each head says of each text; ``known`` tells of which enough words are known.

        ``logits`` are those of the texts and after them of their parts, ``owners`` the text of
        each part.
        """
        by_head = []
        texts = len(known)
        given = np.empty((0, 0))
        together = zip(self.heads, self._spans, self._advice, self._dangers, strict=True)
        for head, span, advice, place in together:
            likely = head.likely(logits[:, span], logits[:, advice], given)
            if head is self._main:
                given = likely
            whole, parts = likely[:texts], likely[texts:]
            shares = head.read(whole, parts, owners, meanings)
            if place is None or self._alarm is None:
                by_head.append(_verdicts(head, shares, answers(shares, None), known))
                continue
            of_text = shares[:, place]
            danger = self._alarm.danger(of_text, worst(of_text, parts[:, place], owners))
            shares = alarmed(shares, danger, place)
            by_head.append(_verdicts(head, shares, answers(shares, place), known))
        return list(zip(*by_head, strict=True))

    def _priority(self, verdicts: tuple[Verdict, ...]) -> tuple[str | None, float]:
        for head, verdict in zip(self.heads[1:], verdicts[1:], strict=True):
            if head.field == _PRIORITY:
                return head.labels[verdict.best], verdict.confidence
        return None, 0.0

    def _danger(self, verdicts: tuple[Verdict, ...]) -> float | None:
        for place, verdict in zip(self._dangers, verdicts, strict=True):
            if place is not None:
                return float(verdict.shares[place])
        return None


def _spans(lengths: Sequence[int]) -> Iterator[slice]:
    """Where each of several arrays lies once they are one."""
    ends = np.cumsum([0, *lengths]).tolist()
    return (slice(start, end) for start, end in pairwise(ends))


def _verdicts(head: Head, shares: Scores, best: Places, known: Sequence[bool]) -> list[Verdict]:
    told = []
    for row, label, understands in zip(shares, best.tolist(), known, strict=True):
        confidence = float(row[label])
        doubts = not understands or confidence < head.thresholds[label]
        told.append(Verdict(shares=row, best=label, confidence=confidence, abstained=doubts))
    return told


def _alternatives(head: Head, verdict: Verdict) -> tuple[Alternative, ...]:
    shares = verdict.shares.tolist()
    order = sorted(range(len(shares)), key=lambda place: -shares[place])[: _ALTERNATIVES + 1]
    return tuple(
        Alternative(category=head.labels[place], confidence=shares[place])
        for place in order
        if place != verdict.best and shares[place] >= _LEAST_ALTERNATIVE
    )
