"""What is wrong with a corpus: copies, near copies, personal data, labels that look mistaken."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from zlib import crc32

import numpy as np
import numpy.typing as npt

from triage.classifier.rows import Row
from triage.classifier.tokens import tokenise
from triage.classifier.unseen import HeldOut

NEAR = 0.7
"""Share of common letter groups (Jaccard) from which two texts are near copies."""

_GROUP = 5  # letters
_HASHES, _BAND = 96, 4  # 24 bands of 4: a pair with 0.7 in common is met with 99.8 %
_PRIME = (1 << 31) - 1
_CROWD = 50  # texts in one bucket beyond which they share a phrase, not a text

_PERSONAL = {
    "e-mail": re.compile(r"[\w.+-]+@[\w-]+\.[\w.]{2,}"),
    "card": re.compile(r"(?<!\d)(?:\d[ -]?){15}\d(?!\d)"),
    "phone": re.compile(r"(?<!\d)(?:\+7|8)[ (-]*7\d\d[ )-]*\d{3}[ -]*\d\d[ -]*\d\d(?!\d)"),
    "IIN": re.compile(r"(?<!\d)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])[1-6]\d{5}(?!\d)"),
    "order": re.compile(r"(?<!\d)(?!\d*00000)\d{9,11}(?!\d)"),  # zeros: plainly made up
}


@dataclass(frozen=True, kw_only=True)
class Suspicion:
    """One thing to look at: ``rows`` are places in the corpus, ``detail`` says why."""

    kind: str
    rows: tuple[int, ...]
    detail: str


def personal(rows: Sequence[Row]) -> Iterator[Suspicion]:
    """Texts with something that looks like a person's own number or address."""
    for place, row in enumerate(rows):
        for what, pattern in _PERSONAL.items():
            if pattern.search(row["text"]):
                yield Suspicion(kind="personal", rows=(place,), detail=what)
                break


def copies(rows: Sequence[Row]) -> Iterator[Suspicion]:
    """Texts that are the same in base spelling, and pairs that nearly are."""
    bases = [" ".join(token.text for token in tokenise(row["text"])[0]) for row in rows]
    by_base: dict[str, list[int]] = defaultdict(list)
    for place, base in enumerate(bases):
        by_base[base].append(place)
    for places in by_base.values():
        if len(places) > 1:
            yield Suspicion(kind="duplicate", rows=tuple(places), detail="same words")
    firsts = [places[0] for places in by_base.values()]
    groups = {place: _groups(bases[place]) for place in firsts}
    for first, second in sorted(_candidates(groups)):
        common = len(groups[first] & groups[second]) / len(groups[first] | groups[second])
        if common >= NEAR:
            yield Suspicion(kind="near", rows=(first, second), detail=f"{common:.0%} in common")


def _groups(base: str) -> frozenset[int]:
    padded = f" {base} ".encode("utf-16-le")
    size = 2 * _GROUP
    ends = range(0, max(len(padded) - size, 0) + 1, 2)
    return frozenset(crc32(padded[start : start + size]) % _PRIME for start in ends)


def _candidates(groups: dict[int, frozenset[int]]) -> set[tuple[int, int]]:
    """Pairs that share a band of their MinHash signatures."""
    chance = np.random.default_rng(0)
    factors = chance.integers(1, _PRIME, _HASHES, dtype=np.int64)[:, None]
    shifts = chance.integers(0, _PRIME, _HASHES, dtype=np.int64)[:, None]
    buckets: dict[tuple[int, bytes], list[int]] = defaultdict(list)
    for place, found in groups.items():
        numbers = np.fromiter(found, dtype=np.int64)
        signature: npt.NDArray[np.int64] = ((factors * numbers + shifts) % _PRIME).min(axis=1)
        for band in range(0, _HASHES, _BAND):
            buckets[band, signature[band : band + _BAND].tobytes()].append(place)
    return {
        pair
        for places in buckets.values()
        if len(places) <= _CROWD
        for pair in combinations(places, 2)
    }


def mislabelled(held_out: HeldOut) -> Iterator[Suspicion]:
    """Labels that look mistaken, the most suspicious first: confident learning.

    A text counts for the label of which the model is at least as sure as it is on average of the
    texts that carry it (Northcutt, Jiang and Chuang 2021); where this is another label than
    the given one, somebody should look.
    """
    shares, truth = held_out.shares, held_out.truth
    usual = np.array(
        [shares[truth == label, label].mean() for label in range(len(held_out.labels))]
    )
    sure = np.where(shares >= usual, shares, 0.0)
    other = sure.argmax(axis=1)
    own = shares[np.arange(len(truth)), truth]
    doubted = np.flatnonzero(
        (sure.max(axis=1) > 0) & (other != truth) & (sure[np.arange(len(truth)), other] > own)
    )
    margin = shares[doubted, other[doubted]] - own[doubted]
    margin_of = dict(zip(doubted.tolist(), margin.tolist(), strict=True))
    for place in doubted[np.argsort(-margin, kind="stable")].tolist():
        given, thought = held_out.labels[truth[place]], held_out.labels[other[place]]
        yield Suspicion(
            kind="label",
            rows=(int(held_out.rows[place]),),
            detail=f"{given}, {own[place]:.2f}; rather {thought}, {margin_of[place]:.2f} more",
        )


def kappa(first: Sequence[str], second: Sequence[str]) -> float:
    """Cohen's kappa of two people's labels for the same texts."""
    total = len(first)
    agreed = sum(a == b for a, b in zip(first, second, strict=True)) / total
    chance = sum(first.count(x) * second.count(x) for x in set(first)) / total**2
    return (agreed - chance) / (1 - chance) if chance < 1 else 1.0
