"""What keeps a page to itself: forms of our own, headers, errors with a way on."""

from __future__ import annotations

import re

import pytest

from tests.web.conftest import Browser
from triage.casework import books
from triage.core.people import Role


@pytest.mark.parametrize(
    ("headers", "token"),
    [
        pytest.param({}, "", id="without a token"),
        pytest.param({}, "made up", id="with a made-up token"),
        pytest.param({}, "чужой", id="with a token that is no ASCII"),
        pytest.param({"Sec-Fetch-Site": "cross-site"}, None, id="from another site"),
        pytest.param({"Sec-Fetch-Site": "same-site"}, None, id="from a neighbouring host"),
        pytest.param({"Origin": "https://evil.example"}, None, id="with another origin"),
        pytest.param({"Origin": "null"}, None, id="with an origin that is hidden"),
    ],
)
def test_a_form_that_is_not_ours_changes_nothing(person, file, desk, headers, token):
    file()
    browser = person()
    browser.open("/queue")
    given = browser.token() if token is None else token

    answer = browser.client.post("/queue/next", data={"csrf_token": given}, headers=headers)

    assert answer.status_code == 403
    browser.open("/queue?mine=1")
    assert "No case fits these filters." in browser.text()


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param({}, id="an old browser"),
        pytest.param({"Sec-Fetch-Site": "same-origin", "Origin": "http://localhost"}, id="a new"),
        pytest.param({"Origin": "http://127.0.0.1:8000"}, id="behind a proxy, by the set address"),
    ],
)
def test_our_own_form_is_taken(person, headers):
    browser = person()
    browser.open("/queue")
    answer = browser.client.post(
        "/queue/next", data={"csrf_token": browser.token()}, headers=headers
    )
    assert answer.status_code == 303


def test_every_changing_address_of_the_pages_needs_the_token(app):
    changing = [
        re.sub(r"<[^>]+>", "note", re.sub(r"<int:[^>]+>", "1", rule.rule))
        for rule in app.url_map.iter_rules()
        if rule.methods & {"POST", "PUT", "PATCH", "DELETE"}
    ]
    assert len(changing) >= 5
    for path in changing:
        assert app.test_client().post(path).status_code == 403, path


@pytest.mark.parametrize("path", ["/sign-in", "/queue", "/nowhere-at-all", "/cases/NOSUCHID"])
def test_every_page_runs_nothing_of_others_and_stays_out_of_caches(person, path):
    answer = person().open(path)
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"


def test_no_page_carries_script_or_style_of_its_own(person, file):
    browser = person()
    for path in ("/sign-in", "/queue", f"/cases/{file()}"):
        browser.open(path)
        assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=", browser.page), path


def test_our_own_files_are_kept_for_long_because_their_address_changes(browser):
    browser.open("/sign-in")
    sheets = re.findall(r'(?:href|src)="(/assets/[^"]+)"', browser.page)
    assert len(sheets) >= 4
    for address in set(sheets):
        answer = browser.client.get(address.replace("&amp;", "&"))
        assert answer.status_code == 200
        assert "immutable" in answer.headers["Cache-Control"]
        answer.close()


def test_an_error_page_says_what_happened_and_a_way_on(app, person):
    browser = person()
    assert browser.open("/cases/NOSUCHID").status_code == 404
    assert 'href="/queue"' in browser.page
    stranger = Browser(app.test_client())
    stranger.open("/status/made-up?lang=en")
    assert "There is no" in stranger.text() or "Not found" in stranger.text()


def test_what_nobody_expected_is_a_page_with_a_number_and_without_the_cause(person, monkeypatch):
    browser = person()

    def break_down(*_: object, **__: object) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr("triage.casework.answer.queue", break_down)
    answer = browser.open("/queue")

    assert answer.status_code == 500
    assert "secret detail" not in browser.page
    assert re.search(r"Number of the fault: [0-9a-f]{12}", browser.text())


def test_a_form_that_is_too_large_is_refused_unread(person):
    browser = person()
    browser.open("/queue")
    answer = browser.client.post("/queue/next", data={"csrf_token": "x" * 300_000})
    assert answer.status_code == 413


EVERYBODY = frozenset(Role)
READERS, QUALITY, ADMIN = {Role.AGENT, Role.QA, Role.ADMIN}, {Role.QA, Role.ADMIN}, {Role.ADMIN}
#: Who may open each page of the staff. A page that is not here, nor open to customers, is a fault.
PAGES = {
    "/queue": READERS,
    "/cases/<complaint_id>": READERS,
    "/cases/<complaint_id>/rules": READERS,
    "/dashboard": READERS,
    "/admin/rules": QUALITY,
    "/admin/rules/changes": QUALITY,
    "/admin/rules/lint": QUALITY,
    "/admin/rules/trial": QUALITY,
    "/intake": {Role.INTAKE, Role.ADMIN},
    "/admin": ADMIN,
    "/admin/users": ADMIN,
    "/admin/users/<int:user_id>": ADMIN,
    "/admin/keys": ADMIN,
    "/admin/models": ADMIN,
    "/admin/settings": ADMIN,
    "/admin/audit": ADMIN,
    "/account": EVERYBODY,
    "/account/password": EVERYBODY,
    "/account/app": EVERYBODY,
}
ADMINS_DEEDS = [
    *("/admin/users", "/admin/users/1/role", "/admin/users/1/password", "/admin/users/1/close"),
    *("/admin/users/1/need-app", "/admin/keys", "/admin/keys/x/revoke"),
]


@pytest.mark.parametrize("role", list(Role))
def test_who_may_open_which_page(desk, person, file, role):
    books.record(desk)
    complaint_id, browser = file(), person(role=role)
    for page, roles in PAGES.items():
        path = page.replace("<complaint_id>", complaint_id).replace("<int:user_id>", "1")
        query = "?old=folder&new=folder" if page.endswith("/changes") else ""
        status = browser.client.get(path + query).status_code
        assert (status != 403) is (role in roles), f"{role} {path}: {status}"
        assert status in (200, 403), f"{role} {path}: {status}"


@pytest.mark.parametrize("role", sorted(EVERYBODY - {Role.ADMIN}))
def test_only_an_admin_changes_accounts_and_keys(person, role):
    browser = person(role=role)
    browser.open("/account")
    token = browser.token()
    for path in ADMINS_DEEDS:
        answer = browser.client.post(path, data={"csrf_token": token, "role": "admin"})
        assert answer.status_code == 403, path


def test_a_stranger_is_sent_to_sign_in_from_every_page_of_the_staff(app):
    stranger = app.test_client()
    for page in PAGES:
        path = page.replace("<complaint_id>", "AB").replace("<int:user_id>", "1")
        if "GET" in next(r.methods for r in app.url_map.iter_rules() if r.rule == page):
            answer = stranger.get(path)
            assert answer.status_code == 302, path
            assert answer.location.startswith("/sign-in?next="), path


def test_every_page_under_admin_and_account_is_in_the_table(app):
    own = ("/admin", "/account", "/dashboard")
    shown = {r.rule for r in app.url_map.iter_rules() if "GET" in r.methods}
    assert {rule for rule in shown if rule.startswith(own)} - PAGES.keys() == set()
