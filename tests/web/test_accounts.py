"""People's own accounts: each session can be ended, passwords are good ones, language is kept."""

from __future__ import annotations

import re

import pytest

from tests.web.conftest import PASSWORD, Browser
from triage.casework import accounts, audit, passwords, sittings, staff
from triage.casework.audit import OPERATOR, Asked
from triage.core.people import Role
from triage.errors import Invalid
from triage.store.people import Sitting
from triage.web.visitor import browser_of, network_of

NEW = "vier lange Wege nach Almaty"


def again(app, login: str = "aigul", password: str = PASSWORD) -> Browser:
    """The same person in another browser."""
    browser = Browser(app.test_client())
    browser.sign_in(login, password)
    return browser


def test_a_session_is_ended_from_another_browser(app, person):
    first = person()
    second = again(app)
    second.open("/account")
    assert second.page.count("<li>") >= 2
    ending = re.search(r"/account/sessions/[0-9a-f]{64}/end", second.page)[0]

    assert second.send(ending).status_code == 200

    assert first.client.get("/queue").status_code == 302
    assert second.client.get("/queue").status_code == 200


def test_signing_out_everywhere_else_leaves_this_browser(app, person):
    first, second = person(), again(app)
    second.open("/account")
    second.send("/account/sessions/end")
    assert first.client.get("/queue").status_code == 302
    assert second.client.get("/queue").status_code == 200


def test_nobody_ends_anothers_session(desk, app, person):
    aigul, dana = person(), person("dana")
    sitting = sittings.list_sittings(desk, 1)[0].id
    dana.open("/account")
    assert dana.send(f"/account/sessions/{sitting}/end").status_code == 404
    assert aigul.client.get("/queue").status_code == 200


def test_a_session_ends_when_nobody_is_there(desk, clock, person):
    browser = person()
    clock.forward(minutes=desk.settings.session_idle_minutes - 1)
    assert browser.client.get("/queue").status_code == 200
    clock.forward(minutes=desk.settings.session_idle_minutes + 2)
    assert browser.client.get("/queue").status_code == 302


def test_the_database_knows_no_secret_of_a_session(desk, person):
    browser = person()
    with browser.client.session_transaction() as session:
        secret = session["token"]
    with desk.reading() as session:
        row = session.query(Sitting).one()
    assert secret not in (row.id, row.agent, row.network)
    assert row.network == "127.0.0.0/24"


def test_sessions_that_are_over_are_forgotten(desk, clock, person):
    person()
    assert sittings.expire(desk) == 0
    clock.forward(hours=desk.settings.session_hours + 1)
    assert sittings.expire(desk) == 1


def test_a_changed_password_ends_the_others_and_renews_this_session(desk, app, person):
    other, browser = person(), again(app)
    with browser.client.session_transaction() as session:
        before = session["token"]
    browser.open("/account/password")
    browser.send("/account/password", old=PASSWORD, password=NEW, again=NEW)

    assert "The password is changed" in browser.text()
    assert other.client.get("/queue").status_code == 302
    assert sittings.find(desk, before) is None
    assert again(app, password=NEW).client.get("/queue").status_code == 200
    assert again(app, password=PASSWORD).client.get("/queue").status_code == 302


@pytest.mark.parametrize(
    ("old", "new", "repeated", "said"),
    [
        pytest.param("wrong", NEW, NEW, "The old password is wrong", id="wrong old one"),
        pytest.param(PASSWORD, NEW, NEW + "x", "new passwords differ", id="not twice the same"),
        pytest.param(PASSWORD, PASSWORD, PASSWORD, "is the old one", id="the old one"),
        pytest.param(PASSWORD, "short one", "short one", "shorter than 12", id="short"),
        pytest.param(PASSWORD, "aigul-2026-01", "aigul-2026-01", "much like", id="the login"),
    ],
)
def test_a_password_that_will_not_do_is_told_why(person, old, new, repeated, said):
    browser = person()
    browser.open("/account/password")
    answer = browser.send("/account/password", old=old, password=new, again=repeated)
    assert answer.status_code in (403, 422)
    assert said in browser.text()


@pytest.mark.parametrize(
    "password",
    [
        "password1234", "P@ssw0rd2026!", "qwertyuiop[]", "123456789012", "aaaaaaaaaaaa",
        "abcabcabcabc", "Пароль123456", "kaspi-kaspi-1", "йцукенгшщзхъ", "1q2w3e4r5t6y",
        "Welcome2026!!",
    ],
)  # fmt: skip
def test_what_is_guessed_first_is_no_password(password):
    with pytest.raises(Invalid, match=r"user\.common_password"):
        passwords.check(password, "somebody")


@pytest.mark.parametrize(
    "password", [PASSWORD, NEW, "x8Kq-zR4t_Wm", "төрт бөлек сөз керек", "Zug.Lampe.Fluss.9"]
)
def test_a_good_password_is_taken(password):
    passwords.check(password, "aigul", "Aigul")


def test_a_one_time_password_opens_nothing_but_its_change(desk, app, person):
    person()
    given = accounts.reset_password(desk, 1, OPERATOR)
    browser = again(app, password=given)
    for path in ("/queue", "/account", "/dashboard", "/account/app"):
        assert browser.client.get(path).location == "/account/password", path

    browser.open("/account/password")
    browser.send("/account/password", old=given, password=NEW, again=NEW)
    assert browser.client.get("/queue").status_code == 200


def test_a_one_time_password_is_over_after_three_days(desk, clock, app, person):
    person()
    given = accounts.reset_password(desk, 1, OPERATOR)
    clock.forward(days=3, minutes=1)
    browser = again(app, password=given)
    assert "not valid any more" in browser.text()


def test_the_chosen_language_stays_with_the_account(desk, app, person):
    browser = person()
    browser.open("/account?lang=kk")
    assert staff.language_of(desk, 1) == "kk"
    assert '<html lang="kk">' in browser.page


def test_failures_are_counted_without_what_was_typed(desk, app, person):
    person()
    again(app, password="hunter2 is my bank's")
    again(app, login="hunter2 typed in the wrong place")
    kept = audit.entries(desk, Asked(verb="sign_in_failed"))
    assert [each.target for each in kept] == ["", "user:1"]
    assert not any("hunter2" in str(vars(each)) for each in kept)


@pytest.mark.parametrize(
    ("agent", "shown"),
    [
        pytest.param(
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
            "Chrome/126.0.0.0 Safari/537.36 Edg/126.0.0.0",
            "Edge 126, Windows",
            id="Edge says Chrome, too",
        ),
        pytest.param(
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 "
            "(KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1",
            "Safari 17, iPhone",
            id="Safari on a phone",
        ),
        pytest.param("curl/8.1\x00 <b>", "curl/8.1", id="a program"),
        pytest.param("", "", id="nothing"),
    ],
)
def test_a_browser_is_shown_in_two_words(agent, shown):
    assert browser_of(agent) == shown


@pytest.mark.parametrize(
    ("address", "network"),
    [("203.0.113.77", "203.0.113.0/24"), ("2001:db8:1:2::3", "2001:db8:1::/48"), ("?", "")],
)
def test_an_address_is_kept_as_its_neighbourhood(address, network):
    assert network_of(address) == network


def test_the_role_in_the_table_is_not_kept_in_the_session(desk, person):
    browser = person(role=Role.ADMIN)
    staff.add_user(desk, login="boss", name="Boss", password=PASSWORD, role=Role.ADMIN)
    accounts.set_role(desk, 1, Role.AGENT, OPERATOR)
    assert browser.client.get("/admin").status_code == 403
