"""Which of the customer's own words pushed a text towards a label, and how far."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from triage.classifier.features import Encoded
from triage.classifier.scores import Floats
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
    of_tokens = token_weights(encoded, weights).tolist()
    tokens = encoded.tokens
    words = [token.text for token in tokens]
    total: dict[str, float] = {}
    places: dict[str, list[tuple[int, int]]] = {}
    for first, last in _phrases(words):
        base, weight = words[first], of_tokens[first]
        if base[0].isalpha():
            if first != last:
                base = " ".join(words[first : last + 1])
                weight = sum(of_tokens[first : last + 1])
            total[base] = total.get(base, 0.0) + weight
            places.setdefault(base, []).append((first, last))
    return tuple(
        Term(
            term=_spelled(text, tokens, *places[base][0]),
            weight=round(total[base], 3),
            spans=tuple((tokens[first].start, tokens[last].end) for first, last in places[base]),
        )
        for base in _strongest(total)
    )


def _spelled(text: str, tokens: Sequence[Token], first: int, last: int) -> str:
    return " ".join(text[token.start : token.end] for token in tokens[first : last + 1])


def _phrases(words: Sequence[str]) -> list[tuple[int, int]]:
    """Spans of words, first and last, that are shown as one: a negation and what it negates."""
    joined = {place + 1 for place, word in enumerate(words) if word in _NEGATES_NEXT}
    joined |= {place for place, word in enumerate(words) if word in _NEGATES_PREVIOUS}
    firsts = [place for place in range(len(words)) if place not in joined or not place]
    ends = [*firsts[1:], len(words)]
    return [(first, end - 1) for first, end in zip(firsts, ends, strict=False)]


def _strongest(weights: dict[str, float]) -> list[str]:
    ordered = sorted(weights, key=weights.__getitem__, reverse=True)
    pushing = [base for base in ordered[:_FOR] if weights[base] >= _WEAKEST]
    bar = max(_WEAKEST, _STRONG_AGAINST * weights[pushing[0]] if pushing else _WEAKEST)
    opposing = [base for base in ordered[: -_AGAINST - 1 : -1] if weights[base] <= -bar]
    return pushing + opposing
