"""Number and access code instead of an account: what opens the page, what gives nothing away."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from itsdangerous import URLSafeSerializer

from triage.casework import access
from triage.core.people import Role
from triage.web import pages


@pytest.fixture
def known(desk, file):
    complaint_id = file()
    return complaint_id, access.give_code(desk, complaint_id)


def look_up(browser, number, code, **headers):
    browser.open("/status?lang=en", **headers)
    return browser.send("/status", follow=False, number=number, code=code)


def test_number_and_code_open_the_page_without_standing_in_its_address(browser, known):
    number, code = known
    sent = look_up(browser, number.lower(), code.replace("-", ""))
    assert sent.status_code == 303
    assert number not in sent.location
    assert code not in sent.location
    assert browser.open(sent.location).status_code == 200
    assert number in browser.text()


def test_the_address_of_a_visit_is_over_after_a_day(browser, known, clock):
    address = look_up(browser, *known).location
    clock.forward(hours=25)
    assert browser.open(address).status_code == 404
    assert "visit is over" in browser.text()


def test_an_unknown_number_and_a_wrong_code_are_answered_alike(browser, known):
    def told(number, code):
        answer = look_up(browser, number, code)
        unsaid = re.sub(r'(name="csrf_token" value|name="number" value)="[^"]*"', "", browser.page)
        return answer.status_code, unsaid

    assert told(known[0], "ABCD-2345") == told("NOSUCHID", known[1])
    assert told("NOSUCHID", known[1])[0] == 403


def test_looking_up_is_limited_for_an_address(browser, known):
    codes = [look_up(browser, "NOSUCHID", "ABCD-2345").status_code for _ in range(11)]
    assert codes == [403] * 10 + [429]
    answer = look_up(browser, *known)
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 0


def test_trying_at_one_number_is_limited_from_wherever(app, desk, known):
    """However the number is written, and whichever process is asked."""
    other = Flask("triage", static_folder=None)
    other.register_blueprint(pages(desk))

    def attempt(n):
        client = (app, other)[n % 2].test_client()
        page = client.get("/status").text
        token = re.search(r'name="csrf_token" value="([^"]+)"', page)[1]
        number = f"{known[0][:4]}{' -'[n // 2 % 2]}{known[0][4:].lower()}"
        fields = {"csrf_token": token, "number": number, "code": "ABCD-2345"}
        address = {"REMOTE_ADDR": f"203.0.113.{n}"}
        return client.post("/status", data=fields, environ_overrides=address).status_code

    assert [attempt(n) for n in range(22)] == [403] * 20 + [429] * 2


def test_a_token_that_was_signed_for_something_else_opens_nothing(browser, desk, known):
    for salt in ("session", "uploads", "cookie-session", "statuses"):
        token = URLSafeSerializer(desk.secret, salt=salt).dumps(known[0])
        assert browser.open(f"/status/{token}").status_code == 404
    wrong_shape = URLSafeSerializer(desk.secret, salt="status-visit").dumps(known[0])
    assert browser.open(f"/status/{wrong_shape}").status_code == 404


@pytest.mark.parametrize("rest", ["", "/letter", "/withdraw", "/export"])
def test_no_machine_keeps_what_a_visit_shows_and_no_page_learns_the_address(browser, known, rest):
    address = look_up(browser, *known).location
    with browser.client.get(address + rest) as answer:
        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert "noindex" in answer.headers["X-Robots-Tag"]


def test_a_browser_that_hides_where_it_comes_from_is_still_served(browser, known):
    address = look_up(browser, *known).location
    browser.open(address)
    answer = browser.client.post(
        f"{address}/message",
        data={"csrf_token": browser.token(), "text": "Hello"},
        headers={"Origin": "null", "Sec-Fetch-Site": "same-origin"},
    )
    assert answer.status_code == 303


def test_the_operator_reads_the_code_out_once(person, desk, monkeypatch):
    monkeypatch.setattr("triage.web.intake.TRIAGE_SECONDS", 0)
    dana = person("dana", Role.INTAKE)
    dana.open("/intake")
    form = re.search(r'name="form_id" value="([^"]+)"', dana.page)[1]
    said = {"text": "The parcel is late", "order_number": "978080963", "form_id": form}
    receipt = dana.send("/intake", follow=False, **said).location
    number = receipt.rpartition("/")[2]

    dana.open(receipt)
    code = re.findall(r"\b[2-9A-Z]{4}-[2-9A-Z]{4}\b", dana.text())
    assert access.find_by_code(desk, number, code[0]) == number

    dana.open(receipt)
    assert code[0] not in dana.page
    dana.send(f"/intake/{number}/code")
    again = re.findall(r"\b[2-9A-Z]{4}-[2-9A-Z]{4}\b", dana.text())
    assert access.find_by_code(desk, number, again[0]) == number
    assert access.find_by_code(desk, number, code[0]) is None
