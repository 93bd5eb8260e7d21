"""A customer in a real browser: a broken photo is mended, a large video survives every break."""

from __future__ import annotations

import re
import struct
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect, sync_playwright

from tests.evidence.films import film
from tests.neighbours import CHROMIUM_FLAGS
from tests.pictures import picture
from tests.services import Service, kill

MIB = 1024 * 1024
VIDEO_BYTES = 300 * MIB
SENT_A_SECOND = 60 * MIB  # by the browser: slow enough to be interrupted on the way
PATIENCE = 120_000  # milliseconds


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    service = Service(tmp_path_factory.mktemp("customer"))
    service.start()
    yield service
    service.kill()


@pytest.fixture
def page(chromium: str) -> Iterator[Page]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_FLAGS)
        context = browser.new_context(locale="en-GB")
        context.set_default_timeout(30_000)
        page = context.new_page()
        errors: list[str] = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        yield page
        browser.close()
    assert errors == []


def begin(page: Page, service: Service, problem: str) -> None:
    """The first two steps, up to the files."""
    page.goto(f"{service.url}/")
    page.get_by_role("button", name="File a complaint").click()
    page.get_by_label(problem).check()
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("Tell us in your own words").fill("The kettle came with a crack in its side")
    page.get_by_label("Order number").fill("978080963")
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("heading", name="Photos and documents")).to_be_visible()


def finish(page: Page) -> tuple[str, str]:
    """From the files to the receipt; the number and the code."""
    page.locator("#onward a").click()
    page.get_by_label("Your name").fill("Asel")
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="File the complaint").click()
    expect(page.get_by_role("heading", name="The complaint is filed")).to_be_visible()
    return page.locator("#number").inner_text(), page.locator("#access-code").inner_text()


def test_a_broken_photo_is_told_and_mended_and_the_status_is_seen(
    page: Page, service: Service, tmp_path: Path
) -> None:
    broken, whole, label = (tmp_path / name for name in ("broken.jpg", "whole.jpg", "label.jpg"))
    broken.write_bytes(picture(11)[:-4000])
    whole.write_bytes(picture(12))
    label.write_bytes(picture(13))
    begin(page, service, "Goods of improper quality")
    slot = page.locator("#kind-damage_photo")
    slot.locator("input[type=file]").set_input_files(broken)
    told = slot.locator("[data-file]")
    expect(told).to_contain_text("Not usable")
    expect(told.locator(".cure")).to_be_visible()
    expect(page.locator("#told")).to_contain_text("broken.jpg")  # said to a screen reader too
    told.get_by_role("button", name="Remove").click()
    expect(slot.locator("[data-file]")).to_have_count(0)
    page.locator("#kind-damage_photo input[type=file]").set_input_files([whole, label])
    expect(slot.locator("[data-file]")).to_have_count(2, timeout=PATIENCE)
    expect(slot.locator(".badges")).to_contain_text("2 of 2")
    page.reload()
    expect(page.locator("#kind-damage_photo [data-file]")).to_have_count(2)
    number, code = finish(page)
    assert re.fullmatch(r"[2-9A-Z]{8}", number)
    assert re.fullmatch(r"[2-9A-Z]{4}-[2-9A-Z]{4}", code)
    page.get_by_role("button", name="See how it stands").click()
    expect(page.locator("body")).to_contain_text(number)
    expect(page.locator("body")).not_to_contain_text("broken.jpg")


def test_what_is_typed_is_there_after_a_reload(page: Page, service: Service) -> None:
    page.goto(f"{service.url}/complain")
    page.get_by_label("Late delivery").check()
    page.get_by_role("button", name="Continue").click()
    with page.expect_response("**/complain/keep"):
        page.get_by_label("Tell us in your own words").fill("Half a sentence")
    page.reload()
    expect(page.get_by_label("Tell us in your own words")).to_have_value("Half a sentence")
    page.get_by_role("link", name="Қазақша").click()
    expect(page.locator("#text")).to_have_value("Half a sentence")


def test_a_large_video_goes_on_after_a_dropped_connection_and_after_a_restart(
    page: Page, service: Service, tmp_path: Path
) -> None:
    video = tmp_path / "unboxing.mp4"
    write_video(video)
    begin(page, service, "Not as described")
    network = Network(page)
    slot = page.locator("#kind-unboxing_video")
    slot.evaluate("each => { if ('open' in each) each.open = true; }")
    slot.locator("input[type=file]").set_input_files(video)
    bar = slot.locator("progress")
    wait_for_bytes(page, 30 * MIB)

    network.be(offline=True)
    expect(slot).to_contain_text("No connection")
    network.be(offline=False)
    before = sent(page)
    wait_for_bytes(page, before + 20 * MIB)

    assert service.process is not None
    kill(service.process)
    time.sleep(1)
    service.start()
    after = received(service)
    assert after > 20 * MIB  # nothing begins anew
    expect(slot.locator("[data-file]")).to_have_count(1, timeout=PATIENCE)
    expect(bar).to_have_count(0)
    file = slot.locator("[data-file]")
    expect(file).to_contain_text("unboxing.mp4")
    expect(file).not_to_contain_text("Not usable")
    finish(page)


def test_an_upload_can_be_paused_and_goes_on_after_the_page_was_left(
    page: Page, service: Service, tmp_path: Path
) -> None:
    video = tmp_path / "unboxing.mp4"
    write_video(video)
    begin(page, service, "Not as described")
    Network(page)
    slot = page.locator("#kind-unboxing_video")
    slot.evaluate("each => { if ('open' in each) each.open = true; }")
    slot.locator("input[type=file]").set_input_files(video)
    wait_for_bytes(page, 30 * MIB)
    slot.get_by_role("button", name="Pause").click()
    expect(slot).to_contain_text("Paused")
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    slot = page.locator("#kind-unboxing_video")
    coming = slot.locator("[data-coming]")
    expect(coming).to_contain_text("have come")
    slot.locator("input[type=file]").set_input_files(video)
    wait_for_bytes(page, 20 * MIB)
    expect(coming).to_have_count(0)
    slot.get_by_role("button", name="Remove").click()
    expect(slot.locator(".file")).to_have_count(0)


class Network:
    """The browser's connection: slow enough to be interrupted, or gone."""

    def __init__(self, page: Page) -> None:
        self._session = page.context.new_cdp_session(page)
        self.be(offline=False)

    def be(self, *, offline: bool) -> None:
        self._session.send(
            "Network.emulateNetworkConditions",
            {
                "offline": offline,
                "latency": 5,
                "downloadThroughput": -1,
                "uploadThroughput": SENT_A_SECOND,
            },
        )


def sent(page: Page) -> int:
    return int(page.locator("#kind-unboxing_video progress").evaluate("bar => bar.value"))


def wait_for_bytes(page: Page, count: int) -> None:
    script = "count => document.querySelector('#kind-unboxing_video progress')?.value >= count"
    page.wait_for_function(script, arg=count, timeout=PATIENCE)


def received(service: Service) -> int:
    """Bytes that are on the server's disk."""
    return sum(path.stat().st_size for path in (service.folder / "uploads").iterdir())


def write_video(path: Path) -> None:
    """A real film of some seconds, and a box of empty space in which anything may follow."""
    content = film(frames=60)
    space = VIDEO_BYTES - len(content)
    with path.open("wb") as file:
        file.write(content)
        file.write(struct.pack(">I4s", space, b"free"))
        file.truncate(VIDEO_BYTES)
