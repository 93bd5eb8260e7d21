"""The phone operator's journey: a call becomes a complaint, and its receipt is read out."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from tests.web.conftest import PASSWORD, Browser
from triage.casework import answer, staff
from triage.core.people import Actor, Role
from triage.errors import Unavailable
from triage.store.tables import Complaint

AGENT = Actor(id="user:99", name="Reader", roles=frozenset({Role.AGENT}))
CALL = {"text": "The parcel is late", "order_number": "978080963"}


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch):
    monkeypatch.setattr("triage.web.intake.TRIAGE_SECONDS", 0)


@pytest.fixture
def dana(person):
    """An operator with the form open."""
    browser = person("dana", Role.INTAKE)
    browser.open("/intake")
    return browser


def form_id(browser):
    return re.search(r'name="form_id" value="([^"]+)"', browser.page)[1]


def send(browser, **fields):
    """Send the form that is open, with its own hidden id."""
    return browser.send("/intake", **{"follow": False, "form_id": form_id(browser), **fields})


def file_and_read(browser, desk, **fields):
    """File, triage and open the receipt; the complaint's number."""
    sent = send(browser, **fields)
    assert sent.status_code == 303, browser.text()
    desk.jobs.keep(desk)
    browser.open(sent.location)
    return sent.location.rpartition("/")[2]


def count(desk):
    with desk.reading() as session:
        return session.scalar(select(func.count()).select_from(Complaint))


def problem_of(browser, name):
    """What is written beside the field, which points at it."""
    field = re.search(rf'<(?:input|select|textarea) id="{name}"[^>]*>', browser.page)[0]
    assert 'aria-invalid="true"' in field
    assert f"problem-{name}" in re.search(r'aria-describedby="([^"]+)"', field)[1]
    return re.search(rf'id="problem-{name}">([^<]+)<', browser.page)[1]


def test_an_operator_starts_at_the_form_and_is_shown_no_queue(desk, app):
    staff.add_user(desk, login="dana", name="Dana", password=PASSWORD, role=Role.INTAKE)
    browser = Browser(app.test_client())

    assert browser.sign_in("dana").request.path == "/intake"
    assert "Complaint by phone" in browser.text()
    assert browser.open("/").request.path == "/intake"
    assert 'href="/queue"' not in browser.page
    assert 'href="/intake" aria-current="page"' in browser.page


@pytest.mark.parametrize(
    ("role", "starts", "status", "links"),
    [
        pytest.param(Role.INTAKE, "/intake", 200, {"/intake"}, id="intake"),
        pytest.param(Role.AGENT, "/queue", 403, {"/queue", "/dashboard"}, id="agent"),
        pytest.param(
            Role.QA, "/queue", 403, {"/queue", "/dashboard", "/admin/rules"}, id="quality control"
        ),
        pytest.param(
            Role.ADMIN,
            "/queue",
            200,
            {"/queue", "/dashboard", "/intake", "/admin", "/admin/rules"},
            id="admin",
        ),
    ],
)
def test_everybody_is_led_to_what_they_may_do(person, file, role, starts, status, links):
    complaint_id = file()
    browser = person("somebody", role)
    assert browser.open("/").request.path == starts
    menu = re.search(r'<nav aria-label="Main">(.*?)</nav>', browser.page, re.DOTALL)[1]
    assert set(re.findall(r'href="([^"]+)"', menu)) == links
    assert browser.open("/intake").status_code == status
    assert browser.open(f"/intake/{complaint_id}").status_code == status


def test_the_way_on_from_an_error_is_one_that_the_operator_may_go(dana):
    assert dana.open("/queue").status_code == 403
    assert 'href="/queue"' not in dana.page
    assert 'href="/"' in dana.page


def test_a_stranger_is_asked_to_sign_in(browser):
    assert browser.client.get("/intake").location == "/sign-in?next=/intake"


