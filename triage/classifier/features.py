"""A text as a sparse vector: words, beginnings, letter groups, topics, clusters, by rarity."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import joblib  # type: ignore[import-untyped]  # joblib ships no types
import numpy as np
import scipy.sparse as sp  # type: ignore[import-untyped]  # scipy ships no types
from sklearn.base import (  # type: ignore[import-untyped]  # scikit-learn ships no types
    BaseEstimator,
    TransformerMixin,
)

from triage.classifier.counts import PAIR_TEXTS, Counts, Weights, count
from triage.classifier.scores import Floats, Places
from triage.classifier.tokens import Read, Token, parts, tokenise
from triage.classifier.vocabulary import Found, Vocabulary, Word

_LEAST_KNOWN = 0.4  # of the words of a text; with fewer, the answer is a guess
_NO_PART = -1
_NOWHERE = np.empty(0, dtype=np.intp)
_FEW_CELLS = 250_000
"""Parts times features of a text up to which all are weighed, most of them being 0: up to a quarter
quicker than to pick the others out first, and from some 200,000 (3,500 letters) on no quicker."""

_AT_ONCE = 1_000  # texts whose parts are counted together


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
    columns: Places
    values: Floats
    counts: Places
    slots: Places
    left: Places
    right: Places
    words: int
    known_words: int


class TextFeatures(TransformerMixin, BaseEstimator):  # type: ignore[misc]  # untyped bases
    """TF-IDF with logarithmic counts over five blocks, each scaled to its length.

    A scikit-learn transformer; ``encode`` is the same for one text without a sparse matrix.
    Equal texts give equal columns on every machine: the features are sorted by name.
    """

    def __init__(self, min_texts: int = PAIR_TEXTS) -> None:
        self.min_texts = min_texts

    def fit(self, texts: Iterable[str], _labels: object = None) -> TextFeatures:
        return self.choose(count(list(texts)))

    def choose(self, counts: Counts) -> TextFeatures:
        """Keep all features of the texts, but pairs only of ``min_texts``; learn how rare each
        is."""
        every = np.arange(counts.table.matrix.shape[0])
        self.weights_ = counts.table.choose(every, self.min_texts)
        self.vocabulary_ = Vocabulary.of(_kept_names(counts, self.weights_))
        return self

    @classmethod
    def of(cls, vocabulary: Vocabulary, weights: Weights, min_texts: int) -> TextFeatures:
        """What was chosen before."""
        features = cls(min_texts)
        features.weights_ = weights
        features.vocabulary_ = vocabulary
        return features

    def transform(self, texts: Iterable[str]) -> sp.csr_matrix:
        rows = [self.encode(text) for text in texts]
        ends = np.cumsum([0, *(len(row.columns) for row in rows)])
        columns = np.concatenate([np.empty(0, np.intp), *(row.columns for row in rows)])
        values = np.concatenate([np.empty(0, np.float32), *(row.values for row in rows)])
        shape = (len(rows), len(self.weights_.rarity))
        return sp.csr_matrix((values, columns, ends), shape=shape, dtype=np.float32)

    def encode(self, text: str) -> Encoded:
        """The vector of one text, and which of its words each part comes from."""
        tokens, language = tokenise(text)
        found = self.vocabulary_.find([(tokens, language)])
        columns, slots, counts = _distinct(found.columns)
        met = [word.is_known for word in found.words if word.is_content]
        values = self.weights_.values_of_few(counts[None, :].astype(np.float32), columns)[0]
        return Encoded(
            tokens=tokens,
            language=language,
            columns=columns,
            values=values,
            counts=counts,
            slots=slots,
            left=found.left,
            right=found.right,
            words=len(met),
            known_words=sum(met),
        )

    def encode_many(self, texts: Sequence[str], *, in_parts: bool = False) -> Batch:
        """The vectors of many texts at once, at a fraction of the cost of one after another.

        With ``in_parts`` also those of the parts of texts that have several.
        """
        read = [tokenise(text) for text in texts]
        found = self.vocabulary_.find(read)
        lengths = [len(tokens) for tokens, _language in read]
        owners = np.repeat(np.arange(len(texts)), lengths)[found.left]
        columns, of_parts, part_owners = _NOWHERE, _NOWHERE, _NOWHERE
        if in_parts:
            cut = _cut(texts, [tokens for tokens, _language in read])
            columns, of_parts, part_owners = _inside(found, cut)
        return Batch(
            vectors=self._weighed(found.columns, owners, len(texts)),
            read=read,
            understood=_understood(found.words, lengths),
            parts=self._weighed(columns, of_parts, len(part_owners)),
            part_owners=part_owners,
        )

    def count_parts(
        self, texts: Sequence[str], width: int, *, workers: int = 1
    ) -> tuple[sp.csr_matrix, Places]:
        """How often each feature that is kept occurs in each part of the texts that have several.

        In the ``width`` columns of the table that it was chosen from; also the text of each part.
        The number of processes changes nothing.
        """
        ends = np.linspace(0, len(texts), workers + 1).astype(int).tolist()
        tasks = (
            joblib.delayed(self._count_parts)(texts[start:end], width)
            for start, end in pairwise(ends)
        )
        counted = joblib.Parallel(n_jobs=workers)(tasks)
        whose = [owners + start for start, (_matrix, owners) in zip(ends, counted, strict=False)]
        return sp.vstack([matrix for matrix, _owners in counted], format="csr"), np.concatenate(
            whose
        )

    def _count_parts(self, texts: Sequence[str], width: int) -> tuple[sp.csr_matrix, Places]:
        blocks, whose = [sp.csr_matrix((0, width), dtype=np.float32)], [_NOWHERE]
        for start in range(0, len(texts), _AT_ONCE):
            some = texts[start : start + _AT_ONCE]
            read = [tokenise(text) for text in some]
            cut = _cut(some, [tokens for tokens, _language in read])
            columns, of_parts, owners = _inside(self.vocabulary_.find(read), cut)
            rows, chosen, times = self._cells(columns, of_parts)
            ends = np.searchsorted(rows, np.arange(len(owners) + 1))
            cells = (times, self.weights_.kept[chosen], ends)
            blocks.append(sp.csr_matrix(cells, shape=(len(owners), width)))
            whose.append(owners + start)
        return sp.vstack(blocks, format="csr"), np.concatenate(whose)

    def in_parts(self, text: str, encoded: Encoded) -> Floats:
        """The vectors of the parts of one text (parts x its columns); none where it is all one."""
        width = len(encoded.columns)
        numbers = np.array(parts(text, encoded.tokens), dtype=np.intp)
        if not len(numbers) or numbers[-1] == 0:
            return np.zeros((0, width), dtype=np.float32)
        rows = int(numbers[-1]) + 1
        first = numbers[encoded.left]
        inside = first == numbers[encoded.right]
        cells = first[inside] * width + encoded.slots[inside]
        times = np.bincount(cells, minlength=rows * width)
        if rows * width <= _FEW_CELLS:
            few = times.reshape(rows, width).astype(np.float32)
            return self.weights_.values_of_few(few, encoded.columns)
        filled = times.nonzero()[0]  # of a long text's parts nearly all cells are empty
        owners, places = np.divmod(filled, width)
        vectors = np.zeros(rows * width, dtype=np.float32)
        vectors[filled] = self.weights_.values(
            times[filled].astype(np.float32), encoded.columns[places], owners, rows
        )
        return vectors.reshape(rows, width)

    def _weighed(self, columns: Places, owners: Places, rows: int) -> sp.csr_matrix:
        """Vectors of occurrences: the column of each, and the row that it belongs to."""
        owners, columns, times = self._cells(columns, owners)
        values = self.weights_.values(times, columns, owners, rows)
        ends = np.searchsorted(owners, np.arange(rows + 1))
        return sp.csr_matrix((values, columns, ends), shape=(rows, len(self.weights_.rarity)))

    def _cells(self, columns: Places, owners: Places) -> tuple[Places, Places, Floats]:
        """Occurrences counted: row and column of each cell, and how often."""
        width = len(self.weights_.rarity)
        cells, times = np.unique(owners * width + columns, return_counts=True)
        rows, places = np.divmod(cells, width)
        return rows, places, times.astype(np.float32)


class Batch(NamedTuple):
    """Many texts: their vectors, their tokens and languages, whether enough words are known.

    ``parts`` are the vectors of the parts of texts, ``part_owners`` the text of each.
    """

    vectors: sp.csr_matrix
    read: list[Read]
    understood: list[bool]
    parts: sp.csr_matrix
    part_owners: Places


def understood(words: int, known_words: int) -> bool:
    """Whether enough of the words are ones that the model has met."""
    return known_words > 0 and known_words >= _LEAST_KNOWN * words


def _distinct(occurrences: Places) -> tuple[Places, Places, Places]:
    """``numpy.unique`` with inverse and counts, at a quarter of its cost for so few numbers."""
    order = occurrences.argsort()
    ordered = occurrences[order]
    first = np.empty(len(ordered), dtype=np.bool_)
    first[:1] = True
    np.not_equal(ordered[1:], ordered[:-1], out=first[1:])
    slots = np.empty(len(ordered), dtype=np.intp)
    slots[order] = first.cumsum() - 1
    starts = np.append(first.nonzero()[0], len(ordered))
    return ordered[first], slots, starts[1:] - starts[:-1]


def _understood(words: Sequence[Word], lengths: Sequence[int]) -> list[bool]:
    """For each text, ``lengths`` of the words one after another, whether enough are known."""
    told, start = [], 0
    for length in lengths:
        met = [word.is_known for word in words[start : start + length] if word.is_content]
        told.append(understood(len(met), sum(met)))
        start += length
    return told


def _cut(texts: Sequence[str], tokens: Sequence[list[Token]]) -> tuple[Places, Places]:
    """The part that each token of the texts is in, -1 in a text of one part; each part's text."""
    of_tokens: list[int] = []
    owners: list[int] = []
    for place, (text, its) in enumerate(zip(texts, tokens, strict=True)):
        numbers = parts(text, its) if its else []
        if numbers and numbers[-1] > 0:
            of_tokens += [len(owners) + number for number in numbers]
            owners += [place] * (numbers[-1] + 1)
        else:
            of_tokens += [_NO_PART] * len(its)
    return np.array(of_tokens, dtype=np.intp), np.array(owners, dtype=np.intp)


def _inside(found: Found, cut: tuple[Places, Places]) -> tuple[Places, Places, Places]:
    """Columns of what occurs inside one part and the part of each; the text of each part."""
    of_tokens, owners = cut
    first = of_tokens[found.left]
    inside = (first == of_tokens[found.right]) & (first != _NO_PART)
    return found.columns[inside], first[inside], owners


def _kept_names(counts: Counts, weights: Weights) -> list[list[str]]:
    """The names of the features that are kept, block after block in the order of their columns."""
    kept_in = np.split(weights.kept, weights.starts[1:-1])
    edges = counts.table.edges.tolist()
    return [
        [names[place - edge] for place in kept.tolist()]
        for names, kept, edge in zip(counts.names, kept_in, edges, strict=False)
    ]
