"""An agent's day by keyboard alone, in a real browser: take the next, correct it, resolve it."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect, sync_playwright

from tests.neighbours import CHROMIUM_FLAGS
from tests.services import Service

SAID = {"problem_type": "late_delivery", "amount": "15000", "order_date": "2026-11-16"}


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    service = Service(tmp_path_factory.mktemp("agent"))
    service.start("--demo")
    yield service
    service.kill()


@pytest.fixture
def page(chromium: str) -> Iterator[Page]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_FLAGS)
        page = browser.new_context(locale="en-GB").new_page()
        page.set_default_timeout(30_000)
        errors: list[str] = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        yield page
        browser.close()
    assert errors == []


def file(service: Service, number: int, **said: Any) -> str:
    body = {"text": "The order is late", "order_number": f"97808{number:04}", **SAID, **said}
    request = urllib.request.Request(
        f"{service.url}/api/v1/complaints", data=json.dumps(body).encode()
    )
    request.add_header("Authorization", f"Bearer {service.key}")
    request.add_header("Content-Type", "application/json")
    with urllib.request.urlopen(request, timeout=60) as answer:
        return str(json.load(answer)["id"])


def demo_agent(service: Service) -> dict[str, str]:
    demo = json.loads((service.folder / "demo.json").read_text(encoding="utf-8"))
    found: dict[str, str] = next(each for each in demo["accounts"] if each["role"] == "agent")
    return found


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until the element has the focus: whoever has no mouse must get there."""
    for _ in range(150):
        if page.evaluate("s => document.activeElement.matches(s)", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab never comes to {selector}")


def press(page: Page, key: str) -> None:
    """Press a single key once the page listens: what waits for the HTML may be there before."""
    expect(page.locator("#keys-button")).to_be_visible()
    page.keyboard.press(key)


def open_form(page: Page, action: str) -> None:
    """Press the key to the steps, go on to the action and open its form."""
    press(page, "s")
    tab_to(page, f"details:has(form[action$='/{action}']) > summary")
    page.keyboard.press("Enter")


def test_an_agent_works_by_keyboard_alone(page: Page, service: Service) -> None:
    case = file(service, 1, text="Where is it? It is late", wish="deliver")
    agent = demo_agent(service)
    page.goto(f"{service.url}/sign-in?lang=en")
    tab_to(page, "#login")
    page.keyboard.type(agent["login"])
    page.keyboard.press("Tab")
    page.keyboard.type(agent["password"])
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Queue")).to_be_visible()

    press(page, "?")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    press(page, "/")
    page.keyboard.type("978080001")
    page.keyboard.press("Enter")
    expect(page.get_by_text("1 case found")).to_be_visible()
    press(page, "j")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=f"Case {case}")).to_be_visible()

    press(page, "u")
    expect(page.get_by_role("heading", name="Queue")).to_be_visible()
    press(page, "n")
    expect(page.get_by_text("You hold this case")).to_be_visible()

    open_form(page, "override")
    tab_to(page, "#override-priority")
    page.keyboard.type("Urgent")
    page.keyboard.press("Tab")
    page.keyboard.type("A birthday present")
    tab_to(page, "form[action$='/override'] > button")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Category or priority corrected").first).to_be_visible()
    expect(page.locator(".badges .priority-urgent")).to_be_visible()

    open_form(page, "resolve")
    tab_to(page, "#resolve-reason-ready")
    page.keyboard.type("Money")
    tab_to(page, "form[action$='/resolve'] button[name=insert]")
    page.keyboard.press("Enter")
    assert "978080001" in page.locator("#resolve-reason").input_value()
    tab_to(page, "form[action$='/resolve'] > button")
    page.keyboard.press("Enter")
    expect(page.locator(".badges .status-resolved")).to_be_visible()


def test_the_queue_shows_new_cases_without_taking_the_focus(page: Page, service: Service) -> None:
    file(service, 2)
    agent = demo_agent(service)
    page.goto(f"{service.url}/sign-in?lang=en")
    page.fill("#login", agent["login"])
    page.fill("#password", agent["password"])
    page.keyboard.press("Enter")
    expect(page.locator("tr[data-case]")).to_have_count(1)
    press(page, "j")
    focused = page.evaluate("document.activeElement.textContent")
    assert focused == page.locator("tr[data-case] th a").text_content()

    file(service, 3)
    page.evaluate("look()")

    expect(page.locator("#live-count")).to_have_text("1")
    assert page.evaluate("document.activeElement.textContent") == focused
    page.get_by_role("button", name="Show").last.click()
    page.locator("#live-show").wait_for(state="hidden")
    expect(page.locator("tr[data-case]")).to_have_count(2)
