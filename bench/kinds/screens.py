"""Screens of phones that Pillow draws: chats as two messengers show them, orders, receipts."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from bench.kinds.camera import Random
from bench.kinds.said import CHAT, ORDER, SELLER

FONTS = "/usr/share/fonts/truetype/dejavu"
Colour = tuple[int, int, int]
SIZES = ((1080, 2340), (1080, 2400), (720, 1600), (1170, 2532), (828, 1792), (1440, 3120))
DAY: dict[str, Colour] = {
    "paper": (236, 229, 221),
    "bar": (0, 128, 105),
    "theirs": (255, 255, 255),
    "ours": (217, 253, 211),
    "ink": (17, 27, 33),
}
NIGHT: dict[str, Colour] = {
    "paper": (11, 20, 26),
    "bar": (31, 44, 52),
    "theirs": (32, 44, 51),
    "ours": (0, 92, 75),
    "ink": (233, 237, 239),
}


def font(size: int, *, bold: bool = False) -> ImageFont.FreeTypeFont:
    """DejaVu has the letters of all three languages; Pillow's own font has not."""
    name = "DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf"
    return ImageFont.truetype(f"{FONTS}/{name}", size)


def wrapped(text: str, face: ImageFont.FreeTypeFont, width: int) -> list[str]:
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if face.getlength(longer) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def _status_bar(draw: ImageDraw.ImageDraw, width: int, colour: Colour, ink: Colour) -> int:
    unit = width // 36
    draw.rectangle((0, 0, width, unit * 2), fill=colour)
    draw.text((unit, unit // 3), "14:07", fill=ink, font=font(unit))
    draw.text((width - unit * 7, unit // 3), "LTE  68%", fill=ink, font=font(unit))
    draw.rectangle((width - unit * 2, unit // 2, width - unit, unit * 3 // 2), outline=ink)
    return unit * 2


def _wallpaper(screen: Image.Image, random: Random, colour: Colour) -> None:
    """Little drawings, a shade off the ground, as one messenger has them."""
    draw, unit = ImageDraw.Draw(screen), screen.width // 18
    shade = tuple(max(0, each - 9) for each in colour)
    for y in range(unit * 5, screen.height, unit * 2):
        for x in range(0, screen.width, unit * 2):
            dx, dy = random.integers(0, unit, 2)
            place = (x + dx, y + dy, x + dx + unit, y + dy + unit)
            if random.random() < 0.5:
                draw.ellipse(place, outline=shade, width=3)
            else:
                draw.arc(place, 20, 250, fill=shade, width=3)


def chat(
    size: tuple[int, int], language: str, random: Random, *, night: bool, wallpaper: bool
) -> Image.Image:
    """A talk with a seller; as many messages as the screen takes."""
    look = NIGHT if night else DAY
    screen = Image.new("RGB", size, look["paper"])
    if wallpaper:
        _wallpaper(screen, random, look["paper"])
    draw, unit = ImageDraw.Draw(screen), size[0] // 36
    top = _status_bar(draw, size[0], look["bar"], (255, 255, 255))
    draw.rectangle((0, top, size[0], top + unit * 5), fill=look["bar"])
    draw.ellipse((unit, top + unit, unit * 4, top + unit * 4), fill=(140, 150, 160))
    draw.text((unit * 5, top + unit), SELLER[language], fill="white", font=font(unit * 4 // 3))
    y = top + unit * 6
    texts: Sequence[str] = CHAT[language]
    start = int(random.integers(0, len(texts)))
    for index in range(40):
        y = _bubble(draw, (y, unit), texts[(start + index) % len(texts)], look, ours=index % 2 == 0)
        if y > size[1] - unit * 10:
            break
    draw.rectangle((0, size[1] - unit * 4, size[0], size[1]), fill=look["bar"])
    field = (unit, size[1] - unit * 7 // 2, size[0] - unit * 5, size[1] - unit)
    draw.rounded_rectangle(field, unit, fill=look["theirs"])
    return screen


def _bubble(
    draw: ImageDraw.ImageDraw,
    at: tuple[int, int],
    text: str,
    look: dict[str, Colour],
    *,
    ours: bool,
) -> int:
    (y, unit), face = at, font(at[1] * 5 // 4)
    lines = wrapped(text, face, unit * 24)
    width = int(max(face.getlength(line) for line in lines)) + unit * 2
    left = unit * 35 - width if ours else unit
    bottom = y + len(lines) * unit * 7 // 4 + unit * 2
    colour = look["ours"] if ours else look["theirs"]
    draw.rounded_rectangle((left, y, left + width, bottom), unit, fill=colour)
    for index, line in enumerate(lines):
        draw.text((left + unit, y + unit // 2 + index * unit * 7 // 4), line, look["ink"], face)
    return bottom + unit * 3 // 4


def order(
    size: tuple[int, int], language: str, random: Random, picture: Image.Image | None
) -> Image.Image:
    """A page of an order with a picture of the goods, or a receipt where there is none."""
    screen = Image.new("RGB", size, (245, 246, 248))
    draw, unit, said = ImageDraw.Draw(screen), size[0] // 36, ORDER[language]
    y = _status_bar(draw, size[0], (255, 255, 255), (20, 20, 20))
    draw.rectangle((0, y, size[0], y + unit * 4), fill="white")
    draw.text((unit * 2, y + unit), said[5], fill=(20, 20, 20), font=font(unit * 2, bold=True))
    y += unit * 5
    if picture is not None:
        side = size[0] - unit * 4
        screen.paste(picture.resize((side, side * 3 // 4)), (unit * 2, y))
        y += side * 3 // 4 + unit
    for index in range(5):
        draw.rounded_rectangle((unit, y, size[0] - unit, y + unit * 5), unit, fill="white")
        number = str(random.integers(10**8, 10**9))
        draw.text((unit * 2, y + unit), said[index % 5], (30, 30, 30), font(unit * 3 // 2))
        draw.text((unit * 20, y + unit), number, (110, 110, 110), font(unit * 3 // 2))
        draw.line((unit * 2, y + unit * 4, size[0] - unit * 2, y + unit * 4), (225, 227, 230), 2)
        y += unit * 6
    button = (unit * 2, size[1] - unit * 7, size[0] - unit * 2, size[1] - unit * 3)
    draw.rounded_rectangle(button, unit, fill=(238, 49, 36))
    return screen


def cut(screen: Image.Image, random: Random) -> Image.Image:
    """A part of a screen, as people cut out what matters: no bar on top, no known size."""
    top = int(screen.height * random.uniform(0.15, 0.35))
    bottom = int(screen.height * random.uniform(0.6, 0.85))
    side = int(screen.width * random.uniform(0, 0.06))
    return screen.crop((side, top, screen.width - side, bottom))


def seeded(*parts: int) -> Random:
    return np.random.default_rng([20261122, *parts])
