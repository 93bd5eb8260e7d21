"""What customers do to their own complaint, and who looks at it then. On both databases."""

from __future__ import annotations

import json
import zipfile
from io import BytesIO

import pytest
from sqlalchemy import select

from tests.desks import AIGUL, BERIK, ROBOT
from tests.pictures import picture
from triage.casework import access, answer, customer, customer_view
from triage.casework.erase import erase
from triage.casework.export import pack_for_customer, whole_case
from triage.casework.work import ActionRequest, act, claim_next
from triage.core.complaint import Category, Contact
from triage.core.people import Actor, Role
from triage.core.status import Action
from triage.errors import Conflict, Invalid, NotFound, Refused
from triage.store.tables import Assessment, Complaint, Event, Evidence, IdempotencyKey

OPERATOR = Actor(id="operator", name="Command line", roles=frozenset({Role.ADMIN}))


def do(desk, complaint_id, action, actor=AIGUL, **wish):
    act(desk, complaint_id, Action(action), actor, ActionRequest(**wish))


def shown(desk, complaint_id, actor=AIGUL):
    return answer.case(desk, complaint_id, "en", actor)


def page(desk, complaint_id):
    return customer_view.page(desk, complaint_id, "en")


@pytest.fixture
def refused(desk, queued):
    """Aigul has refused it."""
    do(desk, queued, "claim")
    do(desk, queued, "reject", reason="Delivered in time.")
    return queued


def test_a_message_brings_what_waited_for_it_back_into_the_queue_marked(desk, queued):
    do(desk, queued, "claim")
    do(desk, queued, "request_evidence", message="Which colour was it?")

    customer.write(desk, queued, "  Blue.  ")

    found = shown(desk, queued)
    assert found["status"] == "queued"
    assert found["history"][-1]["detail"] == {"message": "Blue."}
    with desk.reading() as session:
        assert session.get_one(Complaint, queued).wrote_at == desk.now()
    do(desk, queued, "claim", BERIK)
    with desk.reading() as session:
        assert session.get_one(Complaint, queued).wrote_at is None


def test_a_message_changes_no_other_status(desk, queued):
    customer.write(desk, queued, "One more thing.")
    assert shown(desk, queued)["status"] == "queued"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        pytest.param(" \n ", r"message\.empty", id="empty"),
        pytest.param("x" * (customer.LONGEST + 1), r"message\.too_long", id="too long"),
    ],
)
def test_a_message_says_something_and_ends(desk, queued, text, code):
    with pytest.raises(Invalid, match=code):
        customer.write(desk, queued, text)


def test_nobody_reads_messages_about_a_closed_complaint(desk, queued):
    customer.withdraw(desk, queued)
    assert shown(desk, queued)["status"] == "withdrawn"
    with pytest.raises(Conflict, match=r"message\.closed"):
        customer.write(desk, queued, "Stop!")


def test_an_appeal_needs_something_new(desk, refused):
    with pytest.raises(Invalid, match=r"appeal\.nothing_new"):
        customer.appeal(desk, refused, "  ", ())
    customer.appeal(desk, refused, "The courier's page says otherwise.", ())
    found = shown(desk, refused)
    assert (found["status"], found["appeal"]) == ("queued", 1)
    assert found["history"][-1]["detail"]["reason"] == "The courier's page says otherwise."


def test_an_appeal_may_bring_files_which_are_judged(desk, refused, attach):
    customer.appeal(desk, refused, "See the photo.", (attach(),))
    desk.jobs.keep(desk)
    found = shown(desk, refused)
    assert [each["verdict"] for each in found["evidence"]] == ["accepted"]
    assert found["status"] == "queued"


def test_an_appeal_is_for_another_agent(desk, refused):
    customer.appeal(desk, refused, "You overlooked the date.", ())

    assert claim_next(desk, AIGUL) is None
    with pytest.raises(Refused, match=r"lease\.not_same_agent"):
        do(desk, refused, "claim")
    assert "claim" not in shown(desk, refused)["desk_actions"]
    assert "claim" in shown(desk, refused, BERIK)["desk_actions"]
    assert claim_next(desk, BERIK) == refused


def test_a_program_cannot_decide_an_appeal_for_the_same_person(desk, queued):
    do(desk, queued, "claim", ROBOT)
    do(desk, queued, "reject", ROBOT, reason="Too late.", person="Aigul S.")
    customer.appeal(desk, queued, "It was not.", ())

    assert claim_next(desk, ROBOT) == queued, "behind a key there may be many people"
    with pytest.raises(Refused, match=r"lease\.not_same_agent"):
        do(desk, queued, "reject", ROBOT, reason="It was.", person="Aigul S.")
    do(desk, queued, "resolve", ROBOT, reason="It was not.", person="Berik T.")


