"""A customer on a phone: finds the complaint by its code, mends it, asks for another look."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect, sync_playwright

from tests.neighbours import CHROMIUM_FLAGS
from tests.pictures import picture
from tests.services import Service
from triage.casework import access
from triage.casework.submit import submit, wait_for_triage
from triage.casework.work import ActionRequest, act
from triage.cli.start import opened_desk
from triage.core.complaint import Category, Submission
from triage.core.people import Actor, Role
from triage.core.status import Action
from triage.settings import Settings

AIGUL = Actor(id="user:1", name="Aigul S.", roles=frozenset({Role.AGENT}), is_person=True)
APP = Actor(id="key:1", name="The app", roles=frozenset({Role.INTAKE}))
PHONE = {"width": 360, "height": 740}


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    running = Service(tmp_path)
    running.start()
    yield running
    running.kill()


@pytest.fixture
def phone(chromium: str) -> Iterator[Page]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_FLAGS)
        page = browser.new_context(viewport=PHONE, locale="en-GB").new_page()
        page.set_default_timeout(30_000)
        yield page
        browser.close()


def filed(service: Service) -> tuple[str, str]:
    """A complaint without its photos; number and code."""
    said = Submission(
        text="The kettle leaks", order_number="978080963", problem_type=Category.DEFECTIVE
    )
    with opened_desk(Settings(data_dir=service.folder)) as desk:
        number = submit(desk, said, APP).complaint_id
        code = access.give_code(desk, number)
        wait_for_triage(desk, number, 60)
    return number, code


def refuse(service: Service, number: str) -> None:
    with opened_desk(Settings(data_dir=service.folder)) as desk:
        act(desk, number, Action.CLAIM, AIGUL, ActionRequest())
        act(desk, number, Action.REJECT, AIGUL, ActionRequest(reason="No fault is to be seen."))


def fits(phone: Page) -> bool:
    width = phone.evaluate("document.documentElement.scrollWidth")
    return bool(width <= PHONE["width"])


def test_looked_up_mended_refused_and_looked_at_again(
    phone: Page, service: Service, tmp_path: Path
) -> None:
    number, code = filed(service)
    photo = tmp_path / "photo.jpg"
    photo.write_bytes(picture(5))

    phone.goto(f"{service.url}/status")
    phone.get_by_label("Number of the complaint").fill(number.lower())
    phone.get_by_label("Access code").fill(code)
    phone.get_by_role("button", name="Show").click()
    expect(phone.get_by_role("heading", name=f"Complaint {number}")).to_be_visible()
    assert number not in phone.url
    assert code not in phone.url
    assert fits(phone)

    phone.locator("#add-damage_photo").set_input_files(photo)
    phone.get_by_role("button", name="Send the files").click()
    expect(phone.get_by_text("The files have arrived")).to_be_visible()
    expect(phone.get_by_text("File accepted")).to_be_visible()

    phone.get_by_label("Write to the agent").fill("It leaks at the bottom.")
    phone.get_by_role("button", name="Send the message").click()
    expect(phone.get_by_text("Your message has arrived")).to_be_visible()

    refuse(service, number)
    phone.reload()
    expect(phone.get_by_text("No fault is to be seen.").first).to_be_visible()
    expect(phone.get_by_text("Decided by: Aigul S.")).to_be_visible()
    phone.get_by_text("I do not agree with the decision").click()
    phone.get_by_label("What is new").fill("The photo shows the crack.")
    phone.get_by_role("button", name="Ask for another look").click()
    expect(phone.get_by_text("Another agent will look at it.")).to_be_visible()
    expect(phone.get_by_text("The photo shows the crack.")).to_be_visible()
    assert fits(phone)
