"""The second step: set up, asked for, taken once, and a way in when the phone is lost."""

from __future__ import annotations

import base64
import re
from dataclasses import replace

import pyotp
import pytest
from flask import Flask

from tests.web.conftest import Browser
from triage.casework import accounts, second_step
from triage.casework.audit import OPERATOR
from triage.core.people import Role
from triage.store.tables import User
from triage.web import pages


class Phone:
    """A code app that goes by the clock of the test."""

    def __init__(self, secret: str, clock) -> None:
        self._app, self._clock = pyotp.TOTP(secret), clock

    def code(self, seconds: int = 0) -> str:
        return self._app.at(int(self._clock().timestamp()) + seconds)


@pytest.fixture
def set_up(clock):
    """Set up an app in a browser; the phone, and the recovery codes."""

    def set_up(browser: Browser) -> tuple[Phone, list[str]]:
        browser.open("/account/app")
        secret = re.search(r'class="secret"[^>]*>([A-Z2-7 ]+)<', browser.page)[1].replace(" ", "")
        phone = Phone(secret, clock)
        browser.send("/account/app", code=phone.code())
        codes = re.findall(r"<li>([2-9A-Z]{5}-[2-9A-Z]{5})</li>", browser.page)
        clock.forward(seconds=60)
        return phone, codes

    return set_up


@pytest.fixture
def at_the_door(app):
    """A browser that has given the password, but no code."""

    def come() -> Browser:
        browser = Browser(app.test_client())
        browser.sign_in("aigul")
        assert "Second step" in browser.text()
        return browser

    return come


def test_the_code_is_asked_for_at_the_next_sign_in(person, set_up, at_the_door):
    phone, codes = set_up(person())
    assert len(set(codes)) == 10
    browser = at_the_door()
    assert browser.client.get("/queue").location.startswith("/sign-in/code")
    browser.send("/sign-in/code", code=phone.code())
    assert browser.client.get("/queue").status_code == 200


def test_the_session_gets_a_new_secret_with_the_second_step(person, set_up, at_the_door):
    phone, _ = set_up(person())
    browser = at_the_door()
    with browser.client.session_transaction() as session:
        before = session["token"]
    browser.send("/sign-in/code", code=phone.code())
    with browser.client.session_transaction() as session:
        assert session["token"] != before


def test_a_code_that_was_used_opens_nothing(person, set_up, at_the_door):
    phone, _ = set_up(person())
    code = phone.code()
    assert at_the_door().send("/sign-in/code", code=code).status_code == 200
    answer = at_the_door().send("/sign-in/code", code=code)
    assert answer.status_code == 403


@pytest.mark.parametrize(
    ("seconds", "status"),
    [
        pytest.param(-30, 200, id="the one before"),
        pytest.param(30, 200, id="the next"),
        pytest.param(-90, 403, id="too old"),
        pytest.param(90, 403, id="too early"),
    ],
)
def test_a_phone_may_be_half_a_minute_off(person, set_up, at_the_door, clock, seconds, status):
    phone, _ = set_up(person())
    clock.forward(minutes=5)
    assert at_the_door().send("/sign-in/code", code=phone.code(seconds)).status_code == status


def test_after_five_wrong_codes_the_password_is_asked_for_again(person, set_up, at_the_door):
    set_up(person())
    browser = at_the_door()
    for _ in range(5):
        assert browser.send("/sign-in/code", code="000000").status_code == 403
    assert 'name="password"' in browser.page
    browser.open("/sign-in/code")
    assert 'name="password"' in browser.page


def test_an_account_is_closed_for_a_while_after_many_wrong_codes(desk, person, set_up, app):
    phone, _ = set_up(person())
    for number in range(second_step.MOST_FAILURES // second_step.MOST_TRIES):
        browser = from_elsewhere(app, number)
        browser.sign_in("aigul")
        for _ in range(second_step.MOST_TRIES):
            browser.send("/sign-in/code", code="000000")
    browser = from_elsewhere(app, 99)
    browser.sign_in("aigul")
    answer = browser.send("/sign-in/code", code=phone.code())
    assert answer.status_code == 429
    assert "Too many wrong codes" in browser.text()


def upon(desk) -> Flask:
    """The pages of another desk than the test's own."""
    app = Flask("triage", static_folder=None)
    app.register_blueprint(pages(desk))
    return app


def from_elsewhere(app, number) -> Browser:
    """Another address, whose attempts are counted from nothing."""
    client = app.test_client()
    client.environ_base["REMOTE_ADDR"] = f"203.0.113.{number}"
    return Browser(client)


def test_a_recovery_code_opens_once(person, set_up, at_the_door):
    _, codes = set_up(person())
    assert at_the_door().send("/sign-in/code", code=codes[0].lower()).status_code == 200
    assert at_the_door().send("/sign-in/code", code=codes[0]).status_code == 403


def test_new_recovery_codes_end_the_old_ones(person, set_up, at_the_door):
    browser = person()
    _, codes = set_up(browser)
    browser.open("/account/app")
    browser.send("/account/app/recovery")
    assert codes[0] not in browser.page
    assert at_the_door().send("/sign-in/code", code=codes[0]).status_code == 403


def test_the_database_keeps_neither_the_secret_nor_the_codes(desk, person, set_up):
    phone, codes = set_up(person())
    with desk.reading() as session:
        user = session.get_one(User, 1)
    kept = f"{user.totp_secret} {user.totp_recovery}"
    assert phone._app.secret not in kept
    assert not any(code in kept or code.replace("-", "") in kept for code in codes)


def test_the_picture_is_of_the_same_secret_as_the_text(desk, person):
    browser = person()
    browser.open("/account/app")
    secret = re.search(r'class="secret"[^>]*>([A-Z2-7 ]+)<', browser.page)[1].replace(" ", "")
    drawn = re.search(r'src="data:image/svg\+xml;base64,([^"]+)"', browser.page)[1]
    enrolled = second_step.enrol(desk, 1)
    assert enrolled.secret == secret
    assert f"secret={secret}" in enrolled.uri
    assert "issuer=Triage" in enrolled.uri
    assert b"<svg" in base64.b64decode(drawn)


def test_removing_the_app_needs_one_of_its_codes(desk, person, set_up):
    browser = person()
    phone, _ = set_up(browser)
    browser.open("/account/app")
    assert browser.send("/account/app/remove", code="000000").status_code == 403
    assert "The code app is removed" in browser.send("/account/app/remove", code=phone.code()).text


@pytest.fixture
def strict(desk):
    """A service whose agents need the second step."""
    return replace(desk, settings=replace(desk.settings, totp_required_roles="agent"))


def test_a_role_that_needs_an_app_goes_no_further_without_one(strict, person, set_up):
    person()
    browser = Browser(upon(strict).test_client())
    browser.sign_in("aigul")
    assert browser.client.get("/queue").location == "/account/app"
    phone, _ = set_up(browser)
    assert browser.client.get("/queue").status_code == 200
    browser.open("/account/app")
    assert browser.send("/account/app/remove", code=phone.code()).status_code == 403


def test_an_admin_may_require_an_app_of_one_person_and_remove_a_lost_one(desk, person, set_up):
    browser = person(role=Role.QA)
    accounts.require_totp(desk, 1, True, OPERATOR)
    assert browser.client.get("/queue").location == "/account/app"
    set_up(browser)
    second_step.remove(desk, 1, OPERATOR)
    assert browser.client.get("/queue").location == "/account/app"
