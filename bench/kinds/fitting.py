"""Fits the weights of ``triage/evidence/kind.py`` on one half of the set and prints them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from bench.kinds.collection import PAPER, PHOTO, SCREEN_PHOTO, SCREENSHOT

Row = tuple[str, Mapping[str, float]]  # what it is, its features

SIGNS = {
    "SCREENSHOT": {
        **dict.fromkeys(("plain", "drawn", "palette", "second", "ruled"), 1),
        **dict.fromkeys(("rhythm", "status"), 1),
        "grain": -1,
    },
    "SCREEN_PHOTO": {"fringes": 1, "moire": 1},
    "DOCUMENT": {"print": 1, "paper": 1, "rhythm": 1},
}
"""Which way a feature may count at all: a weight of the other sign would be an accident."""

LOOKED_FOR = {
    "SCREENSHOT": ({SCREENSHOT}, {PHOTO, PAPER, SCREEN_PHOTO}),
    "SCREEN_PHOTO": ({SCREEN_PHOTO}, {PHOTO, PAPER}),
    "DOCUMENT": ({PAPER}, {PHOTO}),
}
_PENALTY = {"SCREENSHOT": 0.02, "SCREEN_PHOTO": 0.002, "DOCUMENT": 0.002}
"""On squared weights: a few hundred pictures carry no steep sums. Less where features are few."""


def fitted(model: str, rows: Sequence[Row]) -> tuple[float, dict[str, list[float]]]:
    """Bias; of each feature its weight, its mean elsewhere, its mean in what is looked for."""
    wanted, others = LOOKED_FOR[model]
    names = list(SIGNS[model])
    kept = [(truth in wanted, seen) for truth, seen in rows if truth in wanted | others]
    x = np.array([[seen[name] for name in names] for _, seen in kept])
    y = np.array([1.0 if yes else -1.0 for yes, _ in kept])
    share = np.where(y > 0, 0.5 / (y > 0).sum(), 0.5 / (y < 0).sum())  # both weigh the same

    def loss(parameters: NDArray[np.float64]) -> float:
        margin = y * (x @ parameters[1:] + parameters[0])
        punished = _PENALTY[model] * float((parameters[1:] ** 2).sum()) / len(names)
        return float((share * np.logaddexp(0, -margin)).sum()) + punished

    bounds = [(None, None), *((0, None) if SIGNS[model][n] > 0 else (None, 0) for n in names)]
    found = minimize(loss, np.zeros(len(names) + 1), bounds=bounds, method="L-BFGS-B").x
    columns = zip(names, found[1:], x[y < 0].mean(axis=0), x[y > 0].mean(axis=0), strict=True)
    return round(float(found[0]), 2), {
        name: [round(float(value), 2) for value in values] for name, *values in columns
    }


def print_models(rows: Iterable[Row]) -> None:
    """As they stand in ``kind.py``, to be copied there by hand."""
    every = list(rows)
    for model in SIGNS:
        bias, terms = fitted(model, every)
        print(f"{model}: bias {bias}")
        for name, values in terms.items():
            print(f"    {name!r}: Term({', '.join(map(str, values))}),")
