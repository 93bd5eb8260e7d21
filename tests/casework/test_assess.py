"""Triage of a stored complaint: what it asks for, and what moves it on."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from tests.desks import INTAKE, without_model
from tests.pictures import picture
from triage.casework import answer
from triage.casework.assess import conclude, examine, give_to_person
from triage.casework.files import add_evidence
from triage.casework.passing import tick
from triage.casework.submit import wait_for_triage
from triage.core.complaint import Category
from triage.errors import Conflict, NotFound
from triage.store.tables import Assessment


def shown(desk, complaint_id, language="en"):
    return answer.complaint(desk, complaint_id, language, INTAKE)


def states(desk, complaint_id):
    return {line["kind"]: line["state"] for line in shown(desk, complaint_id)["checklist"]}


def test_missing_evidence_is_asked_for_with_the_rule_and_the_reason(desk, file):
    found = shown(desk, file())

    assert found["status"] == "needs_evidence"
    line = next(each for each in found["checklist"] if each["kind"] == "damage_photo")
    assert (line["level"], line["state"]) == ("required_at_intake", "missing")
    assert line["rule"]
    assert line["why"]
    assert found["sla"]["paused"] is True


@pytest.mark.parametrize("language", ["ru", "kk", "en"])
def test_the_answer_speaks_the_readers_language(desk, file, language):
    found = shown(desk, file(), language)
    said = [line["why"] for line in found["checklist"]]
    said += [reason["message"] for reason in found["reasons"]]
    said += [step["message"] for step in found["sla"]["derivation"]]
    assert all(said)
    assert all("{" not in sentence for sentence in said)
    if language != "en":
        assert any("\u0430" <= letter <= "\u04ff" for letter in " ".join(said))


def test_adding_what_was_missing_moves_the_complaint_on_by_itself(desk, file, attach):
    complaint_id = file()

    add_evidence(
        desk,
        complaint_id,
        [attach(shade=1), attach(shade=2), attach("purchase_proof", picture(3))],
        [],
        INTAKE,
    )
    desk.jobs.keep(desk)

    assert states(desk, complaint_id)["damage_photo"] == "met"
    assert shown(desk, complaint_id)["status"] == "queued"


def test_an_unusable_file_is_no_evidence(desk, file, attach):
    complaint_id = file(attachments=(attach(content=b""), attach(content=b"not a picture")))
    found = shown(desk, complaint_id)
    assert [each["verdict"] for each in found["evidence"]] == ["rejected", "rejected"]
    assert all(each["findings"][0]["cure"] for each in found["evidence"])
    assert states(desk, complaint_id)["damage_photo"] == "unusable"
    assert found["status"] == "needs_evidence"


def test_the_same_picture_twice_counts_once_and_is_said(desk, file, attach):
    complaint_id = file(attachments=(attach(shade=1), attach(shade=1)))
    findings = [f["code"] for e in shown(desk, complaint_id)["evidence"] for f in e["findings"]]
    assert findings.count("duplicate.same_complaint") == 1
    assert states(desk, complaint_id)["damage_photo"] == "missing"


def test_a_round_is_concluded_once_however_often_it_is_run(desk, file):
    complaint_id = file(triaged=False)
    for _ in range(3):
        examine(desk, complaint_id)
        conclude(desk, complaint_id, 1)
    with desk.reading() as session:
        assert session.scalar(select(func.count()).select_from(Assessment)) == 1


def test_without_a_model_nothing_is_guessed(desk, file):
    complaint_id = file(triaged=False, problem_type=None)
    blind = without_model(desk)
    conclude(blind, complaint_id, 1)

    found = shown(blind, complaint_id)
    assert (found["category"], found["prediction"]) == (None, None)
    assert found["status"] == "queued"


def test_a_doubtful_model_leaves_the_category_open(desk, file):
    found = shown(desk, file("hello there", problem_type=None))
    assert found["category"] is None
    assert found["prediction"]["abstained"] is True
    assert found["status"] == "queued"


def test_claimed_and_predicted_stand_side_by_side(desk, file):
    found = shown(desk, file("it is late", problem_type=Category.DEFECTIVE))
    assert (found["category"], found["category_source"]) == ("defective", "customer")
    assert found["prediction"]["category"] == "late_delivery"


def test_the_text_may_raise_a_priority(desk, file):
    calm, smoking = file("it is broken"), file("it is broken, smoke comes out")
    assert shown(desk, calm)["priority"] != "urgent"
    assert shown(desk, smoking)["priority"] == "urgent"


def test_an_urgent_complaint_does_not_wait_in_silence_for_its_evidence(desk, file):
    from triage.store.tables import Complaint

    complaint_id = file("broken, smoke comes out")
    with desk.reading() as session:
        row = session.get(Complaint, complaint_id)
        assert (row.status, row.in_queue) == ("needs_evidence", True)


def test_a_triage_that_broke_gives_the_complaint_to_a_person(desk, file):
    complaint_id = file(triaged=False)
    give_to_person(desk, complaint_id, 1, "triage.broke")
    found = shown(desk, complaint_id)
    assert found["status"] == "queued"
    assert wait_for_triage(desk, complaint_id, 0)


def test_waiting_for_a_triage_ends_with_the_time(desk, file):
    assert wait_for_triage(desk, file(triaged=False), 0.01) is False


def test_a_closed_complaint_takes_no_more_files(desk, file, attach):
    from tests.desks import AIGUL
    from triage.casework.work import ActionRequest, act
    from triage.core.status import Action

    complaint_id = file()
    act(desk, complaint_id, Action.WITHDRAW, AIGUL, ActionRequest())
    with pytest.raises(Conflict, match=r"action\.not_allowed"):
        add_evidence(desk, complaint_id, [attach()], [], INTAKE)


def test_what_nobody_filed_is_not_found(desk):
    with pytest.raises(NotFound, match=r"complaint\.unknown"):
        shown(desk, "NOPE2345")


def test_several_complaints_about_one_seller_in_a_week_raise_the_third(desk, file, clock):
    said = {"problem_type": Category.LATE_DELIVERY, "received_on": None, "seller": "ИП Мираж"}
    points = []
    for _ in range(3):
        codes = [reason["code"] for reason in shown(desk, file("late", **said))["reasons"]]
        points.append("many-complaints" in codes)
        clock.forward(days=1)
    assert points == [False, False, True]


def test_a_triage_that_never_ends_does_not_keep_the_complaint(desk, file, clock):
    complaint_id = file(triaged=False)
    clock.forward(minutes=59)
    assert tick(desk)["rescued"] == 0
    clock.forward(minutes=2)
    assert tick(desk)["rescued"] == 1
    assert shown(desk, complaint_id)["status"] == "queued"
    assert tick(desk)["rescued"] == 0
