"""Which column a feature has: words, letter groups, topics, clusters; pairs by both words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from triage.classifier.clusters import ENGLISH, clusters_of
from triage.classifier.counts import BEGINNING, letter_groups
from triage.classifier.lexicon import said
from triage.classifier.lookup import Keys, Lookup
from triage.classifier.scores import Places
from triage.classifier.tokens import Read, Token

_TOPICS = 3  # the block of topics
_PAIRED = 2  # blocks, from the first, whose pairs are two names that stand side by side
_SHIFT = 32  # bits: a pair's key is the column of its first name, shifted, and of its second
_UNKNOWN = -1
_CONTENT = 3  # letters from which a word can say something
_CACHED_WORDS = 50_000
_NONE = np.empty(0, dtype=np.intp)


class Pairs(NamedTuple):
    """``columns[i]`` is that of the pair whose key is ``keys[i]``; keys rise."""

    keys: Keys
    columns: npt.NDArray[np.int32]


class Word(NamedTuple):
    """What is known about one base spelling; kept, because words repeat."""

    whole: int  # its column, or -1
    beginning: int  # the column of its beginning, or -1
    columns: Places  # of both and of its letter groups, where these have one
    clusters: Places  # columns of its clusters, which count in an English text only
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
        self._by_pair = Lookup(
            np.concatenate([its.keys for its in pairs]),
            np.concatenate([its.columns for its in pairs]),
        )
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

    def find(self, texts: Sequence[Read]) -> Found:
        """Every feature of the texts; no pair reaches from one text into the next."""
        known = self._words
        words = [
            known.get(token.text) or self._learn(token.text) for text in texts for token in text[0]
        ]
        owners = np.repeat(np.arange(len(words)), [len(word.columns) for word in words])
        pairs, befores = self._neighbours(words, [len(tokens) for tokens, _language in texts])
        topics, firsts, lasts = self._topics([tokens for tokens, _language in texts])
        clusters, alike = self._clusters(words, texts)
        return Found(
            columns=np.concatenate([*(word.columns for word in words), pairs, topics, *clusters]),
            left=np.concatenate([owners, befores, firsts, alike]),
            right=np.concatenate([owners, befores + 1, lasts, alike]),
            words=words,
        )

    def _clusters(
        self, words: Sequence[Word], texts: Sequence[Read]
    ) -> tuple[list[Places], Places]:
        """Columns of the clusters of each word of the English texts, and the place of the word."""
        clusters: list[Places] = []
        places: list[int] = []
        start = 0
        for tokens, language in texts:
            end = start + len(tokens)
            if language == ENGLISH:
                clusters += [word.clusters for word in words[start:end]]
                places += range(start, end)
            start = end
        return clusters, np.repeat(np.array(places, np.intp), [len(each) for each in clusters])

    def _neighbours(self, words: Sequence[Word], lengths: Sequence[int]) -> tuple[Places, Places]:
        """Columns of the pairs that words next to each other make, whole and by their beginnings,
        and the place of the first word of each."""
        if len(words) < 2:  # nothing stands beside a lone word
            return _NONE, _NONE
        names = np.array([[word.whole for word in words], [word.beginning for word in words]])
        keys = (names[:, :-1] << _SHIFT) | names[:, 1:]
        keys[:, np.cumsum([length for length in lengths if length])[:-1] - 1] = _UNKNOWN
        found, columns = self._by_pair.find(keys.ravel())
        return columns, found % (len(words) - 1)

    def _topics(self, texts: Sequence[Sequence[Token]]) -> Places:
        """Columns, first and last tokens of what is said, one below another."""
        by_topic = self.names[_TOPICS]
        found: list[tuple[int, int, int]] = []
        start = 0
        for tokens in texts:
            for topic, first, last in said([token.text for token in tokens]):
                column = by_topic.get(topic)
                if column is not None:
                    found.append((column, start + first, start + last))
            start += len(tokens)
        return np.array(found, dtype=np.intp).reshape(-1, 3).T

    def _learn(self, text: str) -> Word:
        if len(self._words) >= _CACHED_WORDS:
            self._words.clear()
        found = self._words[text] = self._look_up(text)
        return found

    def _look_up(self, text: str) -> Word:
        by_word, by_beginning, by_group, _by_topic, by_cluster = self.names
        whole = by_word.get(text, _UNKNOWN)
        beginning = by_beginning.get(text[:BEGINNING], _UNKNOWN)
        groups = [by_group.get(group, _UNKNOWN) for group in letter_groups(text)]
        clusters = [by_cluster.get(name, _UNKNOWN) for name in clusters_of(text)]
        return Word(
            whole=whole,
            beginning=beginning,
            columns=_known([whole, beginning, *groups]),
            clusters=_known(clusters),
            is_content=len(text) >= _CONTENT and text.isalpha(),
            is_known=whole != _UNKNOWN or beginning != _UNKNOWN,
        )

    def __getstate__(self) -> dict[str, Any]:
        return {**vars(self), "_words": {}}


def _known(columns: Sequence[int]) -> Places:
    found: Places = np.array([column for column in columns if column != _UNKNOWN], dtype=np.intp)
    return found


def _pairs(places: Mapping[str, int], single: Mapping[str, int]) -> Pairs:
    """The names that are two with a space between; both of these are known when the pair is."""
    found = []
    for name, column in places.items():
        first, space, second = name.partition(" ")
        if space:
            found.append((single[first] << _SHIFT | single[second], column))
    keys, columns = np.array(sorted(found), dtype=np.int64).reshape(-1, 2).T
    return Pairs(np.ascontiguousarray(keys), columns.astype(np.int32))
