"""Takes the pictures of docs/pictures: python -m bench.pictures [--chromium PATH] [--to FOLDER].

Starts the real service on a throw-away folder, files the stories of docs/pictures/complaints.json
and photographs every page on the way of ``tests/journeys/visits.py``: on a desk's screen in the
light and on a phone in the dark in one language, the other way round in the other.
"""

from __future__ import annotations

import argparse
import io
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from tests.journeys.visits import TOURS, VISITS
from tests.journeys.world import SETTINGS, World, fill
from tests.services import ROOT, Service

PICTURES = ROOT / "docs/pictures"
Scheme = Literal["light", "dark"]
Look = tuple[int, int, Scheme, str]
#: Width, height and ground of a desk's screen or a phone's, and the language.
LOOKS: Sequence[Look] = (
    (1280, 860, "light", "ru"),
    (1280, 860, "dark", "kk"),
    (390, 844, "dark", "ru"),
    (390, 844, "light", "kk"),
)
NAMES = sorted(name for each in VISITS.values() for name in each)
TALLEST = 2200  # pixels; a longer page is cut there
QUALITY = 55

#: Pictures further down wait until somebody scrolls there; the photograph shows them all.
_SHOW_IMAGES = """async () => {
    for (const each of document.images) each.loading = "eager";
    await Promise.all([...document.images].map(each => each.decode().catch(() => 0)));
}"""


def take(page: Page, path: Path) -> None:
    """Photograph the page that is open, as a small WebP; complain of what does not fit."""
    wider = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    if wider > 0:
        print(f"{path.name}: {wider} pixels wider than the screen")
    page.evaluate(_SHOW_IMAGES)
    in_front = page.locator("dialog[open]").count() > 0
    whole = Image.open(io.BytesIO(page.screenshot(full_page=not in_front)))
    picture = whole.crop((0, 0, whole.width, min(whole.height, TALLEST))).convert("RGB")
    picture.save(path, "WEBP", quality=QUALITY, method=6)


def photograph(
    browser: Browser, world: World, to: Path, looks: Sequence[Look], only: frozenset[str]
) -> int:
    """These pages, or all, in these looks; how many pictures that made."""
    count = 0
    for width, height, scheme, tongue in looks:
        for tour in TOURS.values():
            context = browser.new_context(
                viewport={"width": width, "height": height},
                color_scheme=scheme,
                locale={"ru": "ru-RU", "kk": "kk-KZ"}[tongue],
            )
            page = context.new_page()
            page.goto(f"{world.url}/?lang={tongue}")
            for name in tour(page, world):
                if not only or name in only:
                    take(page, to / f"{name}-{tongue}-{width}-{scheme}.webp")
                    count += 1
            context.close()
    return count


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--chromium", default="/usr/bin/chromium", help="the browser")
    parser.add_argument("--to", type=Path, default=PICTURES, help="folder of the pictures")
    parser.add_argument("--look", type=int, choices=range(len(LOOKS)), help="only this one")
    parser.add_argument("--only", nargs="*", default=(), choices=NAMES, metavar="PAGE")
    options = parser.parse_args()
    options.to.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        service = Service(Path(folder), **SETTINGS)
        try:
            service.start("--demo")
            world = fill(World(service))
            world.wait_for_films()
            browser = playwright.chromium.launch(
                executable_path=options.chromium, args=["--no-sandbox"]
            )
            looks = LOOKS if options.look is None else (LOOKS[options.look],)
            count = photograph(browser, world, options.to, looks, frozenset(options.only))
            print(count, "pictures")
            browser.close()
        finally:
            service.kill()


if __name__ == "__main__":
    main()
