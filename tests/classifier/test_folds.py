"""Folds: evenly dealt, the same for all questions where no label goes unseen."""

from __future__ import annotations

import numpy as np
import pytest

from triage.classifier.folds import ALWAYS_SEEN, deal_all, deal_files

EVEN = np.arange(120) % 3
PAIRS = np.arange(120) // 60


def test_two_questions_share_their_folds_and_each_label_is_spread_evenly() -> None:
    first, second = deal_all([EVEN, PAIRS], seed=5)
    assert first is second
    for truth in (EVEN, PAIRS):
        for label in np.unique(truth):
            of_label = np.bincount(first[truth == label])
            assert of_label.max() - of_label.min() <= 2


def test_where_a_label_would_go_unseen_each_question_has_its_own_folds() -> None:
    rare = np.zeros(120, dtype=np.intp)
    rare[7] = 1
    first, second = deal_all([EVEN, rare], seed=5)
    assert first.min() == 0
    assert second[7] == ALWAYS_SEEN
    assert (np.delete(second, 7) != ALWAYS_SEEN).all()


def test_the_same_seed_deals_the_same() -> None:
    assert np.array_equal(deal_all([EVEN, PAIRS], 1)[0], deal_all([EVEN, PAIRS], 1)[0])
    assert not np.array_equal(deal_all([EVEN, PAIRS], 1)[0], deal_all([EVEN, PAIRS], 2)[0])


@pytest.mark.parametrize(
    ("files", "truth", "possible"),
    [
        pytest.param(list("aabbcc"), [0, 1, 0, 1, 0, 1], True, id="each label in each file"),
        pytest.param(list("aabbcc"), [0, 1, 0, 0, 0, 0], False, id="a label in one file only"),
        pytest.param(list("aaabbb"), [0, 1, 0, 1, 0, 1], False, id="two files"),
    ],
)
def test_files_are_held_out_whole_or_not_at_all(
    files: list[str], truth: list[int], possible: bool
) -> None:
    folds = deal_files(files, np.array(truth))
    assert (folds is not None) == possible
    if folds is not None:
        assert [len(set(folds[np.array(files) == name])) for name in set(files)] == [1, 1, 1]
