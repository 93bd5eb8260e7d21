"""Styles and scripts travel packed, pages do not; a whole page stays small."""

from __future__ import annotations

import gzip
import re

import pytest

from tests.web.conftest import Browser
from tests.web.customers import begin, tell
from triage.casework import answer, books
from triage.core.people import Role
from triage.languages import LANGUAGES

MOST_BYTES = 150 * 1024


def assets(page: str) -> list[str]:
    return [each.replace("&amp;", "&") for each in re.findall(r'"(/assets/[^"]+)"', page)]


def test_a_style_is_packed_for_browsers_that_read_gzip(browser: Browser) -> None:
    browser.open("/sign-in")
    style = next(each for each in assets(browser.page) if "pico" in each)

    packed = browser.client.get(style, headers={"Accept-Encoding": "br, gzip"}, buffered=True)
    plain = browser.client.get(style, buffered=True)

    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    assert len(packed.data) == packed.content_length < len(plain.data) / 4
    assert packed.headers["Vary"] == plain.headers["Vary"] == "Accept-Encoding"
    assert "immutable" in packed.headers["Cache-Control"]
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["ETag"] != plain.headers["ETag"]


def test_a_page_is_never_packed_for_it_holds_a_token_beside_strangers_words(person) -> None:
    answer = person().open("/queue", **{"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in answer.headers


def weight(browser: Browser, path: str) -> int:
    """Bytes of the page with every style and script that it loads; pictures of evidence apart."""
    page = browser.open(path)
    assert page.status_code == 200, path
    return len(page.data) + sum(
        len(browser.client.get(each, headers={"Accept-Encoding": "gzip"}, buffered=True).data)
        for each in dict.fromkeys(assets(browser.page))
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_full_queue_and_a_case_stay_small_with_all_that_they_load(person, file, language) -> None:
    cases = [file(f"late {n}") for n in range(50)]
    aigul = person()
    for path in (f"/queue?lang={language}", f"/cases/{cases[0]}"):
        assert weight(aigul, path) < MOST_BYTES, path


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_other_page_stays_small_too(person, browser, desk, file, language) -> None:
    books.record(desk)  # as each process does at its start
    status = f"/status/{answer.status_token(desk, file())}"
    agent, operator, admin = person(), person("dana", Role.INTAKE), person("adam", Role.ADMIN)
    for reader, paths in (
        (browser, ("/", "/sign-in", "/status", "/complain", status, f"{status}/letter")),
        (agent, ("/dashboard?days=92", "/account")),
        (operator, ("/intake",)),
        (admin, ("/admin", "/admin/users", "/admin/keys", "/admin/audit", "/admin/rules")),
    ):
        reader.open(f"/?lang={language}")
        for path in paths:
            assert weight(reader, path) < MOST_BYTES, path


def test_the_steps_of_the_customer_s_form_stay_small(browser) -> None:
    browser.open("/complain?lang=ru")
    begin(browser)
    tell(browser)
    for step in ("", "/details", "/evidence", "/contact", "/check"):
        assert weight(browser, f"/complain{step}") < MOST_BYTES, step
