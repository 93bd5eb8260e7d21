"""What a picture looks like, in 256 bits: PDQ, the perceptual hash that Meta published in 2019.

Two copies of one picture differ in few bits, however they were scaled and compressed; two
different pictures differ in about 128. The picture is brought to 64 by 64 samples of its
brightness, of whose cosine transform the 16 by 16 lowest frequencies say one bit each: above or
below their median.

Written here because the package ``pdqhash`` exists as source code only, which would ask every
machine for a C++ compiler. PDQ's filter, a box run twice, is the triangle that Pillow's
bilinear reduction uses; asking for 127 overlapping samples and taking each second one makes it
as wide as PDQ's and puts it where PDQ looks. On pictures from 480 pixels up the bits agree
with the C++ code but for 12 of 256, mostly 2 to 4, and the quality but for 2 of 100 (the golden
values of ``tests/evidence/test_fingerprint.py``); below that PDQ rounds the width of its filter,
and up to 18 bits differ. Of 20 pictures, all copies halved, stretched, darkened or sent on twice
by a messenger stay within 4 bits, brightened ones within 24; with 1 % cut off each edge 19 stay
within 31, with 2 % one, with 3 % none.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from triage.core.evidence import Finding
from triage.evidence.accepted import PDF
from triage.evidence.opened import Opened

Numbers = NDArray[np.float64]

BITS = 256
ENOUGH_QUALITY = 50
"""Of 100, as Meta advises: the hash of a flatter picture says nothing (8 of 114 measured)."""

_SIDE, _KEPT = 64, 16
_OVERLAPPING = 2 * _SIDE - 1
_MANY = 512  # pixels, the shorter side: PDQ's own tool shrinks to it first
_ENOUGH = 320  # pixels, the shorter side: five a sample, before the filter runs
_HALF = _SIDE // 2
_LEAST_SIDE = 5  # pixels; PDQ says nothing of less
_COSINES = np.cos(math.pi / 2 / _SIDE * np.outer(np.arange(1, _KEPT + 1), 2 * np.arange(_HALF) + 1))
_FLAT_OUT = 90  # PDQ's own divisor, which brings the steps of a photograph to about 100

_MIRRORED = sum(1 << 16 * row + column for row in range(16) for column in range(0, 16, 2))
_OVERTURNED = sum(1 << 16 * row + column for row in range(0, 16, 2) for column in range(16))


def prepare() -> None:
    """Ask once, so that nothing is loaded late."""
    fingerprint(Image.linear_gradient("L"))


def check(opened: Opened) -> Iterator[Finding]:
    """Tell the hash of the upright copy and its quality; judges nothing.

    Runs on whatever another check can show: a picture, the poster of a video. Not on pages of
    documents: mostly white with print, they are alike without being the same.
    """
    if opened.shown is None or opened.media_type == PDF:
        return
    if min(opened.shown.size) >= _LEAST_SIDE:
        pdq, quality = fingerprint(opened.shown)
        opened.signals |= {"pdq": f"{pdq:064x}", "pdq_quality": str(quality)}
    yield from ()


def fingerprint(picture: Image.Image) -> tuple[int, int]:
    """The 256 bits as a number, in the order of PDQ's own notation, and the quality, 0 to 100."""
    rows = _samples(picture)
    return _bits(_frequencies(rows)), _quality(rows)


def usable(signals: dict[str, str]) -> int | None:
    """The hash that a child told, unless the picture is too flat for it to mean anything."""
    if "pdq" not in signals or int(signals["pdq_quality"]) < ENOUGH_QUALITY:
        return None
    return int(signals["pdq"], 16)


def turned(pdq: int) -> tuple[int, ...]:
    """The hash of the picture as it is, and as it would be mirrored and turned: 8 in all.

    Mirroring negates every second frequency and turning by a diagonal swaps rows with columns,
    so the bits tell it by themselves, but for those between the median and zero: on the test
    pictures 24 of 256 at most.
    """
    upright = (pdq, _transposed(pdq))
    flips = (0, _MIRRORED, _OVERTURNED, _MIRRORED ^ _OVERTURNED)
    return tuple(each ^ flip for each in upright for flip in flips)


def _transposed(pdq: int) -> int:
    bits = f"{pdq:0256b}"
    return int("".join(bits[column::_KEPT] for column in range(_KEPT)), 2)


def _samples(picture: Image.Image) -> Numbers:
    """64 by 64 of its brightness."""
    grey = _fine_enough(picture).convert("F")
    width, height = grey.size
    if grey.size == (_SIDE, _SIDE):
        return np.asarray(grey, np.float64)
    edge = (width / 4 / _SIDE, height / 4 / _SIDE)
    overlapping = grey.resize(
        (_OVERLAPPING, _OVERLAPPING),
        Image.Resampling.BILINEAR,
        box=(*edge, width - edge[0], height - edge[1]),
    )
    return np.asarray(overlapping, np.float64)[::2, ::2]


def _fine_enough(picture: Image.Image) -> Image.Image:
    """In grey, shrunk as far as costs no detail that matters.

    Of four points the first stands for all, where there are many: a sample is the mean of
    hundreds of them.
    """
    if min(picture.size) >= 2 * _MANY:
        half = (picture.width // 2, picture.height // 2)
        picture = picture.resize(half, Image.Resampling.NEAREST)
    grey = picture.convert("L")
    factor = min(grey.size) // _ENOUGH
    return grey.reduce(factor) if factor > 1 else grey


def _frequencies(samples: Numbers) -> Numbers:
    """The 16 lowest of each direction without the mean; their common factor is left out."""
    return _transform(_transform(samples))


def _transform(lines: Numbers) -> Numbers:
    """A row per frequency, a column per line.

    Half of the cosines mirror the other half, so the lines are folded first: what is symmetric
    then has no odd frequency at all, not one of rounding. Summed without the library for
    matrices, which would touch megabytes for this little.
    """
    left, right = lines[:, :_HALF], lines[:, : _HALF - 1 : -1]
    found = np.empty((_KEPT, len(lines)))
    for parity, folded in enumerate((left - right, left + right)):
        found[parity::2] = np.einsum("fp,rp->fr", _COSINES[parity::2], folded)
    return found


def _bits(frequencies: Numbers) -> int:
    flat = frequencies.ravel()
    median = np.sort(flat)[(BITS - 1) // 2]
    return int.from_bytes(np.packbits(flat > median, bitorder="little").tobytes(), "little")


def _quality(samples: Numbers) -> int:
    """How much neighbouring samples differ, in whole hundredths of the full range."""
    steps = sum(
        int((np.abs(np.diff(samples, axis=axis)) / 2.55).astype(np.int64).sum()) for axis in (0, 1)
    )
    return min(100, steps // _FLAT_OUT)
