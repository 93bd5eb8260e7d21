"""Features that tell more of the labels weigh more before a machine is fitted."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.sparse as sp  # type: ignore[import-untyped]  # scipy ships no types
from hypothesis import given
from hypothesis import strategies as st

from triage.classifier.telling import emphasis

# Texts x features: the first feature is in texts of one label only, the second in all alike, the
# third in one text.
_VECTORS = sp.csr_matrix(
    np.array([[1, 1, 0], [1, 1, 0], [1, 1, 1], [0, 1, 0], [0, 1, 0], [0, 1, 0]], dtype=np.float32)
)


def test_what_only_one_label_has_weighs_most_and_what_all_have_least() -> None:
    own, common, once = emphasis(_VECTORS, np.array([0, 0, 0, 1, 1, 1]), 2)
    assert own > once > common


def test_the_mean_factor_is_one() -> None:
    assert emphasis(_VECTORS, np.array([0, 0, 0, 1, 1, 1]), 2).mean() == pytest.approx(1)


@pytest.mark.parametrize(
    ("wanted", "labels"),
    [
        pytest.param([1, 1, 1, 1, 1, 1], 2, id="one label only"),
        pytest.param([0, 1, 0, 0, 1, 0], 2, id="labels that are two"),
        pytest.param([0, 2, 0, 0, 2, 2], 4, id="labels that no text has"),
    ],
)
def test_factors_are_finite_and_above_nothing(wanted: list[int], labels: int) -> None:
    factors = emphasis(_VECTORS, np.array(wanted), labels)
    assert np.isfinite(factors).all()
    assert (factors > 0).all()


def test_a_feature_without_texts_tells_nothing() -> None:
    vectors = sp.hstack([_VECTORS, sp.csr_matrix((6, 1), dtype=np.float32)], format="csr")
    factors = emphasis(vectors, np.array([0, 0, 0, 1, 1, 1]), 2)
    assert factors[3] == factors.min()


@given(order=st.permutations(range(6)))
def test_the_order_of_texts_does_not_matter(order: list[int]) -> None:
    wanted = np.array([0, 0, 0, 1, 1, 1])
    assert emphasis(_VECTORS[order], wanted[order], 2) == pytest.approx(
        emphasis(_VECTORS, wanted, 2)
    )
