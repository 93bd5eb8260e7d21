"""The general trainer beside usual ones on a public benchmark of intents, in one run.

python -m bench.intents TRAIN [TEST] [--folds 4]

Files are JSON lines with ``text`` and ``label`` or ``intent``, a CSV ``text,category`` (Banking77)
or the JSON of CLINC150, which holds its own test. Without a test the texts are held out in folds.
Nothing is tuned: ours is ``triage train`` as it comes, the others are what scikit-learn has for
this. Neither benchmark is shipped.
"""

from __future__ import annotations

import argparse
import csv
import json
import statistics
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from sklearn.feature_extraction.text import (  # type: ignore[import-untyped]  # no types
    TfidfVectorizer,
)
from sklearn.linear_model import LogisticRegression  # type: ignore[import-untyped]  # no types
from sklearn.pipeline import make_pipeline, make_union  # type: ignore[import-untyped]  # no types
from sklearn.svm import LinearSVC  # type: ignore[import-untyped]  # no types

from triage.classifier.evaluate import OUT_OF_SCOPE, Answer, report
from triage.classifier.rows import Row, labels_to_learn, read_rows
from triage.classifier.scores import Places, Scores, softmax
from triage.classifier.train import train

_LABEL = "label"

Judge = Callable[[str], tuple[str, float]]
"""The label of a text, and how sure."""


class Measured(NamedTuple):
    answers: list[Answer]
    seconds: float  # of training
    each: list[float]  # seconds of each answer


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("texts", type=Path)
    parser.add_argument("test", type=Path, nargs="?")
    parser.add_argument("--folds", type=int, default=4)
    options = parser.parse_args()
    taught, asked = read(options.texts)
    if options.test is not None:
        asked = read(options.test)[0]
    splits = [(taught, asked)] if asked else in_folds(taught, options.folds)
    labels = {row[_LABEL] for row in taught} - OUT_OF_SCOPE
    print(f"{len(taught)} texts, {len(labels)} labels, {len(splits)} trainings of each", flush=True)
    print(f"{'':24} accuracy  out-of-scope recall at a point  s to train  ms an answer (p50)")
    for name, learn in LEARNERS.items():
        tell(name, [measure(learn, *split) for split in splits])


def read(path: Path) -> tuple[list[Row], list[Row]]:
    """Texts to learn from, and those that the same file holds to ask (often none)."""
    if path.suffix == ".csv":
        with path.open(encoding="utf-8", newline="") as lines:
            rows = list(csv.DictReader(lines))
        return [{"text": row["text"], _LABEL: row["category"]} for row in rows], []
    if path.suffix == ".json":
        held = json.loads(path.read_text(encoding="utf-8"))
        named = {
            split: [{"text": text, _LABEL: label} for text, label in held[split]]
            for split in ("train", "test", "oos_test")
        }
        return named["train"], named["test"] + named["oos_test"]
    rows = read_rows(path)
    (field,) = labels_to_learn(rows, None)
    return [{"text": row["text"], _LABEL: row[field]} for row in rows], []


def in_folds(rows: Sequence[Row], folds: int) -> list[tuple[list[Row], list[Row]]]:
    """Each text asked once, of those that learnt from the other folds; texts twice in there once,
    out-of-scope texts never learnt from."""
    once = list({row["text"].lower(): row for row in rows}.values())
    dealt: Places = np.random.default_rng(0).permutation(len(once)) % folds
    return [
        (
            [
                row
                for row, place in zip(once, dealt.tolist(), strict=True)
                if place != fold and row[_LABEL] not in OUT_OF_SCOPE
            ],
            [row for row, place in zip(once, dealt.tolist(), strict=True) if place == fold],
        )
        for fold in range(folds)
    ]


def measure(
    learn: Callable[[Sequence[Row]], Judge], taught: Sequence[Row], asked: Sequence[Row]
) -> Measured:
    begin = time.perf_counter()
    judge = learn(taught)
    seconds = time.perf_counter() - begin
    answers, each = [], []
    for row in asked:
        begin = time.perf_counter()
        said, confidence = judge(row["text"])
        each.append(time.perf_counter() - begin)
        answers.append(
            Answer(
                truth=row[_LABEL],
                said=said,
                confidence=confidence,
                abstained=False,
                language="en",
            )
        )
    return Measured(answers, seconds, each)


def ours(rows: Sequence[Row]) -> Judge:
    classifier = train(rows, [_LABEL]).classifier("intents")
    labels = classifier.heads[0].labels

    def judge(text: str) -> tuple[str, float]:
        verdict = classifier.judge(text).verdicts[0]
        return labels[verdict.best], verdict.confidence

    return judge


def usual(machine: Callable[[], Any]) -> Callable[[Sequence[Row]], Judge]:
    """Words, their pairs and groups of 2 to 5 letters in scikit-learn, before this machine."""

    def learn(rows: Sequence[Row]) -> Judge:
        pipeline = make_pipeline(
            make_union(
                TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True),
                TfidfVectorizer(analyzer="char", ngram_range=(2, 5), sublinear_tf=True),
            ),
            machine(),
        ).fit([row["text"] for row in rows], [row[_LABEL] for row in rows])

        def judge(text: str) -> tuple[str, float]:
            logits: Scores = pipeline.decision_function([text])
            if logits.ndim == 1:  # of two labels only the second one's
                logits = np.column_stack([-logits, logits])
            shares = softmax(logits)[0]
            best = int(shares.argmax())
            return str(pipeline.classes_[best]), float(shares[best])

        return judge

    return learn


LEARNERS: dict[str, Callable[[Sequence[Row]], Judge]] = {
    "triage train": ours,
    "letters, words, planes": usual(lambda: LinearSVC(C=1)),
    "letters, words, logistic": usual(lambda: LogisticRegression(C=10, max_iter=1000)),
}


def tell(name: str, measured: Sequence[Measured]) -> None:
    figures = report(_LABEL, [answer for one in measured for answer in one.answers])
    strange = figures.out_of_scope
    recall = "none in the test" if strange is None else f"{strange['recall_at_a_point']:.3f}"
    seconds = statistics.mean(one.seconds for one in measured)
    each = statistics.median(second for one in measured for second in one.each)
    print(
        f"{name:24} {figures.accuracy:8.4f}  {recall:>28}  {seconds:10.1f}  {1000 * each:18.2f}",
        flush=True,
    )


if __name__ == "__main__":
    main()
