"""Fits the machines behind a head: on all texts, and without those of a fold, to judge these."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import joblib  # type: ignore[import-untyped]  # joblib ships no types
import numpy as np
import scipy.sparse as sp  # type: ignore[import-untyped]  # scipy ships no types
from sklearn.naive_bayes import (  # type: ignore[import-untyped]  # scikit-learn has no types
    ComplementNB,
)
from sklearn.svm import LinearSVC  # type: ignore[import-untyped]  # scikit-learn has no types

from triage.classifier.counts import PAIR_TEXTS, Table, Weights
from triage.classifier.experts import Experts, Given, fit_experts, mean
from triage.classifier.heads import Head
from triage.classifier.joining import Joined
from triage.classifier.scores import Floats, Places, Scores
from triage.classifier.telling import emphasis

MACHINES = ("planes", "bayes")
_CLOSE = 0.1  # LinearSVC's tol: answers as with 1e-4 but for one text in 4,000, in 0.55 of the time
_SMOOTHING = 0.3  # ComplementNB's alpha
_WORTH_IT = 5_000  # texts from which machines are fitted in processes beside one another
_MOST_WORKERS = 4  # each holds the vectors of all texts


@dataclass(frozen=True, kw_only=True)
class Lessons:
    """What all heads of one training learn from.

    ``parts`` says how often each feature of the table occurs in each part of the texts that have
    several, ``owners`` the text of each; ``draws`` what is joined.
    """

    table: Table
    parts: sp.csr_matrix
    owners: Places
    draws: Sequence[Joined]

    @property
    def texts(self) -> int:
        return int(self.table.matrix.shape[0])


@dataclass(frozen=True, kw_only=True)
class Question:
    """What a head is asked: ``truth[i]`` is the place in ``labels`` of the answer to text i.

    With ``given`` experts are asked, too, one for each answer to the first question. The planes
    bend to each text the more the larger ``softness`` is (LinearSVC's C).
    """

    labels: tuple[str, ...]
    truth: Places
    seed: int
    given: Given | None = None
    softness: float


class Judged(NamedTuple):
    """Logits (machines x texts x labels) of texts that were held out, and of their parts.

    ``advice`` and ``advice_of_parts`` are those of experts (texts x experts * labels).
    """

    texts: Places
    whole: Scores
    parts: Scores
    owners: Places
    advice: Scores | None
    advice_of_parts: Scores | None


class Fitted(NamedTuple):
    """Both machines of a head, as heads of their own, and the experts beside it."""

    planes: Head
    words: Head
    experts: Experts | None


def fit_draws(lessons: Lessons, questions: Sequence[Question]) -> list[list[Fitted]]:
    """For each question its machines for all texts, for each draw of what is joined."""
    every = np.arange(lessons.texts)
    draws = range(len(lessons.draws) if len(lessons.draws[0].owners) else 1)
    tasks = (joblib.delayed(_fit)(lessons, questions, every, draw) for draw in draws)
    by_draw = [fitted for _weights, fitted in _side_by_side(lessons, len(draws))(tasks)]
    return [list(fitted) for fitted in zip(*by_draw, strict=True)]


def judge_folds(
    lessons: Lessons, questions: Sequence[Question], folds: Places
) -> Iterator[list[Judged]]:
    """What machines that never saw a fold, vocabulary included, say of its texts.

    Fold after fold, an answer to each question.
    """
    numbers = range(int(folds.max()) + 1)
    tasks = (
        joblib.delayed(_judge)(
            lessons, questions, np.flatnonzero(folds != fold), np.flatnonzero(folds == fold)
        )
        for fold in numbers
    )
    yield from _side_by_side(lessons, len(numbers))(tasks)


def mixed(draws: Sequence[Fitted], share: float) -> Head:
    """Planes that separate, and ``share`` times the words' own witness: again one linear head.

    The mean over all draws.
    """
    weights = [one.planes.weights + np.float32(share) * one.words.weights for one in draws]
    bias = [one.planes.bias + np.float32(share) * one.words.bias for one in draws]
    return replace(
        draws[0].planes,
        weights=np.mean(weights, axis=0, dtype=np.float32),
        bias=np.mean(bias, axis=0, dtype=np.float32),
    )


def advised(draws: Sequence[Fitted]) -> Experts | None:
    """The mean of the experts of all draws, not yet calibrated."""
    experts = [one.experts for one in draws if one.experts is not None]
    return mean(experts) if experts else None


def workers(texts: int, tasks: int = _MOST_WORKERS) -> int:
    """How many processes a training of so many texts is worth."""
    return min(joblib.cpu_count(), _MOST_WORKERS, tasks) if texts >= _WORTH_IT else 1


def _side_by_side(lessons: Lessons, tasks: int) -> joblib.Parallel:
    """Processes, because liblinear draws its chance from one well for all threads."""
    return joblib.Parallel(n_jobs=workers(lessons.texts, tasks), return_as="generator")


def _judge(
    lessons: Lessons, questions: Sequence[Question], seen: Places, unseen: Places
) -> list[Judged]:
    weights, by_question = _fit(lessons, questions, seen, 0)
    cut = np.flatnonzero(np.isin(lessons.owners, unseen))
    whole = weights.weigh(lessons.table.matrix[unseen])
    parts = weights.weigh(lessons.parts[cut])
    return [
        Judged(
            texts=unseen,
            whole=np.array([whole @ head.weights + head.bias for head in fitted[:2]]),
            parts=np.array([parts @ head.weights + head.bias for head in fitted[:2]]),
            owners=lessons.owners[cut],
            advice=_advice(fitted.experts, whole),
            advice_of_parts=_advice(fitted.experts, parts),
        )
        for fitted in by_question
    ]


def _advice(experts: Experts | None, vectors: sp.csr_matrix) -> Scores | None:
    if experts is None:
        return None
    logits: Scores = vectors @ experts.weights + experts.bias
    return logits


def _fit(
    lessons: Lessons, questions: Sequence[Question], rows: Places, draw: int
) -> tuple[Weights, list[Fitted]]:
    """What each of the machines makes of the rows, and of what was joined of these in a draw.

    The vectors are made once for all questions.
    """
    joined = lessons.draws[draw]
    made = joined.made_of(rows, lessons.texts)
    matrix, owners = lessons.table.matrix, joined.owners[made]
    weights = lessons.table.choose(rows, PAIR_TEXTS)
    vectors = weights.weigh(
        sp.vstack([matrix[rows], matrix[owners] + matrix[joined.partners[made]]], format="csr")
    )
    taught = np.concatenate([rows, owners])
    return weights, [_fit_one(vectors, question, taught) for question in questions]


def _fit_one(vectors: sp.csr_matrix, question: Question, taught: Places) -> Fitted:
    """``taught[i]`` is the text whose label vector ``i`` has."""
    wanted, labels = question.truth[taught], question.labels
    factors = emphasis(vectors, wanted, len(labels))
    planes = LinearSVC(C=question.softness, tol=_CLOSE, random_state=question.seed)
    planes.fit(_times(vectors, factors), wanted)
    bayes = ComplementNB(alpha=_SMOOTHING).fit(vectors, wanted)
    none = np.zeros(len(labels))
    return Fitted(
        planes=Head.of_machine("", labels, planes.coef_ * factors, planes.intercept_),
        words=Head.of_machine("", labels, bayes.feature_log_prob_, none),
        experts=_fit_experts(vectors, question, taught),
    )


def _times(vectors: sp.csr_matrix, factors: Floats) -> sp.csr_matrix:
    """Each feature times its factor."""
    return sp.csr_matrix(
        (vectors.data * factors[vectors.indices], vectors.indices, vectors.indptr),
        shape=vectors.shape,
    )


def _fit_experts(vectors: sp.csr_matrix, question: Question, taught: Places) -> Experts | None:
    given = question.given
    if given is None:
        return None
    return fit_experts(
        vectors,
        given.truth[taught],
        question.truth[taught],
        (given.labels, len(question.labels)),
        LinearSVC(C=question.softness, tol=_CLOSE, random_state=question.seed),
    )
