"""The arrays that the classifier computes with, and how logits become probabilities."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Scores = npt.NDArray[np.float64]
Places = npt.NDArray[np.intp]


def softmax(logits: npt.NDArray[np.floating]) -> Scores:
    """Probabilities along the last axis."""
    powers = np.exp(logits - logits.max(axis=-1, keepdims=True), dtype=np.float64)
    shares: Scores = powers / powers.sum(axis=-1, keepdims=True)
    return shares
