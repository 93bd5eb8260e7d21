"""Coming in and going out: who may, how often, and what a session is worth afterwards."""

from __future__ import annotations

import pytest

from tests.web.conftest import PASSWORD, Browser
from triage.casework import sittings, staff
from triage.casework.attempts import Limit
from triage.core.people import Role
from triage.web.rates import is_free
from triage.web.session import local_path


@pytest.fixture
def aigul(desk):
    return staff.add_user(desk, login="aigul", name="Aigul", password=PASSWORD, role=Role.AGENT)


def test_a_stranger_is_sent_to_the_sign_in_page_and_comes_back_to_where_they_wanted(browser, aigul):
    answer = browser.client.get("/queue?priority=urgent")
    assert answer.status_code == 302
    assert answer.location == "/sign-in?next=/queue?priority%3Durgent"

    browser.open(answer.location)
    answer = browser.send(
        "/sign-in", follow=False, login="aigul", password=PASSWORD, next="/queue?priority=urgent"
    )
    assert (answer.status_code, answer.location) == (303, "/queue?priority=urgent")


def test_a_wrong_password_and_an_unknown_name_get_the_same_answer(browser, aigul):
    wrong = browser.sign_in("aigul", "not the password")
    said = browser.text().replace("aigul", "")
    unknown = browser.sign_in("nobody", "not the password")

    assert wrong.status_code == unknown.status_code == 403
    assert browser.text().replace("nobody", "") == said
    assert 'role="alert"' in browser.page
    assert 'value="nobody"' in browser.page, "the login is not typed twice"


def test_too_many_attempts_from_one_address_wait(browser, desk, aigul):
    for _ in range(desk.settings.logins_per_minute):
        assert browser.sign_in("aigul", "guess").status_code == 403

    answer = browser.sign_in("aigul")
    assert answer.status_code == 429
    assert answer.headers["Retry-After"] == "60"
    assert browser.client.get("/queue").status_code == 302


@pytest.mark.parametrize(
    ("first", "second", "together"),
    [
        pytest.param("203.0.113.7", "203.0.113.8", False, id="two IPv4 addresses"),
        pytest.param("2001:db8::1", "2001:db8::2", True, id="one IPv6 network"),
        pytest.param("2001:db8::1", "2001:db8:0:1::1", False, id="two IPv6 networks"),
    ],
)
def test_attempts_are_counted_by_who_can_have_the_address(app, desk, first, second, together):
    def attempt(address):
        with app.test_request_context("/sign-in", environ_base={"REMOTE_ADDR": address}):
            return is_free(desk, Limit(name="sign-in", most=1, seconds=60))

    assert attempt(first)
    assert attempt(second) is not together


def test_the_session_is_new_after_signing_in_and_holds_nothing_personal(browser, desk, aigul):
    browser.open("/sign-in")
    before = browser.token()
    browser.send("/sign-in", login="aigul", password=PASSWORD)

    with browser.client.session_transaction() as session:
        assert set(session) <= {"token", "csrf", "language", "_permanent"}
        assert sittings.find(desk, session["token"]).user_id == aigul
    assert browser.token() != before


def test_the_session_cookie_is_out_of_reach_of_scripts_and_other_sites(browser, aigul):
    browser.open("/sign-in")
    answer = browser.send("/sign-in", follow=False, login="aigul", password=PASSWORD)
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_signing_out_ends_the_session(person):
    browser = person()
    browser.open("/queue")
    assert browser.send("/sign-out").status_code == 200
    assert browser.client.get("/queue").status_code == 302


def test_signing_out_everywhere_ends_the_session_too(desk, person):
    browser = person()
    staff.sign_out_everywhere(desk, 1)
    assert browser.client.get("/queue").status_code == 302


def test_a_session_ends_when_its_time_is_over(desk, clock, person):
    browser = person()
    clock.forward(hours=desk.settings.session_hours, seconds=1)
    assert browser.client.get("/queue").status_code == 302


@pytest.mark.parametrize(
    ("wanted", "goes_to"),
    [
        pytest.param("/cases/AB", "/cases/AB", id="a page of ours"),
        pytest.param(None, "/queue", id="nothing"),
        pytest.param("https://evil.example/", "/queue", id="another site"),
        pytest.param("//evil.example/", "/queue", id="another site without a scheme"),
        pytest.param("/\\evil.example/", "/queue", id="a backslash that browsers turn round"),
        pytest.param("/a\r\nSet-Cookie: x", "/queue", id="a broken header"),
    ],
)
def test_nobody_is_sent_to_another_site_after_signing_in(wanted, goes_to):
    assert local_path(wanted, "/queue") == goes_to


def test_the_accounts_language_is_used_unless_another_was_chosen(desk, app, aigul):
    staff.set_language(desk, aigul, "kk")

    def come(first_page: str) -> Browser:
        browser = Browser(app.test_client())
        browser.open(first_page)
        browser.send("/sign-in", login="aigul", password=PASSWORD)
        return browser

    assert '<html lang="kk">' in come("/sign-in").page
    assert '<html lang="ru">' in come("/sign-in?lang=ru").page
