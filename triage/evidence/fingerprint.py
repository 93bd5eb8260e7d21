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
from array import array
from collections.abc import Iterator, Sequence
from itertools import pairwise
from operator import mul

from PIL import Image

from triage.core.evidence import Finding
from triage.evidence.accepted import PDF
from triage.evidence.opened import Opened

BITS = 256
ENOUGH_QUALITY = 50
"""Of 100, as Meta advises: the hash of a flatter picture says nothing (8 of 114 measured)."""

_SIDE, _KEPT = 64, 16
_OVERLAPPING = 2 * _SIDE - 1
_FINE_ENOUGH = 512  # pixels, the shorter side: PDQ's own tool shrinks to it first
_LEAST_SIDE = 5  # pixels; PDQ says nothing of less
_HALF = _SIDE // 2
_COSINES = [
    [math.cos(math.pi / 2 / _SIDE * (row + 1) * (2 * place + 1)) for place in range(_HALF)]
    for row in range(_KEPT)
]
_FLAT_OUT = 90  # PDQ's own divisor, which brings the steps of a photograph to about 100

_MIRRORED = sum(1 << 16 * row + column for row in range(16) for column in range(0, 16, 2))
_OVERTURNED = sum(1 << 16 * row + column for row in range(0, 16, 2) for column in range(16))


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


def _samples(picture: Image.Image) -> list[Sequence[float]]:
    grey = picture.convert("L")
    grey = grey.reduce(max(1, min(grey.size) // _FINE_ENOUGH)).convert("F")
    width, height = grey.size
    if grey.size != (_SIDE, _SIDE):
        edge = (width / 4 / _SIDE, height / 4 / _SIDE)
        grey = grey.resize(
            (_OVERLAPPING, _OVERLAPPING),
            Image.Resampling.BILINEAR,
            box=(*edge, width - edge[0], height - edge[1]),
        )
    step = 1 if width == height == _SIDE else 2
    values: Sequence[float] = array("f", grey.tobytes())
    across = grey.width
    return [values[row * across : (row + 1) * across : step] for row in range(0, grey.height, step)]


def _frequencies(rows: Sequence[Sequence[float]]) -> list[list[float]]:
    """The 16 lowest of each direction without the mean; their common factor is left out."""
    return _transform(_transform(rows))


def _transform(lines: Sequence[Sequence[float]]) -> list[list[float]]:
    """A row per frequency, a column per line. Half of the cosines mirror the other half."""
    folded: list[tuple[list[float], list[float]]] = []
    for line in lines:
        pairs = list(zip(line[:_HALF], line[: _HALF - 1 : -1], strict=True))
        folded.append(([a - b for a, b in pairs], [a + b for a, b in pairs]))
    return [
        [math.fsum(map(mul, cosines, fold[row % 2])) for fold in folded]
        for row, cosines in enumerate(_COSINES)
    ]


def _bits(frequencies: Sequence[Sequence[float]]) -> int:
    flat = [value for row in frequencies for value in row]
    median = sorted(flat)[(BITS - 1) // 2]
    return sum(1 << place for place, value in enumerate(flat) if value > median)


def _quality(rows: Sequence[Sequence[float]]) -> int:
    """How much neighbouring samples differ, in whole hundredths of the full range."""
    steps = 0
    for lines in (rows, list(zip(*rows, strict=True))):
        for line, following in pairwise(lines):
            steps += sum(int(abs(a - b) / 2.55) for a, b in zip(line, following, strict=True))
    return min(100, steps // _FLAT_OUT)
