"""Learns a second opinion on English texts (net.py), and whether it is worth hearing.

A net is asked where most of the texts are English and no more than it learns from in a minute. It
is kept only where what it adds makes the truth of texts unseen likelier.
"""

from __future__ import annotations

from dataclasses import dataclass

import joblib  # type: ignore[import-untyped]  # joblib ships no types
import numpy as np
import numpy.typing as npt
import scipy.sparse as sp  # type: ignore[import-untyped]  # scipy ships no types
from sklearn.neural_network import (  # type: ignore[import-untyped]  # scikit-learn has no types
    MLPClassifier,
)
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]  # ships no types

from triage.classifier.calibration import fit
from triage.classifier.counts import Counts
from triage.classifier.folds import ALWAYS_SEEN
from triage.classifier.machines import Question, workers
from triage.classifier.net import Net, Nets, SecondOpinion, Told, left_by_doubt
from triage.classifier.scores import Floats, Places, Scores, softmax
from triage.classifier.vectors import Meaning, english_words

_WORTH_IT = 0.5  # of the texts that must be English
_NETS = 3  # that differ by chance only; one alone costs 0.001 of accuracy
_HIDDEN = 256  # units of each; 512, and 12 or 25 rounds, are as good (docs/classifier.md)
_ROUNDS = 20  # over all texts
_BATCH = 128
_SHARES = (0.0, 0.1, 0.2, 0.3)
"""Of what is thought together; more is right no more often, and tells strangers apart less well."""

_CERTAIN = 1e-12

_Chosen = npt.NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True)
class English:
    """How often each word of the table of vectors occurs in each text that is learnt from."""

    times: sp.csr_matrix

    @classmethod
    def of(cls, counts: Counts) -> English | None:
        """None where too few of the texts are English."""
        times = english_words(counts)
        mostly = (times.getnnz(axis=1) > 0).mean() >= _WORTH_IT
        return cls(times=times) if mostly else None

    def judge(self, question: Question, folds: Places) -> Told:
        """What nets that never saw a fold say of its texts (of those in any fold)."""
        numbers = range(int(folds.max()) + 1)
        tasks = (
            joblib.delayed(_judge)(self.times, question, folds != fold, folds == fold)
            for fold in numbers
        )
        logs, near = np.zeros((len(folds), len(question.labels))), np.zeros(len(folds))
        parallel = joblib.Parallel(n_jobs=workers(len(folds), len(numbers)))
        for fold, said in zip(numbers, parallel(tasks), strict=True):
            logs[folds == fold], near[folds == fold] = said
        dealt = folds != ALWAYS_SEEN
        return Told(logs[dealt], near[dealt])

    def second(
        self, question: Question, own: Scores, told: Told, truth: Places
    ) -> SecondOpinion | None:
        """Nets that learnt from all texts, as loud as makes the truth of texts unseen likeliest.

        ``told`` is what nets said of the texts of ``own`` unseen. None where silence is as good.
        """
        heard = told.logs.any(axis=1)
        own, logs, near = np.log(own[heard] + _CERTAIN), told.logs[heard], told.near[heard]
        truth = truth[heard]
        share = min(_SHARES, key=lambda share: _unlikely(_both(own, logs, share), truth))
        if share == 0:
            return None
        usual = float(near.mean()), float(near.std()) or 1.0
        scale, offset = fit(_both(own, logs, share) * left_by_doubt(near, usual), truth)
        meaning = Meaning.learn(self.times)
        return SecondOpinion(
            own=scale * (1 - share),
            told=scale * share,
            offset=offset,
            usual=usual,
            odds=np.zeros(len(question.labels)),
            meaning=meaning,
            nets=_fit(meaning.of_counts(self.times), question, question.truth),
        )


def _both(own: Scores, logs: Scores, share: float) -> Scores:
    return (1 - share) * own + share * logs


def _judge(times: sp.csr_matrix, question: Question, seen: _Chosen, unseen: _Chosen) -> Told:
    meaning = Meaning.learn(times[seen])
    nets = _fit(meaning.of_counts(times[seen]), question, question.truth[seen])
    return nets.say(meaning.of_counts(times[unseen]))


def _fit(meanings: Floats, question: Question, truth: Places) -> Nets:
    """From the texts that have a meaning. On one thread, so that machines of a kind add up in the
    same order."""
    have = meanings.any(axis=1)
    meanings, truth, labels = meanings[have], truth[have], len(question.labels)
    centres: Floats = np.zeros((labels, meanings.shape[1]), dtype=np.float32)
    np.add.at(centres, truth, meanings)
    lengths = np.sqrt(np.einsum("ij,ij->i", centres, centres))
    centres /= np.where(lengths > 0, lengths, 1)[:, None]
    with threadpool_limits(1):
        seeds = range(question.seed, question.seed + _NETS)
        nets = tuple(_fit_one(meanings, truth, labels, seed) for seed in seeds)
    return Nets(nets=nets, centres=centres)


def _fit_one(meanings: Floats, truth: Places, labels: int, seed: int) -> Net:
    machine = MLPClassifier((_HIDDEN,), batch_size=min(_BATCH, len(truth)), random_state=seed)
    for _round in range(_ROUNDS):
        machine.partial_fit(meanings, truth, classes=np.arange(labels))
    (first, second), (edges, bias) = machine.coefs_, machine.intercepts_
    if second.shape[1] < labels:  # of two labels, only the second one's are given
        second, bias = np.hstack([-second, second]) / 2, np.concatenate([-bias, bias]) / 2
    return Net(
        first=first.astype(np.float32),
        edges=edges.astype(np.float32),
        second=second.astype(np.float32),
        bias=bias.astype(np.float32),
    )


def _unlikely(logits: Scores, truth: Places) -> float:
    """How unlikely the truth is (mean negative log probability) once that can be believed."""
    scale, offset = fit(logits, truth)
    told = softmax(logits * scale + offset)[np.arange(len(truth)), truth]
    return -float(np.log(told + _CERTAIN).mean())
