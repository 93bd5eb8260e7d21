"""Styles and scripts travel packed, pages do not; a whole page stays small."""

from __future__ import annotations

import gzip
import re

from tests.web.conftest import Browser

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


def test_a_full_queue_and_a_case_stay_small_with_all_that_they_load(person, file) -> None:
    cases = [file(f"late {n}") for n in range(50)]
    aigul = person()
    for path in ("/queue", f"/cases/{cases[0]}"):
        answer = aigul.open(path)
        total = len(answer.data)
        for each in dict.fromkeys(assets(aigul.page)):
            total += len(
                aigul.client.get(each, headers={"Accept-Encoding": "gzip"}, buffered=True).data
            )
        assert total < MOST_BYTES, (path, total)
