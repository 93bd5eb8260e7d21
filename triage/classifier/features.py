"""From a text to a sparse vector: words, beginnings, letter groups, topics, weighed by rarity."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp  # type: ignore[import-untyped]  # scipy ships no types
from sklearn.base import (  # type: ignore[import-untyped]  # scikit-learn ships no types
    BaseEstimator,
    TransformerMixin,
)

from triage.classifier.lexicon import said
from triage.classifier.tokens import Token, parts, tokenise

Floats = npt.NDArray[np.float32]
Indices = npt.NDArray[np.intp]

_BEGINNING = 5  # letters of a word that stand for its stem; beat 4, 6 and a suffix stripper
_SHORTEST, _LONGEST = 3, 4  # letters in a group, the space at a word's edge counted
_CONTENT = 3  # letters from which a word can say something
_LEAST_KNOWN = 0.25  # of the words of a text; with fewer, the answer is a guess
_CACHED_WORDS = 50_000
_GROUPS = 2  # the block of letter groups, whose spaces are a word's edges
_NO_PART = -1
_NOWHERE = np.empty((2, 0), dtype=np.intp)
_LENGTHS = (1.0, 1.0, 1.0, 0.35)
"""Of the blocks: words and pairs, beginnings and pairs, letter groups, topics and pairs of these
(a full length for topics lowered cross-validated macro-F1, see the documentation)."""


@dataclass(frozen=True, kw_only=True)
class Counts:
    """How often each feature occurs in each text, before any choice or weight.

    ``matrix`` is texts x features; ``names[block]`` are the features of one block in the order
    of its columns, the blocks side by side.
    """

    matrix: sp.csr_matrix
    names: tuple[list[str], ...]

    @property
    def pairs(self) -> npt.NDArray[np.bool_]:
        """Which features are pairs of words or topics."""
        blocks = [
            np.array([block != _GROUPS and " " in name for name in names], dtype=np.bool_)
            for block, names in enumerate(self.names)
        ]
        return np.concatenate(blocks)


@dataclass(frozen=True, kw_only=True)
class Encoded:
    """One text as a vector: ``values[i]`` at column ``columns[i]``, columns rising.

    ``tokens`` are its words. For the explanation, occurrence ``j`` of a feature has its place
    ``slots[j]`` in ``columns`` and belongs to the tokens ``left[j]`` and ``right[j]`` (the same
    one unless it is a pair). Of its ``words`` of three letters and more, ``known_words`` have
    been seen in training, whole or by their beginning.
    """

    tokens: list[Token]
    language: str | None
    columns: Indices
    values: Floats
    counts: Indices
    slots: Indices
    left: Indices
    right: Indices
    words: int
    known_words: int


class TextFeatures(TransformerMixin, BaseEstimator):  # type: ignore[misc]  # untyped bases
    """TF-IDF with logarithmic counts over four blocks, each scaled to its length.

    A scikit-learn transformer; ``encode`` is the same for one text without a sparse matrix.
    Equal texts give equal columns on every machine: the features are sorted by name.
    """

    def __init__(self, min_texts: int = 2) -> None:
        self.min_texts = min_texts

    def fit(self, texts: Iterable[str], _labels: object = None) -> TextFeatures:
        return self.choose(count(texts))

    def choose(self, counts: Counts, rows: Indices | None = None) -> TextFeatures:
        """Keep all features of the texts (of ``rows``), but pairs only of ``min_texts``; learn
        how rare each is."""
        matrix = counts.matrix if rows is None else counts.matrix[rows]
        texts_with = np.bincount(matrix.indices, minlength=matrix.shape[1])
        least = np.where(counts.pairs, min(self.min_texts, matrix.shape[0]), 1)
        kept = texts_with >= least
        self.kept_ = np.flatnonzero(kept)
        total = matrix.shape[0]
        self.rarity_ = (np.log((1 + total) / (1 + texts_with[kept])) + 1).astype(np.float32)
        self.vocabularies_, self.starts_ = _number(counts.names, kept)
        self._words: dict[str, _Word] = {}
        return self

    def weigh(self, counts: Counts, rows: Indices | None = None) -> sp.csr_matrix:
        """The vectors of counted texts: what ``transform`` gives, without reading them again."""
        matrix = counts.matrix if rows is None else counts.matrix[rows]
        matrix = matrix[:, self.kept_]
        matrix.sort_indices()
        matrix.data = (1 + np.log(matrix.data)) * self.rarity_[matrix.indices]
        for row in range(matrix.shape[0]):
            span = slice(matrix.indptr[row], matrix.indptr[row + 1])
            self._scale(matrix.indices[span], matrix.data[span])
        return matrix

    def transform(self, texts: Iterable[str]) -> sp.csr_matrix:
        rows = [self.encode(text) for text in texts]
        ends = np.cumsum([0, *(len(row.columns) for row in rows)])
        columns = np.concatenate([np.empty(0, np.intp), *(row.columns for row in rows)])
        values = np.concatenate([np.empty(0, np.float32), *(row.values for row in rows)])
        shape = (len(rows), len(self.rarity_))
        return sp.csr_matrix((values, columns, ends), shape=shape, dtype=np.float32)

    def encode(self, text: str) -> Encoded:
        """The vector of one text, and which of its words each part comes from."""
        tokens, language = tokenise(text)
        words = [self._word(token.text) for token in tokens]
        occurrences, left, right = self._occurrences(tokens, words)
        columns, slots, counts = _distinct(occurrences)
        met = [word.is_known for word in words if word.is_content]
        values = (1 + np.log(counts.astype(np.float32))) * self.rarity_[columns]
        self._scale(columns, values)
        return Encoded(
            tokens=tokens,
            language=language,
            columns=columns,
            values=values,
            counts=counts,
            slots=slots,
            left=left,
            right=right,
            words=len(met),
            known_words=sum(met),
        )

    def encode_many(self, texts: Sequence[str], *, in_parts: bool = False) -> Batch:
        """The vectors of many texts at once, at a fraction of the cost of one after another.

        With ``in_parts`` also those of the parts of texts that have several.
        """
        read = [tokenise(text) for text in texts]
        columns, owners, places, sure = [], [], [], []
        part_of: list[int] = []
        part_owners: list[int] = []
        for owner, (tokens, _language) in enumerate(read):
            words = [self._word(token.text) for token in tokens]
            met = [word.is_known for word in words if word.is_content]
            sure.append(understood(len(met), sum(met)))
            found, left, right = self._occurrences(tokens, words)
            columns.append(found)
            owners.append(len(found))
            places.append(np.stack([left, right]) + len(part_of))
            numbers = parts(texts[owner], tokens) if in_parts and tokens else [0] * len(tokens)
            several = bool(numbers) and numbers[-1] > 0
            part_of += [len(part_owners) + n if several else _NO_PART for n in numbers]
            part_owners += [owner] * (numbers[-1] + 1) if several else []
        every = np.concatenate([np.empty(0, np.intp), *columns])
        vectors = self._weighed(every, np.repeat(np.arange(len(texts)), owners), len(texts))
        of_parts = np.array(part_of, np.intp)[np.concatenate([_NOWHERE, *places], axis=1)]
        inside = (of_parts[0] == of_parts[1]) & (of_parts[0] != _NO_PART)
        cut = self._weighed(every[inside], of_parts[0][inside], len(part_owners))
        return Batch(vectors, read, sure, cut, np.array(part_owners, dtype=np.intp))

    def in_parts(self, text: str, encoded: Encoded) -> sp.csr_matrix:
        """The vectors of the parts of one text; none where it is all one part."""
        numbers = np.array(parts(text, encoded.tokens), dtype=np.intp)
        if not len(numbers) or numbers[-1] == 0:
            return sp.csr_matrix((0, len(self.rarity_)), dtype=np.float32)
        first = numbers[encoded.left]
        inside = first == numbers[encoded.right]
        columns = encoded.columns[encoded.slots[inside]]
        return self._weighed(columns, first[inside], int(numbers[-1]) + 1)

    def _weighed(self, columns: Indices, owners: Indices, rows: int) -> sp.csr_matrix:
        """Vectors of occurrences: the column of each, and the row that it belongs to."""
        width = len(self.rarity_)
        cells, times = np.unique(owners * width + columns, return_counts=True)
        owners, columns = np.divmod(cells, width)
        values = (1 + np.log(times.astype(np.float32))) * self.rarity_[columns]
        blocks = np.searchsorted(self.starts_, columns, side="right") - 1
        pieces = owners * len(_LENGTHS) + blocks
        lengths = np.sqrt(np.bincount(pieces, values**2, rows * len(_LENGTHS)))
        values *= (np.array(_LENGTHS)[blocks] / lengths[pieces]).astype(np.float32)
        ends = np.searchsorted(owners, np.arange(rows + 1))
        return sp.csr_matrix((values, columns, ends), shape=(rows, width))

    def _scale(self, columns: npt.NDArray[Any], values: Floats) -> None:
        """Each block to its length, in place."""
        edges = np.searchsorted(columns, self.starts_).tolist()
        for (start, end), wanted in zip(pairwise(edges), _LENGTHS, strict=True):
            part = values[start:end]
            length = math.sqrt(float(part @ part))
            if length:
                part *= wanted / length

    def _occurrences(
        self, tokens: Sequence[Token], words: list[_Word]
    ) -> tuple[Indices, Indices, Indices]:
        """Columns in the order of the text, and the tokens that each belongs to."""
        pairs, firsts, seconds = self._pairs(tokens, words)
        owners = np.repeat(np.arange(len(words)), [len(word.columns) for word in words])
        left = np.concatenate([owners, np.array(firsts, dtype=np.intp)])
        right = np.concatenate([owners, np.array(seconds, dtype=np.intp)])
        found = np.array(pairs, dtype=np.intp)
        return np.concatenate([*(word.columns for word in words), found]), left, right

    def _pairs(
        self, tokens: Sequence[Token], words: list[_Word]
    ) -> tuple[list[int], list[int], list[int]]:
        """Columns of what spans words: neighbours and topics; the first word, the last word."""
        by_word, by_beginning, _by_group, by_topic = self.vocabularies_
        pairs: list[int] = []
        firsts: list[int] = []
        starts = [word.beginning for word in words]
        for first in range(len(tokens) - 1):
            whole = by_word.get(f"{tokens[first].text} {tokens[first + 1].text}")
            if whole is not None:
                pairs.append(whole)
                firsts.append(first)
            start = by_beginning.get(f"{starts[first]} {starts[first + 1]}")
            if start is not None:
                pairs.append(start)
                firsts.append(first)
        seconds = [first + 1 for first in firsts]
        for topic, first, last in said([token.text for token in tokens]):
            column = by_topic.get(topic)
            if column is not None:
                pairs.append(column)
                firsts.append(first)
                seconds.append(last)
        return pairs, firsts, seconds

    def _word(self, text: str) -> _Word:
        found = self._words.get(text)
        if found is None:
            if len(self._words) >= _CACHED_WORDS:
                self._words.clear()
            found = self._words[text] = self._look_up(text)
        return found

    def _look_up(self, text: str) -> _Word:
        by_word, by_beginning, by_group, _by_topic = self.vocabularies_
        beginning = text[:_BEGINNING]
        whole = [by_word.get(text), by_beginning.get(beginning)]
        groups = [by_group.get(group) for group in letter_groups(text)]
        columns = [column for column in whole + groups if column is not None]
        return _Word(
            beginning=beginning,
            columns=np.array(columns, dtype=np.intp),
            is_content=len(text) >= _CONTENT and text.isalpha(),
            is_known=any(column is not None for column in whole),
        )

    def __getstate__(self) -> dict[str, Any]:
        state: dict[str, Any] = dict(super().__getstate__())
        state["_words"] = {}
        return state


class Batch(NamedTuple):
    """Many texts: their vectors, their tokens and languages, whether enough words are known.

    ``parts`` are the vectors of the parts of texts, ``part_owners`` the text of each.
    """

    vectors: sp.csr_matrix
    read: list[tuple[list[Token], str | None]]
    understood: list[bool]
    parts: sp.csr_matrix
    part_owners: Indices


class _Word(NamedTuple):
    """What the vectoriser knows about one base spelling; kept, because words repeat."""

    beginning: str
    columns: Indices  # of the word, its beginning, its letter groups, where these have one
    is_content: bool
    is_known: bool


def understood(words: int, known_words: int) -> bool:
    """Whether enough of the words are ones that the model has met."""
    return known_words > 0 and known_words >= _LEAST_KNOWN * words


def _distinct(occurrences: Indices) -> tuple[Indices, Indices, Indices]:
    """``numpy.unique`` with inverse and counts, at a quarter of its cost for so few numbers."""
    order = occurrences.argsort(kind="stable")
    ordered = occurrences[order]
    first = np.empty(len(ordered), dtype=np.bool_)
    first[:1] = True
    np.not_equal(ordered[1:], ordered[:-1], out=first[1:])
    slots = np.empty(len(ordered), dtype=np.intp)
    slots[order] = first.cumsum() - 1
    starts = np.append(first.nonzero()[0], len(ordered))
    return ordered[first], slots, starts[1:] - starts[:-1]


def _number(
    names: tuple[list[str], ...], kept: npt.NDArray[np.bool_]
) -> tuple[tuple[dict[str, int], ...], Indices]:
    """Columns of the kept features, block after block, and where each block starts."""
    vocabularies = []
    starts = [0]
    seen = 0
    for block in names:
        chosen = kept[seen : seen + len(block)]
        seen += len(block)
        first = starts[-1]
        vocabulary = {
            name: first + place
            for place, name in enumerate(
                name for name, keep in zip(block, chosen, strict=True) if keep
            )
        }
        vocabularies.append(vocabulary)
        starts.append(first + len(vocabulary))
    return tuple(vocabularies), np.array(starts, dtype=np.intp)


def count(texts: Iterable[str]) -> Counts:
    """Read every text once and count every feature, for ``choose`` and ``weigh``."""
    counted = [[Counter(block) for block in _blocks(tokenise(text)[0])] for text in texts]
    names = tuple(
        sorted({name for row in counted for name in row[block]}) for block in range(len(_LENGTHS))
    )
    matrices = [
        _matrix([row[block] for row in counted], names[block]) for block in range(len(_LENGTHS))
    ]
    return Counts(matrix=sp.hstack(matrices, format="csr", dtype=np.float32), names=names)


def _matrix(counters: list[Counter[str]], names: list[str]) -> sp.csr_matrix:
    place = {name: column for column, name in enumerate(names)}
    columns = np.fromiter((place[name] for row in counters for name in row), dtype=np.int32)
    values = np.fromiter((n for row in counters for n in row.values()), dtype=np.float32)
    ends = np.cumsum([0, *(len(row) for row in counters)])
    return sp.csr_matrix((values, columns, ends), shape=(len(counters), len(names)))


def _blocks(tokens: list[Token]) -> Iterator[list[str]]:
    words = [token.text for token in tokens]
    beginnings = [word[:_BEGINNING] for word in words]
    yield words + _neighbours(words)
    yield beginnings + _neighbours(beginnings)
    yield [group for word in words for group in letter_groups(word)]
    yield [topic for topic, _first, _last in said(words)]


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
