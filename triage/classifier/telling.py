"""How much each feature tells of the labels; what tells more weighs more before a machine fits.

A linear machine would find that out by itself, but it is held back from large weights, and a word
that one label alone has needs a larger one than it is allowed. So features are made larger by what
they tell, as in naive Bayes and planes in one (NBSVM, Wang and Manning 2012), but the same for all
labels: one fit, and its weights times the same factors are weights of the features as they were.
"""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp  # type: ignore[import-untyped]  # scipy ships no types

from triage.classifier.scores import Floats, Places

_SHARE = 0.4
"""Of a factor that is what the feature tells, against 1: with 0.3 to 0.9 macro-F1 of files held out
is the same within 0.0015, and 0.001 to 0.003 above that without (docs/classifier.md)."""

_SMOOTHING = 1.0
"""Texts of the common mix that every feature is thought to occur in; 0.3 is as good, 3 is worse."""


def emphasis(vectors: sp.csr_matrix, wanted: Places, labels: int) -> Floats:
    """A factor for each feature, 1 on average.

    ``wanted[i]`` is the place, of ``labels``, of the label of vector ``i``.
    """
    texts = len(wanted)
    counts = np.bincount(wanted, minlength=labels)
    met = np.flatnonzero((counts > 0) & (counts < texts))
    if not len(met):
        return np.ones(vectors.shape[1], dtype=np.float32)
    by_label = sp.csr_matrix((np.ones(texts), (wanted, np.arange(texts))), shape=(labels, texts))
    found = (by_label @ vectors).toarray()
    of_all = found.sum(axis=0)
    told = np.zeros(vectors.shape[1])
    for label in met.tolist():
        share = counts[label] / texts
        inside = (found[label] + _SMOOTHING * share) / share
        outside = (of_all - found[label] + _SMOOTHING * (1 - share)) / (1 - share)
        told += np.abs(np.log(inside / outside))
    if not told.any():
        return np.ones(vectors.shape[1], dtype=np.float32)
    factors: Floats = (1 - _SHARE + _SHARE * told / told.mean()).astype(np.float32)
    return factors
