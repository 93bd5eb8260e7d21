"""The agents' journeys through queue and case."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest

from triage.casework import answer
from triage.core.complaint import Category
from triage.core.people import Actor, Role

ANYBODY = Actor(id="user:99", name="Reader", roles=frozenset({Role.AGENT}))


def shown(desk, complaint_id):
    return answer.case(desk, complaint_id, "en", ANYBODY)


@pytest.fixture
def aigul(person):
    return person()


@pytest.fixture
def held(aigul, file):
    """A case that Aigul has just taken; its page is open."""
    complaint_id = file()
    aigul.open("/queue")
    aigul.send("/queue/next")
    return complaint_id


def test_the_queue_says_what_an_agent_needs_to_choose(aigul, file):
    complaint_id = file("It came broken", amount=Decimal(123456))

    aigul.open("/queue")
    said = aigul.text()

    assert complaint_id in said
    assert "1 case awaits an agent" in said
    assert "Late delivery" in said
    assert "model: Goods of improper quality, 97 %" in said.replace("\u00a0", " ")
    assert "123 456 ₸" in said.replace("\u00a0", " ")
    assert "free" in said
    assert re.search(
        r'<time class="due" datetime="[^"]+Z" title="[^"]+, \d\d:\d\d">in ', aigul.page
    )


def test_a_case_that_lacks_evidence_is_found_by_its_status(aigul, file):
    complaint_id = file("broken", problem_type=Category.DEFECTIVE)

    aigul.open("/queue?status=needs_evidence")

    row = aigul.text()
    assert complaint_id in row
    assert "Receipt and purchase documents" in row


def test_filters_narrow_the_queue_and_nonsense_filters_nothing(aigul, file):
    late, broken = file("late"), file("broken", problem_type=Category.OTHER)

    aigul.open("/queue?category=late_delivery&channel=app")
    assert late in aigul.page
    assert broken not in aigul.page
    aigul.open("/queue?category=nonsense")
    assert broken in aigul.page
    aigul.open("/queue?channel=phone")
    assert "No case fits these filters." in aigul.text()
    aigul.open(f"/queue?q={late.lower()}")
    assert late in aigul.page
    assert broken not in aigul.page


def test_a_long_queue_is_read_page_by_page(aigul, file, monkeypatch):
    monkeypatch.setattr("triage.web.workbench_queue.PAGE_LENGTH", 2)
    cases = {file(f"late {n}") for n in range(3)}

    aigul.open("/queue")
    first = {each for each in cases if each in aigul.page}
    further = re.search(r'rel="next" href="([^"]+)"', aigul.page)[1].replace("&amp;", "&")
    aigul.open(further)

    assert len(first) == 2
    assert {each for each in cases if each in aigul.page} == cases - first


def test_an_address_with_a_broken_cursor_is_told_so(aigul):
    assert aigul.open("/queue?cursor=nonsense").status_code == 422


def test_take_the_next_opens_the_case_and_another_agent_gets_another_one(aigul, person, file):
    first, second = file("late"), file("late")
    berik = person("berik")
    aigul.open("/queue")
    berik.open("/queue")

    taken = aigul.send("/queue/next", follow=False).location
    other = berik.send("/queue/next", follow=False).location

    assert {taken, other} == {f"/cases/{first}", f"/cases/{second}"}
    aigul.open(taken)
    assert "You hold this case" in aigul.text()


def test_an_empty_queue_is_said_and_not_an_error(aigul):
    aigul.open("/queue")
    assert "The queue is empty" in aigul.text()
    assert aigul.send("/queue/next").status_code == 200
    assert "Nothing waits that you could take now." in aigul.text()


def test_a_case_shows_the_claim_beside_the_prediction_and_every_reason(aigul, desk, file):
    complaint_id = file("it is late", problem_type=Category.DEFECTIVE, product="Kettle")

    aigul.open(f"/cases/{complaint_id}")
    said = aigul.text()

    assert "In force Goods of improper quality chosen by the customer" in said
    assert "Predicted Late delivery, 97 %" in said.replace("\u00a0", " ")
    found = shown(desk, complaint_id)
    assert found["reasons"]
    for reason in found["reasons"]:
        assert reason["message"].split("{")[0][:30] in aigul.page.replace("&#39;", "'")
    for line in found["checklist"]:
        assert line["why"] in aigul.page.replace("&#39;", "'")
    assert "How this date was counted" in said
    assert "Asel N." in said


def test_what_a_customer_writes_is_never_markup(aigul, file):
    complaint_id = file("<script>alert(1)</script> it is broken", product="<b>kettle</b>")
    aigul.open(f"/cases/{complaint_id}")
    assert "<script>alert" not in aigul.page
    assert "<b>kettle" not in aigul.page
    assert "&lt;script&gt;alert(1)" in aigul.page


def test_only_the_legal_steps_are_offered(aigul, file, held):
    offered = re.findall(r"/actions/([a-z_]+)", aigul.page)
    assert "claim" not in offered
    assert {"resolve", "reject", "request_evidence", "override", "merge"} <= set(offered)

    aigul.open(f"/cases/{file('late')}")
    offered = re.findall(r"/actions/([a-z_]+)", aigul.page)
    assert "claim" in offered
    assert "resolve" not in offered


def test_an_override_needs_a_reason_and_keeps_what_was_typed(aigul, desk, held):
    answer = aigul.send(
        f"/cases/{held}/actions/override", category="seller_fraud", priority="urgent", reason=" "
    )

    assert answer.status_code == 422
    form = re.search(r'<details class="act[^>]*open>(.*?)</details>', aigul.page, re.DOTALL)[1]
    assert 'role="alert"' in form
    assert 'value="seller_fraud" selected' in form
    assert 'value="urgent" selected' in form
    assert shown(desk, held)["category"] == "late_delivery"

    answer = aigul.send(
        f"/cases/{held}/actions/override",
        category="seller_fraud",
        priority="urgent",
        reason="The box held a brick.",
    )
    assert answer.status_code == 200
    assert "The box held a brick." in aigul.page
    found = shown(desk, held)
    assert (found["category"], found["category_source"]) == ("seller_fraud", "agent")
    assert found["priority"] == "urgent"


def test_a_refusal_needs_its_reasons_and_names_the_person(aigul, desk, held):
    assert aigul.send(f"/cases/{held}/actions/reject", reason="").status_code == 422
    assert shown(desk, held)["status"] == "under_review"

    assert aigul.send(f"/cases/{held}/actions/reject", reason="Used for a year.").status_code == 200
    found = shown(desk, held)
    assert found["status"] == "rejected"
    assert found["history"][-1]["detail"]["person"] == "Aigul"
    assert "Claim refused" in aigul.text()


def test_evidence_is_asked_for_item_by_item(aigul, desk, held):
    aigul.send(
        f"/cases/{held}/actions/request_evidence",
        kinds=["expert_report", "chat_screenshot"],
        message="Please add the report.",
    )
    found = shown(desk, held)
    assert found["status"] == "waiting_customer"
    assert found["history"][-1]["detail"]["kinds"] == ["expert_report", "chat_screenshot"]
    assert "Please add the report." in aigul.page


def test_a_note_is_kept_and_an_unknown_choice_is_refused(aigul, desk, held):
    aigul.send(f"/cases/{held}/actions/note", note="Called, no answer.")
    assert "Called, no answer." in aigul.page
    answer = aigul.send(f"/cases/{held}/actions/override", category="nonsense", reason="x")
    assert answer.status_code == 422
    assert "There is no such choice." in aigul.text()


def test_an_action_that_is_not_possible_any_more_says_so_and_keeps_the_words(aigul, desk, held):
    old_page = aigul.token()
    aigul.send(f"/cases/{held}/actions/resolve", reason="The seller refunds.")

    answer = aigul.send(
        f"/cases/{held}/actions/reject", csrf_token=old_page, reason="Typed with care."
    )

    assert answer.status_code == 409
    assert "Typed with care." in aigul.page
    assert shown(desk, held)["status"] == "resolved"


def test_another_agents_case_cannot_be_decided(aigul, held, person, desk):
    berik = person("berik")
    berik.open(f"/cases/{held}")
    assert "Aigul holds this case" in berik.text()
    assert berik.send(f"/cases/{held}/actions/resolve", reason="mine").status_code == 409
    assert shown(desk, held)["status"] == "under_review"


def test_the_open_page_keeps_the_lease_until_it_is_lost(aigul, held, clock, desk):
    token = {"X-CSRF-Token": aigul.token()}
    assert f'<meta name="lease" content="/cases/{held}/lease"' in aigul.page
    clock.forward(minutes=10)
    assert aigul.client.post(f"/cases/{held}/lease", headers=token).status_code == 204
    clock.forward(minutes=10)
    assert shown(desk, held)["lease"]["mine"] is False
    aigul.send(f"/cases/{held}/actions/release")
    token = {"X-CSRF-Token": aigul.token()}
    assert aigul.client.post(f"/cases/{held}/lease", headers=token).status_code == 409


def test_an_unknown_case_and_an_unknown_action_are_not_found(aigul, held):
    for path in ("/cases/NOSUCHID", "/cases/%00", "/evidence/none/preview"):
        assert aigul.open(path).status_code == 404, path
    aigul.open(f"/cases/{held}")
    assert aigul.send(f"/cases/{held}/actions/explode").status_code == 404


@pytest.mark.parametrize("role", [Role.INTAKE])
def test_other_roles_are_told_that_they_may_not(person, file, role):
    complaint_id = file()
    operator = person("operator", role)
    for path in ("/queue", f"/cases/{complaint_id}"):
        assert operator.open(path).status_code == 403
        assert "<h1>" in operator.page


def test_quality_control_reads_and_does_not_act(person, file, desk):
    complaint_id = file()
    reader = person("reader", Role.QA)
    assert reader.open(f"/cases/{complaint_id}").status_code == 200
    assert "There is nothing for you to do with this case." in reader.text()
    assert reader.send(f"/cases/{complaint_id}/actions/claim").status_code == 403
    assert shown(desk, complaint_id)["lease"] is None
