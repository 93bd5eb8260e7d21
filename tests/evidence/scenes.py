"""Pictures that look like something and are the same on every machine."""

from __future__ import annotations

import random

from PIL import Image, ImageDraw


def scene(seed: int, size: tuple[int, int] = (1280, 960)) -> Image.Image:
    """Light and shade with forty shapes in it; another number is quite another picture."""
    rng = random.Random(seed)
    width, height = size
    light = Image.radial_gradient("L") if seed % 2 else Image.linear_gradient("L").rotate(90)
    picture = light.resize(size, Image.Resampling.BICUBIC).convert("RGB")
    draw = ImageDraw.Draw(picture)
    for _ in range(40):
        left, top = rng.randrange(-width // 8, width), rng.randrange(-height // 8, height)
        box = (left, top, left + rng.randrange(9, width // 3), top + rng.randrange(9, height // 3))
        shape = draw.ellipse if rng.random() < 0.5 else draw.rectangle
        shape(box, fill=(rng.randrange(256), rng.randrange(256), rng.randrange(256)))
    return picture
