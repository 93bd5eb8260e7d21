"""What is written into the form is lost by nothing, filed once, and seen by nobody else."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from tests.pictures import picture
from tests.web.conftest import Browser
from tests.web.customers import (
    DETAILS,
    attach,
    begin,
    count,
    file,
    number_and_code,
    row,
    tell,
)
from triage.casework import access, drafts
from triage.casework.passing import tick
from triage.casework.sweep import sweep
from triage.store.drafts import Draft
from triage.store.tables import Evidence


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch):
    monkeypatch.setattr("triage.web.complain.TRIAGE_SECONDS", 0)


@pytest.fixture
def customer(browser):
    """A customer at the first question, in English."""
    browser.open("/complain?lang=en")
    return browser


def test_a_draft_is_there_again_after_the_browser_was_closed(customer, desk, clock):
    begin(customer)
    tell(customer, product="A kettle")
    clock.forward(days=6)
    customer.open("/complain/details")
    assert 'value="A kettle"' in customer.page
    customer.open("/complain/evidence")
    attach(customer, "damage_photo", picture(3))
    clock.forward(days=2)
    sweep(desk)
    tick(desk)
    customer.open("/complain/evidence")
    assert "box.jpg" in customer.page  # the files live as long as their draft
    clock.forward(days=8)
    tick(desk)
    assert customer.open("/complain/details").request.path == "/complain"
    assert count(desk, Draft) == count(desk, Evidence) == 0


def test_what_is_typed_is_kept_on_the_way(customer):
    begin(customer)
    kept = customer.client.post(
        "/complain/keep", data={"csrf_token": customer.token(), "text": "Half a sent"}
    )
    assert kept.status_code == 204
    customer.open("/complain/details")
    assert "Half a sent</textarea>" in customer.page


def test_the_language_can_be_changed_in_the_middle(customer, desk):
    begin(customer)
    customer.send("/complain/details", text="Ол сынды", lang="kk")
    assert '<html lang="kk">' in customer.page
    assert "Ол сынды</textarea>" in customer.page
    for language, words in (("ru", "Что произошло"), ("en", "What happened")):
        customer.open(f"/complain/details?lang={language}")
        assert "Ол сынды</textarea>" in customer.page
        assert words in customer.text()


def test_an_answer_can_be_changed_from_the_summary(customer, desk):
    begin(customer)
    tell(customer)
    customer.open("/complain/check")
    assert 'href="/complain/details?back=check#order_number"' in customer.page
    customer.open("/complain/details?back=check")
    answer = customer.send("/complain/details", **{**DETAILS, "product": "A lamp"}, back="check")
    assert answer.request.path == "/complain/check"
    assert "A lamp" in customer.text()


def test_answers_of_another_type_are_not_filed(customer, desk):
    begin(customer, "defective")
    tell(customer, symptom="visible_damage", safety_risk="yes")
    begin(customer, "late_delivery")
    number, _ = number_and_code(file(customer, desk))
    found = row(desk, number)
    assert (found.problem_type, found.symptom, found.safety_risk) == ("late_delivery", None, None)


def test_sent_twice_it_is_one_complaint(customer, desk):
    begin(customer)
    tell(customer)
    attach(customer, "damage_photo", picture(3))
    customer.open("/complain/check")
    token = customer.token()
    places = [
        customer.client.post("/complain/check", data={"csrf_token": token}).location
        for _ in range(3)
    ]
    assert places == ["/complain/filed"] * 3
    assert count(desk) == 1
    first = number_and_code(customer.open("/complain/filed").text)
    assert first == number_and_code(customer.open("/complain/filed").text)


def crash(*_):
    raise RuntimeError


def test_a_crash_between_filing_and_closing_the_draft_files_nothing_twice(
    customer, desk, monkeypatch
):
    begin(customer)
    tell(customer)
    attach(customer, "damage_photo", picture(3))
    customer.open("/complain/check")
    with monkeypatch.context() as patch:
        patch.setattr(drafts, "_close", crash)
        assert customer.send("/complain/check").status_code == 500
    number, code = number_and_code(file(customer, desk))
    assert count(desk) == 1
    assert access.find_by_code(desk, number, code) == number


def test_once_filed_nothing_of_it_stays_in_the_draft(customer, desk):
    begin(customer)
    tell(customer, product="A kettle")
    file(customer, desk)
    with desk.reading() as session:
        draft = session.scalars(select(Draft)).one()
    assert draft.answers == {}
    customer.open("/complain")
    assert "is filed" in customer.text()
    begin(customer)
    customer.open("/complain/details")
    assert "A kettle" not in customer.page


def test_another_browser_sees_nothing_of_a_draft(customer, desk, app):
    begin(customer)
    tell(customer, product="A kettle")
    attach(customer, "damage_photo", picture(3))
    file_id = re.search(r'data-file="(\w+)"', customer.page)[1]
    stranger = Browser(app.test_client())
    with desk.reading() as session:
        draft = session.scalars(select(Draft)).one()
    for guess in (draft.id, draft.owner, "x" * 43, ""):
        stranger.client.set_cookie("triage-draft", guess)
        assert stranger.open("/complain/details").request.path == "/complain"
    begin(stranger)
    stranger.send(f"/complain/files/{file_id}/remove")
    assert count(desk, Evidence) == 1


def test_the_cookie_is_the_browsers_alone(customer):
    customer.open("/complain")
    answer = customer.send("/complain", follow=False, problem_type="other")
    cookie = next(c for c in answer.headers.getlist("Set-Cookie") if c.startswith("triage-draft"))
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_a_draft_can_be_erased(customer, desk):
    begin(customer)
    tell(customer)
    attach(customer, "damage_photo", picture(3))
    customer.open("/complain")
    customer.send("/complain/discard")
    assert count(desk, Draft) == count(desk, Evidence) == 0
