"""How urgent a complaint is: base, points, what is urgent at once, the model, an agent's word."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.core.books import a_prediction, codes, decided
from triage.core.complaint import Priority


@pytest.mark.parametrize(
    ("claimed", "priority"),
    [
        ("defective", "normal"),
        ("not_as_described", "normal"),
        ("late_delivery", "normal"),
        ("refund_refused", "high"),
        ("seller_fraud", "urgent"),
        ("other", "low"),
        (None, "normal"),
    ],
)
def test_each_problem_type_alone_has_its_base_priority(claimed: str | None, priority: str) -> None:
    assert decided(claimed).priority == priority


@pytest.mark.parametrize(
    ("claimed", "known", "priority", "points"),
    [
        pytest.param("other", {"amount": 432_500}, "normal", 20, id="100 indices"),
        pytest.param("defective", {"amount": 432_500}, "high", 35, id="a large order"),
        pytest.param("defective", {"amount": 432_499}, "normal", 27, id="a bit less"),
        pytest.param("defective", {"amount": 19_999}, "normal", 15, id="a small one"),
        pytest.param("defective", {"appeal": 1}, "normal", 30, id="first appeal"),
        pytest.param("defective", {"appeal": 2}, "high", 35, id="second appeal"),
        pytest.param("defective", {"appeal": 9}, "high", 40, id="appeals stop at 25"),
        pytest.param("defective", {"seller_complaints": 2}, "high", 35, id="third about a seller"),
        pytest.param("refund_refused", {"hardship_declared": True}, "high", 50, id="hardship"),
        pytest.param(
            "refund_refused",
            {"appeal": 1, "amount": 100_000},
            "urgent",
            62,
            id="what adds up",
        ),
        pytest.param(
            "late_delivery", {"promised_on": date(2026, 11, 15)}, "normal", 23, id="a week late"
        ),
        pytest.param(
            "late_delivery", {"promised_on": date(2026, 11, 8)}, "normal", 30, id="two weeks late"
        ),
        pytest.param(
            "not_as_described", {"received_on": date(2026, 11, 10)}, "high", 35, id="window closes"
        ),
        pytest.param("other", {"safety_risk": True}, "urgent", 0, id="danger is urgent at once"),
        pytest.param("other", {"symptom": "code_given"}, "urgent", 0, id="money is moving"),
        pytest.param(
            "defective", {"product_category": "коляска"}, "urgent", 15, id="a child's product"
        ),
        pytest.param("other", {"reminders_unanswered": 2}, "low", -5, id="points may be taken"),
    ],
)
def test_points_add_up_to_the_priority(
    claimed: str, known: dict[str, Any], priority: str, points: int
) -> None:
    made = decided(claimed, **known)
    assert (made.priority, made.points) == (priority, points)


@pytest.mark.parametrize(
    ("claimed", "suggested", "sure", "priority", "reason"),
    [
        pytest.param("defective", "urgent", 0.8, "urgent", "model.priority", id="raised"),
        pytest.param("defective", "urgent", 0.799, "normal", "model.priority_unsure", id="unsure"),
        pytest.param("refund_refused", "low", 0.99, "high", "model.priority", id="never lowered"),
        pytest.param("seller_fraud", "normal", 0.99, "urgent", "model.priority", id="nor to that"),
    ],
)
def test_the_text_model_may_raise_a_priority_but_never_lower_it(
    claimed: str, suggested: str, sure: float, priority: str, reason: str
) -> None:
    prediction = a_prediction(claimed, priority=suggested, priority_confidence=sure)
    made = decided(claimed, prediction=prediction)
    assert made.priority == priority
    assert (reason in codes(made, overruled=True)) is (suggested != priority)


def test_what_an_agent_set_wins_over_everything_even_downwards() -> None:
    sure = a_prediction("seller_fraud", priority="urgent", priority_confidence=0.99)
    made = decided("seller_fraud", prediction=sure, safety_risk=True, priority=Priority.LOW)
    assert made.priority == "low"
    assert "priority.chosen" in codes(made, overruled=False)
    assert {"priority.points", "model.priority"} <= codes(made, overruled=True)


@pytest.mark.parametrize(
    ("danger", "priority"),
    [
        pytest.param(0.13, "urgent", id="likely enough: a missed danger is the worst error"),
        pytest.param(0.12, "urgent", id="at the limit"),
        pytest.param(0.11, "normal", id="too unlikely"),
        pytest.param(None, "normal", id="a model that was not taught what is urgent"),
    ],
)
def test_a_likely_danger_is_urgent_even_when_the_model_is_not_sure(
    danger: float | None, priority: str
) -> None:
    prediction = a_prediction(
        "defective", priority="normal", priority_confidence=0.6, danger=danger
    )
    decision = decided("defective", prediction=prediction)
    assert decision.priority == priority
    assert ("model.danger" in codes(decision)) is (priority == "urgent")
