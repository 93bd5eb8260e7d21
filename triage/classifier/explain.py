"""Which of the customer's own words pushed a text towards a label, and how far."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

import numpy as np
import numpy.typing as npt

from triage.classifier.features import Encoded
from triage.classifier.heads import Floats
from triage.classifier.tokens import Token
from triage.core.prediction import Term

_FOR, _AGAINST = 6, 2  # words shown on each side
_WEAKEST = 0.05  # natural-log odds; less is noise
_STRONG_AGAINST = 0.3  # of the strongest word for; a weaker objection is not shown

# In base spelling: «не включается» is one thing to say, so is «келген жоқ».
_NEGATES_NEXT = frozenset({"не", "ни", "нет", "без", "нелзя", "not", "no", "don", "doesn", "didn"})
_NEGATES_PREVIOUS = frozenset({"емес", "жок", "емеспин"})


def token_weights(encoded: Encoded, weights: Floats) -> npt.NDArray[np.float64]:
    """Natural-log odds that each token gives to the label whose ``weights`` these are.

    ``weights[i]`` belongs to ``encoded.columns[i]``. A pair of words gives half to each. Exact:
    the sum over the tokens is the label's logit without its bias.
    """
    each = (encoded.values * weights / encoded.counts)[encoded.slots].astype(np.float64) / 2
    count = len(encoded.tokens)
    total = np.zeros(count)
    total += np.bincount(encoded.left, weights=each, minlength=count)
    total += np.bincount(encoded.right, weights=each, minlength=count)
    return total


def terms(text: str, encoded: Encoded, weights: Floats) -> tuple[Term, ...]:
    """The strongest words for the label, then strong ones against, as the customer wrote."""
    by_phrase: dict[str, tuple[str, float]] = {}
    of_tokens = token_weights(encoded, weights)
    for first, last in _phrases(encoded.tokens):
        words = encoded.tokens[first : last + 1]
        phrase = " ".join(text[word.start : word.end] for word in words)
        if any(letter.isalpha() for letter in phrase):
            spelling, so_far = by_phrase.get(phrase.casefold(), (phrase, 0.0))
            weight = so_far + float(of_tokens[first : last + 1].sum())
            by_phrase[phrase.casefold()] = (spelling, weight)
    return _strongest(list(by_phrase.values()))


def _phrases(tokens: Sequence[Token]) -> list[tuple[int, int]]:
    """Spans of tokens, first and last, that are shown as one: a negation and what it negates."""
    joined = [0] * len(tokens)
    group = 0
    for place, token in enumerate(tokens):
        before = tokens[place - 1].text if place else ""
        if before not in _NEGATES_NEXT and token.text not in _NEGATES_PREVIOUS:
            group += 1
        joined[place] = group
    spans = [list(places) for _, places in groupby(range(len(tokens)), key=joined.__getitem__)]
    return [(span[0], span[-1]) for span in spans]


def _strongest(weighed: list[tuple[str, float]]) -> tuple[Term, ...]:
    ordered = sorted(weighed, key=lambda pair: -pair[1])
    pushing = [pair for pair in ordered if pair[1] >= _WEAKEST][:_FOR]
    bar = max(_WEAKEST, _STRONG_AGAINST * pushing[0][1] if pushing else _WEAKEST)
    opposing = [pair for pair in reversed(ordered) if pair[1] <= -bar][:_AGAINST]
    return tuple(Term(term=term, weight=round(weight, 3)) for term, weight in pushing + opposing)
