"""Features counted once for all machines of a training: what each text has, and how rare it is."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import joblib  # type: ignore[import-untyped]  # joblib ships no types
import numpy as np
import numpy.typing as npt
import scipy.sparse as sp  # type: ignore[import-untyped]  # scipy ships no types

from triage.classifier.clusters import ENGLISH, clusters_of
from triage.classifier.lexicon import said
from triage.classifier.scores import Floats, Places
from triage.classifier.tokens import Token, tokenise

PAIR_TEXTS = 2
"""Texts that must have a pair of words or topics for it to be kept."""

BEGINNING = 5
"""Letters of a word that stand for its stem; beat 4, 6 and a suffix stripper."""

_SHORTEST, _LONGEST = 3, 4  # letters in a group, the space at a word's edge counted
WORDS, _GROUPS, CLUSTERS = 0, 2, 4
"""Blocks: words and pairs; letter groups, whose spaces are a word's edges; clusters of words."""

_LENGTHS = (1.0, 1.0, 1.0, 0.35, 1.5)
"""Of the blocks: words and pairs, beginnings and pairs, letter groups, topics and pairs of these,
clusters of English words (a full length for topics lowered cross-validated macro-F1, other lengths
for clusters were no better, see the documentation)."""

BLOCKS = len(_LENGTHS)
_NOTHING = np.float32(1e-30)  # below every square of a length that is not 0


@dataclass(frozen=True, kw_only=True)
class Weights:
    """Features that are kept, columns ``kept`` of a table, and how each is weighed.

    A model opened from its file has no table, and ``kept`` is empty. TF-IDF with logarithmic
    counts; ``starts`` are the edges of the blocks, each of which is scaled to its length.
    """

    kept: Places
    rarity: Floats
    starts: Places

    def weigh(self, times: sp.csr_matrix) -> sp.csr_matrix:
        """Vectors from how often each feature of the table occurs (texts x features)."""
        times = times[:, self.kept]
        times.sort_indices()
        owners = np.repeat(np.arange(times.shape[0], dtype=np.int32), np.diff(times.indptr))
        times.data = self.values(times.data, times.indices, owners, times.shape[0])
        return times

    def values(self, times: Floats, columns: Places, owners: Places, texts: int) -> Floats:
        """The value of each cell: its column (of those kept), and the text that it belongs to."""
        values: Floats = np.log(times)
        values += 1
        values *= self.rarity[columns]
        pieces = owners * BLOCKS + self._blocks[columns]
        squares = np.bincount(pieces, values**2, texts * BLOCKS)
        have = np.sqrt(np.where(squares > 0, squares, 1))
        values *= (np.tile(_LENGTHS, texts) / have).astype(np.float32)[pieces]
        return values

    @cached_property
    def _blocks(self) -> npt.NDArray[np.int8]:
        """The block of each column."""
        return np.repeat(np.arange(BLOCKS, dtype=np.int8), np.diff(self.starts))

    def values_of_few(self, times: Floats, columns: Places) -> Floats:
        """The same for a few texts (texts x cells) that share ``columns``, which rise, at a
        fraction of the cost; a text may have 0 of a feature."""
        values: Floats = np.log(np.maximum(times, 1))
        values += times > 0
        values *= self.rarity[columns]
        ends = columns.searchsorted(self.starts).tolist()
        for length, (start, end) in zip(_LENGTHS, pairwise(ends), strict=True):
            block = values[:, start:end]
            squares = np.einsum("ij,ij->i", block, block)
            block *= (length / np.sqrt(np.maximum(squares, _NOTHING)))[:, None]
        return values


@dataclass(frozen=True, kw_only=True)
class Table:
    """How often each feature occurs in each text (texts x features), the blocks side by side.

    ``pairs`` tells which features are pairs of words or topics, ``edges`` where blocks begin.
    """

    matrix: sp.csr_matrix
    pairs: npt.NDArray[np.bool_]
    edges: Places

    def choose(self, rows: Places, min_texts: int) -> Weights:
        """Keep all features of the texts ``rows``, but pairs only of ``min_texts`` of them."""
        columns = self.matrix[rows].indices
        texts_with = np.bincount(columns, minlength=self.matrix.shape[1])
        kept = texts_with >= np.where(self.pairs, min(min_texts, len(rows)), 1)
        rarity = np.log((1 + len(rows)) / (1 + texts_with[kept])) + 1
        places = np.flatnonzero(kept)
        return Weights(
            kept=places,
            rarity=rarity.astype(np.float32),
            starts=np.searchsorted(places, self.edges),
        )


