"""Numbers found by their keys, a whole text's keys at once.

A dictionary of half a million keys is asked one key after another and waits for the memory each
time; binary search waits nineteen times a key. Here each key lies in one of two nests that its
hashes name (cuckoo hashing, Pagh and Rodler 2001), so that two reads tell of all keys at once
whether they are known.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from triage.classifier.scores import Places

Keys = npt.NDArray[np.int64]

_NOBODY = -1
_EMPTY = np.iinfo(np.int64).min
_LEAST_BITS = 4
_MOST_GROWTH = 3  # times that a table is doubled; keys that differ have long settled
_MOST_ROUNDS = 200  # by then the keys of a table that has room for them have long settled
_MIXERS = np.array(
    [0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0xD6E8FEB86659FD93], np.uint64
)
"""Odd multipliers, two for a table, whose products spread small numbers over the high bits. Any
would do: where keys do not settle with one pair, the next is tried."""


class Lookup:
    """``values[i]`` belongs to ``keys[i]``; keys are at least 0 and differ.

    Whatever is below 0, but for the least int64, may be looked for and is not found. Raises
    ValueError where a key is there several times.
    """

    def __init__(self, keys: Keys, values: npt.NDArray[np.int32]) -> None:
        self._bits = max(_LEAST_BITS, int(1.25 * len(keys)).bit_length())
        self._pair = 0
        roomy = self._bits + _MOST_GROWTH
        settled = self._settle(keys)
        while settled is None:
            self._pair = (self._pair + 1) % (len(_MIXERS) // 2)
            self._bits += self._pair == 0
            if self._bits > roomy:
                raise ValueError("keys are there several times")
            settled = self._settle(keys)
        taken = settled != _NOBODY
        self._keys = np.full(len(settled), _EMPTY, dtype=np.int64)
        self._keys[taken] = keys[settled[taken]]
        self._values = np.zeros(len(settled), dtype=np.int32)
        self._values[taken] = values[settled[taken]]

    def find(self, wanted: Keys) -> tuple[Places, Places]:
        """Where among ``wanted`` the keys are that are known, and the values of these."""
        one, other = self._nests(wanted)
        nests = np.where(self._keys.take(one) == wanted, one, other)
        known = (self._keys.take(nests) == wanted).nonzero()[0]
        return known, self._values.take(nests[known]).astype(np.intp)

    def _nests(self, keys: Keys) -> tuple[Places, Places]:
        """Both places where each key may lie: one in each half of the table."""
        unsigned = keys.view(np.uint64)
        away = np.uint64(64 - self._bits)
        first, second = _MIXERS[2 * self._pair : 2 * self._pair + 2]
        one = ((unsigned * first) >> away).view(np.int64)
        other = ((unsigned * second) >> away).view(np.int64)
        other += 1 << self._bits
        return one, other

    def _settle(self, keys: Keys) -> npt.NDArray[np.int32] | None:
        """The key in each nest; None if some found no place.

        All keys that have none go to the nest that they were not in last, and whoever lay there
        leaves; of several for one nest the last one stays.
        """
        nests = np.stack(self._nests(keys), dtype=np.int32)
        tenants = np.full(2 << self._bits, _NOBODY, dtype=np.int32)
        side = np.zeros(len(keys), dtype=np.int8)
        homeless = np.arange(len(keys), dtype=np.int32)
        for _round in range(_MOST_ROUNDS):
            if not len(homeless):
                return tenants
            wanted = nests[side[homeless], homeless]
            before = tenants[wanted]
            tenants[wanted] = homeless
            lost = homeless[tenants[wanted] != homeless]
            driven_out = np.unique(before[before != _NOBODY])
            homeless = np.concatenate([lost, driven_out])
            side[homeless] ^= 1
        return None
