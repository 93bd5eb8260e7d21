"""A model as it lies in its file: names joined, weights at half precision, opened at once.

Half a million names are made again from long strings and numbers several times as fast as they
are unpickled. Whole numbers that mostly rise by little are kept as steps; weights do not compress.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from triage.classifier.counts import BLOCKS, Weights
from triage.classifier.danger import Alarm
from triage.classifier.experts import Experts
from triage.classifier.features import TextFeatures
from triage.classifier.heads import Head
from triage.classifier.scores import Floats, Places
from triage.classifier.vocabulary import Pairs, Vocabulary

_BETWEEN = "\n"  # no feature has one
_LEVEL = 6

Few = tuple[Experts, bytes, npt.NDArray[np.float16]]
Whole = npt.NDArray[np.int32] | npt.NDArray[np.int64]
Content = dict[str, Any]
Model = tuple[TextFeatures, tuple[Head, ...], Alarm | None]


def pack(features: TextFeatures, heads: Sequence[Head], alarm: Alarm | None) -> Content:
    """What ``unpack`` needs to make the same model; heads must have been ``rounded``."""
    vocabulary, weights = features.vocabulary_, features.weights_
    return {
        "names": [_joined(block) for block in vocabulary.names],
        "columns": [_tight(np.fromiter(block.values(), np.int32)) for block in vocabulary.names],
        "pairs": [(_tight(pairs.keys), _tight(pairs.columns)) for pairs in vocabulary.pairs],
        "min_texts": features.min_texts,
        "rarity": _by_value(weights.rarity),
        "starts": weights.starts,
        "heads": [
            replace(head, weights=head.weights.astype(np.float16), experts=None) for head in heads
        ],
        "experts": [None if head.experts is None else _few(head.experts) for head in heads],
        "alarm": alarm,
    }


def unpack(content: Mapping[str, Any]) -> Model:
    """Features, heads and alarm of a model. Anything may be raised where it is damaged.

    Weights stay as the file has them, mostly at half precision; a ``Classifier`` widens them where
    it puts them together.
    """
    if "features" in content:
        return _unpack_first_form(content)
    names = [
        dict(zip(_split(joined), _loose(columns, np.int32).tolist(), strict=True))
        for joined, columns in zip(content["names"], content["columns"], strict=True)
    ]
    pairs = [
        Pairs(_loose(keys, np.int64), _loose(columns, np.int32))
        for keys, columns in content["pairs"]
    ]
    missing = BLOCKS - len(names)
    vocabulary = Vocabulary([*names, *({} for _block in range(missing))], pairs)
    rarity = _each(content["rarity"])
    weights = Weights(kept=np.arange(0), rarity=rarity, starts=_edges(content["starts"]))
    experts = content.get("experts") or [None for _head in content["heads"]]
    heads = [
        replace(
            head,
            experts=None if few is None else _whole(few, len(rarity)),
        )
        for head, few in zip(content["heads"], experts, strict=True)
    ]
    features = TextFeatures.of(vocabulary, weights, content["min_texts"])
    return features, tuple(heads), content["alarm"]


def _unpack_first_form(content: Mapping[str, Any]) -> Model:
    """As models were written until 2 December 2026: whole objects, every name in a dictionary.

    Those until 1 December have rarity and edges of the features beside one another.
    """
    before = vars(content["features"])
    weights = before.get("weights_") or Weights(
        kept=np.arange(0), rarity=before["rarity_"], starts=before["starts_"]
    )
    weights = replace(weights, starts=_edges(weights.starts))
    blocks = [list(block) for block in before["vocabularies_"]]
    vocabulary = Vocabulary.of([*blocks, *([] for _block in range(BLOCKS - len(blocks)))])
    features = TextFeatures.of(vocabulary, weights, before["min_texts"])
    return features, tuple(content["heads"]), content.get("alarm")


def _edges(starts: Places) -> Places:
    """The edges of all blocks; until 3 December 2026 there were no clusters of words."""
    return np.pad(starts, (0, BLOCKS + 1 - len(starts)), mode="edge")


def _few(experts: Experts) -> Few:
    """The weights that are not zero, with their places, and the experts without any."""
    weights = experts.weights.ravel()
    places = np.flatnonzero(weights)
    bare = replace(experts, weights=experts.weights[:0])
    return bare, _tight(places.astype(np.int32)), weights[places].astype(np.float16)


def _whole(few: Few, features: int) -> Experts:
    bare, places, weights = few
    whole: npt.NDArray[Any] = np.zeros(features * len(bare.bias), dtype=np.float16)
    whole[_loose(places, np.int32)] = weights
    return replace(bare, weights=whole.reshape(features, len(bare.bias)))


def _tight(numbers: Whole) -> bytes:
    """Whole numbers as their steps."""
    steps = np.diff(numbers, prepend=numbers.dtype.type(0))
    return zlib.compress(steps.tobytes(), _LEVEL)


def _loose(tight: bytes | Whole, kind: type[np.int32] | type[np.int64]) -> Any:
    """The numbers again; until 2 December 2026 they were kept as they are."""
    if isinstance(tight, np.ndarray):
        return tight
    return np.cumsum(np.frombuffer(zlib.decompress(tight), dtype=kind), dtype=kind)


def _by_value(numbers: Floats) -> tuple[Floats, bytes]:
    """Of numbers that are mostly the same few: these, and which of them each is."""
    values, which = np.unique(numbers, return_inverse=True)
    return values, _tight(which.astype(np.int32))


def _each(kept: Floats | tuple[Floats, bytes]) -> Floats:
    """The numbers again; until 2 December 2026 they were kept as they are."""
    if isinstance(kept, np.ndarray):
        return kept
    values, which = kept
    numbers: Floats = values[_loose(which, np.int32)]
    return numbers


def _joined(names: Iterable[str]) -> bytes:
    return zlib.compress(_BETWEEN.join(names).encode(), _LEVEL)


def _split(joined: bytes) -> list[str]:
    names = zlib.decompress(joined).decode()
    return names.split(_BETWEEN) if names else []