def test_the_same_agent_may_take_other_complaints(desk, refused, file):
    other = file("late", problem_type=Category.LATE_DELIVERY, received_on=None)
    customer.appeal(desk, refused, "New: a photo.", ())
    assert claim_next(desk, AIGUL) == other


def test_an_appeal_is_taken_within_the_policys_window(desk, refused, clock):
    days = desk.book.sla.appeal_window
    clock.forward(days=days)
    assert "appeal" in page(desk, refused)["actions"]
    clock.forward(days=1)
    assert "appeal" not in page(desk, refused)["actions"]
    with pytest.raises(Conflict, match=r"appeal\.too_late"):
        customer.appeal(desk, refused, "I was away.", ())
    with pytest.raises(Conflict, match=r"appeal\.too_late"):
        customer.check_appeal(desk, refused)
    do(desk, refused, "appeal", reason="The desk may still open it.")


def test_there_is_no_appeal_while_nothing_is_decided(desk, queued):
    with pytest.raises(Conflict, match=r"action\.not_allowed"):
        customer.appeal(desk, queued, "Faster!", ())
    with pytest.raises(Conflict, match=r"action\.not_allowed"):
        customer.check_appeal(desk, queued)


@pytest.mark.parametrize(
    ("steps", "at"),
    [
        pytest.param([], "queue", id="queued"),
        pytest.param([("claim", {})], "review", id="under review"),
        pytest.param([("claim", {}), ("wait_seller", {})], "review", id="waits for the seller"),
        pytest.param(
            [("claim", {}), ("request_evidence", {"message": "?"})], "evidence", id="is asked"
        ),
        pytest.param([("claim", {}), ("resolve", {"reason": "Yes."})], None, id="decided"),
    ],
)
def test_the_stages_say_how_far_the_complaint_has_come(desk, queued, steps, at):
    for action, wish in steps:
        do(desk, queued, action, **wish)
    stages = page(desk, queued)["stages"]
    assert [each["code"] for each in stages if each["state"] == "now"] == ([at] if at else [])
    assert [each["code"] for each in stages] == list(customer_view.STAGES)


def test_the_decision_names_who_refused_and_why(desk, refused):
    decision = page(desk, refused)["decision"]
    assert (decision["status"], decision["by"]) == ("rejected", "Aigul")
    assert decision["reason"] == "Delivered in time."
    assert decision["appeal_until"] is not None


def test_the_page_holds_no_word_that_was_for_the_desk(desk, queued):
    do(desk, queued, "note", note="Looks like a reseller.")
    do(desk, queued, "override", category=Category.OTHER, reason="He always says so.")
    do(desk, queued, "claim")
    do(desk, queued, "request_evidence", message="Which day?", note="I doubt it.")
    said = json.dumps(page(desk, queued))
    for internal in ("reseller", "He always", "I doubt"):
        assert internal not in said
    assert "Which day?" in said


def test_terms_of_the_law_are_told_where_a_claim_is_known(desk, file):
    assert page(desk, file())["legal"] is None
    legal = page(desk, file(claim_received_on=desk.now().date()))["legal"]
    assert {term["code"] for term in legal["terms"]} == {"seller_answer", "state_body"}


# ---- number and code


def test_number_and_code_find_the_complaint(desk, queued):
    code = access.give_code(desk, queued)
    assert access.find_by_code(desk, queued, code) == queued
    assert access.find_by_code(desk, f" {queued.lower()} ", code.lower().replace("-", " ")) == (
        queued
    )


def test_a_wrong_code_a_wrong_number_and_no_code_at_all_find_nothing(desk, queued, file):
    other = file()
    assert access.find_by_code(desk, queued, "ABCD-2345") is None
    code = access.give_code(desk, queued)
    assert access.find_by_code(desk, queued, access.new_code()) is None
    assert access.find_by_code(desk, other, code) is None
    assert access.find_by_code(desk, "NOSUCHID", code) is None
    assert access.find_by_code(desk, queued, "") is None


def test_a_new_code_replaces_the_old_one(desk, queued):
    old, new = access.give_code(desk, queued), access.give_code(desk, queued)
    assert access.find_by_code(desk, queued, old) is None
    assert access.find_by_code(desk, queued, new) == queued
    with pytest.raises(NotFound):
        access.give_code(desk, "NOSUCHID")


def test_a_visit_is_over_after_a_day(desk, queued, clock):
    token = access.visit_token(desk, queued)
    clock.forward(hours=23)
    assert access.open_token(desk, token) == queued
    clock.forward(hours=2)
    with pytest.raises(NotFound, match=r"complaint\.visit_over"):
        access.open_token(desk, token)


# ---- to take away


def test_the_customers_copy_has_pictures_and_no_contact(desk, file, attach):
    complaint_id = file(attachments=(attach(),), contact=Contact(name="Asel N."))
    packed = pack_for_customer(desk, complaint_id, [("case.html", "<p>words</p>")])
    with packed, zipfile.ZipFile(packed) as archive:
        assert archive.namelist() == ["case.html", "files/01-damage_photo.jpg"]
        assert archive.read("files/01-damage_photo.jpg")[:2] == b"\xff\xd8"


