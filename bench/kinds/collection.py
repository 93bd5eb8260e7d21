"""The set itself: which pictures there are, which half they belong to, what each truly is.

The halves share no family of pictures: what is fitted on Pillow's screens, boxes and bottles on
wood, letters and striped screens is measured on Chromium's screens, bowls and keyboards on tiles
and cloth, forms with tables and OLED screens.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageFilter

from bench.kinds import browser, goods, papers, screens
from bench.kinds.browser import Drawer
from bench.kinds.camera import (
    Random,
    Scene,
    Shot,
    as_picture,
    as_scene,
    exif_of,
    jpeg,
    laid,
    lit_screen,
    messenger,
    photographed,
    png,
)
from bench.kinds.said import LANGUAGES
from bench.kinds.screens import seeded

SCREENSHOT, PHOTO, PAPER, SCREEN_PHOTO = "screenshot", "photo", "paper", "screen_photo"
FIT, MEASURE = "fit", "measure"
LANDSCAPE, PORTRAIT = (1152, 864), (864, 1152)
GROUNDS = {FIT: (goods.table, goods.table, goods.cloth), MEASURE: (goods.floor, goods.cloth)}
THINGS = {FIT: (goods.box, goods.bottle), MEASURE: (goods.bowl, goods.keys)}
LAYOUT = {FIT: "stripes", MEASURE: "diamonds"}


@dataclass(frozen=True, kw_only=True)
class Sample:
    """One picture as it would be uploaded; ``truth`` is what it is, however it was made."""

    half: str
    family: str
    truth: str
    content: bytes


def samples(half: str) -> Iterator[Sample]:
    """All of a half, always the same (where there is no Chromium, without its screens)."""
    yield from _goods(half)
    yield from _on_white(half)
    yield from _papers(half)
    if half == FIT:
        yield from _screens_of_pillow()
        yield from _photos_of_screens(half, _pillow_screen)
        return
    with browser.opened() as drawer:
        if drawer is not None:
            yield from _screens_of_chromium(drawer)
            yield from _photos_of_screens(half, lambda index: _chromium_screen(drawer, index))


def _sent(screen: Image.Image, index: int, random: Random) -> bytes:
    """As it is, as a JPEG, through a messenger, or a part of it."""
    way = index % 6
    if way == 3:
        screen = screens.cut(screen, random)
    if way in (0, 3):
        return png(screen)
    if way == 1:
        return jpeg(screen, 90)
    if way == 5:
        return jpeg(screens.cut(screen, random), 80)
    return messenger(png(screen), (70, 80, 60)[index % 3])


def _pictured(random: Random, half: str) -> Image.Image:
    """A picture as a shop has it on a page of an order."""
    size = (600, 450)
    ground = goods.studio(size) if random.random() < 0.5 else goods.table(size, random)
    return as_picture(THINGS[half][int(random.integers(0, 2))](ground, random))


def _screens_of_pillow() -> Iterator[Sample]:
    for index in range(30):
        random = seeded(1, index)
        screen = _pillow_screen(index)
        yield _sample(FIT, "pillow_chat", SCREENSHOT, _sent(screen, index, random))
    for index in range(18):
        random = seeded(2, index)
        picture = _pictured(random, FIT) if index % 3 else None
        size, language = screens.SIZES[index % 5], LANGUAGES[index % 3]
        screen = screens.order(size, language, random, picture)
        yield _sample(FIT, "pillow_order", SCREENSHOT, _sent(screen, index // 2, random))


def _pillow_screen(index: int) -> Image.Image:
    return screens.chat(
        screens.SIZES[index // 2 % 6],
        LANGUAGES[index % 3],
        seeded(3, index),
        night=index % 5 in (1, 3),
        wallpaper=index % 4 < 2,
    )


def _screens_of_chromium(drawer: Drawer) -> Iterator[Sample]:
    for index in range(30):
        screen = _chromium_screen(drawer, index)
        yield _sample(MEASURE, "browser_chat", SCREENSHOT, _sent(screen, index, seeded(4, index)))
    for index in range(18):
        random = seeded(5, index)
        picture = _pictured(random, MEASURE) if index % 3 else None
        places = (*browser.PHONES[:2], browser.TABLET, browser.DESK)
        screen = drawer.order(places[index % 4], LANGUAGES[index % 3], random, picture)
        yield _sample(MEASURE, "browser_page", SCREENSHOT, _sent(screen, index // 3, random))


def _chromium_screen(drawer: Drawer, index: int) -> Image.Image:
    place = browser.PHONES[index // 2 % 5]
    return drawer.talk(
        place,
        LANGUAGES[index % 3],
        seeded(6, index),
        night=index % 5 in (1, 3),
        shaded=index % 4 == 1,
    )


def _goods(half: str) -> Iterator[Sample]:
    for index in range(30):
        random = seeded(7, len(half), index)
        size = LANDSCAPE if index % 3 else PORTRAIT
        ground = GROUNDS[half][index % len(GROUNDS[half])](size, random)
        scene = THINGS[half][index // 2 % 2](ground, random) * goods.lamp(size, random)[..., None]
        picture = photographed(np.asarray(scene, np.float32), random, _shot(index, random))
        yield _sample(half, "goods", PHOTO, _saved(picture, index))


def _shot(index: int, random: Random) -> Shot:
    return Shot(
        blur=random.uniform(0.5, 1.4),
        noise=random.uniform(0.004, 0.03),
        light=(1.0, 0.8, 1.25, 0.35)[index % 4],
        smoothed=random.uniform(0, 1.1),
    )


def _saved(picture: Image.Image, index: int) -> bytes:
    """By the camera, by an app that drops EXIF, through a messenger (twice where it is unlucky)."""
    way = index % 5
    if way == 4:
        return messenger(messenger(jpeg(picture, 85)), 60)
    if way == 3:
        return messenger(jpeg(picture, 88), 70)
    return jpeg(picture, (92, 85, 78)[way], exif_of(index) if way < 2 else None)


def _on_white(half: str) -> Iterator[Sample]:
    """As marketplaces show goods: cut out, or taken in a studio, on white."""
    for index in range(12):
        random = seeded(8, len(half), index)
        size = ((900, 900), (750, 1000), (800, 800))[index % 3]
        scene: Scene = THINGS[half][index % 2 if half == FIT else 0](goods.studio(size), random)
        if index % 2:
            picture = photographed(scene, random, Shot(noise=0.006, light=1.1, vignette=0.1))
        else:
            picture = as_picture(scene)
        content = png(picture) if index % 5 == 4 else jpeg(picture, (88, 80)[index % 2])
        yield _sample(half, "goods_on_white", PHOTO, content)


def _papers(half: str) -> Iterator[Sample]:
    draw: Callable[[str, Random], Image.Image] = papers.letter if half == FIT else papers.form
    for index in range(15):
        random = seeded(9, len(half), index)
        sheet = draw(LANGUAGES[index % 3], random)
        if index % 3 == 0:
            content = jpeg(papers.scanned(sheet, random), 80)
            yield _sample(half, "scan", PAPER, content)
        else:
            picture = papers.on_table(sheet, random, PORTRAIT)
            yield _sample(half, "paper_on_table", PAPER, _saved(picture, index // 2))


def _photos_of_screens(half: str, drawn: Callable[[int], Image.Image]) -> Iterator[Sample]:
    for index in range(16):
        random = seeded(10, len(half), index)
        screen = drawn(index).resize((720, 1500), Image.Resampling.LANCZOS).crop((0, 0, 720, 1280))
        size = ((960, 1280), (1260, 1680))[index % 2]
        picture = _photo_of_screen(screen, LAYOUT[half], size, random)
        content = messenger(jpeg(picture, 88)) if index % 5 == 4 else jpeg(picture, 88)
        yield _sample(half, "photo_of_screen", SCREEN_PHOTO, content)


def _photo_of_screen(
    screen: Image.Image, layout: str, size: tuple[int, int], random: Random
) -> Image.Image:
    """The stripes of the screen meet the pixels of the sensor: moiré comes by itself."""
    share = random.uniform(0.72, 0.98)
    near = screen.width * 3 / (size[0] * share)  # parts of the screen's pixel to one of ours
    lit = lit_screen(screen, layout).filter(ImageFilter.BoxBlur(max(0.3, near * 0.45)))
    w, h = size
    slip = random.uniform(-0.04, 0.04, 8) * size[0]
    x, y = w * (1 - share) / 2, h * (1 - share) / 2
    spot = (
        (x + slip[0], y + slip[1]),
        (w - x + slip[2], y + slip[3]),
        (w - x + slip[4], h - y + slip[5]),
        (x + slip[6], h - y + slip[7]),
    )
    ground = as_picture(goods.table(size, random) * np.float32(0.35))
    scene = as_scene(laid(lit, ground, spot))
    scene = scene * np.float32(0.85 / max(0.05, float(np.quantile(scene[::8, ::8], 0.96))))
    glare = np.clip(goods.cloud(size, 2.5, random) - 0.8, 0, 1)[..., None] * 0.12
    shot = Shot(
        blur=random.uniform(0.5, 0.9),
        noise=random.uniform(0.006, 0.015),
        smoothed=0.3,
        vignette=0.2,
    )
    return photographed(np.asarray(scene + glare, np.float32), random, shot)


def _sample(half: str, family: str, truth: str, content: bytes) -> Sample:
    return Sample(half=half, family=family, truth=truth, content=content)
