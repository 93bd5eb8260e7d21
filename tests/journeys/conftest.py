"""What several journeys share: a filled service and a browser, one of each for a file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.journeys.world import SETTINGS, World, fill
from tests.neighbours import CHROMIUM_FLAGS
from tests.services import Service

MOST_SECONDS = 280


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A page that stands still cannot be interrupted: the test runner's process is ended."""
    for item in items:
        if Path(__file__).parent in item.path.parents and not item.get_closest_marker("timeout"):
            item.add_marker(pytest.mark.timeout(MOST_SECONDS, method="thread"))


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
