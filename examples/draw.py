"""Draws the example files: two "photographs", a chat and a receipt. Always the same bytes' worth.

    .venv/bin/python examples/draw.py          (Debian: apt-get install fonts-dejavu-core)

The finished files are in the repository, so nobody needs to run this to use them.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from paper import receipt
from PIL import Image, ImageDraw, ImageFilter
from screen import chat

HERE = Path(__file__).parent
SIZE = WIDTH, HEIGHT = 2016, 1512
Picture = NDArray[np.float64]  # height x width (x 3), 0 to 1
RNG = np.random.default_rng(20261122)


def cloud(cells_x: int, cells_y: int, strength: float) -> Picture:
    """Smooth noise around 0: ``cells`` random values stretched over the picture."""
    small = Image.fromarray(RNG.normal(0, strength, (cells_y, cells_x)).astype(np.float32))
    return np.asarray(small.resize(SIZE, Image.Resampling.BICUBIC), dtype=np.float64)


def grid() -> tuple[Picture, Picture]:
    """The x and y of every pixel, in pixels."""
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH].astype(np.float64)
    return x, y


def blurred(mask: Picture, radius: float) -> Picture:
    """``mask`` out of focus."""
    image = Image.fromarray((mask * 255).astype(np.uint8)).filter(ImageFilter.GaussianBlur(radius))
    return np.asarray(image, dtype=np.float64) / 255


def drawn(draw: Callable[[ImageDraw.ImageDraw], None]) -> Picture:
    """A mask that Pillow draws, with soft edges."""
    image = Image.new("L", SIZE)
    draw(ImageDraw.Draw(image))
    return blurred(np.asarray(image, dtype=np.float64) / 255, 1.1)


def over(scene: Picture, mask: Picture, colour: Picture | tuple[float, float, float]) -> Picture:
    """``scene`` with ``colour`` laid over it where ``mask`` is."""
    return scene * (1 - mask[..., None]) + np.asarray(colour) * mask[..., None]


def darkened(scene: Picture, mask: Picture, amount: float) -> Picture:
    return scene * (1 - amount * mask[..., None])


def room() -> Picture:
    """A wall, and a wooden table before it."""
    x, y = grid()
    wall = 0.80 - 0.16 * (x / WIDTH) - 0.10 * (y / HEIGHT) + cloud(9, 7, 0.010)
    scene = wall[..., None] * np.array([0.96, 0.93, 0.87])
    grain = cloud(14, 160, 0.040) + cloud(40, 500, 0.025)
    planks = np.minimum(np.abs((y - 985) / 170 % 1 - 0.5) * 60, 1)
    wood = (0.46 + 0.10 * (y - 900) / 600 - 0.08 * x / WIDTH + grain) * (0.72 + 0.28 * planks)
    table = np.clip((y - 890) / 6 + 0.5, 0, 1)
    scene = over(scene, table, wood[..., None] * np.array([1.0, 0.72, 0.47]))
    return darkened(scene, blurred(np.exp(-(((y - 893) / 14) ** 2)), 6), 0.25)


def ellipse(cx: float, cy: float, rx: float, ry: float) -> Picture:
    """A soft-edged mask of an ellipse."""
    x, y = grid()
    distance = (1 - np.hypot((x - cx) / rx, (y - cy) / ry)) * min(rx, ry)
    return np.clip(distance + 0.5, 0, 1)


def crack(start: tuple[float, float], steps: int, lean: float) -> list[tuple[float, float]]:
    """A jagged line downwards from ``start``."""
    points = [start]
    for _ in range(steps):
        x, y = points[-1]
        points.append((x + lean + RNG.normal(0, 11), y + RNG.uniform(8, 26)))
    return points


def with_cracks(scene: Picture, lines: list[list[tuple[float, float]]], body: Picture) -> Picture:
    """Dark lines with a light lower edge, inside ``body`` only."""
    for line in lines:
        lower = [(x + 3, y + 2) for x, y in line]
        light = drawn(lambda d, line=lower: d.line(line, fill=210, width=3, joint="curve"))
        dark = drawn(lambda d, line=line: d.line(line, fill=255, width=4, joint="curve"))
        scene = over(scene, light * body * 0.5, (0.98, 0.97, 0.94))
        scene = over(scene, dark * body, (0.17, 0.12, 0.10))
    return scene


def mug() -> Image.Image:
    """A mug with a chipped rim and cracks, its missing piece on the table."""
    x, y = grid()
    cx, top, bottom, radius = 930.0, 470.0, 1130.0, 330.0
    scene = room()
    shadow = ellipse(cx + 190, bottom + 25, 520, 88)
    scene = darkened(scene, blurred(shadow, 34), 0.72)
    across = np.hypot((x - 1290) / 205, (y - 780) / 250)
    ring = np.clip((0.20 - np.abs(across - 0.82)) * 220, 0, 1)
    round_off = 1 - ((across - 0.82) / 0.20) ** 2
    handle = 0.20 + 0.50 * np.clip(round_off, 0, 1) + 0.10 * (1290 - x) / 400
    scene = over(scene, ring, handle[..., None] * np.array([0.55, 0.86, 0.95]))
    u = np.clip((x - cx) / radius, -1, 1)
    depth = np.sqrt(1 - u**2)
    body = np.clip(radius - np.abs(x - cx) + 0.5, 0, 1)
    body *= np.clip(y - (top + 0 * x), 0, 1) * np.clip(bottom + 78 * depth - y, 0, 1)
    shade = 0.16 + 0.62 * np.clip(-0.58 * u + 0.72 * depth, 0, 1)
    window = 0.42 * np.exp(-(((u + 0.44) / 0.075) ** 2)) * np.clip((y - 560) / 60, 0, 1)
    window *= np.clip((980 - y) / 60, 0, 1)
    glaze = shade[..., None] * np.array([0.55, 0.88, 0.98]) + window[..., None]
    scene = over(scene, body, glaze + cloud(60, 50, 0.006)[..., None])
    scene = over(scene, ellipse(cx, top, radius, 86), (0.88, 0.91, 0.90))
    inside = 0.30 + 0.36 * np.clip((x - cx) / radius + 0.4, 0, 1) + 0.10 * (y - top) / 86
    scene = over(scene, ellipse(cx, top + 6, radius - 19, 74), inside[..., None] * np.ones(3))
    chip = [(838, 538), (870, 556), (905, 622), (948, 641), (990, 600), (1040, 571), (1066, 536)]
    chip += [(1010, 548), (930, 560)]
    raw = drawn(lambda d: d.polygon(chip, fill=255))
    clay = 0.74 + cloud(200, 150, 0.06) - 0.12 * (y - 540) / 100
    scene = over(scene, raw, clay[..., None] * np.array([1.0, 0.93, 0.83]))
    lines = [crack((946, 640), 19, 3.5), crack((905, 622), 12, -9), crack((990, 700), 8, 15)]
    scene = with_cracks(scene, lines, body)
    piece = [(470, 1262), (548, 1228), (640, 1240), (676, 1282), (590, 1312), (505, 1300)]
    lower = [(px + 16, py + 16) for px, py in piece]
    scene = darkened(scene, blurred(drawn(lambda d: d.polygon(lower, fill=255)), 12), 0.6)
    scene = over(scene, drawn(lambda d: d.polygon(piece, fill=255)), (0.46, 0.71, 0.79))
    edge = [(505, 1300), (590, 1312), (676, 1282), (672, 1298), (592, 1328), (508, 1314)]
    scene = over(scene, drawn(lambda d: d.polygon(edge, fill=255)), (0.83, 0.77, 0.69))
    return photograph(scene)


def parcel() -> Image.Image:
    """The cardboard box that it came in, with a crushed corner."""
    x, y = grid()
    scene = room()
    shadow = [(530, 1185), (1190, 1352), (1830, 1170), (1640, 1050), (900, 1000)]
    mask = drawn(lambda d: d.polygon(shadow, fill=255))
    scene = darkened(scene, 0.5 * blurred(mask, 34) + 0.5 * blurred(mask, 9), 0.75)
    board = cloud(90, 70, 0.018) + cloud(20, 300, 0.012)
    faces = [
        ([(480, 560), (1010, 420), (1590, 505), (1190, 690)], 0.80),
        ([(480, 560), (1190, 690), (1185, 1330), (540, 1195)], 0.62),
        ([(1190, 690), (1590, 505), (1560, 1080), (1185, 1330)], 0.42),
    ]
    for corners, light in faces:
        face = drawn(lambda d, corners=corners: d.polygon(corners, fill=255))
        tone = (light + board)[..., None] * np.array([1.0, 0.79, 0.56])
        scene = over(scene, face, tone)
    tape = [(730, 494), (830, 467), (1412, 588), (1322, 630)]
    scene = over(scene, drawn(lambda d: d.polygon(tape, fill=255)) * 0.7, (0.86, 0.76, 0.58))
    label = [(640, 760), (900, 808), (897, 1010), (646, 956)]
    scene = over(scene, drawn(lambda d: d.polygon(label, fill=255)), (0.93, 0.93, 0.91))
    for row in range(6):
        start, end = (664, 792 + row * 26), (664 + 190 - 25 * (row % 3), 828 + row * 26)
        line = drawn(lambda d, ends=(start, end): d.line(ends, fill=230, width=6))
        scene = over(scene, line, (0.2, 0.2, 0.22))
    dent = ellipse(1190, 735, 190, 125)
    folds = 0.5 + 0.5 * np.sin((x + 0.6 * y) / 21 + cloud(12, 9, 1.6))
    scene = darkened(scene, blurred(dent, 26) * (0.35 + 0.65 * folds), 0.62)
    hole = [(1150, 700), (1212, 686), (1248, 742), (1196, 815), (1163, 770)]
    scene = over(scene, drawn(lambda d: d.polygon(hole, fill=255)), (0.10, 0.08, 0.07))
    tears = [crack((1196, 812), 9, 4), crack((1150, 700), 6, -20), crack((1246, 742), 6, 18)]
    return photograph(with_cracks(scene, tears, np.ones((HEIGHT, WIDTH))))


def photograph(scene: Picture) -> Image.Image:
    """What a phone makes of a scene: lens, vignette, sensor noise."""
    x, y = grid()
    centre = np.hypot((x - WIDTH / 2) / WIDTH, (y - HEIGHT / 2) / HEIGHT)
    scene = scene * (1.04 - 0.45 * centre[..., None] ** 2)
    noise = RNG.normal(0, 0.013, (HEIGHT, WIDTH, 1)) + RNG.normal(0, 0.006, scene.shape)
    image = Image.fromarray((np.clip(scene, 0, 1) * 255).astype(np.uint8))
    soft = np.asarray(image.filter(ImageFilter.GaussianBlur(0.9)), dtype=np.float64) / 255
    return Image.fromarray((np.clip(soft + noise, 0, 1) * 255).astype(np.uint8))


def main() -> None:
    mug().save(HERE / "mug.jpg", quality=80, subsampling=2, optimize=True)
    parcel().save(HERE / "parcel.jpg", quality=80, subsampling=2, optimize=True)
    chat().save(HERE / "chat.png", optimize=True)
    receipt(HERE / "receipt.pdf")
    for path in sorted(HERE.glob("*.*")):
        sys.stdout.write(f"{path.name:20} {path.stat().st_size:>9,} bytes\n")


if __name__ == "__main__":
    main()
