"""A few texts with the answers a model gave when it was made: they must never drift."""

from __future__ import annotations

from collections.abc import Sequence

from triage.classifier.predict import Classifier
from triage.classifier.rows import Row

_PER_LABEL = 2
_MOST = 24
_DIGITS = 4


def golden_answers(rows: Sequence[Row], classifier: Classifier) -> list[dict[str, object]]:
    """The first texts of each label of the main head, with what the model says to them."""
    field = classifier.heads[0].field
    left = dict.fromkeys(classifier.heads[0].labels, _PER_LABEL)
    chosen: list[str] = []
    for row in rows:
        if left.get(row[field], 0) and len(chosen) < _MOST:
            left[row[field]] -= 1
            chosen.append(row["text"])
    return [answer(text, classifier) for text in chosen]


def answer(text: str, classifier: Classifier) -> dict[str, object]:
    """What a golden file keeps of one prediction, rounded so that every machine agrees."""
    said = classifier.predict(text)
    return {
        "text": text,
        "category": said.category,
        "confidence": round(said.confidence, _DIGITS),
        "abstained": said.abstained,
        "priority": said.priority,
        "priority_confidence": round(said.priority_confidence, _DIGITS),
        "language": said.language,
    }
