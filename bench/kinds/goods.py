"""Scenes with goods in them: tables, boxes, bottles, cloth; in rooms and on white as shops do."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw
from scipy import ndimage

from bench.kinds.camera import Random, Scene, as_picture, as_scene, laid

Field = NDArray[np.float32]
Size = tuple[int, int]


def cloud(size: Size, cells: float, random: Random) -> Field:
    """Smooth noise about 0 with a spread of 1; ``cells`` across the width."""
    small = (max(3, round(cells * size[1] / size[0])), max(3, round(cells)))
    values = Image.fromarray(random.standard_normal(small, np.float32))
    return np.asarray(values.resize(size, Image.Resampling.BICUBIC), dtype=np.float32)


def colour(random: Random, low: float = 0.15, high: float = 0.85) -> Field:
    return random.uniform(low, high, 3).astype(np.float32)


def lamp(size: Size, random: Random) -> Field:
    """Uneven light of one window."""
    y, x = np.mgrid[0 : size[1], 0 : size[0]].astype(np.float32)
    fall = (x / size[0] * random.uniform(-0.4, 0.4)) + (y / size[1] * random.uniform(-0.4, 0.4))
    return np.asarray(1 + fall + 0.04 * cloud(size, 3, random), dtype=np.float32)


def table(size: Size, random: Random) -> Scene:
    """Wood: long grain along one side."""
    grain = cloud((size[0], size[1] * 4), 4, random)[::4][: size[1]]
    fine = cloud((size[0] // 6, size[1]), 60, random)
    fine = np.repeat(fine, 7, axis=1)[:, : size[0]]
    tone = 0.75 + 0.09 * grain + 0.05 * fine + 0.02 * cloud(size, size[0] / 3, random)
    return np.asarray(tone[..., None] * np.array(colour(random, 0.35, 0.9)), dtype=np.float32)


def cloth(size: Size, random: Random) -> Scene:
    """A weave with folds: regular, as screens are."""
    y, x = np.mgrid[0 : size[1], 0 : size[0]].astype(np.float32)
    turn, pitch = random.uniform(0, 3.1), random.uniform(4, 14)
    along, across = x * np.cos(turn) + y * np.sin(turn), y * np.cos(turn) - x * np.sin(turn)
    weave = np.sin(along * 6.28 / pitch) * np.sin(across * 6.28 / pitch)
    folds = cloud(size, 6, random)
    tone = 0.6 + 0.12 * weave + 0.14 * folds + 0.03 * cloud(size, size[0] / 4, random)
    return np.asarray(np.clip(tone[..., None] * colour(random), 0, 1), dtype=np.float32)


def floor(size: Size, random: Random) -> Scene:
    """Tiles with seams, seen at an angle."""
    side = int(size[0] / random.uniform(4, 9))
    flat = Image.new("RGB", (size[0], size[1]))
    draw, base = ImageDraw.Draw(flat), colour(random, 0.4, 0.9)
    for top in range(0, size[1], side):
        for left in range(0, size[0], side):
            tone = tuple(int(each * 255 * random.uniform(0.92, 1)) for each in base)
            draw.rectangle((left, top, left + side - 4, top + side - 4), fill=tone)
    w, h = size
    corners = ((w * 0.15, -h * 0.1), (w * 0.9, -h * 0.05), (w * 1.3, h * 1.1), (-w * 0.3, h * 1.15))
    scene = as_scene(laid(flat, flat.copy(), corners))
    return np.asarray(scene * (1 + 0.03 * cloud(size, size[0] / 5, random))[..., None])


def _put(scene: Scene, mask: Field, tone: Scene | Field) -> Scene:
    soft = ndimage.gaussian_filter(mask, 0.8)[..., None]
    return np.asarray(scene * (1 - soft) + tone * soft, dtype=np.float32)


def _drawn(size: Size, corners: list[tuple[float, float]]) -> Field:
    picture = Image.new("L", size)
    ImageDraw.Draw(picture).polygon(corners, fill=255)
    return np.asarray(picture, dtype=np.float32) / 255


def _shadow(scene: Scene, mask: Field, amount: float) -> Scene:
    """Worked out on a quarter of the size: it is soft anyway."""
    small = ndimage.gaussian_filter(mask[::4, ::4], 10)
    full = np.kron(small, np.ones((4, 4), np.float32))[: mask.shape[0], : mask.shape[1]]
    return np.asarray(scene * (1 - amount * full[..., None]), dtype=np.float32)


def box(scene: Scene, random: Random) -> Scene:
    """A carton with three faces, tape and a label."""
    size = (scene.shape[1], scene.shape[0])
    w, h = size
    x, y, a = w * random.uniform(0.2, 0.35), h * random.uniform(0.3, 0.4), w * 0.22
    dx, dy, tall = a * random.uniform(0.9, 1.5), a * random.uniform(0.3, 0.5), h * 0.35
    top = [(x, y), (x + dx, y - dy), (x + a + dx, y - dy * 0.5), (x + a, y + dy * 0.6)]
    left = [top[0], top[3], (top[3][0], top[3][1] + tall), (x, y + tall * 0.9)]
    right = [top[3], top[2], (top[2][0], top[2][1] + tall * 0.9), (top[3][0], top[3][1] + tall)]
    scene = _shadow(scene, _drawn(size, [left[3], left[2], right[2], (w * 0.9, h * 0.9)]), 0.6)
    card = np.array([1, 0.8, 0.58], np.float32) if random.random() < 0.6 else colour(random)
    board = 0.02 * cloud(size, 200, random) + 0.03 * cloud(size, 12, random)
    for face, light in ((top, 0.85), (left, 0.66), (right, 0.45)):
        scene = _put(scene, _drawn(size, face), (light + board)[..., None] * card)
    label = Image.new("RGB", (400, 260), (238, 238, 235))
    draw = ImageDraw.Draw(label)
    for row in range(6):
        length = int(random.integers(150, 360))
        draw.rectangle((20, 20 + row * 38, 20 + length, 34 + row * 38), fill=(40, 40, 45))
    p = left
    spot = tuple(
        (p[0][0] * s + p[1][0] * (1 - s), p[0][1] + tall * t + 30)
        for s, t in ((0.8, 0.2), (0.3, 0.25), (0.3, 0.6), (0.8, 0.55))
    )
    return as_scene(laid(label, as_picture(scene), spot))


def bottle(scene: Scene, random: Random) -> Scene:
    """Something round, shaded across, with a shine and a band of another colour."""
    height, width = scene.shape[:2]
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    middle, half = width * random.uniform(0.35, 0.65), width * random.uniform(0.08, 0.16)
    top, bottom = height * random.uniform(0.1, 0.25), height * random.uniform(0.75, 0.9)
    narrow = np.clip((y - top) / (height * 0.2), 0.35, 1)
    off = (x - middle) / (half * narrow)
    mask = ((np.abs(off) < 1) & (y > top) & (y < bottom)).astype(np.float32)
    shade = np.sqrt(np.clip(1 - off**2, 0, 1)) * 0.75 + 0.2 * np.exp(-((off + 0.4) ** 2) / 0.01)
    band = ((y > height * 0.45) & (y < height * 0.62)).astype(np.float32)[..., None]
    tone = colour(random) * (1 - band) + colour(random) * band
    dust = 1 + 0.03 * cloud((width, height), width / 4, random)
    scene = _shadow(scene, np.roll(mask, int(half / 2), axis=1), 0.5)
    return _put(scene, mask, np.asarray((shade * dust)[..., None] * tone, dtype=np.float32))


def bowl(scene: Scene, random: Random) -> Scene:
    """A ball with a crack, lit from one side."""
    height, width = scene.shape[:2]
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    radius = height * random.uniform(0.2, 0.36)
    u = (x - width * random.uniform(0.4, 0.6)) / radius
    v = (y - height * random.uniform(0.45, 0.6)) / radius
    inside = u**2 + v**2
    deep = np.sqrt(np.clip(1 - inside, 0, 1))
    light = np.clip(-0.5 * u - 0.5 * v + 0.7 * deep, 0.05, 1)
    crack = np.exp(-((v - 0.3 * u - 0.05 * cloud((width, height), 20, random)) ** 2) / 0.0004)
    light = light * (1 - 0.7 * crack) + 0.5 * np.exp(-((u + 0.35) ** 2 + (v + 0.35) ** 2) / 0.01)
    glaze = 1 + 0.02 * cloud((width, height), 90, random)
    mask = (inside < 1).astype(np.float32)
    scene = _shadow(scene, np.roll(mask, int(radius / 3), axis=(0)), 0.5)
    return _put(scene, mask, np.asarray((light * glaze)[..., None] * colour(random, 0.4, 0.95)))


def keys(scene: Scene, random: Random) -> Scene:
    """A keyboard from above: straight rows of equal things."""
    size = (scene.shape[1], scene.shape[0])
    board = Image.new("RGB", (1200, 420), (35, 35, 38))
    draw = ImageDraw.Draw(board)
    for row in range(5):
        for column in range(14):
            at = (14 + column * 84 + row * 6, 12 + row * 80)
            tone = int(random.integers(60, 75))
            draw.rounded_rectangle((*at, at[0] + 70, at[1] + 66), 8, fill=(tone, tone, tone + 3))
            draw.line((at[0] + 28, at[1] + 20, at[0] + 40, at[1] + 44), (220, 220, 220), 4)
    w, h = size
    lean = random.uniform(-0.05, 0.05)
    spot = (
        (w * 0.1, h * (0.3 + lean)),
        (w * 0.9, h * (0.3 - lean)),
        (w * 0.95, h * 0.75),
        (w * 0.05, h * (0.75 + lean)),
    )
    scene = as_scene(laid(board, as_picture(scene), spot))
    return np.asarray(scene * (1 + 0.02 * cloud(size, size[0] / 6, random))[..., None])


def studio(size: Size) -> Scene:
    """White as shops want it."""
    return np.ones((size[1], size[0], 3), np.float32)
