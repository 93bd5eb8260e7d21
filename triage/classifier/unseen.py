"""What machines say of texts that they have not seen, and what is made of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from triage.classifier.calibration import fit
from triage.classifier.experts import Experts, Given, both
from triage.classifier.heads import Calibration
from triage.classifier.machines import MACHINES, Judged, Question
from triage.classifier.net import SecondOpinion, Told
from triage.classifier.reading import Reading
from triage.classifier.reading import learn as learn_reading
from triage.classifier.scores import Places, Scores, softmax

_CERTAIN = 1e-12


@dataclass(frozen=True, kw_only=True)
class HeldOut:
    """What a head said about texts that it was not trained on.

    ``rows`` are their places among the training rows; ``shares`` (texts x labels) are calibrated
    probabilities, ``truth`` and ``answers`` are places in ``labels``. ``parts`` are calibrated
    probabilities of the parts of these texts, ``owners`` the text of each.
    """

    labels: tuple[str, ...]
    rows: Places
    shares: Scores
    truth: Places
    answers: Places
    parts: Scores
    owners: Places


class Likely(NamedTuple):
    """Calibrated probabilities of texts and of their parts, before anything is read."""

    whole: Scores
    parts: Scores


@dataclass(frozen=True, kw_only=True)
class Belief:
    """How far logits are believed: naive Bayes' ``share`` of them, and what calibrates them.

    Experts' logits are times ``advice``, and the product of both opinions is calibrated, too;
    ``product`` is None where no experts are asked.
    """

    share: float
    found: Calibration
    advice: float = 1.0
    product: Calibration | None = None

    def softened(self, by: float) -> Belief:
        """Less sure of what is said last."""
        if self.product is not None:
            return replace(self, product=self.product.softened(by))
        return replace(self, found=self.found.softened(by))

    def of(self, experts: Experts | None) -> Experts | None:
        """The experts as they are believed."""
        if experts is None or self.product is None:
            return None
        scale, offset = self.product
        return replace(experts.calibrated(self.advice), scale=scale, offset=offset)


@dataclass(frozen=True, kw_only=True)
class Unseen:
    """Logits of texts that were held out (machines x texts x labels), and of their parts.

    ``advice`` are the experts' (texts, then parts; x experts * labels), ``given`` what is likely
    of the first question; None where no experts are asked. ``told`` is what nets said of the texts
    that they had not seen; None where no net is asked.
    """

    labels: tuple[str, ...]
    rows: Places
    truth: Places
    whole: Scores
    parts: Scores
    owners: Places
    answers: Given | None = None
    advice: tuple[Scores, Scores] | None = None
    given: Likely | None = None
    told: Told | None = None

    def beside(self, first: Unseen | None, likely: Likely | None) -> Unseen:
        """The same with what is likely of the first question; without experts where that was
        asked of other texts or parts."""
        alike = (
            first is not None
            and np.array_equal(first.rows, self.rows)
            and np.array_equal(first.owners, self.owners)
        )
        if not alike or self.advice is None:
            return replace(self, advice=None, given=None)
        return replace(self, given=likely)

    def logits(self, share: float) -> Scores:
        mixed: Scores = self.whole[0] + share * self.whole[1]
        return mixed

    def belief(self, shares: Sequence[float]) -> Belief:
        """What makes the truth of these texts likeliest."""
        share = self._best_share(shares)
        found = fit(self.logits(share), self.truth)
        if self.advice is None or self.given is None or self.answers is None:
            return Belief(share=share, found=found)
        answers = self.answers._replace(truth=self.answers.truth[self.rows])
        alone = Belief(share=share, found=found, advice=_trust(self.advice[0], answers, self.truth))
        product, _of_parts = self._products(alone)
        return replace(alone, product=fit(product, self.truth))

    def likely(self, belief: Belief) -> Likely:
        if belief.product is None:
            return self._own(belief)
        scale, offset = belief.product
        whole, parts = self._products(belief)
        return Likely(softmax(whole * scale + offset), softmax(parts * scale + offset))

    def reading(self, belief: Belief) -> Reading | None:
        return learn_reading(*self.likely(belief), self.owners, self.truth)

    def held_out(
        self, belief: Belief, reading: Reading | None, second: SecondOpinion | None = None
    ) -> HeldOut:
        """Probabilities in place of logits."""
        shares, of_parts = self.likely(belief)
        if reading is not None:
            shares = reading.shares(shares, of_parts, self.owners)
        if second is not None and self.told is not None:
            shares = second.heard(shares, self.told)
        return HeldOut(
            labels=self.labels,
            rows=self.rows,
            shares=shares,
            truth=self.truth,
            answers=shares.argmax(axis=1),
            parts=of_parts,
            owners=self.owners,
        )

    def _own(self, belief: Belief) -> Likely:
        of_parts = self.parts[0] + belief.share * self.parts[1]
        scale, bias = belief.found
        return Likely(
            softmax(self.logits(belief.share) * scale + bias), softmax(of_parts * scale + bias)
        )

    def _products(self, belief: Belief) -> tuple[Scores, Scores]:
        assert self.advice is not None
        assert self.given is not None
        of_texts, of_parts = (
            both(own, logits * belief.advice, given)
            for own, logits, given in zip(self._own(belief), self.advice, self.given, strict=True)
        )
        return of_texts, of_parts

    def unlikely(self, shares: Sequence[float]) -> float:
        """How unlikely the truth is (mean negative log probability) by the best of ``shares``."""
        return min(self._unlikely(share) for share in shares)

    def _best_share(self, shares: Sequence[float]) -> float:
        """The share of naive Bayes with which the truth is likeliest."""
        return min(shares, key=self._unlikely)

    def _unlikely(self, share: float) -> float:
        logits = self.logits(share)
        found = fit(logits, self.truth)
        told = softmax(logits * found.scale + found.bias)[np.arange(len(self.truth)), self.truth]
        return -float(np.log(told + _CERTAIN).mean())


def together(question: Question, rows: Places, by_fold: Sequence[Judged]) -> Unseen:
    """What was said of the texts ``rows``, fold after fold."""
    whole = np.zeros((len(MACHINES), len(question.truth), len(question.labels)))
    for judged in by_fold:
        whole[:, judged.texts] = judged.whole
    owners = np.concatenate([judged.owners for judged in by_fold])
    return Unseen(
        labels=question.labels,
        rows=rows,
        truth=question.truth[rows],
        whole=whole[:, rows],
        parts=np.concatenate([judged.parts for judged in by_fold], axis=1),
        owners=np.searchsorted(rows, owners),
        answers=question.given,
        advice=_advice_together(question, rows, by_fold),
    )


def _advice_together(
    question: Question, rows: Places, by_fold: Sequence[Judged]
) -> tuple[Scores, Scores] | None:
    if question.given is None:
        return None
    whole = np.zeros((len(question.truth), question.given.labels * len(question.labels)))
    parts = []
    for judged in by_fold:
        assert judged.advice is not None
        assert judged.advice_of_parts is not None
        whole[judged.texts] = judged.advice
        parts.append(judged.advice_of_parts)
    return whole[rows], np.concatenate(parts)


def _trust(logits: Scores, answers: Given, truth: Places) -> float:
    """What experts' logits are to be times so that they can be believed, each on texts of its
    own answer to the first question."""
    of_each = logits.reshape(len(logits), answers.labels, -1)
    return fit(of_each[np.arange(len(truth)), answers.truth], truth).scale
