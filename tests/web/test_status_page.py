"""What a customer sees behind the signed link, without an account."""

from __future__ import annotations

import re
import zipfile
from io import BytesIO

import pytest

from tests.desks import AIGUL
from tests.pictures import picture
from triage.casework import answer
from triage.casework.attempts import Limit
from triage.casework.work import ActionRequest, act
from triage.core.complaint import Category, Wish
from triage.core.evidence import EvidenceKind
from triage.core.status import Action


@pytest.fixture
def link(desk, file):
    def make(**said):
        complaint_id = file(**said)
        return complaint_id, f"/status/{answer.status_token(desk, complaint_id)}"

    return make


def test_the_page_says_stage_and_what_is_missing_and_until_when(browser, link):
    complaint_id, address = link(problem_type=Category.DEFECTIVE)
    assert browser.open(f"{address}?lang=en").status_code == 200
    said = browser.text()
    assert complaint_id in said
    assert "Evidence needed" in said
    assert "What is still missing Photo of the damage" in said
    assert "The clock stands still" in said
    assert "How this date was counted" in said


def test_the_page_says_of_each_file_whether_it_counts(browser, link):
    files = [("damage_photo", b"not a picture"), ("purchase_proof", 4)]
    _, address = link(files=files)
    browser.open(f"{address}?lang=en")
    assert "Not usable" in browser.text()
    assert "File accepted" in browser.text()
    assert 'class="cure"' in browser.page


def test_nothing_personal_is_on_the_page(browser, link):
    _, address = link(text="My name is Asel", seller="Some seller", files=[("other", 5)])
    browser.open(address)
    for personal in ("Asel", "701 000", "978080963", "Some seller", "box.jpg"):
        assert personal not in browser.page


def test_no_machine_keeps_the_page(browser, link):
    _, address = link()
    answer_ = browser.open(address)
    assert answer_.headers["Cache-Control"] == "no-store"
    assert "noindex" in answer_.headers["X-Robots-Tag"]
    assert 'content="noindex, nofollow"' in browser.page


def test_a_number_alone_or_a_changed_token_opens_nothing(browser, link):
    complaint_id, address = link()
    for path in (f"/status/{complaint_id}", address[:-1], address + "x"):
        assert browser.open(path).status_code == 404


# ---- what customers do there


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch):
    monkeypatch.setattr("triage.web.status.JUDGING_SECONDS", 0)


def do(desk, complaint_id, action, **wish):
    act(desk, complaint_id, Action(action), AIGUL, ActionRequest(**wish))


@pytest.fixture
def refused(desk, link):
    complaint_id, address = link()
    do(desk, complaint_id, "claim")
    do(desk, complaint_id, "reject", reason="It came in time.")
    return complaint_id, address


def test_a_file_is_added_judged_and_spoken_of(browser, link, desk):
    _, address = link(problem_type=Category.DEFECTIVE)
    browser.open(f"{address}?lang=en")
    sent = browser.send(
        f"{address}/files",
        follow=False,
        damage_photo=(BytesIO(b"no picture at all"), "a.jpg"),
        purchase_proof=(BytesIO(picture(shade=9)), "b.jpg"),
        other=(BytesIO(), ""),
    )
    assert sent.status_code == 303, browser.text()
    desk.jobs.keep(desk)
    browser.open(sent.location)
    assert "The files have arrived" in browser.text()
    assert "Not usable" in browser.text()
    assert 'class="cure"' in browser.page
    shots = re.findall(r'<img src="(/status/[^"]+/files/[^"]+)"', browser.page)
    with browser.client.get(shots[0]) as shot:
        assert shot.mimetype == "image/jpeg"


def test_sending_no_file_is_said_beside_the_form(browser, link):
    _, address = link(problem_type=Category.DEFECTIVE)
    browser.open(f"{address}?lang=en")
    assert browser.send(f"{address}/files", other=(BytesIO(), "")).status_code == 422
    assert 'role="alert"' in browser.page


def test_another_complaints_file_is_not_shown(browser, link, desk):
    _, first = link(files=[("other", 5)])
    _, second = link(files=[("other", 6)])
    browser.open(first)
    shot = re.search(r"/files/(\w+)", browser.page)[1]
    for address, status in ((first, 200), (second, 404)):
        with browser.client.get(f"{address}/files/{shot}") as answered:
            assert answered.status_code == status


def test_an_answer_is_written_and_seen_by_the_next_agent(browser, link, desk):
    complaint_id, address = link()
    do(desk, complaint_id, "claim")
    do(desk, complaint_id, "request_evidence", message="Which day did it come?")
    browser.open(f"{address}?lang=en")
    assert "Which day did it come?" in browser.text()

    browser.send(f"{address}/message", text="On <b>Monday</b>.")

    assert "Your message has arrived" in browser.text()
    assert "On &lt;b&gt;Monday&lt;/b&gt;." in browser.page
    assert answer.case(desk, complaint_id, "en", AIGUL)["status"] == "queued"


