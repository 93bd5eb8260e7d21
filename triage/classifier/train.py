"""Learn heads from labelled texts, and measure them on texts that they have not seen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from triage.classifier.calibration import choose_thresholds, fit
from triage.classifier.counts import count
from triage.classifier.danger import Alarm, alarmed, answers, place_of, worst
from triage.classifier.danger import learn as learn_alarm
from triage.classifier.features import TextFeatures
from triage.classifier.folds import ALWAYS_SEEN, deal_all, deal_files
from triage.classifier.heads import Calibration, Head
from triage.classifier.joining import NEUTRAL, join
from triage.classifier.machines import (
    MACHINES,
    Both,
    Judged,
    Lessons,
    Question,
    fit_draws,
    judge_folds,
    mixed,
)
from triage.classifier.predict import Classifier
from triage.classifier.reading import Reading
from triage.classifier.reading import learn as learn_reading
from triage.classifier.rows import Row
from triage.classifier.scores import Places, Scores, softmax
from triage.errors import Invalid

PRECISION = 0.9

_CERTAIN = 1e-12
_FEWEST = 2

Progress = Callable[[str], None]


@dataclass(frozen=True, kw_only=True)
class Manner:
    """``precision``: the share of the answers given without doubt that shall be right.

    Texts are also learnt joined with such as have the label ``neutral`` in the first field (see
    ``joining``), drawn anew ``draws`` times for the mean of as many machines; None switches that
    off. ``shares`` are the ones of naive Bayes to choose from. With ``in_parts`` heads learn to
    read the parts of a text, too (see ``reading``). Log odds are times ``doubt`` where files were
    held out: a customer's text is less like the corpus than one of its files is like the others,
    and nothing in the corpus can tell how much less. Those of the neutral label are times
    ``neutral_doubt``, too: it is said where nothing was found, and what customers say in words
    that are not in the corpus is most often a grievance.
    """

    precision: float = PRECISION
    neutral: str | None = NEUTRAL
    draws: int = 3
    shares: Sequence[float] = (0.0, 0.1, 0.2, 0.4, 0.8)
    in_parts: bool = True
    doubt: float = 0.8
    neutral_doubt: float = 0.9

    def doubts(self, labels: Sequence[str]) -> Scores:
        """What the log odds of each label are times."""
        neutral = np.array([label == self.neutral for label in labels])
        return self.doubt * np.where(neutral, self.neutral_doubt, 1.0)


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


@dataclass(frozen=True, kw_only=True)
class Trained:
    """A model that is not yet in any folder. ``held_out`` is None where texts were too few.

    ``files_held_out`` are answers where the whole file of a text was unseen, another writer and
    manner, as a customer's is; None for one file, or where a label is in one file only.
    """

    features: TextFeatures
    heads: tuple[Head, ...]
    held_out: tuple[HeldOut | None, ...]
    files_held_out: tuple[HeldOut | None, ...]
    scales: tuple[float, ...]
    alarm: Alarm | None
    rows: int
    seed: int
    precision: float

    def classifier(self, name: str) -> Classifier:
        return Classifier(name, self.features, self.heads, alarm=self.alarm)


def train(
    rows: Sequence[Row],
    fields: Sequence[str],
    *,
    files: Sequence[str] | None = None,
    seed: int = 0,
    manner: Manner | None = None,
    progress: Progress = lambda _line: None,
) -> Trained:
    """A head for each field, over one vectoriser; equal rows and seed give equal heads.

    ``files[i]`` says where row ``i`` comes from: with several, confidences and thresholds are
    made on files held out whole. Raises Invalid ``train.one_label`` when a field has fewer than
    two labels.
    """
    manner = manner or Manner()
    for field in fields:
        _check_labels(rows, field)
    progress(f"reading {len(rows)} texts")
    texts = [row["text"] for row in rows]
    draws = [
        join(rows, fields, neutral=manner.neutral, seed=seed + number)
        for number in range(manner.draws)
    ]
    counts = count(texts)
    features = TextFeatures().choose(counts)
    progress(f"{len(features.weights_.rarity)} features, {len(draws[0].owners)} texts joined")
    parts, owners = features.count_parts(texts, counts.table.matrix.shape[1])
    lessons = Lessons(table=counts.table, parts=parts, owners=owners, draws=draws)
    questions = [_question([row[field] for row in rows], seed) for field in fields]
    learnt = _Course(lessons, questions, seed, manner, progress).learn(fields, files)
    return Trained(
        features=features,
        heads=tuple(each.head.rounded() for each in learnt),
        held_out=tuple(each.by_text for each in learnt),
        files_held_out=tuple(each.by_file for each in learnt),
        scales=tuple(each.scale for each in learnt),
        alarm=next((each.alarm for each in learnt if each.alarm is not None), None),
        rows=len(rows),
        seed=seed,
        precision=manner.precision,
    )


@dataclass(frozen=True, kw_only=True)
class _Learnt:
    """A calibrated head, what it says unseen, what with the file unseen, its scale and alarm."""

    head: Head
    by_text: HeldOut | None = None
    by_file: HeldOut | None = None
    scale: float = 1.0
    alarm: Alarm | None = None


@dataclass(frozen=True, kw_only=True)
class _Unseen:
    """Logits of texts that were held out (machines x texts x labels), and of their parts."""

    labels: tuple[str, ...]
    rows: Places
    truth: Places
    whole: Scores
    parts: Scores
    owners: Places

    def logits(self, share: float) -> Scores:
        mixed: Scores = self.whole[0] + share * self.whole[1]
        return mixed

    def likely(self, share: float, found: Calibration) -> tuple[Scores, Scores]:
        """Probabilities of the texts and of their parts."""
        of_parts = (self.parts[0] + share * self.parts[1]) * found.scale + found.bias
        return softmax(self.logits(share) * found.scale + found.bias), softmax(of_parts)

    def reading(self, share: float, found: Calibration) -> Reading | None:
        return learn_reading(*self.likely(share, found), self.owners, self.truth)

    def held_out(self, share: float, found: Calibration, reading: Reading | None) -> HeldOut:
        """Probabilities in place of logits."""
        shares, of_parts = self.likely(share, found)
        if reading is not None:
            shares = reading.shares(shares, of_parts, self.owners)
        return HeldOut(
            labels=self.labels,
            rows=self.rows,
            shares=shares,
            truth=self.truth,
            answers=shares.argmax(axis=1),
            parts=of_parts,
            owners=self.owners,
        )


@dataclass(frozen=True)
class _Course:
    """What all heads of one training share."""

    lessons: Lessons
    questions: Sequence[Question]
    seed: int
    manner: Manner
    progress: Progress

    def learn(self, fields: Sequence[str], files: Sequence[str] | None) -> list[_Learnt]:
        truths = [question.truth for question in self.questions]
        by_text = self._judge_all(deal_all(truths, self.seed), "cross-validation")
        by_file: list[_Unseen | None] = [None for _question in self.questions]
        if files is not None:
            by_file = self._judge_all([deal_files(files, t) for t in truths], "files held out")
        self.progress(f"training on all {self.lessons.texts} texts")
        boths = fit_draws(self.lessons, self.questions)
        together = zip(fields, self.questions, by_text, by_file, boths, strict=True)
        return [self._head(*of_field) for of_field in together]

    def _head(
        self,
        field: str,
        question: Question,
        by_text: _Unseen | None,
        by_file: _Unseen | None,
        boths: Sequence[Both],
    ) -> _Learnt:
        danger = place_of(question.labels, field)
        measured = by_text if by_file is None else by_file
        if measured is None:
            return _Learnt(head=replace(mixed(boths, 0.0), field=field))
        share = _best_share(measured, self.manner.shares)
        found = fit(measured.logits(share), measured.truth)
        reading = measured.reading(share, found) if self.manner.in_parts else None
        if by_file is not None and reading is not None:
            reading = reading.softened(self.manner.doubts(question.labels))
        elif by_file is not None:
            found = found.softened(self.manner.doubt)
        alarm = _alarm(measured.held_out(share, found, reading), danger)
        held = [
            None if each is None else _heard(each.held_out(share, found, reading), alarm, danger)
            for each in (by_text, by_file)
        ]
        kept = held[0] if held[1] is None else held[1]
        assert kept is not None
        thresholds, _ = choose_thresholds(
            kept.shares, kept.truth, precision=self.manner.precision, answers=kept.answers
        )
        self.progress(f"{field}: naive Bayes has a share of {share}")
        head = replace(mixed(boths, share), field=field, reading=reading)
        return _Learnt(
            head=head.calibrated(found, thresholds),
            by_text=held[0],
            by_file=held[1],
            scale=found.scale,
            alarm=alarm,
        )

    def _judge_all(self, folds: Sequence[Places | None], called: str) -> list[_Unseen | None]:
        """For each question and its folds, what machines say that never saw a text's fold."""
        first = folds[0]
        if first is not None and all(
            each is not None and np.array_equal(each, first) for each in folds
        ):
            return self._judge(self.questions, first, called)
        unseen: list[_Unseen | None] = []
        for question, each in zip(self.questions, folds, strict=True):
            unseen += [None] if each is None else self._judge([question], each, called)
        return unseen

    def _judge(
        self, questions: Sequence[Question], folds: Places, called: str
    ) -> list[_Unseen | None]:
        """Logits for each text by models, vocabulary included, that never saw its fold."""
        rows = np.flatnonzero(folds != ALWAYS_SEEN)
        if not len(rows):
            return [None for _question in questions]
        by_fold = []
        for number, judged in enumerate(judge_folds(self.lessons, questions, folds), start=1):
            self.progress(f"{called} {number}/{folds.max() + 1}")
            by_fold.append(judged)
        return [
            _together(question, rows, [judged[place] for judged in by_fold])
            for place, question in enumerate(questions)
        ]


