"""What people do to a complaint, and what they may not."""

from __future__ import annotations

import pytest

from tests.desks import AIGUL, BERIK, INTAKE, ROBOT
from triage.casework import answer
from triage.casework.passing import tick
from triage.casework.work import ActionRequest, act, claim_next, keep_lease
from triage.core.complaint import Category, Priority
from triage.core.evidence import EvidenceKind
from triage.core.status import Action
from triage.errors import Conflict, Invalid, Refused

WHY = ActionRequest(reason="Seen on the photos.")


def do(desk, complaint_id, action, actor=AIGUL, **wish):
    act(desk, complaint_id, Action(action), actor, ActionRequest(**wish))


def shown(desk, complaint_id):
    return answer.case(desk, complaint_id, "en", AIGUL)


@pytest.fixture
def held(desk, queued):
    """The same in Aigul's hands."""
    assert claim_next(desk, AIGUL) == queued
    return queued


def test_the_next_complaint_is_the_most_urgent_then_the_one_due_first(desk, file, clock):
    said = {"problem_type": Category.LATE_DELIVERY, "received_on": None}
    first = file("late", **said)
    clock.forward(days=1)
    second = file("late", **said)
    urgent = file("late, smoke comes out", **said)

    assert [claim_next(desk, AIGUL) for _ in range(4)] == [urgent, first, second, None]


def test_a_claimed_complaint_is_nobody_elses(desk, held):
    assert claim_next(desk, BERIK) is None
    with pytest.raises(Conflict, match=r"action\.not_allowed"):
        do(desk, held, "claim", BERIK)
    with pytest.raises(Conflict, match=r"lease\.not_yours"):
        do(desk, held, "resolve", BERIK, reason="mine")
    assert shown(desk, held)["lease"]["mine"] is True


def test_a_lease_returns_by_itself_when_the_agent_vanishes(desk, held, clock):
    clock.forward(minutes=desk.settings.lease_minutes + 1)

    assert tick(desk)["leases_returned"] == 1
    assert shown(desk, held)["status"] == "queued"
    assert claim_next(desk, BERIK) == held


def test_a_lease_lasts_while_the_agent_works(desk, held, clock):
    clock.forward(minutes=desk.settings.lease_minutes - 1)
    assert keep_lease(desk, held, AIGUL) is True
    assert keep_lease(desk, held, BERIK) is False
    clock.forward(minutes=2)
    assert claim_next(desk, BERIK) is None


@pytest.mark.parametrize(
    ("action", "wish", "status"),
    [
        pytest.param("release", {}, "queued", id="release"),
        pytest.param(
            "request_evidence",
            {"kinds": (EvidenceKind.PURCHASE_PROOF,)},
            "waiting_customer",
            id="request_evidence",
        ),
        pytest.param("wait_seller", {}, "waiting_seller", id="wait_seller"),
        pytest.param("order_expertise", {}, "waiting_expertise", id="order_expertise"),
        pytest.param("resolve", {"reason": "Refunded."}, "resolved", id="resolve"),
        pytest.param("reject", {"reason": "Worn for a year."}, "rejected", id="reject"),
        pytest.param("withdraw", {}, "withdrawn", id="withdraw"),
    ],
)
def test_where_each_action_leads(desk, held, action, wish, status):
    do(desk, held, action, **wish)
    found = shown(desk, held)
    assert found["status"] == status
    assert found["lease"] is None
    assert found["history"][-1]["verb"] == action


@pytest.mark.parametrize("action", ["resolve", "reject", "override", "waive", "escalate"])
def test_decisions_need_a_reason(desk, held, action):
    with pytest.raises(Invalid, match=r"action\.needs_reason"):
        do(desk, held, action, category=Category.OTHER, kinds=(EvidenceKind.OTHER,))


def test_automation_never_refuses_a_customer(desk, queued):
    do(desk, queued, "claim", ROBOT)
    with pytest.raises(Refused, match=r"action\.needs_person"):
        do(desk, queued, "reject", ROBOT, reason="Computer says no.")

    do(desk, queued, "reject", ROBOT, reason="Worn for a year.", person="Aigul S.")

    last = shown(desk, queued)["history"][-1]
    assert (last["verb"], last["detail"]["person"]) == ("reject", "Aigul S.")


