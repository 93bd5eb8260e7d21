"""Which texts are held out together: dealt evenly by label, or a whole file at a time."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from triage.classifier.scores import Places

ALWAYS_SEEN = -1
"""The fold of a text that no machine does without."""

_FOLDS = 4
_FEWEST = 2
_MOST_FILE_FOLDS = 8  # so many models are trained, each without its share of the files
_FEWEST_FILES = 3


def deal_all(truths: Sequence[Places], seed: int) -> list[Places]:
    """Folds for each question: the same for all, each question's labels spread evenly.

    Where that would leave a label unseen (it has few texts), each question has its own.
    """
    chance = np.random.default_rng(seed)
    order = np.lexsort([chance.random(len(truths[0])), *reversed(truths)])
    folds = np.empty(len(order), dtype=np.intp)
    folds[order] = np.arange(len(order)) % _FOLDS
    if len(truths) > 1 and all(_sees_every_label(truth, folds) for truth in truths):
        return [folds for _truth in truths]
    return [_deal(truth, np.random.default_rng(seed)) for truth in truths]


def deal_neighbours(truths: Sequence[Places]) -> list[Places]:
    """The same, but texts of a label that stand near one another are in one fold.

    Whoever writes several texts for a label writes them one after another and much alike. Dealt by
    chance, each fold would know a part of every writer, and what is said of it would flatter
    (docs/classifier.md). Where texts stand in no order it is as by chance.
    """
    folds = np.empty(len(truths[0]), dtype=np.intp)
    _, group = np.unique(np.stack(truths), axis=1, return_inverse=True)
    for number in range(group.max() + 1):
        _deal_runs(folds, np.flatnonzero(group.ravel() == number), number)
    if len(truths) > 1 and all(_sees_every_label(truth, folds) for truth in truths):
        return [folds for _truth in truths]
    return [_deal(truth, None) for truth in truths]


def _deal_runs(folds: Places, mine: Places, first: int) -> None:
    """As many runs of ``mine`` as there are folds, beginning with the fold ``first``."""
    runs = np.arange(len(mine)) * _FOLDS // max(len(mine), _FOLDS)
    folds[mine] = (runs + first) % _FOLDS


def _sees_every_label(truth: Places, folds: Places) -> bool:
    """Whether each fold leaves a text of each label to learn from."""
    labels = truth.max() + 1
    return all(len(np.unique(truth[folds != fold])) == labels for fold in range(folds.max() + 1))


def _deal(truth: Places, chance: np.random.Generator | None) -> Places:
    """A fold for each text, the texts of each label spread evenly, by chance or in runs as they
    stand; a label's only text has none."""
    folds = np.full(len(truth), ALWAYS_SEEN, dtype=np.intp)
    for label in range(truth.max() + 1):
        mine = np.flatnonzero(truth == label)
        order = mine if chance is None else chance.permutation(mine)
        if len(mine) < _FEWEST:
            continue
        if chance is None:
            _deal_runs(folds, order, label)
        else:
            folds[order] = np.arange(len(order)) % _FOLDS
    return folds


def deal_files(files: Sequence[str], truth: Places) -> Places | None:
    """A fold for each text, a file's texts all in one; None where that leaves a label unseen."""
    names, places = np.unique(np.array(files), return_inverse=True)
    if len(names) < _FEWEST_FILES:
        return None
    folds: Places = places % min(len(names), _MOST_FILE_FOLDS)
    return folds if _sees_every_label(truth, folds) else None
