"""The days of a case in order, and what in them cannot be."""

from __future__ import annotations

from datetime import date

import pytest

from triage.core.timeline import Happened, Step, in_order, late_by


def day(number: int) -> date:
    return date(2026, 11, number)


@pytest.mark.parametrize(
    ("happened", "odd"),
    [
        pytest.param([(Step.ORDERED, 1), (Step.DELIVERED, 3), (Step.FILED, 5)], {}, id="in order"),
        pytest.param([(Step.ORDERED, 1), (Step.DELIVERED, 1), (Step.FILED, 1)], {}, id="one day"),
        pytest.param(
            [(Step.ORDERED, 4), (Step.DELIVERED, 3)],
            {Step.DELIVERED: ("delivered_before_order",)},
            id="delivered before it was ordered",
        ),
        pytest.param(
            [(Step.ORDERED, 4), (Step.DELIVERED, 6), (Step.PHOTO_TAKEN, 2)],
            {Step.PHOTO_TAKEN: ("photo_before_order", "photo_before_delivery")},
            id="a photo from before",
        ),
        pytest.param(
            [(Step.FILED, 4), (Step.DELIVERED, 6), (Step.RETURN_ASKED, 5)],
            {Step.FILED: ("filed_before_delivery", "filed_before_return")},
            id="filed before it came",
        ),
    ],
)
def test_what_cannot_be_is_said_beside_the_day(happened, odd):
    lines = in_order(Happened(step, day(number)) for step, number in happened)
    assert [line.happened.on for line in lines] == sorted(line.happened.on for line in lines)
    assert {line.happened.step: line.odd for line in lines if line.odd} == odd


@pytest.mark.parametrize(
    ("promised", "delivered", "late"),
    [(1, 4, 3), (4, 4, None), (4, 1, None), (None, 4, None)],
)
def test_how_late_a_delivery_was(promised, delivered, late):
    days = [(Step.PROMISED, promised), (Step.DELIVERED, delivered)]
    assert late_by(in_order(Happened(s, day(n)) for s, n in days if n)) == late
