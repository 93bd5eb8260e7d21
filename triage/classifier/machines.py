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
from triage.classifier.heads import Head
from triage.classifier.joining import Joined
from triage.classifier.scores import Places, Scores

MACHINES = ("planes", "bayes")
_SOFTNESS = 0.3  # LinearSVC's C; chosen by cross-validation on our corpus
_CLOSE = 0.01  # LinearSVC's tol: answers as with 1e-4 but for one text in 4,000, in 0.7 of the time
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
    """What a head is asked: ``truth[i]`` is the place in ``labels`` of the answer to text i."""

    labels: tuple[str, ...]
    truth: Places
    seed: int


class Judged(NamedTuple):
    """Logits (machines x texts x labels) of texts that were held out, and of their parts."""

    texts: Places
    whole: Scores
    parts: Scores
    owners: Places


Both = tuple[Head, Head]


def fit_draws(lessons: Lessons, questions: Sequence[Question]) -> list[list[Both]]:
    """For each question both machines for all texts, for each draw of what is joined."""
    every = np.arange(lessons.texts)
    draws = range(len(lessons.draws) if len(lessons.draws[0].owners) else 1)
    tasks = (joblib.delayed(_fit)(lessons, questions, every, draw) for draw in draws)
    by_draw = [boths for _weights, boths in _side_by_side(lessons, len(draws))(tasks)]
    return [list(boths) for boths in zip(*by_draw, strict=True)]


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


def mixed(boths: Sequence[Both], share: float) -> Head:
    """Planes that separate, and ``share`` times the words' own witness: again one linear head.

    The mean over all draws.
    """
    weights = [planes.weights + np.float32(share) * words.weights for planes, words in boths]
    bias = [planes.bias + np.float32(share) * words.bias for planes, words in boths]
    return replace(
        boths[0][0],
        weights=np.mean(weights, axis=0, dtype=np.float32),
        bias=np.mean(bias, axis=0, dtype=np.float32),
    )


def _side_by_side(lessons: Lessons, tasks: int) -> joblib.Parallel:
    """Processes, because liblinear draws its chance from one well for all threads."""
    cores = min(joblib.cpu_count(), _MOST_WORKERS, tasks)
    return joblib.Parallel(n_jobs=cores if lessons.texts >= _WORTH_IT else 1, return_as="generator")


def _judge(
    lessons: Lessons, questions: Sequence[Question], seen: Places, unseen: Places
) -> list[Judged]:
    weights, boths = _fit(lessons, questions, seen, 0)
    cut = np.flatnonzero(np.isin(lessons.owners, unseen))
    whole = weights.weigh(lessons.table.matrix[unseen])
    parts = weights.weigh(lessons.parts[cut])
    return [
        Judged(
            texts=unseen,
            whole=np.array([whole @ head.weights + head.bias for head in both]),
            parts=np.array([parts @ head.weights + head.bias for head in both]),
            owners=lessons.owners[cut],
        )
        for both in boths
    ]


def _fit(
    lessons: Lessons, questions: Sequence[Question], rows: Places, draw: int
) -> tuple[Weights, list[Both]]:
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
    return weights, [_fit_both(vectors, question, question.truth[taught]) for question in questions]


def _fit_both(vectors: sp.csr_matrix, question: Question, wanted: Places) -> Both:
    planes = LinearSVC(C=_SOFTNESS, tol=_CLOSE, random_state=question.seed).fit(vectors, wanted)
    bayes = ComplementNB(alpha=_SMOOTHING).fit(vectors, wanted)
    none = np.zeros(len(question.labels))
    return (
        Head.of_machine("", question.labels, planes.coef_, planes.intercept_),
        Head.of_machine("", question.labels, bayes.feature_log_prob_, none),
    )