def test_a_call_becomes_a_complaint_of_the_hotline_in_the_operators_name(dana, desk):
    complaint_id = file_and_read(
        dana,
        desk,
        text="The kettle\r\nsmokes",
        order_number="№ 978-080-963",
        seller="  Some   seller ",
        amount="14 990,50 ₸",
        order_date="2026-11-16",
        problem_type="defective",
        product="Kettle",
        promised_on="2026-12-01",
        received_on="17.11.2026",
        return_requested_on="2026-11-20",
        wish="refund",
        symptom="fire_or_smoke",
        safety_risk="1",
        contact_name="Asel N.",
        contact_phone="8 (701) 000-00-00",
    )

    with desk.reading() as session:
        row = session.get(Complaint, complaint_id)
    assert (row.channel, row.text, row.filed_by) == ("phone", "The kettle\nsmokes", "user:1")
    assert (row.order_number, row.seller) == ("978080963", "Some seller")
    assert row.amount == Decimal("14990.50")
    assert row.order_date == date(2026, 11, 16)
    assert (row.received_on, row.promised_on) == (date(2026, 11, 17), date(2026, 12, 1))
    assert row.return_requested_on == date(2026, 11, 20)
    assert (row.problem_type, row.symptom, row.wish) == ("defective", "fire_or_smoke", "refund")
    assert row.safety_risk is True
    assert (row.contact_name, row.contact_phone) == ("Asel N.", "+77010000000")
    assert "Tell the caller" in dana.text()
    assert "112" in dana.text(), "what to do about the danger is read out"
    assert answer.case(desk, complaint_id, "en", AGENT)["priority"] == "urgent"
    assert answer.case(desk, complaint_id, "en", AGENT)["history"][0]["actor"] == "Dana"


def test_what_was_not_said_stays_unknown(dana, desk):
    complaint_id = file_and_read(dana, desk, **CALL, symptom="", wish="", contact_phone=" ")
    with desk.reading() as session:
        row = session.get(Complaint, complaint_id)
    unknown = ("safety_risk", "symptom", "wish", "problem_type", "contact_phone", "external_id")
    assert {getattr(row, name) for name in unknown} == {None}


def test_a_complaint_without_the_orders_number_needs_the_other_three(dana, desk):
    by_hand = {"seller": "Some seller", "amount": "15000", "order_date": "2026-11-16"}
    assert send(dana, text="It is late", seller="Some seller", amount="15000").status_code == 422
    assert "Write its number, or else all three" in problem_of(dana, "order_number")
    assert file_and_read(dana, desk, text="It is late", **by_hand)


def test_the_receipt_says_all_that_is_read_out(dana, desk):
    complaint_id = file_and_read(
        dana, desk, text="It came broken", order_number="978080963", problem_type="defective"
    )
    said = dana.text()
    assert complaint_id in said
    assert re.search(r"the answer would be there by: \w+day, \d+ \w+ 2026, \d\d:\d\d", said)
    found = answer.complaint(desk, complaint_id, "en", AGENT)
    asked = [line for line in found["checklist"] if line["level"] != "optional"]
    assert asked
    for line in asked:
        assert line["why"] in dana.page.replace("&#39;", "'")
    assert "Photo of the damage" in said
    assert found["status_url"] in said
    assert 'href="/intake">File another' in dana.page


def test_a_complete_complaint_has_a_plain_due_date(dana, desk):
    file_and_read(
        dana, desk, **CALL, problem_type="late_delivery", amount="15000", order_date="2026-11-16"
    )
    assert re.search(r"at the latest on: \w+day, \d+ November 2026", dana.text())
    assert "Nothing: all that is needed is here." in dana.text()


def test_the_link_of_the_receipt_opens_the_callers_page(dana, desk, browser):
    complaint_id = file_and_read(dana, desk, **CALL)
    link = re.search(r'class="status-link"><a href="[^"]*?(/status/[^"]+)"', dana.page)[1]
    assert browser.open(link).status_code == 200
    assert complaint_id in browser.text()


def test_a_receipt_before_the_triage_is_honest_and_can_be_looked_at_again(dana, desk):
    sent = send(dana, **CALL)
    assert dana.open(sent.location).status_code == 200
    assert "not worked out yet" in dana.text()
    assert f'href="{sent.location}">Look again' in dana.page
    desk.jobs.keep(desk)
    dana.open(sent.location)
    assert "not worked out yet" not in dana.text()


def test_a_receipt_is_found_by_a_number_in_small_letters_and_else_not(dana, file):
    assert dana.open(f"/intake/{file().lower()}").status_code == 200
    assert dana.open("/intake/NOSUCHID").status_code == 404


def test_the_form_sent_twice_is_one_complaint(dana, desk):
    opened = form_id(dana)
    first = send(dana, **CALL)
    dana.open("/intake")
    again = send(dana, **CALL, form_id=opened)
    assert first.location == again.location
    assert count(desk) == 1


def test_two_calls_with_the_same_words_are_two_complaints(dana, desk):
    assert send(dana, **CALL).status_code == 303
    dana.open("/intake")
    assert send(dana, **CALL).status_code == 303
    assert count(desk) == 2


def test_a_form_that_was_filed_and_then_changed_says_so_before_it_is_a_second_complaint(dana, desk):
    opened = form_id(dana)
    send(dana, **CALL)
    dana.open("/intake")
    changed = {**CALL, "text": "The parcel is late and wet"}

    assert send(dana, **changed, form_id=opened).status_code == 409
    assert "filed already, with other answers" in dana.text()
    assert "late and wet" in dana.page
    assert count(desk) == 1

    assert form_id(dana) != opened
    assert send(dana, **changed).status_code == 303
    assert count(desk) == 2