@pytest.mark.parametrize("name", ["case.zip", "case"])
def test_the_whole_case_has_the_originals_and_every_assessment(desk, file, attach, tmp_path, name):
    content = picture(7)
    complaint_id = file(attachments=(attach(content=content),), contact=Contact(name="Asel N."))

    done = whole_case(desk, complaint_id, tmp_path / name, OPERATOR)

    assert done["files"] == 1
    target = tmp_path / name
    if target.is_dir():
        said, original = (target / "case.json").read_bytes(), None
        listed = json.loads(said)["files"][0]
        original = (target / listed["file"]).read_bytes()
    else:
        with zipfile.ZipFile(BytesIO(target.read_bytes())) as archive:
            said = archive.read("case.json")
            original = archive.read(json.loads(said)["files"][0]["file"])
    case = json.loads(said)
    assert original == content
    assert case["contact"]["contact_name"] == "Asel N."
    assert len(case["assessments"]) == 1
    assert shown(desk, complaint_id)["history"][-1]["verb"] == "export"


def test_an_export_leaves_out_what_is_dangerous_and_says_so(desk, file, attach, tmp_path):
    complaint_id = file(attachments=(attach(),))
    with desk.sessions.begin() as session:
        row = session.scalars(select(Evidence)).one()
        row.findings = [{**row.findings[0], "level": "dangerous"}] if row.findings else [
            {"code": "malware.found", "level": "dangerous", "measured": None, "limit": None,
             "detail": {}}
        ]  # fmt: skip
    done = whole_case(desk, complaint_id, tmp_path / "case", OPERATOR)
    assert done["files"] == 0
    listed = json.loads((tmp_path / "case" / "case.json").read_text())["files"]
    assert listed[0]["file"] is None
    assert list((tmp_path / "case" / "files").iterdir()) == []


# ---- to forget


def everything(desk):
    """All rows of the tables that a complaint is written into, as text."""
    with desk.reading() as session:
        rows = [
            {column.key: getattr(row, column.key) for column in row.__table__.columns}
            for table in (Complaint, Evidence, Event, Assessment, IdempotencyKey)
            for row in session.scalars(select(table))
        ]
    return json.dumps(rows, default=str, ensure_ascii=False)


def test_an_erased_complaint_keeps_numbers_and_loses_people(desk, file, attach):
    complaint_id = file(
        "It came broken, call Asel Nurlanova",
        attachments=(attach(), attach("chat_screenshot", shade=3)),
        contact=Contact(name="Asel N.", phone="+77010000000", email="asel@example.kz"),
        seller="Tech Alem",
        external_id="chat-4711",
        return_answer="They said no to Asel",
    )
    access.give_code(desk, complaint_id)
    customer.write(desk, complaint_id, "Asel again")
    do(desk, complaint_id, "note", note="Asel was rude")
    with desk.reading() as session:
        hashes = [
            h for row in session.scalars(select(Evidence)) for h in (row.sha256, row.preview) if h
        ]

    done = erase(desk, complaint_id, OPERATOR)

    assert done["files"] == 2
    assert not any(desk.blobs.exists(each) for each in hashes)
    left = everything(desk)
    for personal in ("Asel", "7010000000", "chat-4711", "978080963", "rude", "Tech Alem"):
        assert personal not in left, personal
    found = shown(desk, complaint_id)
    assert found["category"] == "defective"
    assert found["history"][-1]["verb"] == "erased"
    assert found["status"] == "withdrawn", "nobody works on what is not there any more"
    assert claim_next(desk, AIGUL) is None


def test_the_status_page_of_an_erased_complaint_is_gone(desk, queued):
    code = access.give_code(desk, queued)
    erase(desk, queued, OPERATOR)
    with pytest.raises(NotFound):
        page(desk, queued)
    assert access.find_by_code(desk, queued, code) is None
    with pytest.raises(Conflict, match=r"complaint\.erased"):
        erase(desk, queued, OPERATOR)


def test_a_file_that_another_case_holds_stays_with_it(desk, file, attach):
    first = file(attachments=(attach(),))
    second = file(attachments=(attach(),))
    erase(desk, first, OPERATOR)
    with desk.reading() as session:
        kept = session.scalars(select(Evidence)).one()
    assert kept.complaint_id == second
    assert desk.blobs.exists(kept.sha256)


def test_triage_that_was_promised_finds_nothing_to_do(desk, file, attach):
    complaint_id = file(attachments=(attach(),), triaged=False)
    erase(desk, complaint_id, OPERATOR)
    desk.jobs.keep(desk)
    assert shown(desk, complaint_id)["status"] == "withdrawn"
