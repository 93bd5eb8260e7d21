"""Can a person see anything in the picture: is it large, bright, sharp and varied enough?

All questions are asked of the one scaled copy that the check of the picture made, brought to
one size so that the numbers mean the same for every camera. Nothing here rejects: a picture of
a black phone on a black table is dark for a reason, and an employee looks.

The limits stand where made pictures part: goods on white, photographs with a soft background,
chats on light and dark screens, and pages of print come out at a sharpness of 68 or more; the
same blurred until print of ten points can no longer be read, at 25 or less.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from itertools import accumulate

from PIL import Image, ImageFilter

from triage.core.evidence import EvidenceKind, Finding, Level
from triage.evidence.limits import Limits
from triage.evidence.opened import Opened

_DOCUMENTS = (EvidenceKind.PURCHASE_PROOF, EvidenceKind.EXPERT_REPORT)
_NORMAL_PIXELS = 640 * 480
_CELLS = 32  # a side: grain levels out in a cell, a line of print does not
_SAMPLES = 8  # a side of a cell: 64 pixels tell its tone, whatever its size
_TILES = 6  # a side
_TILE_PIXELS = 20  # a side, at least: in a smaller one a single edge fills everything
_ENOUGH_CONTRAST = 16  # of 255: below it, edges cannot be told from what JPEG leaves behind
_FEW = 0.005  # of a tile's pixels: what an edge takes at the least
_LIGHTS = 0.002  # of all pixels: white print on a dark screen takes more
_SHARP_TILES = 3  # this many sharp places make a sharp picture: the rest may be background
_CLEARLY = 1.5  # times the limit: then a quick look is enough
_GREY = 128
_LAPLACIAN = ImageFilter.Kernel((3, 3), (0, 1, 0, 1, -4, 1, 0, 1, 0), scale=1, offset=_GREY)
_DISTANCE = [abs(value - _GREY) for value in range(256)]


def check(opened: Opened) -> Iterator[Finding]:
    """Needs the scaled copy and the facts of the check of the picture."""
    if opened.shown is None:
        return
    limits = opened.limits
    shorter = min(opened.facts["width"], opened.facts["height"])
    wanted = limits.document_side if opened.kind in _DOCUMENTS else limits.photo_side
    if shorter < wanted:
        yield _weak("image.too_small", shorter, wanted)
    if opened.facts.get("frames", 1) == 1:  # an animation may well begin with nothing
        yield from _seen(opened.shown, limits)


def _seen(picture: Image.Image, limits: Limits) -> Iterator[Finding]:
    """The first that holds: in the dark, and on a blank sheet, nothing can be sharp."""
    cells = _cells_of(picture)
    if (tones := _variety_of(cells)) < limits.tones:
        yield _weak("image.blank", tones, limits.tones)
        return
    if _is_plainly_light(cells, limits.light) and _is_plainly_sharp(picture, limits.sharpness):
        return
    grey = _normal(picture.convert("L"))
    if (light := brightness(grey)) < limits.light:
        yield _weak("image.too_dark", light, limits.light)
        return
    sharp = sharpness(grey)
    if sharp is not None and sharp < limits.sharpness:
        yield _weak("image.blurred", sharp, limits.sharpness)


def _is_plainly_light(cells: Image.Image, limit: int) -> bool:
    """Enough cells with such a mean that their light points alone make it light."""
    mean = limit * _CLEARLY
    share = (mean - limit) / max(1, 255 - limit)  # of a cell's points, at the least
    bright = sum(cells.convert("L").histogram()[min(255, math.ceil(mean)) :])
    return bright * share > _LIGHTS * _CELLS**2


def _is_plainly_sharp(picture: Image.Image, limit: int) -> bool:
    """Three clearly sharp ones among the first tiles, each brought to its size by itself."""
    scale = min(1.0, math.sqrt(_NORMAL_PIXELS / (picture.width * picture.height)))
    if min(picture.size) * scale < _TILES * _TILE_PIXELS:
        return False
    found, boxes = 0, list(_boxes(picture.size))
    for box in boxes[:: _TILES - 1] + boxes[3 :: _TILES + 1]:
        part = picture.crop(box).convert("L")
        size = (round(part.width * scale), round(part.height * scale))
        grey = part.resize(size, Image.Resampling.BILINEAR, reducing_gap=1.0)
        found += (_steepness(grey) or 0) * 100 > limit * _CLEARLY
        if found == _SHARP_TILES:
            return True
    return False


def _weak(code: str, measured: int, limit: int) -> Finding:
    return Finding(code=code, level=Level.WEAK, measured=measured, limit=limit)


def _normal(picture: Image.Image) -> Image.Image:
    """With as many pixels as 640 by 480 have, or fewer."""
    scale = math.sqrt(_NORMAL_PIXELS / (picture.width * picture.height))
    if scale >= 1:
        return picture
    size = (max(1, round(picture.width * scale)), max(1, round(picture.height * scale)))
    return picture.resize(size, Image.Resampling.BILINEAR, reducing_gap=1.0)


def variety(picture: Image.Image) -> int:
    """How far the tones of its regions lie apart, 0 to 255, in the colour where they do most."""
    return _variety_of(_cells_of(picture))


def _cells_of(picture: Image.Image) -> Image.Image:
    sample = (_CELLS * _SAMPLES, _CELLS * _SAMPLES)
    if picture.width * picture.height > sample[0] * sample[1]:
        picture = picture.resize(sample, Image.Resampling.NEAREST)
    return picture.convert("RGB").resize((_CELLS, _CELLS), Image.Resampling.BOX)


def _variety_of(cells: Image.Image) -> int:
    return max(_extent(band) for band in cells.split())


def _extent(band: Image.Image) -> int:
    used = [value for value, count in enumerate(band.histogram()) if count]
    return used[-1] - used[0]


def brightness(grey: Image.Image) -> int:
    """How light its lightest parts are, 0 to 255."""
    return _upper(grey.histogram(), _LIGHTS)


def sharpness(grey: Image.Image) -> int | None:
    """0 to 100: how steep the steepest edges are, by the contrast that they divide.

    The Laplacian of an edge over its height falls with the square of the blur and does not
    depend on light or on how much of the picture is plain. None where too little has edges
    for an answer.
    """
    if min(grey.size) < _TILES * _TILE_PIXELS:
        return None
    plain = grey.crop((1, 1, grey.width - 1, grey.height - 1))
    edges = _edges(grey)
    found = [each for box in _boxes(plain.size) if (each := _ratio(plain, edges, box)) is not None]
    if len(found) < _SHARP_TILES:
        return None
    return min(100, round(100 * sorted(found)[-_SHARP_TILES]))


def _edges(grey: Image.Image) -> Image.Image:
    """Without the border, which the filter leaves as it was."""
    inner = (1, 1, grey.width - 1, grey.height - 1)
    return grey.filter(_LAPLACIAN).point(_DISTANCE).crop(inner)


def _steepness(tile: Image.Image) -> float | None:
    edges = _edges(tile)
    plain = tile.crop((1, 1, tile.width - 1, tile.height - 1))
    return _ratio(plain, edges, (0, 0, *plain.size))


def _ratio(plain: Image.Image, edges: Image.Image, box: tuple[int, int, int, int]) -> float | None:
    """The steepest edges in this box by its contrast; None where that is too low."""
    contrast = _contrast(plain.crop(box).histogram())
    if contrast < _ENOUGH_CONTRAST:
        return None
    return _upper(edges.crop(box).histogram(), _FEW) / contrast


def _boxes(size: tuple[int, int]) -> Iterator[tuple[int, int, int, int]]:
    across = [size[0] * each // _TILES for each in range(_TILES + 1)]
    down = [size[1] * each // _TILES for each in range(_TILES + 1)]
    for row in range(_TILES):
        for column in range(_TILES):
            yield across[column], down[row], across[column + 1], down[row + 1]


def _contrast(histogram: list[int]) -> int:
    below = list(accumulate(histogram))
    few = below[-1] * _FEW
    return bisect_left(below, below[-1] - few) - bisect_right(below, few)


def _upper(histogram: list[int], share: float) -> int:
    """The value that more than this share of the pixels reaches or exceeds."""
    below = list(accumulate(histogram))
    return bisect_left(below, below[-1] * (1 - share))
