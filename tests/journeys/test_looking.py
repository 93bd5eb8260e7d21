"""Evidence looked at in a real browser: pictures by keys and by touch, pages, a film, on paper."""

from __future__ import annotations

import io
import time
from typing import Any

import pypdfium2
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.visits import sign_in
from tests.journeys.world import World

PATIENCE = 30  # seconds


def opened(browser: Browser, world: World, story: str, **how: Any) -> Page:
    """The page of a case, before an agent."""
    context = browser.new_context(**how)
    page = context.new_page()
    page.set_default_timeout(30_000)
    page.goto(f"{world.url}/?lang=en")
    sign_in(page, world, *world.account("agent"))
    page.goto(f"{world.url}/cases/{world.filed[story]['id']}?lang=en")
    return page


def until(page: Page, true: str) -> None:
    """The page's own policy forbids Playwright's way of waiting."""
    deadline = time.monotonic() + PATIENCE
    while not page.evaluate(true):
        assert time.monotonic() < deadline, true
        time.sleep(0.1)


def test_pictures_are_looked_at_by_keyboard_alone(browser: Browser, world: World) -> None:
    page = opened(browser, world, "shown")
    page.locator("a[data-picture]").first.focus()
    page.keyboard.press("Enter")
    gallery, picture = page.locator("#gallery"), page.locator("#gallery img").first
    expect(gallery).to_be_visible()
    first = page.locator("#gallery-title").inner_text()

    page.keyboard.press("r")
    assert "rotate(90deg)" in (picture.get_attribute("style") or "")
    page.keyboard.press("+")
    page.keyboard.press("+")
    assert "200%" in (picture.get_attribute("style") or "")
    page.keyboard.press("-")
    page.keyboard.press("-")
    page.keyboard.press("ArrowRight")
    expect(page.locator("#gallery-title")).not_to_have_text(first)
    page.keyboard.press("ArrowLeft")
    expect(page.locator("#gallery-title")).to_have_text(first)

    page.locator("#gallery-other").focus()
    page.keyboard.press("ArrowDown")
    expect(page.locator("#gallery img")).to_have_count(2)

    page.keyboard.press("Escape")
    expect(gallery).to_be_hidden()
    focused = page.evaluate("document.activeElement.dataset.picture")
    assert focused == first.split(" · ")[0], "the focus comes back to where it was"


def test_pictures_are_looked_at_by_touch(browser: Browser, world: World) -> None:
    phone = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
    page = opened(browser, world, "shown", **phone)
    page.locator("a[data-picture]").first.tap()
    first = page.locator("#gallery-title").inner_text()
    for doing in ("in", "turn"):
        page.locator(f"#gallery [data-do={doing}]").tap()
    style = page.locator("#gallery img").get_attribute("style") or ""
    assert "150%" in style
    assert "rotate(90deg)" in style
    page.locator("#gallery [data-do=on]").tap()
    expect(page.locator("#gallery-title")).not_to_have_text(first)
    for button in page.locator("#gallery button").all():
        box = button.bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) >= 24
    page.locator("#gallery [data-do=close]").tap()
    expect(page.locator("#gallery")).to_be_hidden()


def test_the_pages_of_a_document_are_leafed_through_with_the_arrows(
    browser: Browser, world: World
) -> None:
    page = opened(browser, world, "filmed")
    page.get_by_role("link", name="page 2").click()
    expect(page.locator("#gallery-title")).to_contain_text("(page 2)")
    page.keyboard.press("ArrowRight")
    expect(page.locator("#gallery-title")).to_contain_text("(page 3)")
    until(page, "document.querySelector('#gallery img').naturalWidth > 300")


def test_a_film_is_played_and_sought_in_by_keyboard(browser: Browser, world: World) -> None:
    page = opened(browser, world, "filmed")
    film = page.locator("video.film")
    film.focus()
    page.keyboard.press("Space")
    until(page, "document.querySelector('video.film').currentTime > 0.3")
    assert film.evaluate("each => each.videoWidth") == 640
    assert film.evaluate("each => Math.round(each.duration)") == 8
    page.keyboard.press("Space")
    assert film.evaluate("each => each.paused")
    film.evaluate("each => { each.currentTime = 6; }")
    until(page, "document.querySelector('video.film').seeking === false")
    assert film.evaluate("each => each.currentTime") == pytest.approx(6, abs=0.2)


def test_a_case_is_printed_whole_and_without_what_paper_cannot_do(
    browser: Browser, world: World
) -> None:
    page = opened(browser, world, "shown", color_scheme="dark")
    printed = pypdfium2.PdfDocument(io.BytesIO(page.pdf(format="A4")))
    words = "\n".join(sheet.get_textpage().get_text_range() for sheet in printed)
    assert 2 <= len(printed) <= 6
    assert world.filed["shown"]["id"] in words
    assert "that day is not counted" in words, "what is folded on the screen is printed too"
    for gone in ("Sign out", "Next steps", "Take the next", "Keys", "Also looking"):
        assert gone not in words
    corner = printed[0].render(scale=0.2).to_pil().getpixel((2, 2))
    assert min(corner[:3]) > 250, "on white, however dark the screen is"
