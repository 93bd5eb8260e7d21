"""What tells a screen, a camera and a printed page apart: numbers from the one scaled copy.

Every feature is a share or a count that was chosen because it means something a person can be
told: a screen is drawn, so neighbouring points are exactly equal, a few colours hold most of it
and its edges run exactly along the rows; a sensor has noise everywhere and its edges are soft; a
screen photographed by a camera shows stripes where its points and the sensor's beat.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from PIL import Image

HIGHEST = {"ruled": 9.0, "grain": 7.0}
"""Of the features that may exceed 1: log(1 + rows of the largest copy), log(1 + 4 x 255)."""

Grey = NDArray[np.uint8]
Bits = NDArray[np.bool_]
Numbers = NDArray[np.float32]

_BAND = 32  # rows looked at in full of every _PITCH
_PITCH = 96
_DARK, _BRIGHT = 3, 252  # beyond: a sensor is flat there too
_CRISP = 14  # of 255: the step of an edge that counts
_NEAR = 4  # rows or columns: a drawn edge is over by then, one through a lens is not
_BINS = 64  # levels a colour: 4 of 256 each
_SAMPLE = 256  # a side, for colours
_TILE = 64  # a side, for spectra
_TILES = 4  # a side
_SPREAD = (0, 2, 5, 7, 8, 10, 13, 15, 3, 1, 4, 6, 9, 11, 12, 14)  # a chessboard's dark ones first
_ENOUGH_TILES = 5
_WINDOW = np.outer(np.hanning(_TILE), np.hanning(_TILE)).astype(np.float32)
_SLOWEST = 4  # periods a tile: below lie shading and the words of a page
_ISOLATED = 9.0  # a beat stands out of its neighbourhood by this factor, an edge is a streak
_CLEAR = 60.0  # and above the median by this: the largest of 2,000 of pure noise reaches 11
_LOUD = 24.0  # amplitude in levels, summed over a tile's window: fainter ones nobody sees
_PAGE = 640  # pixels, the longer side: print of a whole page is just about legible
_WORD = 16  # a side: holds two or three lines of print then
_STEP = 45  # of 255 between paper and ink
_GREYISH = 48  # of 255 between the colours of paper

_KNOWN = (
    # Of phones
    *("640x1136", "750x1334", "828x1792", "1080x1920", "1125x2436", "1170x2532", "1179x2556"),
    *("1206x2622", "1242x2208", "1242x2688", "1284x2778", "1290x2796", "1320x2868", "720x1280"),
    *("720x1440", "720x1520", "720x1544", "720x1560", "720x1600", "720x1612", "720x1640"),
    *("1080x2160", "1080x2220", "1080x2246", "1080x2280", "1080x2310", "1080x2312", "1080x2316"),
    *("1080x2340", "1080x2376", "1080x2388", "1080x2400", "1080x2408", "1080x2412", "1080x2460"),
    *("1220x2712", "1224x2700", "1240x2772", "1260x2800", "1264x2780", "1344x2992", "1440x2560"),
    *("1440x2880", "1440x2960", "1440x3040", "1440x3088", "1440x3120", "1440x3168", "1440x3200"),
    # Of tablets and computers; sizes that cameras have too are left out
    *("1620x2160", "1640x2360", "1668x2224", "1668x2388", "2048x2732", "1488x2266", "1200x2000"),
    *("800x1280", "1200x1920", "1600x2560", "1366x768", "1440x900", "1536x864", "1680x1050"),
    *("1280x800", "1280x1024", "2560x1440", "2560x1600", "2880x1800", "3440x1440"),
)
_SCREENS = frozenset(
    (min(size), max(size)) for size in (tuple(map(int, each.split("x"))) for each in _KNOWN)
)
_TALL = 1.9  # longer to shorter: phones are, their cameras are not


@dataclass(frozen=True)
class Look:
    """Questions to one upright copy (L, RGB or YCbCr); each is answered when it is first asked.

    ``size`` is the picture's own, before scaling.
    """

    shown: Image.Image
    size: tuple[int, int]

    @cached_property
    def _grey(self) -> Grey:
        return _brightness(self.shown)

    @cached_property
    def _bands(self) -> Grey:
        """Some rows in full, together: bands x rows x columns."""
        height = self._grey.shape[0]
        if height <= _BAND:
            return self._grey[None]
        starts = range(0, height - _BAND + 1, _PITCH)
        return np.stack([self._grey[start : start + _BAND] for start in starts])

    @cached_property
    def _equal(self) -> Bits:
        """Whether a point has exactly the value of its right and its lower neighbour."""
        rows = self._bands
        here = rows[:, :-1, :-1]
        return np.asarray((here == rows[:, :-1, 1:]) & (here == rows[:, 1:, :-1]))

    @cached_property
    def plain(self) -> float:
        """The share of points that equal both neighbours."""
        return float(self._equal.mean()) if self._equal.size else 0.0

    @cached_property
    def drawn(self) -> float:
        """The same among points that are neither black nor white; 0 where there are hardly any."""
        here = self._bands[:, :-1, :-1]
        between = (here > _DARK) & (here < _BRIGHT)
        count = int(between.sum())
        return float(self._equal[between].mean()) if count > 0.02 * here.size else 0.0

    @cached_property
    def grain(self) -> float:
        """The noise of the quietest quarter that is neither black nor white, as log(1 + levels)."""
        rows = self._bands[::2]
        deep, wide = rows.shape[1] // 8 * 8, rows.shape[2] // 8 * 8
        if not deep or not wide:
            return 0.0
        cells = rows[:, :deep, :wide].astype(np.int16)
        bend = np.abs(2 * cells[:, :, 1:-1] - cells[:, :, :-2] - cells[:, :, 2:])
        bend = np.pad(bend, ((0, 0), (0, 0), (1, 1)))
        shape = (rows.shape[0], deep // 8, 8, wide // 8, 8)
        rough = bend.reshape(shape).mean(axis=(2, 4)).ravel()
        level = cells[:, ::8, ::8].ravel()
        fit = np.sort(rough[(level > _DARK) & (level < _BRIGHT)])
        return math.log1p(float(fit[: max(1, fit.size // 4)].mean())) if fit.size else 0.0

    @cached_property
    def _colours(self) -> NDArray[np.int64]:
        """How many points of a sample have each colour, the most first."""
        side = (min(_SAMPLE, self.shown.width), min(_SAMPLE, self.shown.height))
        sample = self.shown.resize(side, Image.Resampling.NEAREST).convert("RGB")
        parts = np.asarray(sample).astype(np.int32) // (256 // _BINS)
        codes = (parts[..., 0] * _BINS + parts[..., 1]) * _BINS + parts[..., 2]
        counts = np.bincount(codes.ravel())
        used = counts[counts > 0]
        return np.asarray(np.sort(used)[::-1], dtype=np.int64)

    @cached_property
    def palette(self) -> float:
        """The share that the eight most frequent colours hold."""
        return float(self._colours[:8].sum() / self._colours.sum())

    @cached_property
    def second(self) -> float:
        """The share that the next six hold of what the most frequent leaves.

        Goods on white have one colour and then all the shades of the goods; a screen has more.
        """
        rest = int(self._colours[1:].sum())
        return float(self._colours[1:7].sum() / rest) if rest > 0.01 * _SAMPLE**2 else 0.0

    @cached_property
    def ruled(self) -> float:
        """Rows in which an exact edge runs over two fifths of the width, as log(1 + count)."""
        thin = (max(1, self.shown.width // 8), self.shown.height)
        columns = self.shown.resize(thin, Image.Resampling.NEAREST)
        return math.log1p(_crisp_lines(_brightness(columns), 0.4))

    @cached_property
    def rhythm(self) -> float:
        """How often rows with something follow rows with nothing, per thousand rows, to 1."""
        cells = self._grey[::2].astype(np.int16)
        if cells.shape[1] < 2:
            return 0.0
        busy = (np.abs(np.diff(cells, axis=1)) > 2 * _CRISP).mean(axis=1)
        state, turns = False, 0
        for each in busy.tolist():
            if state and each < 0.002:
                state = False
            elif not state and each > 0.02:
                state, turns = True, turns + 1
        return min(1.0, turns * 20.0 / max(1, len(busy)))

    @cached_property
    def status(self) -> float:
        """1 where the top looks like a phone's status bar: plain, signs left and right only."""
        height, width = self._grey.shape
        if height < width * 1.3 or height < 400:
            return 0.0
        strip = self._grey[: max(8, round(width * 0.055))].astype(np.int16)
        away = np.abs(strip - int(np.median(strip)))
        ink = (away > 40).mean(axis=0)
        third = width // 3
        left, right = ink[: third - 8].mean(), ink[-third:].mean()
        middle = ink[third + third // 3 : -third - third // 3].mean()
        flat = float((away <= 3).mean())
        there = flat > 0.72 and min(left, right) > 0.004 and middle < 0.02
        return 1.0 if there else 0.0

    @cached_property
    def known(self) -> float:
        """1 for exactly the size of a screen, upright or on its side."""
        return 1.0 if (min(self.size), max(self.size)) in _SCREENS else 0.0

    @cached_property
    def tall(self) -> float:
        """1 for the proportions of a phone's screen, which messengers keep."""
        return 1.0 if max(self.size) / max(1, min(self.size)) >= _TALL else 0.0

    def _tiles(self, places: Sequence[tuple[int, int]]) -> Numbers:
        """Tiles at these places: red, green and blue planes of each."""
        boxes = [(x, y, x + _TILE, y + _TILE) for x, y in places]
        cut = [np.asarray(self.shown.crop(box).convert("RGB")) for box in boxes]
        return np.stack(cut).transpose(0, 3, 1, 2).astype(np.float32)

    @cached_property
    def _beats(self) -> tuple[float, float]:
        """The share of tiles with an isolated peak in their spectrum: in grey, in a colour.

        Where nine of sixteen have none in a colour, nothing more is looked at: stripes in grey
        alone are no photo of a screen to any sum, and the rest could not make a pattern of it.
        """
        width, height = self.shown.size
        if min(width, height) < 2 * _TILE or self.shown.mode == "L":
            return 0.0, 0.0
        lefts = np.linspace(0, width - _TILE, _TILES + 2)[1:-1].astype(int).tolist()
        tops = np.linspace(0, height - _TILE, _TILES + 2)[1:-1].astype(int).tolist()
        places = [(lefts[each % _TILES], tops[each // _TILES]) for each in _SPREAD]
        first = self._tiles(places[:_ENOUGH_TILES])
        if not _peaks(_fringes_of(first)).any():
            return 0.0, 0.0
        tiles = np.concatenate([first, self._tiles(places[_ENOUGH_TILES:])])
        coloured = _peaks(_fringes_of(tiles)).reshape(2, -1).any(axis=0)
        return float(_peaks(tiles[:, 1].copy()).mean()), float(coloured.mean())

    @cached_property
    def moire(self) -> float:
        """The share of places with a fine regular pattern."""
        return self._beats[0]

    @cached_property
    def fringes(self) -> float:
        """The share of places where such a pattern has colours of its own."""
        return self._beats[1]

    @cached_property
    def _words(self) -> tuple[float, float]:
        scale = _PAGE / max(self.shown.size)
        size = tuple(max(1, round(each * min(1.0, scale))) for each in self.shown.size)
        small = self.shown.resize((size[0], size[1]), Image.Resampling.BOX, reducing_gap=1.0)
        planes = [_in_cells(np.asarray(band)) for band in small.convert("RGB").split()]
        return _print_and_paper(*planes) if len(planes[0]) else (0.0, 0.0)

    @cached_property
    def print(self) -> float:
        """The share of places with several dark strokes on light, nearly grey ground."""
        return self._words[0]

    @cached_property
    def paper(self) -> float:
        """The share of places with light, nearly grey ground, written on or not."""
        return self._words[1]


def _brightness(picture: Image.Image) -> Grey:
    return np.asarray(picture.getchannel({"RGB": 1}.get(picture.mode, 0)))


def _crisp_lines(rows: Grey, share: float) -> int:
    """Rows where a step runs over this share of the width and nothing is near it."""
    if rows.shape[0] <= 2 * _NEAR + 1:
        return 0
    above, below = rows[:-1], rows[1:]
    steps = np.maximum(above, below) - np.minimum(above, below)
    part = np.count_nonzero(steps > _CRISP, axis=1) / rows.shape[1]
    here = part[_NEAR:-_NEAR]
    before, after = part[: -2 * _NEAR], part[2 * _NEAR :]
    return int(((here >= share) & (before < 0.1) & (after < 0.1)).sum())


def _fine() -> tuple[Numbers, NDArray[np.intp]]:
    """Of each frequency of a tile (shifted) the square of its distance from 0, and every fifth.

    0 for those where no beats are looked for: below the slowest, and along the axes at every
    fourth line, where the seams of JPEG's blocks of 8 and 16 lie.
    """
    down = np.arange(-_TILE // 2, _TILE // 2)[:, None]
    across = np.arange(_TILE // 2 + 1)[None, :]
    away = (down**2 + across**2).astype(np.float32)
    on_axis = (np.abs(down) <= 1) | (across <= 1)
    along = np.maximum(np.abs(down), across)
    seams = on_axis & (np.abs((along + 2) % 4 - 2) <= 1)
    fine = (away >= _SLOWEST**2) & ~seams
    return np.where(fine, away, 0), np.flatnonzero(fine)[::5]


_AWAY, _SOME = _fine()
_RING = [
    (y, x) for y in range(-4, 5) for x in range(-4, 5) if max(abs(y), abs(x)) > 2
]  # the window spreads a peak over two bins either way


def _fringes_of(tiles: Numbers) -> Numbers:
    """Red without green of each, then blue without green of each."""
    green = tiles[:, 1]
    return np.concatenate([tiles[:, 0] - green, tiles[:, 2] - green])


def _peaks(planes: Numbers) -> Bits:
    """Of each plane, whether one fine frequency stands out as beats do; a streak is no beat.

    Nature's spectra fall with the frequency, so each is multiplied by it before they compare.
    All in squares, which need no roots. The planes are used up.
    """
    planes -= planes.mean(axis=(1, 2), keepdims=True)
    planes *= _WINDOW
    spectrum = np.fft.rfft2(planes)
    power = np.fft.fftshift(spectrum.real**2 + spectrum.imag**2, axes=1)
    white = power * _AWAY
    flat = white.reshape(len(white), -1)
    place = flat.argmax(axis=1)
    each = np.arange(len(white))
    row, column = np.divmod(place, white.shape[2])
    peak = flat[each, place]
    padded = np.pad(white, ((0, 0), (4, 4), (4, 4)))
    ring = np.stack([padded[each, row + 4 + y, column + 4 + x] for y, x in _RING])
    usual = np.median(flat[:, _SOME], axis=1)
    loud = power.reshape(len(white), -1)[each, place] > _LOUD**2
    alone = peak > _ISOLATED * ring.max(axis=0)
    return np.asarray(loud & alone & (peak > _CLEAR * usual))


def _in_cells(band: Grey) -> Grey:
    """Squares of one size, each as one row."""
    down, across = band.shape[0] // _WORD, band.shape[1] // _WORD
    cut = band[: down * _WORD, : across * _WORD]
    parts = cut.reshape(down, _WORD, across, _WORD).swapaxes(1, 2)
    return np.ascontiguousarray(parts).reshape(-1, _WORD * _WORD)


def _print_and_paper(red: Grey, green: Grey, blue: Grey) -> tuple[float, float]:
    light, dark = green.max(axis=1), green.min(axis=1)
    depth = light - dark
    middle = dark + depth // 2
    ground = green > middle[:, None]
    most, least = np.maximum(np.maximum(red, green), blue), np.minimum(np.minimum(red, green), blue)
    spread = (most - least).mean(axis=1)
    paper = (light > 95) & (spread < _GREYISH)
    rows = ground.reshape(-1, _WORD, _WORD)
    strokes = (rows[:, :, 1:] != rows[:, :, :-1]).sum(axis=(1, 2)) / _WORD
    inked = (depth > _STEP) & (strokes > 1.6) & (ground.mean(axis=1) > 0.5)
    even = depth < _STEP
    return float((paper & inked).mean()), float((paper & (even | inked)).mean())
