"""Signing in with an identity provider: a real one over HTTP, on this machine."""

from __future__ import annotations

import threading
import warnings
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from flask import Flask
from werkzeug.serving import make_server

from tests.servers import not_here
from tests.web.conftest import PASSWORD, Browser
from triage.casework import staff
from triage.core.people import Role
from triage.settings import SettingError, Settings
from triage.store.people import Identity
from triage.store.tables import User
from triage.web import pages

#: The provider runs in a thread of ours and uses parts of its libraries that will go.
pytestmark = pytest.mark.filterwarnings("ignore")


@pytest.fixture(scope="module")
def issuer():
    """oidc-provider-mock: a provider with discovery, PKCE, signed ID tokens and user info."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it uses a part of authlib that will go
        try:
            import oidc_provider_mock
        except ImportError:
            not_here("oidc-provider-mock is not installed: pip install oidc-provider-mock")
    server = make_server("127.0.0.1", 0, oidc_provider_mock.app(), threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def settings(desk, issuer):
    return replace(
        desk.settings,
        oidc_issuer=issuer,
        oidc_client_id="triage",
        oidc_client_secret="a secret",
        oidc_name="Kaspi ID",
        oidc_roles="desk=agent,heads=admin",
    )


@pytest.fixture
def door(desk, settings):
    """A browser before a service with that provider."""
    app = Flask("triage", static_folder=None)
    app.register_blueprint(pages(replace(desk, settings=settings)))
    return lambda: Browser(app.test_client())


def claims(issuer: str, sub: str, **said: object) -> None:
    """What the provider will say about somebody."""
    answer = requests.put(f"{issuer}/users/{sub}", json=said, timeout=5)
    assert answer.status_code < 300, answer.text


def authorised(browser: Browser, sub: str, onward: str = "/queue") -> str:
    """Go to the provider and say who we are there; the address that it sends us back to."""
    there = browser.client.get(f"/sign-in/provider?next={onward}").location
    answer = requests.post(there, data={"sub": sub}, allow_redirects=False, timeout=5)
    assert answer.status_code in (302, 303), answer.text
    back = urlsplit(answer.headers["Location"])
    return f"{back.path}?{back.query}"


def test_the_provider_is_asked_with_pkce_state_and_nonce(door):
    asked = parse_qs(urlsplit(door().client.get("/sign-in/provider").location).query)
    assert asked["response_type"] == ["code"]
    assert asked["code_challenge_method"] == ["S256"]
    assert len(asked["code_challenge"][0]) == 43
    assert len(asked["state"][0]) >= 16
    assert len(asked["nonce"][0]) >= 16
    assert asked["redirect_uri"] == ["http://127.0.0.1:8000/sign-in/provider/back"]


def test_whoever_the_provider_sends_gets_an_account_with_the_role_of_the_group(desk, door, issuer):
    claims(issuer, "77", name="Айгуль", preferred_username="aigul", roles=["desk", "canteen"])
    browser = door()
    browser.open("/sign-in?lang=en")
    assert "Sign in with Kaspi ID" in browser.text()

    answer = browser.client.get(authorised(browser, "77"))

    assert (answer.status_code, answer.location) == (303, "/queue")
    assert browser.client.get("/queue").status_code == 200
    assert browser.client.get("/admin").status_code == 403
    with desk.reading() as session:
        user = session.query(User).one()
        assert (user.login, user.name, user.role) == ("aigul", "Айгуль", "agent")
        assert session.get(Identity, (issuer, "77")).user_id == user.id


def test_the_second_time_it_is_the_same_account_with_todays_role(desk, door, issuer):
    claims(issuer, "5", preferred_username="dana", email="dana@example.kz", roles=["desk"])
    first = door()
    first.client.get(authorised(first, "5"))
    claims(issuer, "5", preferred_username="renamed", email="other@example.kz", roles=["heads"])
    second = door()
    second.client.get(authorised(second, "5"))
    with desk.reading() as session:
        user = session.query(User).one()
    assert (user.login, user.role) == ("dana", "admin")


def test_the_same_login_or_address_is_not_the_same_person(desk, door, issuer):
    local = staff.add_user(desk, login="boss", name="Boss", password=PASSWORD, role=Role.ADMIN)
    claims(issuer, "6", preferred_username="boss", email="boss", roles=["desk"])
    browser = door()
    browser.client.get(authorised(browser, "6"))
    assert browser.client.get("/admin").status_code == 403
    with desk.reading() as session:
        assert session.get(Identity, (issuer, "6")).user_id != local
        assert session.get_one(User, local).role == "admin"


def test_nobody_enters_without_a_group_that_has_a_role(desk, door, issuer):
    claims(issuer, "8", preferred_username="guest", roles=["canteen"])
    browser = door()
    browser.open("/sign-in?lang=en")
    answer = browser.client.get(authorised(browser, "8"))
    assert answer.status_code == 403
    assert staff.count_users(desk) == 0


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda back: back.replace("state=", "state=x"), id="another state"),
        pytest.param(lambda back: back.replace("code=", "code=x"), id="another code"),
        pytest.param(lambda back: "/sign-in/provider/back?error=access_denied", id="refused"),
        pytest.param(lambda back: "/sign-in/provider/back", id="nothing at all"),
    ],
)
def test_an_answer_that_was_tampered_with_opens_nothing(desk, door, issuer, spoil):
    claims(issuer, "9", preferred_username="x", roles=["desk"])
    browser = door()
    answer = browser.client.get(spoil(authorised(browser, "9")))
    assert answer.status_code == 403
    assert browser.client.get("/queue").status_code == 302
    assert staff.count_users(desk) == 0


def test_an_answer_that_was_meant_for_another_browser_opens_nothing(desk, door, issuer):
    claims(issuer, "10", preferred_username="victim", roles=["heads"])
    back = authorised(door(), "10")
    assert door().client.get(back).status_code == 403
    assert staff.count_users(desk) == 0


def test_a_provider_that_is_away_is_said_so(desk, settings):
    away = replace(settings, oidc_issuer="http://127.0.0.1:9")
    app = Flask("triage", static_folder=None)
    app.register_blueprint(pages(replace(desk, settings=away)))
    answer = app.test_client().get("/sign-in/provider")
    assert answer.status_code == 503


def test_passwords_can_be_switched_off(desk, settings, person):
    person()
    app = Flask("triage", static_folder=None)
    app.register_blueprint(pages(replace(desk, settings=replace(settings, local_passwords=False))))
    browser = Browser(app.test_client())
    browser.open("/sign-in?lang=en")
    assert 'name="password"' not in browser.page
    with browser.client.session_transaction() as session:
        session["csrf"] = "known"
    answer = browser.client.post(
        "/sign-in", data={"login": "aigul", "password": PASSWORD, "csrf_token": "known"}
    )
    assert answer.status_code == 403


def test_without_a_provider_its_pages_are_not_there(browser):
    assert browser.client.get("/sign-in/provider").status_code == 404
    browser.open("/sign-in")
    assert "/sign-in/provider" not in browser.page


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        pytest.param({"oidc_issuer": "http://id.example"}, "https", id="without TLS"),
        pytest.param({"oidc_roles": ""}, "OIDC_ROLES", id="no role for anybody"),
        pytest.param({"oidc_roles": "a=king"}, "OIDC_ROLES", id="no such role"),
        pytest.param({"oidc_client_id": ""}, "CLIENT_ID", id="no name"),
    ],
)
def test_settings_that_are_half_there_are_refused_at_the_start(settings, wrong, said):
    with pytest.raises(SettingError, match=said):
        replace(settings, **wrong)


def test_no_way_in_at_all_is_refused_at_the_start():
    with pytest.raises(SettingError, match="LOCAL_PASSWORDS"):
        Settings(local_passwords=False)