@dataclass(frozen=True, kw_only=True)
class Counts:
    """``names[block]`` are the features of one block of the table in the order of its columns."""

    table: Table
    names: tuple[list[str], ...]


def count(texts: Sequence[str], *, workers: int = 1) -> Counts:
    """Read every text once and count every feature; the number of processes changes nothing."""
    ends = np.linspace(0, len(texts), workers + 1).astype(int).tolist()
    tasks = (joblib.delayed(_count)(texts[start:end]) for start, end in pairwise(ends))
    pieces = joblib.Parallel(n_jobs=workers)(tasks)
    done = [_put_together(block) for block in zip(*pieces, strict=True)]
    names = tuple(names for names, _matrix in done)
    pairs = [
        np.array([number != _GROUPS and " " in name for name in block], dtype=np.bool_)
        for number, block in enumerate(names)
    ]
    table = Table(
        matrix=sp.hstack([matrix for _names, matrix in done], format="csr", dtype=np.float32),
        pairs=np.concatenate(pairs),
        edges=np.cumsum([0, *(len(block) for block in names)]),
    )
    return Counts(table=table, names=names)


_Counted = tuple[list[str], sp.csr_matrix]


def _count(texts: Sequence[str]) -> list[_Counted]:
    """For each block its features by the alphabet, and how often each text has them."""
    blocks = [_Block() for _length in _LENGTHS]
    for text in texts:
        for block, features in zip(blocks, _features(*tokenise(text)), strict=True):
            block.add(features)
    return [block.sorted() for block in blocks]


def _put_together(pieces: Sequence[_Counted]) -> _Counted:
    """What was counted of some texts and of others, as if of all at once."""
    if len(pieces) == 1:
        return pieces[0]
    names = sorted(set().union(*(its for its, _matrix in pieces)))
    place = dict(zip(names, range(len(names)), strict=True))
    spread = []
    for its, matrix in pieces:
        columns = np.array([place[name] for name in its], dtype=np.int32)
        cells = (matrix.data, columns[matrix.indices], matrix.indptr)
        spread.append(sp.csr_matrix(cells, shape=(matrix.shape[0], len(names))))
    return names, sp.vstack(spread, format="csr")


class _Block:
    """The features of one block while texts are read."""

    def __init__(self) -> None:
        self._place: dict[str, int] = {}
        self._columns = array("i")
        self._times = array("f")
        self._ends = [0]

    def add(self, features: list[str]) -> None:
        """One text more."""
        for name, times in Counter(features).items():
            self._columns.append(self._place.setdefault(name, len(self._place)))
            self._times.append(times)
        self._ends.append(len(self._columns))

    def sorted(self) -> tuple[list[str], sp.csr_matrix]:
        """Names by the alphabet, and how often each text has them."""
        names = sorted(self._place)
        ranks = np.empty(len(names), dtype=np.int32)
        ranks[[self._place[name] for name in names]] = np.arange(len(names), dtype=np.int32)
        columns = ranks[np.frombuffer(self._columns, dtype=np.int32)]
        times = np.frombuffer(self._times, dtype=np.float32)
        matrix = sp.csr_matrix(
            (times, columns, self._ends), shape=(len(self._ends) - 1, len(names))
        )
        return names, matrix


def _features(tokens: list[Token], language: str | None) -> Iterator[list[str]]:
    words = [token.text for token in tokens]
    beginnings = [word[:BEGINNING] for word in words]
    yield words + _neighbours(words)
    yield beginnings + _neighbours(beginnings)
    yield [group for word in words for group in letter_groups(word)]
    yield [topic for topic, _first, _last in said(words)]
    alike = words if language == ENGLISH else []
    yield [cluster for word in alike for cluster in clusters_of(word)]


def _neighbours(words: list[str]) -> list[str]:
    return [f"{first} {second}" for first, second in pairwise(words)]


def letter_groups(word: str) -> list[str]:
    """Every run of 3 and 4 letters of the word with a space at each edge."""
    padded = f" {word} "
    return [
        padded[start : start + size]
        for size in range(_SHORTEST, min(_LONGEST, len(padded)) + 1)
        for start in range(len(padded) - size + 1)
    ]
