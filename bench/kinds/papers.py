"""Documents: drawn sheets in three languages, scanned or photographed on a table."""

from __future__ import annotations

from PIL import Image, ImageDraw

from bench.kinds.camera import Random, Shot, as_scene, laid, photographed
from bench.kinds.camera import as_picture as shown
from bench.kinds.goods import Size, cloth, cloud, lamp, table
from bench.kinds.said import REPORT
from bench.kinds.screens import font, wrapped

A4 = (1240, 1754)


def letter(language: str, random: Random) -> Image.Image:
    """Paragraphs under a heading."""
    sheet = Image.new("RGB", A4, (250, 250, 248))
    draw, said = ImageDraw.Draw(sheet), REPORT[language]
    draw.text((300, 110), said[0], (20, 20, 20), font(40, bold=True))
    y, face = 220, font(26)
    while y < A4[1] - 250:
        text = " ".join(said[1 + int(each)] for each in random.integers(0, 4, 3))
        for line in wrapped(text, face, A4[0] - 240):
            draw.text((120, y), line, (30, 30, 32), face)
            y += 40
        y += 26
    return sheet


def form(language: str, random: Random) -> Image.Image:
    """A table of findings with a stamp and a signature."""
    sheet = Image.new("RGB", A4, (246, 246, 244))
    draw, said, face = ImageDraw.Draw(sheet), REPORT[language], font(22)
    draw.text((120, 90), said[0], (15, 15, 15), font(32, bold=True))
    for row in range(14):
        top = 180 + row * 84
        draw.rectangle((90, top, A4[0] - 90, top + 84), outline=(60, 60, 60), width=2)
        draw.line((300, top, 300, top + 84), (60, 60, 60), 2)
        draw.text((110, top + 26), f"{row + 1}. № {random.integers(100, 999)}", (25, 25, 30), face)
        text = said[1 + row % 4]
        for index, line in enumerate(wrapped(text, face, A4[0] - 420)[:2]):
            draw.text((320, top + 12 + index * 32), line, (25, 25, 30), face)
    at = (int(random.integers(600, 820)), 1400)
    for ring in (0, 12):
        around = (at[0] + ring, at[1] + ring, at[0] + 260 - ring, at[1] + 260 - ring)
        draw.ellipse(around, outline=(60, 70, 170), width=4)
    draw.arc((250, 1500, 420, 1580), 30, 300, fill=(40, 50, 150), width=4)
    return sheet


def scanned(sheet: Image.Image, random: Random) -> Image.Image:
    """A flat-bed scanner's: a little turned, a little grain, paper that is nearly even."""
    turned = sheet.rotate(
        random.uniform(-1.2, 1.2), Image.Resampling.BICUBIC, fillcolor=(244, 244, 242)
    )
    scene = as_scene(turned)
    tone = 1 + 0.004 * cloud(sheet.size, 4, random) - 0.02 * random.random()
    noise = random.normal(0, 0.008, scene.shape)
    return shown(scene * tone[..., None] + noise)


def on_table(sheet: Image.Image, random: Random, size: Size) -> Image.Image:
    """Photographed by hand: at an angle, in uneven light."""
    w, h = size
    ground = cloth(size, random) if random.random() < 0.3 else table(size, random)
    slip = random.uniform(-0.05, 0.05, 8)
    spot = (
        (w * (0.12 + slip[0]), h * (0.07 + slip[1])),
        (w * (0.88 + slip[2]), h * (0.06 + slip[3])),
        (w * (0.94 + slip[4]), h * (0.94 + slip[5])),
        (w * (0.06 + slip[6]), h * (0.95 + slip[7])),
    )
    scene = as_scene(laid(sheet, shown(ground), spot))
    scene = scene * (0.82 * lamp(size, random))[..., None]
    shot = Shot(blur=random.uniform(0.6, 1.1), noise=random.uniform(0.006, 0.015))
    return photographed(scene, random, shot)
