"""The arrays that the classifier computes with, and how logits become probabilities."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Scores = npt.NDArray[np.float64]
Places = npt.NDArray[np.intp]


def softmax(logits: npt.NDArray[np.floating]) -> Scores:
    """Probabilities along the last axis."""
    # numpy's own functions for this spend more on being called than on a few numbers
    most = np.maximum.reduce(logits, axis=-1, keepdims=True)
    shares: Scores = np.exp(logits - most, dtype=np.float64)
    shares /= np.add.reduce(shares, axis=-1, keepdims=True)
    return shares
