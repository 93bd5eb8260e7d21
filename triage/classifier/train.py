"""Learn heads from labelled texts, and measure them on texts that they have not seen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from triage.classifier.calibration import choose_thresholds
from triage.classifier.counts import count
from triage.classifier.danger import Alarm, alarmed, answers, place_of, worst
from triage.classifier.danger import learn as learn_alarm
from triage.classifier.experts import Given, worth_asking
from triage.classifier.features import TextFeatures
from triage.classifier.folds import ALWAYS_SEEN, deal_all, deal_files, deal_neighbours
from triage.classifier.heads import Head
from triage.classifier.joining import NEUTRAL, SHARE, join
from triage.classifier.machines import (
    Fitted,
    Lessons,
    Question,
    advised,
    fit_draws,
    judge_folds,
    mixed,
    workers,
)
from triage.classifier.net import SecondOpinion
from triage.classifier.predict import Classifier
from triage.classifier.rows import Row
from triage.classifier.scores import Places, Scores
from triage.classifier.second import English
from triage.classifier.unseen import HeldOut, Likely, Unseen, together
from triage.errors import Invalid

PRECISION = 0.9

_FEWEST = 2
_WORTH_CHOOSING = range(1_000, 20_001)
"""Texts: with fewer, chance would choose; with more, a choice costs minutes, and others than the
first were no better (docs/classifier.md, what was tried with 66,000)."""

_TEXTS, _FILES = "cross-validation", "files held out"

Progress = Callable[[str], None]


@dataclass(frozen=True, kw_only=True)
class Manner:
    """``precision``: the share of the answers given without doubt that shall be right.

    A share of the texts (``joined``) is also learnt beside such as have the label ``neutral`` in
    the first field (see ``joining``), drawn anew ``draws`` times for the mean of as many machines;
    None switches that off. ``shares`` are the ones of naive Bayes to choose from, ``softnesses``
    those of the planes (the first one, chosen by cross-validation on our corpus, without a choice
    where texts are many or few). With
    ``in_parts`` heads learn to read the parts of a text, too (see ``reading``); with ``experts``
    all fields but the first are also asked within each label of the first (see ``experts``), with
    ``second`` a net is asked of English texts, too (see ``second``). Log
    odds are times ``doubt`` where files were held out: a customer's text is less like the corpus
    than one of its files is like the others, and nothing in the corpus can tell how much less.
    Those of the neutral label are times ``neutral_doubt``, too: it is said where nothing was
    found, and what customers say in words that are not in the corpus is most often a grievance.
    """

    precision: float = PRECISION
    neutral: str | None = NEUTRAL
    joined: float = SHARE
    draws: int = 3
    shares: Sequence[float] = (0.0, 0.1, 0.2, 0.4, 0.8)
    softnesses: Sequence[float] = (0.3, 1.0)
    in_parts: bool = True
    experts: bool = True
    second: bool = True
    doubt: float = 0.72
    neutral_doubt: float = 0.9

    def doubts(self, labels: Sequence[str]) -> Scores:
        """What the log odds of each label are times."""
        neutral = np.array([label == self.neutral for label in labels])
        return self.doubt * np.where(neutral, self.neutral_doubt, 1.0)


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
        join(rows, fields, neutral=manner.neutral, seed=seed + number, share=manner.joined)
        for number in range(manner.draws)
    ]
    counts = count(texts, workers=workers(len(texts)))
    features = TextFeatures().choose(counts)
    progress(f"{len(features.weights_.rarity)} features, {len(draws[0].owners)} texts joined")
    parts, owners = features.count_parts(
        texts, counts.table.matrix.shape[1], workers=workers(len(texts))
    )
    lessons = Lessons(table=counts.table, parts=parts, owners=owners, draws=draws)
    questions = _questions(rows, fields, seed, manner)
    english = English.of(counts) if manner.second and len(rows) in _WORTH_CHOOSING else None
    learnt = _Course(lessons, questions, seed, manner, progress, english).learn(fields, files)
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
    """A calibrated head, what it says unseen, what with the file unseen, its scale and alarm.

    ``likely`` is what it found likely of texts unseen, and with the file unseen.
    """

    head: Head
    by_text: HeldOut | None = None
    by_file: HeldOut | None = None
    scale: float = 1.0
    alarm: Alarm | None = None
    likely: tuple[Likely | None, Likely | None] = (None, None)


_TextAndFile = tuple[Unseen | None, Unseen | None]


@dataclass(frozen=True)
class _Course:
    """What all heads of one training share."""

    lessons: Lessons
    questions: Sequence[Question]
    seed: int
    manner: Manner
    progress: Progress
    english: English | None = None

    def learn(self, fields: Sequence[str], files: Sequence[str] | None) -> list[_Learnt]:
        truths = [question.truth for question in self.questions]
        by_file = [None if files is None else deal_files(files, truth) for truth in truths]
        by_text: Sequence[Places | None]
        if all(each is not None for each in by_file):
            by_text = deal_all(truths, self.seed)
            course, of_files = self._softened(by_file, _FILES)
            of_texts = course._judge_all(by_text, _TEXTS)
        else:
            by_text = deal_neighbours(truths)
            course, of_texts = self._softened(by_text, _TEXTS)
            of_files = course._judge_all(by_file, _FILES)
        return course._learn(
            course._told(of_texts, by_text), course._told(of_files, by_file), fields
        )

    def _told(
        self, unseen: Sequence[Unseen | None], folds: Sequence[Places | None]
    ) -> list[Unseen | None]:
        """The same with what nets say of texts that they have not seen."""
        if self.english is None or all(each is None for each in unseen):
            return list(unseen)
        self.progress("nets over word vectors")
        return [
            None
            if each is None or fold is None
            else replace(each, told=self.english.judge(question, fold))
            for question, each, fold in zip(self.questions, unseen, folds, strict=True)
        ]

    def _softened(
        self, folds: Sequence[Places | None], called: str
    ) -> tuple[_Course, list[Unseen | None]]:
        """With the softness for each question by which the truth of texts unseen is likeliest, and
        what is said of these; with the first one where there are too many texts or too few."""
        unseen = self._judge_all(folds, called)
        questions, shares = list(self.questions), self.manner.shares
        if self.lessons.texts not in _WORTH_CHOOSING:
            return self, unseen
        for softness in self.manner.softnesses[1:]:
            others = [replace(question, softness=softness) for question in self.questions]
            judged = replace(self, questions=others)._judge_all(folds, f"softness {softness}")
            for place, (best, other) in enumerate(zip(unseen, judged, strict=True)):
                if best and other and other.unlikely(shares) < best.unlikely(shares):
                    unseen[place], questions[place] = other, others[place]
        return replace(self, questions=questions), unseen

    def _learn(
        self,
        by_text: Sequence[Unseen | None],
        by_file: Sequence[Unseen | None],
        fields: Sequence[str],
    ) -> list[_Learnt]:
        self.progress(f"training on all {self.lessons.texts} texts")
        draws = fit_draws(self.lessons, self.questions)
        learnt: list[_Learnt] = []
        for place, field in enumerate(fields):
            unseen = by_text[place], by_file[place]
            if learnt:
                unseen = _advised_alike(unseen, (by_text[0], by_file[0]), learnt[0].likely)
            learnt.append(self._head(field, self.questions[place], unseen, draws[place]))
        return learnt

    def _head(
        self, field: str, question: Question, unseen: _TextAndFile, draws: Sequence[Fitted]
    ) -> _Learnt:
        danger = place_of(question.labels, field)
        by_text, by_file = unseen
        measured = by_text if by_file is None else by_file
        if measured is None:
            return _Learnt(head=replace(mixed(draws, 0.0), field=field))
        belief = measured.belief(self.manner.shares)
        reading = measured.reading(belief) if self.manner.in_parts else None
        second = self._second(question, measured, measured.held_out(belief, reading).shares)
        if by_file is not None and second is not None:
            second = second.softened(self.manner.doubt)
        if by_file is not None and reading is not None:
            reading = reading.softened(self.manner.doubts(question.labels))
        elif by_file is not None:
            belief = belief.softened(self.manner.doubt)
        alarm = _alarm(measured.held_out(belief, reading, second), danger)
        held = [
            None if each is None else _heard(each.held_out(belief, reading, second), alarm, danger)
            for each in unseen
        ]
        kept = held[0] if held[1] is None else held[1]
        assert kept is not None
        thresholds, _ = choose_thresholds(
            kept.shares, kept.truth, precision=self.manner.precision, answers=kept.answers
        )
        self.progress(
            f"{field}: naive Bayes has a share of {belief.share}, softness {question.softness}"
            + ("" if second is None else ", a net is heard as well")
        )
        head = replace(mixed(draws, belief.share), field=field, reading=reading, second=second)
        head = replace(head, experts=belief.of(advised(draws)))
        return _Learnt(
            head=head.calibrated(belief.found, thresholds),
            by_text=held[0],
            by_file=held[1],
            scale=belief.found.scale,
            alarm=alarm,
            likely=(
                None if by_text is None else by_text.likely(belief),
                None if by_file is None else by_file.likely(belief),
            ),
        )

    def _second(self, question: Question, measured: Unseen, own: Scores) -> SecondOpinion | None:
        if self.english is None or measured.told is None:
            return None
        return self.english.second(question, own, measured.told, measured.truth)

    def _judge_all(self, folds: Sequence[Places | None], called: str) -> list[Unseen | None]:
        """For each question and its folds, what machines say that never saw a text's fold."""
        first = folds[0]
        if first is not None and all(
            each is not None and np.array_equal(each, first) for each in folds
        ):
            return self._judge(self.questions, first, called)
        unseen: list[Unseen | None] = []
        for question, each in zip(self.questions, folds, strict=True):
            unseen += [None] if each is None else self._judge([question], each, called)
        return unseen

    def _judge(
        self, questions: Sequence[Question], folds: Places, called: str
    ) -> list[Unseen | None]:
        """Logits for each text by models, vocabulary included, that never saw its fold."""
        rows = np.flatnonzero(folds != ALWAYS_SEEN)
        if not len(rows):
            return [None for _question in questions]
        by_fold = []
        for number, judged in enumerate(judge_folds(self.lessons, questions, folds), start=1):
            self.progress(f"{called} {number}/{folds.max() + 1}")
            by_fold.append(judged)
        return [
            together(question, rows, [judged[place] for judged in by_fold])
            for place, question in enumerate(questions)
        ]


