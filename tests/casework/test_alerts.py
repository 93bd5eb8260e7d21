"""What the clocks tell by themselves: alerts, the breach, one reminder, and the law's own terms."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from tests.desks import AIGUL, MONDAY
from triage.casework import answer
from triage.casework.passing import tick
from triage.casework.work import ActionRequest, act, claim_next
from triage.core.status import Action
from triage.store.tables import Assessment, Complaint


def told(desk, complaint_id):
    history = answer.case(desk, complaint_id, "en", AIGUL)["history"]
    return [event["verb"] for event in history if event["verb"].startswith(("sla_", "reminder"))]


def facts(desk, complaint_id):
    with desk.reading() as session:
        query = session.query(Assessment).filter_by(complaint_id=complaint_id)
        return query.order_by(Assessment.id.desc()).first().facts


def test_each_share_of_the_time_is_told_once(desk, queued, clock):
    """31 working hours from Monday 10:00: half is Wednesday 9:30, all is Thursday 17:00."""
    for hours, expected in (
        (47, []),
        (1, ["sla_alert"]),
        (1, ["sla_alert"]),
        (24 + 1, ["sla_alert", "sla_alert"]),
        (7, ["sla_alert", "sla_alert", "sla_breached"]),
        (72, ["sla_alert", "sla_alert", "sla_breached"]),
    ):
        clock.forward(hours=hours)
        tick(desk)
        tick(desk)
        assert told(desk, queued) == expected


def test_after_a_long_stop_only_the_last_share_is_told(desk, queued, clock):
    clock.forward(days=9)
    assert tick(desk)["alerted"] == 1
    assert told(desk, queued) == ["sla_breached"]
    assert tick(desk)["alerted"] == 0


def test_an_alert_decides_again_with_the_time_that_is_used(desk, queued, clock):
    before = answer.complaint(desk, queued, "en", AIGUL)
    assert "sla_used" not in facts(desk, queued)
    clock.forward(days=9)
    tick(desk)
    after = answer.complaint(desk, queued, "en", AIGUL)
    assert facts(desk, queued)["sla_used"] == 100
    assert after["status"] == before["status"]
    codes = {reason["code"] for reason in after["reasons"]}
    assert codes - {reason["code"] for reason in before["reasons"]}, "a rule says why it is raised"


def test_a_clock_that_stands_still_tells_nothing(desk, queued, clock):
    claim_next(desk, AIGUL)
    act(desk, queued, Action.WAIT_SELLER, AIGUL, ActionRequest(note="asked"))
    clock.forward(days=8)
    tick(desk)
    assert told(desk, queued) == []


def test_closed_cases_are_left_alone(desk, queued, clock):
    claim_next(desk, AIGUL)
    act(desk, queued, Action.RESOLVE, AIGUL, ActionRequest(reason="Refunded."))
    clock.forward(days=9)
    assert tick(desk)["alerted"] == 0
    with desk.reading() as session:
        assert session.get(Complaint, queued).alert_at is None


def test_the_customer_is_reminded_once_of_what_is_missing(desk, file, clock):
    """Two working days after Monday end on Wednesday at 17:00."""
    complaint_id = file()
    clock.forward(days=2, hours=6)
    tick(desk)
    assert told(desk, complaint_id) == []
    clock.forward(hours=2)
    tick(desk)
    tick(desk)
    assert told(desk, complaint_id) == ["reminder"]
    assert facts(desk, complaint_id)["reminders_unanswered"] == 1


@pytest.mark.parametrize("language", ["ru", "kk", "en"])
def test_the_terms_of_the_law_are_shown_only_with_a_formal_claim(desk, file, language):
    assert answer.case(desk, file(), language, AIGUL)["legal"] is None
    claimed = file(claim_received_on=date(2026, 11, 16))
    legal = answer.case(desk, claimed, language, AIGUL)["legal"]
    assert [(term["code"], term["due_at"], term["days_left"]) for term in legal["terms"]] == [
        ("seller_answer", "2026-11-26T18:59:59Z", 3),
        ("state_body", "2027-01-16T18:59:59Z", 54),
    ]
    assert all(step["message"] for step in legal["derivation"])


def test_stated_circumstances_reach_the_rules_and_are_never_guessed(desk, file):
    assert "hardship_declared" not in facts(desk, file("I am a pensioner, help"))
    said = facts(desk, file(hardship_declared=True, on_credit=True))
    assert (said["hardship_declared"], said["on_credit"]) == (True, True)


def test_the_next_alert_is_an_index_away(desk, queued):
    with desk.reading() as session:
        row = session.get(Complaint, queued)
        assert isinstance(row.alert_at, datetime)
        assert MONDAY < row.alert_at < row.due_at
