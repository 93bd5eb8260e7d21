"""Folds: evenly dealt, the same for all questions where no label goes unseen."""

from __future__ import annotations

import numpy as np
import pytest

from triage.classifier.folds import ALWAYS_SEEN, deal_all, deal_files, deal_neighbours

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


def test_texts_of_a_label_that_stand_together_are_held_out_together() -> None:
    (folds,) = deal_neighbours([np.repeat([0, 1, 2], [8, 10, 3])])
    for label, size in ((0, 8), (1, 10), (2, 3)):
        mine = folds[np.repeat([0, 1, 2], [8, 10, 3]) == label]
        assert np.count_nonzero(np.diff(mine)) + 1 == len(set(mine.tolist())), "each in one run"
        assert len(set(mine.tolist())) == min(size, 4)
    assert np.bincount(folds).max() - np.bincount(folds).min() <= 1


def test_neighbours_of_two_questions_share_their_folds() -> None:
    first, second = deal_neighbours([EVEN, PAIRS])
    assert first is second
    for truth in (EVEN, PAIRS):
        for label in np.unique(truth):
            of_label = np.bincount(first[truth == label])
            assert of_label.max() - of_label.min() <= 2


def test_a_label_with_one_text_is_always_seen_among_neighbours() -> None:
    rare = np.zeros(120, dtype=np.intp)
    rare[7] = 1
    _first, second = deal_neighbours([EVEN, rare])
    assert second[7] == ALWAYS_SEEN
    assert (np.delete(second, 7) != ALWAYS_SEEN).all()


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