def test_intake_may_withdraw_but_not_decide(desk, queued):
    with pytest.raises(Refused, match=r"access\.role"):
        do(desk, queued, "claim", INTAKE)
    do(desk, queued, "withdraw", INTAKE)
    assert shown(desk, queued)["status"] == "withdrawn"


def test_an_override_decides_again_and_keeps_what_was(desk, queued):
    before = shown(desk, queued)
    do(desk, queued, "override", category=Category.SELLER_FRAUD, reason="An empty box.")
    after = shown(desk, queued)

    assert (after["category"], after["category_source"]) == ("seller_fraud", "agent")
    assert after["checklist"] != before["checklist"]
    assert after["status"] == "queued", "a person has it: the customer is not bounced"
    detail = next(e for e in after["history"] if e["verb"] == "override")["detail"]
    assert (detail["category"], detail["was_category"]) == ("seller_fraud", "late_delivery")


def test_an_overridden_priority_stays_what_the_agent_said(desk, file):
    complaint_id = file("broken, smoke comes out")
    do(desk, complaint_id, "override", priority=Priority.LOW, reason="A joke, customer agrees.")
    assert shown(desk, complaint_id)["priority"] == "low"


def test_waived_evidence_is_no_longer_asked_for(desk, file):
    complaint_id = file()
    kinds = tuple(
        EvidenceKind(line["kind"])
        for line in shown(desk, complaint_id)["checklist"]
        if line["level"] != "optional"
    )
    do(desk, complaint_id, "waive", kinds=kinds, reason="The courier saw it.")
    found = shown(desk, complaint_id)
    assert found["status"] == "queued"
    assert {line["state"] for line in found["checklist"] if line["level"] != "optional"} == {
        "waived"
    }


def test_a_repeat_appeal_is_a_new_stage_of_the_same_case(desk, held, clock):
    do(desk, held, "reject", reason="No defect seen.")
    clock.forward(days=3)
    do(desk, held, "appeal", INTAKE, reason="Here is a new photo.")
    found = shown(desk, held)
    assert (found["status"], found["appeal"]) == ("queued", 1)
    assert [event["verb"] for event in found["history"]].count("submit") == 1


def test_evidence_that_never_comes_does_not_hold_a_complaint_for_ever(desk, file, clock):
    complaint_id = file()
    clock.forward(days=4)
    assert tick(desk)["reviewed_as_is"] == 0
    clock.forward(days=5)
    assert tick(desk)["reviewed_as_is"] == 1
    assert shown(desk, complaint_id)["status"] == "queued"
    assert tick(desk)["reviewed_as_is"] == 0


def test_an_action_that_is_not_legal_names_the_ones_that_are(desk, queued):
    with pytest.raises(Conflict) as caught:
        do(desk, queued, "resolve", reason="x")
    assert "claim" in caught.value.facts["actions"]


def test_a_merged_case_points_to_the_other(desk, file, held):
    other = file()
    do(desk, held, "merge", into=other)
    assert shown(desk, held)["merged_into"] == other
    assert shown(desk, other)["history"][-1]["verb"] == "merged_from"


def test_the_customer_sees_what_an_agent_asks_for_and_nothing_internal(desk, held):
    kinds = (EvidenceKind.PURCHASE_PROOF,)
    do(desk, held, "request_evidence", kinds=kinds, message="Please send the receipt.", note="hm")
    token = answer.status_token(desk, held)

    page = answer.status_page(desk, token, "en")

    assert page["asked"]["message"] == "Please send the receipt."
    assert page["asked"]["kinds"] == ["purchase_proof"]
    assert not {"text", "contact", "reasons", "prediction", "external_id"} & set(page)
    assert "hm" not in str(page["asked"])


def test_a_status_link_that_was_made_up_opens_nothing(desk, held):
    from triage.errors import NotFound

    said, _, signature = answer.status_token(desk, held).rpartition(".")
    # the first letter: the last one has bits that say nothing
    forged = f"{said}.{'a' if signature[0] != 'a' else 'b'}{signature[1:]}"
    with pytest.raises(NotFound, match=r"complaint\.unknown"):
        answer.status_page(desk, forged, "en")
