"""Which English words are alike: eight clusters of each, from a table made of word vectors.

A model learns from the words that it has met, and «fridge» says nothing to one that met only
«refrigerator». Words whose vectors are near stand in the same clusters, the more of them the
nearer they are. Russian and Kazakh have no such table: there it brought nothing
(docs/decisions/0009-english-words.md).
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

ENGLISH = "en"
_TABLE = Path(__file__).with_name("english-clusters.npz")


class _Table(NamedTuple):
    """``clusters[place[word]]`` are those of a word, one of each clustering."""

    place: dict[str, int]
    clusters: npt.NDArray[np.uint16]


def clusters_of(word: str) -> list[str]:
    """Names of the clusters of a word in base spelling; none for one that is not in the table."""
    table = _table()
    place = table.place.get(word)
    if place is None:
        return []
    return [f"{number}.{cluster}" for number, cluster in enumerate(table.clusters[place].tolist())]


def places_of_words(words: Iterable[str]) -> list[int]:
    """Places in the table of those that are in it, which their vectors have, too."""
    place = _table().place
    return [place[word] for word in words if word in place]


@cache
def _table() -> _Table:
    """As scripts/english_clusters.py made it."""
    with np.load(_TABLE) as kept:
        words = kept["words"].tobytes().decode("ascii").split("\n")
        return _Table(dict(zip(words, range(len(words)), strict=True)), kept["clusters"])
