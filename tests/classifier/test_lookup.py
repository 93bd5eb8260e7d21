"""Every key is found with its value, and nothing else is found."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from triage.classifier.lookup import Lookup

KEYS = st.integers(min_value=0, max_value=2**53)


@given(st.dictionaries(KEYS, st.integers(0, 2**31 - 1)), st.lists(KEYS))
def test_it_answers_as_a_dictionary_does(known: dict[int, int], others: list[int]) -> None:
    lookup = Lookup(np.array([*known], np.int64), np.array([*known.values()], np.int32))
    wanted = [*known, *others]
    places, values = lookup.find(np.array(wanted, np.int64))
    assert places.tolist() == [place for place, key in enumerate(wanted) if key in known]
    assert values.tolist() == [known[key] for key in wanted if key in known]


@pytest.mark.parametrize(
    "keys",
    [
        pytest.param(range(100_000), id="in a row"),
        pytest.param(range(0, 100_000 << 32, 1 << 32), id="alike in their low bits"),
        pytest.param(range(0, 100_000 << 20, 1 << 20), id="alike in the middle"),
    ],
)
def test_keys_that_are_much_alike_settle(keys: range) -> None:
    some = np.array(keys, np.int64)
    lookup = Lookup(some, np.arange(len(some), dtype=np.int32))
    places, values = lookup.find(some)
    assert places.tolist() == values.tolist() == list(range(len(some)))
    assert not len(lookup.find(some + some[-1] + 1)[0])


@pytest.mark.parametrize("known", [0, 3], ids=["in an empty table", "in one with room"])
def test_what_is_below_zero_is_never_found(known: int) -> None:
    lookup = Lookup(np.arange(known, dtype=np.int64), np.arange(known, dtype=np.int32))
    wanted = np.array([-1, -(2**32), -(2**32) + 1, -(2**63) + 1], np.int64)
    assert not len(lookup.find(wanted)[0])


def test_a_key_that_is_there_three_times_is_refused() -> None:
    with pytest.raises(ValueError, match="several times"):
        Lookup(np.array([7, 7, 7], np.int64), np.arange(3, dtype=np.int32))