def test_what_was_typed_is_not_lost_when_it_is_refused(browser, link):
    _, address = link()
    browser.open(f"{address}?lang=en")
    sent = browser.send(f"{address}/message", text="   ")
    assert sent.status_code == 422
    assert 'id="message-problem"' in browser.page


def test_withdrawing_is_asked_about_first(browser, link, desk):
    complaint_id, address = link()
    browser.open(f"{address}/withdraw?lang=en")
    assert f"Withdraw complaint {complaint_id}?" in browser.text()
    assert answer.case(desk, complaint_id, "en", AIGUL)["status"] == "queued"
    browser.send(f"{address}/withdraw")
    assert "The complaint is withdrawn." in browser.text()
    assert answer.case(desk, complaint_id, "en", AIGUL)["status"] == "withdrawn"
    browser.open(f"{address}/withdraw?lang=en")
    assert "nothing to withdraw" in browser.text()


def test_a_refusal_has_reasons_a_name_an_appeal_and_ways_on_outside(browser, refused):
    _, address = refused
    browser.open(f"{address}?lang=en")
    said = browser.text()
    for told in ("It came in time.", "Decided by: Aigul", "I do not agree", "article 42-4",
                 "eotinish.kz", "2 months"):  # fmt: skip
        assert told in said, told


def test_an_appeal_opens_the_complaint_again_for_another_agent(browser, refused, desk):
    complaint_id, address = refused
    browser.open(f"{address}?lang=en")
    browser.send(
        f"{address}/appeal", text="The parcel's page.", other=(BytesIO(picture(shade=4)), "p.jpg")
    )
    assert "Another agent will look at it." in browser.text()
    desk.jobs.keep(desk)
    found = answer.case(desk, complaint_id, "en", AIGUL)
    assert (found["status"], found["appeal"], len(found["evidence"])) == ("queued", 1, 1)
    assert "claim" not in found["desk_actions"]


def test_a_refused_appeal_says_why_and_keeps_the_words(browser, refused, clock):
    _, address = refused
    browser.open(f"{address}?lang=en")
    clock.forward(days=40)
    sent = browser.send(f"{address}/appeal", text="I was away.")
    assert sent.status_code == 409


def test_changes_are_counted(browser, link, monkeypatch):
    monkeypatch.setattr("triage.web.status.CHANGES", Limit(name="x", most=1, seconds=3600))
    _, address = link()
    browser.open(f"{address}?lang=en")
    assert browser.send(f"{address}/message", text="One").status_code == 200
    assert browser.send(f"{address}/message", text="Two").status_code == 429
    assert "Two</textarea>" in browser.page


@pytest.mark.parametrize("language", ["ru", "kk", "en"])
def test_the_claim_letter_is_filled_in_and_has_room_for_the_name(browser, link, language):
    _, address = link(text="The kettle leaks", seller="Tech Alem", wish=Wish.REFUND)
    browser.open(f"{address}/letter?lang={language}")
    for told in ("Tech Alem", "The kettle leaks", "978080963", "42-4", "____"):
        assert told in browser.page, told
    for personal in ("Asel", "701 000"):
        assert personal not in browser.page


def test_the_copy_to_take_away_is_whole_and_names_nobody(browser, link, desk):
    complaint_id, address = link(text="The kettle leaks", files=[("other", 5)])
    do(desk, complaint_id, "claim")
    do(desk, complaint_id, "resolve", reason="Money returned.")
    browser.open(f"{address}?lang=en")
    with browser.client.get(f"{address}/export") as answered:
        assert answered.mimetype == "application/zip"
        assert complaint_id in answered.headers["Content-Disposition"]
        packed = BytesIO(answered.data)
    with zipfile.ZipFile(packed) as archive:
        page = archive.read("case.html").decode()
        assert "files/01-other.jpg" in archive.namelist()
    sha256 = answer.case(desk, complaint_id, "en", AIGUL)["evidence"][0]["sha256"]
    for told in ("The kettle leaks", "Money returned.", sha256, "978080963"):
        assert told in page, told
    assert "Asel" not in page


@pytest.mark.parametrize("language", ["ru", "kk"])
def test_every_state_of_the_page_can_be_read(browser, link, desk, language):
    complaint_id, address = link(claim_received_on=desk.now().date())
    for action, wish in (
        ("claim", {}),
        ("request_evidence", {"message": "?", "kinds": (EvidenceKind.OTHER,)}),
        ("claim", {}),
        ("wait_seller", {}),
        ("claim", {}),
        ("order_expertise", {}),
        ("claim", {}),
        ("resolve", {"reason": "ok"}),
    ):
        do(desk, complaint_id, action, **wish)
        assert browser.open(f"{address}?lang={language}").status_code == 200
        assert "{" not in browser.text()
