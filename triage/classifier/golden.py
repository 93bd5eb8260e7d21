"""A few texts with the answers a model gave when it was made: they must never drift."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from triage.classifier.language import detect
from triage.classifier.predict import Classifier
from triage.classifier.rows import Row

_EACH = 2
_MOST = 48
_DIGITS = 4


def golden_answers(rows: Sequence[Row], classifier: Classifier) -> list[dict[str, object]]:
    """The first texts of each label of the main head in each language, with what the model says.

    Each language, because each is read with knowledge of its own, which is not in the model.
    """
    field = classifier.heads[0].field
    taken: Counter[tuple[str, str | None]] = Counter()
    chosen: list[str] = []
    for row in rows:
        kind = row[field], detect(row["text"])
        if taken[kind] < _EACH and len(chosen) < _MOST:
            taken[kind] += 1
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
