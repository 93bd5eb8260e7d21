"""What several journeys share: a filled service and a browser, one of each for a file."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.journeys.world import SETTINGS, World, fill
from tests.neighbours import CHROMIUM_FLAGS
from tests.services import Service


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    service = Service(tmp_path_factory.mktemp("pages"), **SETTINGS)
    service.start("--demo")
    world = fill(World(service))
    world.wait_for_films()
    yield world
    service.kill()


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_FLAGS)
        yield browser
        browser.close()
