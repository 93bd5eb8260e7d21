"""The customer's form without a script: any problem type, from the first question to receipt."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pytest

from tests.channels.forms import TYPE, form, part
from tests.pictures import picture
from tests.web.customers import (
    attach,
    begin,
    count,
    file,
    number_and_code,
    reach,
    row,
    tell,
)
from triage.casework import access
from triage.store.drafts import Draft
from triage.store.tables import Complaint, Evidence


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch):
    monkeypatch.setattr("triage.web.complain.TRIAGE_SECONDS", 0)


@pytest.fixture
def customer(browser):
    """A customer at the first question, in English."""
    browser.open("/complain?lang=en")
    return browser


JOURNEYS = [
    pytest.param(
        "defective",
        {"symptom": "visible_damage", "safety_risk": "no", "received_on": "2026-11-20"},
        {"safety_risk": False, "symptom": "visible_damage", "received_on": date(2026, 11, 20)},
        {"damage_photo", "purchase_proof"},
        id="defective",
    ),
    pytest.param(
        "not_as_described",
        {"symptom": "differs_from_chat", "product_category": "smartphone"},
        {"product_category": "smartphone"},
        {"damage_photo", "chat_screenshot", "purchase_proof"},
        id="not as described",
    ),
    pytest.param(
        "late_delivery",
        {"promised_on": "16.11.2026", "wish": "deliver"},
        {"promised_on": date(2026, 11, 16), "wish": "deliver"},
        set(),
        id="late",
    ),
    pytest.param(
        "refund_refused",
        {"return_requested_on": "2026-11-10", "return_answer": "silent", "amount": "14 990,50"},
        {"return_answer": "silent", "amount": Decimal("14990.50")},
        {"chat_screenshot", "purchase_proof"},
        id="refund refused",
    ),
    pytest.param(
        "seller_fraud",
        {"symptom": "paid_outside", "contacted_outside": "1"},
        {"symptom": "paid_outside", "contacted_outside": True},
        {"chat_screenshot", "purchase_proof"},
        id="fraud",
    ),
    pytest.param(
        "other", {"hardship_declared": "1"}, {"hardship_declared": True}, set(), id="other"
    ),
]


@pytest.mark.parametrize(("problem_type", "said", "kept", "asked"), JOURNEYS)
def test_a_customer_files_without_a_script(customer, desk, problem_type, said, kept, asked):
    begin(customer, problem_type)
    tell(customer, **said)
    assert "Photos and documents" in customer.text()
    required = re.findall(r'<section class="card slot" id="kind-(\w+)"', customer.page)
    assert asked <= set(required)
    reach(customer, contact_name="Asel N.", contact_phone="8 701 000 00 00")
    assert "Check your answers" in customer.text()
    number, code = number_and_code(file(customer, desk))
    found = row(desk, number)
    assert (found.channel, found.problem_type) == ("web", problem_type)
    assert found.order_number == "978080963"
    assert found.contact_phone
    for name, value in kept.items():
        assert getattr(found, name) == value, name
    assert access.find_by_code(desk, number, code.lower()) == number
    assert code.replace("-", "") not in (found.access_code or "")


def test_each_file_is_judged_as_it_comes_and_can_be_mended(customer, desk):
    begin(customer)
    tell(customer)
    attach(customer, "damage_photo", picture(3)[:-4000])
    assert "Not usable" in customer.text()
    assert 'class="cure"' in customer.page
    bad = re.search(r'data-file="(\w+)"', customer.page)[1]
    customer.send(f"/complain/files/{bad}/remove")
    assert bad not in customer.page
    for shade in (4, 5):
        attach(customer, "damage_photo", picture(shade))
    assert "2 of 2 files" in customer.text()
    number, _ = number_and_code(file(customer, desk))
    with desk.reading() as session:
        files = session.get_one(Complaint, number).evidence
        assert [each.verdict for each in files] == ["accepted", "accepted"]
    assert "required" not in row(desk, number).status


def test_without_evidence_it_is_filed_and_then_asked_for(customer, desk):
    begin(customer)
    tell(customer)
    assert "Continue without what is missing" in customer.text()
    page = file(customer, desk)
    number, _ = number_and_code(page)
    assert row(desk, number).status == "needs_evidence"
    assert "What is still missing" in page


def test_a_danger_is_answered_with_advice_at_once_and_is_urgent(customer, desk):
    begin(customer)
    tell(customer, safety_risk="yes", symptom="fire_or_smoke")
    assert 'class="note danger"' in customer.page
    number, _ = number_and_code(file(customer, desk))
    assert row(desk, number).priority == "urgent"


@pytest.mark.parametrize(
    ("said", "field", "words"),
    [
        pytest.param({"text": " "}, "text", "text", id="no text"),
        pytest.param({"text": "x" * 20_001}, "text", "20", id="too long a text"),
        pytest.param({"order_number": ""}, "order_number", "the seller", id="no order"),
        pytest.param({"order_number": "12"}, "order_number", "8", id="a short number"),
        pytest.param({"amount": "much"}, "amount", "amount", id="no amount"),
        pytest.param({"received_on": "2030-01-01"}, "received_on", "2026", id="in the future"),
        pytest.param({"safety_risk": "perhaps"}, "safety_risk", "no such choice", id="no choice"),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_nothing_is_lost(customer, said, field, words):
    begin(customer)
    answer = tell(customer, **said, product="A kettle")
    assert answer.status_code == 422
    assert "Please correct:" in customer.text()
    assert f'<a href="#{field}">' in customer.page
    assert words in re.search(rf'id="problem-{field}">([^<]+)<', customer.page)[1]
    assert re.search(rf'aria-describedby="[^"]*problem-{field}', customer.page)
    customer.open("/complain/details")
    assert 'value="A kettle"' in customer.page
    for name in {*said} - {"safety_risk"}:
        assert said[name].strip() in customer.page


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("contact_phone", "12"),
        ("contact_email", "no address"),
        ("contact_email", "me@home.kz,you@home.kz"),
        ("contact_name", "x" * 201),
    ],
)
def test_a_wrong_contact_is_refused_on_its_own_page(customer, name, value):
    begin(customer)
    tell(customer)
    customer.open("/complain/contact")
    assert customer.send("/complain/contact", **{name: value}).status_code == 422
    assert f'id="problem-{name}"' in customer.page


def test_a_type_must_be_chosen(customer):
    answer = customer.send("/complain", problem_type="")
    assert answer.status_code == 422
    assert "Choose what your complaint is about." in customer.text()


@pytest.mark.parametrize("step", ["details", "evidence", "contact", "check", "filed"])
def test_a_later_step_without_the_first_leads_to_the_first(browser, step):
    assert browser.open(f"/complain/{step}").request.path == "/complain"


def test_a_form_without_a_file_is_told_so(customer):
    begin(customer)
    tell(customer)
    assert attach(customer, "damage_photo", b"", name="").status_code == 422
    assert "No file was chosen" in customer.text()


def test_a_file_that_is_too_large_is_told_with_the_limit(customer):
    begin(customer)
    tell(customer)
    parts = [
        part("csrf_token", customer.token().encode()),
        part("file", b"x" * (26 * 1024 * 1024), filename="box.jpg"),
    ]
    answer = customer.client.post(
        "/complain/files/damage_photo", data=form(*parts), content_type=TYPE
    )
    assert answer.status_code == 422
    assert "26.0 MB; 25 MB are possible" in answer.text


def test_a_draft_holds_so_many_files_and_no_more(customer, desk):
    begin(customer)
    tell(customer)
    most = desk.settings.max_files
    for shade in range(most):
        attach(customer, "other", b"%d" % shade, name=f"{shade}.txt")
    assert attach(customer, "other", b"more", name="more.txt").status_code == 422
    assert count(desk, Evidence) == most


def test_whoever_begins_too_often_is_told_when_to_come_again(browser, monkeypatch, desk):
    browser.open("/complain?lang=en")
    answers = [browser.client.post(
        "/complain", data={"csrf_token": browser.token(), "problem_type": "other"}
    ).status_code for _ in range(61)]  # fmt: skip
    assert answers[-1] == 429
    assert answers[0] == 303


def test_a_form_of_another_site_changes_nothing(customer, desk):
    answer = customer.client.post("/complain", data={"problem_type": "other"})
    assert answer.status_code == 403
    assert count(desk, Draft) == 0


def test_the_start_page_leads_customers_and_staff(browser):
    browser.open("/?lang=en")
    for path in ("/complain", "/status", "/sign-in"):
        assert f'href="{path}"' in browser.page


LATIN = re.compile(r"[A-Za-z]{3,}")


@pytest.mark.parametrize("language", ["ru", "kk"])
def test_no_word_of_english_is_left_in_another_language(browser, desk, language):
    browser.open(f"/complain?lang={language}")
    begin(browser)
    tell(browser, text="Сынып қалды", safety_risk="yes")
    attach(browser, "damage_photo", picture(3)[:-4000], name="фото.jpg")
    pages = ["/complain", "/complain/details", "/complain/evidence", "/complain/contact"]
    for path in (*pages, "/complain/check"):
        browser.open(path)
        content = browser.page.partition("<main id=")[2].partition(">")[2]
        content = re.sub(r'<span class="(code|hint|filename)"[^>]*>.*?</span>', "", content)
        content = re.sub(r'lang="en"[^>]*>English<', "<", content)
        words = {w for w in LATIN.findall(re.sub(r"<[^>]+>", " ", content)) if not w.isupper()}
        assert words <= {"SMS", "jpg"}, path