def _advised_alike(
    unseen: _TextAndFile,
    first: _TextAndFile,
    likely: tuple[Likely | None, Likely | None],
) -> _TextAndFile:
    """What was said of texts and of files unseen, both beside what is likely of the first
    question; both without experts where one is."""
    of_text, of_file = (
        None if each is None else each.beside(asked, given)
        for each, asked, given in zip(unseen, first, likely, strict=True)
    )
    if all(each is None or each.advice is not None for each in (of_text, of_file)):
        return of_text, of_file
    return (
        None if of_text is None else of_text.beside(None, None),
        None if of_file is None else of_file.beside(None, None),
    )


def _questions(
    rows: Sequence[Row], fields: Sequence[str], seed: int, manner: Manner
) -> list[Question]:
    """A question for each field; experts are asked all but the first one, where it is worth it."""
    asked: list[Question] = []
    for field in fields:
        names, truth = np.unique(np.array([row[field] for row in rows]), return_inverse=True)
        labels = tuple(str(name) for name in names)
        given = Given(asked[0].truth, len(asked[0].labels)) if asked and manner.experts else None
        if given is not None and not worth_asking(given, len(labels)):
            given = None
        asked.append(
            Question(
                labels=labels,
                truth=truth,
                seed=seed,
                given=given,
                softness=manner.softnesses[0],
            )
        )
    return asked


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