def _together(question: Question, rows: Places, by_fold: Sequence[Judged]) -> _Unseen:
    """What was said of the texts ``rows``, fold after fold."""
    whole = np.zeros((len(MACHINES), len(question.truth), len(question.labels)))
    for judged in by_fold:
        whole[:, judged.texts] = judged.whole
    owners = np.concatenate([judged.owners for judged in by_fold])
    return _Unseen(
        labels=question.labels,
        rows=rows,
        truth=question.truth[rows],
        whole=whole[:, rows],
        parts=np.concatenate([judged.parts for judged in by_fold], axis=1),
        owners=np.searchsorted(rows, owners),
    )


def _question(values: Sequence[str], seed: int) -> Question:
    labels, truth = np.unique(np.array(values), return_inverse=True)
    return Question(labels=tuple(str(label) for label in labels), truth=truth, seed=seed)


def _best_share(unseen: _Unseen, shares: Sequence[float]) -> float:
    """The share of naive Bayes with which the truth of unseen texts is likeliest."""
    texts = np.arange(len(unseen.truth))

    def unlikely(share: float) -> float:
        logits = unseen.logits(share)
        found = fit(logits, unseen.truth)
        told = softmax(logits * found.scale + found.bias)[texts, unseen.truth]
        return -float(np.log(told + _CERTAIN).mean())

    return min(shares, key=unlikely)


def _worst(held_out: HeldOut, danger: int) -> Scores:
    return worst(held_out.shares[:, danger], held_out.parts[:, danger], held_out.owners)


def _alarm(held_out: HeldOut, danger: int | None) -> Alarm | None:
    if danger is None:
        return None
    urgent = held_out.truth == danger
    return learn_alarm(held_out.shares[:, danger], _worst(held_out, danger), urgent)


def _heard(held_out: HeldOut, alarm: Alarm | None, danger: int | None) -> HeldOut:
    """The same once the alarm has been listened to."""
    if alarm is None or danger is None:
        return held_out
    heard = alarm.danger(held_out.shares[:, danger], _worst(held_out, danger))
    shares = alarmed(held_out.shares, heard, danger)
    return replace(held_out, shares=shares, answers=answers(shares, danger))


def _check_labels(rows: Sequence[Row], field: str) -> None:
    if len({row[field] for row in rows}) < _FEWEST:
        raise Invalid("train.one_label", field=field)
