"""Learn heads from labelled texts, and measure them on texts that they have not seen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from sklearn.naive_bayes import (  # type: ignore[import-untyped]  # scikit-learn has no types
    ComplementNB,
)
from sklearn.svm import LinearSVC  # type: ignore[import-untyped]  # scikit-learn has no types

from triage.classifier.calibration import choose_thresholds, fit
from triage.classifier.danger import Alarm, alarmed, answers, place_of, worst
from triage.classifier.danger import learn as learn_alarm
from triage.classifier.features import Counts, TextFeatures, count
from triage.classifier.heads import Calibration, Head
from triage.classifier.joining import NEUTRAL, Joined, join
from triage.classifier.predict import Classifier
from triage.classifier.reading import Reading
from triage.classifier.reading import learn as learn_reading
from triage.classifier.rows import Row
from triage.classifier.scores import Places, Scores, softmax
from triage.errors import Invalid

PRECISION = 0.9

_MACHINES = ("planes", "bayes")
_SOFTNESS = 0.3  # LinearSVC's C; chosen by cross-validation on our corpus
_SMOOTHING = 0.3  # ComplementNB's alpha
_CERTAIN = 1e-12
_FOLDS = 4
_FEWEST = 2
_ALWAYS_SEEN = -1
_MOST_FILE_FOLDS = 8  # so many models are trained, each without its share of the files
_FEWEST_FILES = 3

Progress = Callable[[str], None]


@dataclass(frozen=True, kw_only=True)
class Manner:
    """``precision``: the share of the answers given without doubt that shall be right.

    Texts are also learnt joined with such as have the label ``neutral`` in the first field (see
    ``joining``), drawn anew ``draws`` times for the mean of as many machines; None switches that
    off. ``shares`` are the ones of naive Bayes to choose from. With ``in_parts`` heads learn to
    read the parts of a text, too (see ``reading``). Log odds are times ``doubt`` where files were
    held out: a customer's text is less like the corpus than one of its files is like the others,
    and nothing in the corpus can tell how much less.
    """

    precision: float = PRECISION
    neutral: str | None = NEUTRAL
    draws: int = 3
    shares: Sequence[float] = (0.0, 0.1, 0.2, 0.4, 0.8)
    in_parts: bool = True
    doubt: float = 0.8


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
    counts = count([*texts, *(text for joined in draws for text in joined.texts)])
    course = _Course(texts, counts, draws, files, seed, manner, progress)
    features = course.features()
    progress(f"{len(features.rarity_)} features, {len(draws[0].texts)} texts joined")
    learnt = [course.learn(features, field, [row[field] for row in rows]) for field in fields]
    return Trained(
        features=features,
        heads=tuple(each.head for each in learnt),
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
    """What all heads of one training share. ``counts`` are of the rows, then the joined texts
    of each draw."""

    texts: Sequence[str]
    counts: Counts
    draws: Sequence[Joined]
    files: Sequence[str] | None
    seed: int
    manner: Manner
    progress: Progress

    def features(self) -> TextFeatures:
        """The features of the rows; joined texts bring only pairs that nobody wrote."""
        return TextFeatures().choose(self.counts, np.arange(len(self.texts)))

    def learn(self, features: TextFeatures, field: str, values: Sequence[str]) -> _Learnt:
        labels, truth = np.unique(np.array(values), return_inverse=True)
        names = tuple(str(label) for label in labels)
        danger = place_of(names, field)
        by_text = self._judge(truth, names, _deal(truth, self.seed), "cross-validation")
        by_file = None
        folds = None if self.files is None else _deal_files(self.files, truth)
        if folds is not None:
            by_file = self._judge(truth, names, folds, "files held out")
        measured = by_text if by_file is None else by_file
        self.progress(f"{field}: training on all {len(values)} texts")
        every = np.arange(len(truth))
        drawn = range(len(self.draws) if self.draws[0].texts else 1)
        boths = [self._both(features, names, truth, every, draw) for draw in drawn]
        if measured is None:
            return _Learnt(head=replace(_mixed(boths, 0.0), field=field))
        share = _best_share(measured, self.manner.shares)
        found = fit(measured.logits(share), measured.truth)
        reading = measured.reading(share, found) if self.manner.in_parts else None
        doubt = 1.0 if by_file is None else self.manner.doubt
        if reading is None:
            found = found.softened(doubt)
        else:
            reading = reading.softened(doubt)
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
        head = replace(_mixed(boths, share), field=field, reading=reading)
        return _Learnt(
            head=head.calibrated(found, thresholds),
            by_text=held[0],
            by_file=held[1],
            scale=found.scale,
            alarm=alarm,
        )

    def _judge(
        self, truth: Places, labels: tuple[str, ...], folds: Places, called: str
    ) -> _Unseen | None:
        """Logits for each text by models, vocabulary included, that never saw its fold."""
        rows = np.flatnonzero(folds != _ALWAYS_SEEN)
        if not len(rows):
            return None
        whole = np.zeros((len(_MACHINES), len(truth), len(labels)))
        of_parts = [np.empty((len(_MACHINES), 0, len(labels)))]
        owners = [np.empty(0, np.intp)]
        for fold in range(folds.max() + 1):
            self.progress(f"{called} {fold + 1}/{folds.max() + 1}")
            seen, unseen = np.flatnonzero(folds != fold), np.flatnonzero(folds == fold)
            features = TextFeatures().choose(self.counts, seen)
            both = self._both(features, labels, truth, seen)
            vectors = features.weigh(self.counts, unseen)
            whole[:, unseen] = [vectors @ head.weights + head.bias for head in both]
            batch = features.encode_many(
                [self.texts[row] for row in unseen.tolist()], in_parts=True
            )
            of_parts.append(np.array([batch.parts @ head.weights + head.bias for head in both]))
            owners.append(unseen[batch.part_owners])
        return _Unseen(
            labels=labels,
            rows=rows,
            truth=truth[rows],
            whole=whole[:, rows],
            parts=np.concatenate(of_parts, axis=1),
            owners=np.searchsorted(rows, np.concatenate(owners)),
        )

    def _both(
        self,
        features: TextFeatures,
        labels: tuple[str, ...],
        truth: Places,
        rows: Places,
        draw: int = 0,
    ) -> tuple[Head, Head]:
        """What each of the machines makes of the rows, and of what was joined in a draw."""
        places, owners = self._lesson(rows, len(truth), draw)
        vectors, wanted = features.weigh(self.counts, places), truth[owners]
        planes = LinearSVC(C=_SOFTNESS, random_state=self.seed).fit(vectors, wanted)
        bayes = ComplementNB(alpha=_SMOOTHING).fit(vectors, wanted)
        none = np.zeros(len(labels))
        return (
            Head.of_machine("", labels, planes.coef_, planes.intercept_),
            Head.of_machine("", labels, bayes.feature_log_prob_, none),
        )

    def _lesson(self, rows: Places, total: int, draw: int) -> tuple[Places, Places]:
        """Places in ``counts`` of what is learnt from ``rows``, and the row whose label each has.

        A joined text is left out when either of its parts is held out.
        """
        joined = self.draws[draw].made_of(rows, total)
        start = total + sum(len(before.texts) for before in self.draws[:draw])
        places = np.concatenate([rows, joined + start])
        return places, np.concatenate([rows, self.draws[draw].owners[joined]])


def _mixed(boths: Sequence[tuple[Head, Head]], share: float) -> Head:
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


def _deal(truth: Places, seed: int) -> Places:
    """A fold for each text, the texts of each label spread evenly; a label's only text has none."""
    chance = np.random.default_rng(seed)
    folds = np.full(len(truth), _ALWAYS_SEEN, dtype=np.intp)
    for label in range(truth.max() + 1):
        mine = chance.permutation(np.flatnonzero(truth == label))
        if len(mine) >= _FEWEST:
            folds[mine] = np.arange(len(mine)) % _FOLDS
    return folds


def _deal_files(files: Sequence[str], truth: Places) -> Places | None:
    """A fold for each text, a file's texts all in one; None where that leaves a label unseen."""
    names, places = np.unique(np.array(files), return_inverse=True)
    if len(names) < _FEWEST_FILES:
        return None
    folds: Places = places % min(len(names), _MOST_FILE_FOLDS)
    labels = truth.max() + 1
    for fold in range(folds.max() + 1):
        if len(np.unique(truth[folds != fold])) < labels:
            return None
    return folds
