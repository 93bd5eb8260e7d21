"""What a phone's camera makes of a scene: lens, sensor, colours out of a mosaic, JPEG, EXIF."""

from __future__ import annotations

import io
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy import ndimage

Scene = NDArray[np.float32]  # height x width x 3, 0 to 1
Random = np.random.Generator
MODELS = (("samsung", "SM-A546E"), ("Apple", "iPhone 14"), ("Xiaomi", "2201117TG"))
_CROSS = np.array([[0, 1, 0], [1, 4, 1], [0, 1, 0]], np.float32) / 4
_SQUARE = np.array([[1, 2, 1], [2, 4, 2], [1, 2, 1]], np.float32) / 4


@dataclass(frozen=True, kw_only=True)
class Shot:
    """How a picture is taken: blur in pixels, noise and light as shares of full scale."""

    blur: float = 0.8
    noise: float = 0.012
    light: float = 1.0
    vignette: float = 0.35
    smoothed: float = 0.6  # what the phone's own removal of noise leaves


def photographed(scene: Scene, random: Random, shot: Shot) -> Image.Image:
    """``scene`` as the camera saves it, before compression."""
    height, width = scene.shape[:2]
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    away = np.hypot((x - width / 2) / width, (y - height / 2) / height)
    light = shot.light * (1.03 - shot.vignette * away**2)
    seen = ndimage.gaussian_filter(scene * light[..., None], (shot.blur, shot.blur, 0))
    mosaic = _mosaic(seen)
    grain = random.standard_normal(mosaic.shape, np.float32) * np.sqrt(0.15 + mosaic) * shot.noise
    colours = _from_mosaic(np.clip(mosaic + grain, 0, 1))
    if shot.smoothed:
        colours = ndimage.gaussian_filter(colours, (shot.smoothed, shot.smoothed, 0))
    return Image.fromarray((np.clip(colours, 0, 1) * 255 + 0.5).astype(np.uint8))


def _mosaic(seen: Scene) -> NDArray[np.float32]:
    """One colour a pixel: red and green in even rows, green and blue in odd ones."""
    out = seen[..., 1].copy()
    out[0::2, 0::2] = seen[0::2, 0::2, 0]
    out[1::2, 1::2] = seen[1::2, 1::2, 2]
    return out


def _from_mosaic(mosaic: NDArray[np.float32]) -> Scene:
    red, green, blue = (np.zeros_like(mosaic) for _ in range(3))
    red[0::2, 0::2] = mosaic[0::2, 0::2]
    blue[1::2, 1::2] = mosaic[1::2, 1::2]
    green[0::2, 1::2] = mosaic[0::2, 1::2]
    green[1::2, 0::2] = mosaic[1::2, 0::2]
    full = [
        ndimage.convolve(plane, kernel, mode="mirror")
        for plane, kernel in ((red, _SQUARE), (green, _CROSS), (blue, _SQUARE))
    ]
    return np.stack(full, axis=-1)


def as_scene(picture: Image.Image) -> Scene:
    return np.asarray(picture.convert("RGB"), dtype=np.float32) / 255


def as_picture(scene: Scene) -> Image.Image:
    return Image.fromarray((np.clip(scene, 0, 1) * 255 + 0.5).astype(np.uint8))


def laid(
    thing: Image.Image,
    ground: Image.Image,
    corners: tuple[tuple[float, float], ...],
) -> Image.Image:
    """``thing`` on ``ground`` with its corners (from the top left, clockwise) at these places."""
    width, height = thing.size
    ours = ((0, 0), (width, 0), (width, height), (0, height))
    rows, right = [], []
    for (x, y), (u, v) in zip(corners, ours, strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        right += [u, v]
    solved = tuple(float(each) for each in np.linalg.solve(np.array(rows), np.array(right)))
    how = Image.Resampling.BICUBIC
    moved = thing.convert("RGB").transform(ground.size, Image.Transform.PERSPECTIVE, solved, how)
    mask = Image.new("L", thing.size, 255)
    cover = mask.transform(ground.size, Image.Transform.PERSPECTIVE, solved, how)
    return Image.composite(moved, ground, cover)


def lit_screen(shown: Image.Image, layout: str) -> Image.Image:
    """A screen from close by, three times as large: stripes of red, green and blue, dark seams."""
    cells = np.kron(np.asarray(shown.convert("RGB")), np.ones((3, 3, 1), np.uint8))
    mask = np.zeros_like(cells, dtype=np.float32)
    if layout == "stripes":
        for colour in range(3):
            mask[:, colour::3, colour] = 2.4
        mask[2::3] *= 0.45
    else:  # as OLED screens have it: green everywhere, red and blue in turn
        mask[0:2, :, 1] = 0
        mask[0::3, 0::3, 1] = mask[1::3, 0::3, 1] = 3.2
        mask[1::3, 1::6, 0] = mask[2::3, 1::6, 0] = 5.5
        mask[1::3, 4::6, 2] = mask[2::3, 4::6, 2] = 5.5
    return Image.fromarray(np.clip(cells * mask, 0, 255).astype(np.uint8))


def jpeg(picture: Image.Image, quality: int, exif: Image.Exif | None = None) -> bytes:
    out = io.BytesIO()
    said = {"exif": exif} if exif is not None else {}
    picture.convert("RGB").save(out, "JPEG", quality=quality, subsampling=2, **said)
    return out.getvalue()


def png(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def messenger(content: bytes, quality: int = 75, side: int = 1280) -> bytes:
    """What arrives when a messenger passed it on: smaller, compressed again, nothing of EXIF."""
    picture = Image.open(io.BytesIO(content)).convert("RGB")
    scale = min(1.0, side / max(picture.size))
    size = (round(picture.width * scale), round(picture.height * scale))
    return jpeg(picture.resize(size, Image.Resampling.LANCZOS), quality)


def exif_of(model: int) -> Image.Exif:
    """What a phone writes into every photograph."""
    said = Image.Exif()
    said[0x010F], said[0x0110] = MODELS[model % len(MODELS)]
    taken = said.get_ifd(0x8769)
    taken[0x829A], taken[0x829D], taken[0x8827] = 0.01, 1.8, 160
    return said
