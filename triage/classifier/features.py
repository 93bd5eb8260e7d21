"""From a text to a sparse vector: words, beginnings, letter groups, topics, weighed by rarity."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import scipy.sparse as sp  # type: ignore[import-untyped]  # scipy ships no types
from sklearn.base import (  # type: ignore[import-untyped]  # scikit-learn ships no types
    BaseEstimator,
    TransformerMixin,
)

from triage.classifier.counts import (
    BEGINNING,
    PAIR_TEXTS,
    Counts,
    Weights,
    count,
    letter_groups,
)
from triage.classifier.lexicon import said
from triage.classifier.scores import Floats, Places
from triage.classifier.tokens import Token, parts, tokenise

_CONTENT = 3  # letters from which a word can say something
_LEAST_KNOWN = 0.25  # of the words of a text; with fewer, the answer is a guess
_CACHED_WORDS = 50_000
_NO_PART = -1
_NOWHERE = np.empty((2, 0), dtype=np.intp)


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
    """TF-IDF with logarithmic counts over four blocks, each scaled to its length.

    A scikit-learn transformer; ``encode`` is the same for one text without a sparse matrix.
    Equal texts give equal columns on every machine: the features are sorted by name.
    """

    def __init__(self, min_texts: int = PAIR_TEXTS) -> None:
        self.min_texts = min_texts

    def fit(self, texts: Iterable[str], _labels: object = None) -> TextFeatures:
        return self.choose(count(texts))

    def choose(self, counts: Counts) -> TextFeatures:
        """Keep all features of the texts, but pairs only of ``min_texts``; learn how rare each
        is."""
        every = np.arange(counts.table.matrix.shape[0])
        self.weights_ = counts.table.choose(every, self.min_texts)
        self.vocabularies_ = _number(counts, self.weights_)
        self._words: dict[str, _Word] = {}
        return self

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
        words = [self._word(token.text) for token in tokens]
        occurrences, left, right = self._occurrences(tokens, words)
        columns, slots, counts = _distinct(occurrences)
        met = [word.is_known for word in words if word.is_content]
        values = self.weights_.values_of_one(counts.astype(np.float32), columns)
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

    def count_parts(self, texts: Iterable[str], width: int) -> tuple[sp.csr_matrix, Places]:
        """How often each feature that is kept occurs in each part of the texts that have several.

        In the ``width`` columns of the table that it was chosen from; also the text of each part.
        """
        columns, owners = [np.empty(0, np.intp)], [np.empty(0, np.intp)]
        whose: list[int] = []
        for place, text in enumerate(texts):
            tokens = tokenise(text)[0]
            numbers = np.array(parts(text, tokens) if tokens else [0])
            if numbers[-1] == 0:
                continue
            words = [self._word(token.text) for token in tokens]
            found, left, right = self._occurrences(tokens, words)
            inside = numbers[left] == numbers[right]
            columns.append(found[inside])
            owners.append(numbers[left][inside] + len(whose))
            whose += [place] * (int(numbers[-1]) + 1)
        rows, chosen, times = self._cells(np.concatenate(columns), np.concatenate(owners))
        ends = np.searchsorted(rows, np.arange(len(whose) + 1))
        kept = self.weights_.kept[chosen]
        return sp.csr_matrix((times, kept, ends), shape=(len(whose), width)), np.array(
            whose, np.intp
        )

    def in_parts(self, text: str, encoded: Encoded) -> sp.csr_matrix:
        """The vectors of the parts of one text; none where it is all one part."""
        numbers = np.array(parts(text, encoded.tokens), dtype=np.intp)
        if not len(numbers) or numbers[-1] == 0:
            return sp.csr_matrix((0, len(self.weights_.rarity)), dtype=np.float32)
        first = numbers[encoded.left]
        inside = first == numbers[encoded.right]
        columns = encoded.columns[encoded.slots[inside]]
        return self._weighed(columns, first[inside], int(numbers[-1]) + 1)

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

    def _occurrences(
        self, tokens: Sequence[Token], words: list[_Word]
    ) -> tuple[Places, Places, Places]:
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
        beginning = text[:BEGINNING]
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
    part_owners: Places


class _Word(NamedTuple):
    """What the vectoriser knows about one base spelling; kept, because words repeat."""

    beginning: str
    columns: Places  # of the word, its beginning, its letter groups, where these have one
    is_content: bool
    is_known: bool


def understood(words: int, known_words: int) -> bool:
    """Whether enough of the words are ones that the model has met."""
    return known_words > 0 and known_words >= _LEAST_KNOWN * words


def _distinct(occurrences: Places) -> tuple[Places, Places, Places]:
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


def _number(counts: Counts, weights: Weights) -> tuple[dict[str, int], ...]:
    """The column of each feature that is kept, block after block."""
    blocks = zip(
        counts.names,
        np.split(weights.kept, weights.starts[1:-1]),
        counts.table.edges.tolist(),
        weights.starts.tolist(),
        strict=False,
    )
    return tuple(
        {names[place - edge]: start + n for n, place in enumerate(kept.tolist())}
        for names, kept, edge, start in blocks
    )
