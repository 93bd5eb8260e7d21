"""Vectors of English words, and of a text the mean of its words', what is rare weighing more.

The words are those of the clusters (clusters.py). Made by scripts/english_clusters.py; why, and
by whose terms: docs/decisions/0010-second-opinion.md and 0009-english-words.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp  # type: ignore[import-untyped]  # scipy ships no types

from triage.classifier.clusters import ENGLISH, places_of_words
from triage.classifier.counts import CLUSTERS, WORDS, Counts
from triage.classifier.scores import Floats
from triage.classifier.tokens import Read

WIDTH = 256
_TABLE = Path(__file__).with_name("english-vectors.npz")


class _Table(NamedTuple):
    """Of word ``w``, piece ``p`` is ``centres[p, codes[w, p]]`` (product quantisation)."""

    codes: npt.NDArray[np.uint8]
    centres: Floats


@cache
def _table() -> _Table:
    with np.load(_TABLE) as kept:
        return _Table(kept["codes"], kept["centres"].astype(np.float32))


def vectors_of(places: npt.NDArray[np.integer]) -> Floats:
    """Of the words at these places of the table, each of length 1 (words x 256)."""
    codes, centres = _table()
    pieces = centres[np.arange(len(centres)), codes[places]]
    whole: Floats = pieces.reshape(len(places), WIDTH)
    whole /= np.sqrt(np.einsum("ij,ij->i", whole, whole))[:, None]
    return whole


@dataclass(frozen=True, kw_only=True)
class Meaning:
    """``rarity`` of each word of the table among the texts that were learnt from."""

    rarity: Floats

    @classmethod
    def learn(cls, times: sp.csr_matrix) -> Meaning:
        """From how often each word is in each text; a new word is as rare as the rarest one."""
        texts_with = np.bincount(times.indices, minlength=times.shape[1])
        rarity = np.log((1 + times.shape[0]) / (1 + np.maximum(texts_with, 1))) + 1
        return cls(rarity=rarity.astype(np.float32))

    def of_counts(self, times: sp.csr_matrix) -> Floats:
        """Texts x 256, numbers of about 1; 0 where a text has no word of the table."""
        words, columns = np.unique(times.indices, return_inverse=True)
        weighed = sp.csr_matrix(
            (times.data * self.rarity[times.indices], columns, times.indptr),
            shape=(times.shape[0], len(words)),
        )
        return _scaled(weighed @ vectors_of(words))

    def of_texts(self, read: Sequence[Read]) -> Floats:
        """The same of texts as they are read; only English ones are looked up."""
        meanings = np.zeros((len(read), WIDTH), dtype=np.float32)
        for row, (tokens, language) in zip(meanings, read, strict=True):
            if language == ENGLISH:
                words = np.array(places_of_words(token.text for token in tokens), dtype=np.intp)
                row[:] = self.rarity[words] @ vectors_of(words)
        return _scaled(meanings)


def _scaled(sums: Floats) -> Floats:
    lengths = np.sqrt(np.einsum("ij,ij->i", sums, sums))
    scaled: Floats = sums * (np.sqrt(WIDTH) / np.where(lengths > 0, lengths, 1))[:, None]
    return scaled.astype(np.float32)


def english_words(counts: Counts) -> sp.csr_matrix:
    """How often each word of the table occurs in each text that was counted; never in one that is
    not English."""
    edges = counts.table.edges
    english = counts.table.matrix[:, edges[CLUSTERS] : edges[CLUSTERS + 1]].getnnz(axis=1) > 0
    names = counts.names[WORDS]
    places = {name: place for name in names for place in places_of_words([name])}
    columns = np.array([row for row, name in enumerate(names) if name in places], dtype=np.intp)
    times = sp.csr_matrix(counts.table.matrix[:, edges[WORDS] + columns])
    whose = np.array([places[names[column]] for column in columns.tolist()], dtype=np.intp)
    times = sp.csr_matrix(
        (times.data, whose[times.indices], times.indptr),
        shape=(times.shape[0], len(_table().codes)),
    )
    times = sp.csr_matrix(sp.diags(english.astype(np.float32)) @ times)
    times.eliminate_zeros()
    times.sort_indices()
    return times
