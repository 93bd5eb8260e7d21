"""Which column a feature has: words, letter groups and topics by name, pairs by their two words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from triage.classifier.counts import BEGINNING, letter_groups
from triage.classifier.lexicon import said
from triage.classifier.scores import Places
from triage.classifier.tokens import Token

_PAIRED = 2  # blocks, from the first, whose pairs are two names that stand side by side
_SHIFT = 32  # bits: a pair's key is the column of its first name, shifted, and of its second
_UNKNOWN = -1
_FEW = 500  # neighbours, the words of one text
_CONTENT = 3  # letters from which a word can say something
_CACHED_WORDS = 50_000
_NONE = np.empty(0, dtype=np.intp)

Keys = npt.NDArray[np.int64]


class Pairs:
    """``columns[i]`` is that of the pair whose key is ``keys[i]``; keys rise."""

    def __init__(self, keys: Keys, columns: npt.NDArray[np.int32]) -> None:
        self.keys = keys
        self.columns = columns
        self._column_of = dict(zip(keys.tolist(), columns.tolist(), strict=True))

    def find(self, names: Places, closes: npt.NDArray[np.bool_]) -> tuple[Places, Places]:
        """Columns of the neighbours among ``names`` that are pairs, and each first one's place.

        Nothing is a pair with what follows where ``closes`` says that a text ends.
        """
        if not len(self.keys):
            return _NONE, _NONE
        wanted = (names[:-1] << _SHIFT) | names[1:]
        if len(wanted) <= _FEW:
            return self._find_few(wanted, closes)
        at = np.minimum(self.keys.searchsorted(wanted), len(self.keys) - 1)
        firsts = ((self.keys[at] == wanted) & ~closes[:-1]).nonzero()[0]
        return self.columns[at[firsts]], firsts

    def _find_few(self, wanted: Keys, closes: npt.NDArray[np.bool_]) -> tuple[Places, Places]:
        """The same by a dictionary: quicker for one text, slower for hundreds at once."""
        column_of = self._column_of
        found = [column_of.get(key, _UNKNOWN) for key in wanted.tolist()]
        columns = np.array(found, dtype=np.intp)
        firsts = ((columns != _UNKNOWN) & ~closes[:-1]).nonzero()[0]
        return columns[firsts], firsts


class Word(NamedTuple):
    """What is known about one base spelling; kept, because words repeat."""

    whole: int  # its column, or -1
    beginning: int  # the column of its beginning, or -1
    columns: Places  # of both and of its letter groups, where these have one
    is_content: bool
    is_known: bool


class Found(NamedTuple):
    """Occurrences of features: the column of each, and the tokens that it begins and ends with.

    Tokens are counted through all texts that were read together; ``words`` are these.
    """

    columns: Places
    left: Places
    right: Places
    words: list[Word]


class Vocabulary:
    """``names[block][name]`` is the column of a feature, ``pairs[block]`` has those of pairs."""

    def __init__(self, names: Sequence[Mapping[str, int]], pairs: Sequence[Pairs]) -> None:
        self.names = tuple(names)
        self.pairs = tuple(pairs)
        self._words: dict[str, Word] = {}

    @classmethod
    def of(cls, blocks: Sequence[Sequence[str]]) -> Vocabulary:
        """From the names of each block in the order of their columns, block after block."""
        names: list[dict[str, int]] = []
        pairs: list[Pairs] = []
        start = 0
        for number, block in enumerate(blocks):
            places = dict(zip(block, range(start, start + len(block)), strict=True))
            start += len(block)
            if number < _PAIRED:
                single = {name: column for name, column in places.items() if " " not in name}
                pairs.append(_pairs(places, single))
                places = single
            names.append(places)
        return cls(names, pairs)

    def find(self, texts: Sequence[Sequence[Token]]) -> Found:
        """Every feature of the texts; no pair reaches from one text into the next."""
        words = [self._word(token.text) for tokens in texts for token in tokens]
        owners = np.repeat(np.arange(len(words)), [len(word.columns) for word in words])
        columns, left, right = [_NONE, *(word.columns for word in words)], [owners], [owners]
        closes = np.zeros(len(words), dtype=np.bool_)
        closes[np.cumsum([len(tokens) for tokens in texts if tokens], dtype=np.intp) - 1] = True
        wholes = np.array([word.whole for word in words], dtype=np.int64)
        beginnings = np.array([word.beginning for word in words], dtype=np.int64)
        for pairs, names in zip(self.pairs, (wholes, beginnings), strict=True):
            found, firsts = pairs.find(names, closes)
            columns.append(found)
            left.append(firsts)
            right.append(firsts + 1)
        found, firsts, lasts = self._topics(texts)
        return Found(
            columns=np.concatenate([*columns, found]),
            left=np.concatenate([*left, firsts]),
            right=np.concatenate([*right, lasts]),
            words=words,
        )

    def _topics(self, texts: Sequence[Sequence[Token]]) -> Places:
        """Columns, first and last tokens of what is said, one below another."""
        by_topic = self.names[-1]
        found: list[tuple[int, int, int]] = []
        start = 0
        for tokens in texts:
            for topic, first, last in said([token.text for token in tokens]):
                column = by_topic.get(topic)
                if column is not None:
                    found.append((column, start + first, start + last))
            start += len(tokens)
        return np.array(found, dtype=np.intp).reshape(-1, 3).T

    def _word(self, text: str) -> Word:
        found = self._words.get(text)
        if found is None:
            if len(self._words) >= _CACHED_WORDS:
                self._words.clear()
            found = self._words[text] = self._look_up(text)
        return found

    def _look_up(self, text: str) -> Word:
        by_word, by_beginning, by_group, _by_topic = self.names
        whole = by_word.get(text, _UNKNOWN)
        beginning = by_beginning.get(text[:BEGINNING], _UNKNOWN)
        groups = [by_group.get(group, _UNKNOWN) for group in letter_groups(text)]
        columns = np.array([whole, beginning, *groups], dtype=np.intp)
        return Word(
            whole=whole,
            beginning=beginning,
            columns=columns[columns != _UNKNOWN],
            is_content=len(text) >= _CONTENT and text.isalpha(),
            is_known=whole != _UNKNOWN or beginning != _UNKNOWN,
        )

    def __getstate__(self) -> dict[str, Any]:
        return {**vars(self), "_words": {}}


def _pairs(places: Mapping[str, int], single: Mapping[str, int]) -> Pairs:
    """The names that are two with a space between; both of these are known when the pair is."""
    found = []
    for name, column in places.items():
        first, space, second = name.partition(" ")
        if space:
            found.append((single[first] << _SHIFT | single[second], column))
    keys, columns = np.array(sorted(found), dtype=np.int64).reshape(-1, 2).T
    return Pairs(np.ascontiguousarray(keys), columns.astype(np.int32))
