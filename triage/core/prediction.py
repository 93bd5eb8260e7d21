"""What the text classifier said, with its reasons and its doubts."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Term:
    """A word in the customer's own spelling and how far it pushed the text to the category.

    ``spans`` are where it stands in the text, each its first character and the one behind its
    last, counted from 0; ``weight`` (natural-log odds) is the sum over all of them.
    """

    term: str
    weight: float
    spans: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, kw_only=True)
class Alternative:
    """Another category that the text could belong to."""

    category: str
    confidence: float


@dataclass(frozen=True, kw_only=True)
class Prediction:
    """The raw answer of one named model; the decision may overrule it.

    ``category`` is the likeliest label even when ``abstained`` says that nobody should act on
    it; it is None only when there was no model to ask (``model`` is then empty).
    Confidences are probabilities in 0..1.
    """

    category: str | None
    confidence: float
    abstained: bool
    alternatives: tuple[Alternative, ...] = ()
    priority: str | None = None
    priority_confidence: float = 0.0
    danger: float | None = None  # probability of ``urgent``; None: the model knows no such label
    terms: tuple[Term, ...] = ()
    model: str = ""
    language: str | None = None  # ru, kk, en as detected from the text; None: cannot tell


NO_MODEL = Prediction(category=None, confidence=0.0, abstained=True)