def test_when_the_store_is_down_nothing_that_was_typed_is_lost(dana, monkeypatch):
    def refuse(*_):
        raise Unavailable("submission.not_stored")

    opened = form_id(dana)
    monkeypatch.setattr("triage.web.intake.submit", refuse)
    assert send(dana, **CALL).status_code == 503
    assert "cannot be stored right now" in dana.text()
    assert "The parcel is late" in dana.page
    assert form_id(dana) == opened, "sent again, it must not become two"


@pytest.mark.parametrize(
    ("name", "typed", "said"),
    [
        pytest.param("text", " \n ", "Write what happened", id="no words"),
        pytest.param("text", "a" * 20_001, "more than 20000", id="too many words"),
        pytest.param("text", "a\0b", "cannot be stored", id="words that cannot be kept"),
        pytest.param("problem_type", "nonsense", "no such choice", id="no problem type of ours"),
        pytest.param("symptom", "nonsense", "no such choice", id="no symptom of ours"),
        pytest.param("wish", "a unicorn", "no such choice", id="no wish of ours"),
        pytest.param("order_number", "12345", "8 to 11 digits", id="a short order number"),
        pytest.param("seller", "s" * 201, "more than 200", id="a long name of a seller"),
        pytest.param("amount", "cheap", "not an amount", id="an amount in words"),
        pytest.param("amount", "14,990", "more than 2 decimals", id="a comma between thousands"),
        pytest.param("amount", "0", "must be above 0", id="no amount"),
        pytest.param("amount", "1000000001", "at most 1000000000", id="too large an amount"),
        pytest.param("order_date", "soon", "not a date", id="a date in words"),
        pytest.param("order_date", "2026-02-30", "not a date", id="a day that is not there"),
        pytest.param("order_date", "1999-12-31", "Check the year", id="a date long ago"),
        pytest.param(
            "received_on", "2026-11-24", "later than today (23 November 2026)", id="tomorrow"
        ),
        pytest.param("contact_phone", "701", "«Phone» is not a phone number", id="no phone"),
    ],
)
def test_a_mistake_is_said_beside_its_field_and_nothing_typed_is_lost(
    dana, desk, name, typed, said
):
    rest = {**CALL, "product": "A <b>kettle</b>", "symptom": "not_working", "safety_risk": "1"}

    assert send(dana, **{**rest, name: typed}).status_code == 422

    assert said in problem_of(dana, name)
    assert f'<a href="#{name}">' in dana.page, "the summary leads to the field"
    assert count(desk) == 0
    kept = dana.page
    assert "A &lt;b&gt;kettle&lt;/b&gt;" in kept
    assert re.search(r'name="safety_risk" value="1" checked', kept)
    if name != "symptom":
        assert '<option value="not_working" selected>' in kept
    if name not in ("text", "problem_type", "symptom", "wish"):
        assert f'value="{typed}"' in kept


def test_all_mistakes_are_said_at_once(dana):
    send(dana, **CALL, amount="cheap", contact_phone="701", received_on="2027-01-01")
    for name in ("amount", "contact_phone", "received_on"):
        assert problem_of(dana, name)


def test_every_question_has_a_label_and_none_is_asked_twice(dana):
    asked = re.findall(r'<(?:input|select|textarea) id="([^"]+)"', dana.page)
    assert len(asked) == len(set(asked)) == 18
    for name in set(asked) - {"safety_risk", "on_credit", "hardship_declared"}:  # inside theirs
        assert f'<label for="{name}">' in dana.page


LATIN = re.compile(r"[A-Za-z]{3,}")


@pytest.mark.parametrize("language", ["ru", "kk"])
def test_form_mistakes_and_receipt_speak_the_language_of_the_page(dana, desk, language):
    def english_words():
        content = dana.page.partition("<main id=")[2].partition(">")[2]
        content = re.sub(
            r'<span class="code"[^>]*>.*?</span>|<textarea.*?</textarea>',
            "",
            content,
            flags=re.DOTALL,
        )
        return {
            word for word in LATIN.findall(re.sub(r"<[^>]+>", " ", content)) if not word.isupper()
        }

    dana.open(f"/intake?lang={language}")
    assert english_words() == set()
    send(dana, text="Чайник сломан", amount="x", order_date="x", contact_phone="x")
    assert english_words() == set()
    send(dana, text="Чайник сломан")
    assert english_words() == set()
    file_and_read(
        dana,
        desk,
        text="Чайник дымит",
        order_number="978080963",
        problem_type="defective",
        symptom="fire_or_smoke",
    )
    assert english_words() == set()
