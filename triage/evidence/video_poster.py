"""The frame of a video that stands for it: upright, its pixels square, scaled, in plain colours."""

from __future__ import annotations

import struct
from fractions import Fraction
from typing import Any

from av.sidedata.sidedata import Type
from av.video.frame import VideoFrame
from PIL import Image

from triage.evidence.opened import Opened
from triage.evidence.preview import encoded, target_size, upright_copy

_ORIENTATIONS = {
    (1, 0, 0, 1): 1,
    (-1, 0, 0, 1): 2,
    (-1, 0, 0, -1): 3,
    (1, 0, 0, -1): 4,
    (0, 1, 1, 0): 5,
    (0, 1, -1, 0): 6,
    (0, -1, -1, 0): 7,
    (0, -1, 1, 0): 8,
}
"""What a point to the right and a point below become, by the number that EXIF has for it."""

_TURNED = {90: 8, -90: 6, 180: 3, -180: 3}  # degrees, against the clock
_MATRIX = struct.Struct("=9i")
_NEXT_TO_NOTHING = 0.1  # of the largest part: turned askew is not turned


def show(frame: VideoFrame, aspect: Fraction, opened: Opened) -> None:
    """Set width, height, the copy and the preview; ``aspect`` is that of a pixel."""
    width = max(1, round(frame.width * aspect)) if aspect >= 1 else frame.width
    height = frame.height if aspect >= 1 else max(1, round(frame.height / aspect))
    orientation = orientation_of(frame)
    scaled = target_size((width, height), opened.limits.preview_side)
    picture = in_colours(frame, scaled)
    opened.shown = upright_copy(picture, orientation, opened.limits.preview_side)
    opened.preview = encoded(opened.shown, opened.limits)
    upright = (width, height) if orientation < 5 else (height, width)
    opened.facts |= {"width": upright[0], "height": upright[1]}


def in_colours(frame: VideoFrame, size: tuple[int, int]) -> Image.Image:
    """A copy of this width and height in RGB."""
    width, height = size
    small = frame.reformat(
        width=width, height=height, format="rgb24", interpolation="AREA", threads=1
    )
    copy: Image.Image = small.to_image()  # type: ignore[no-untyped-call] # PyAV gives it no type
    return copy


def orientation_of(frame: VideoFrame) -> int:
    """1 to 8 as EXIF has it; 1 where the matrix is missing or makes no sense."""
    beside: Any = frame
    try:
        held = {each.type: bytes(each) for each in beside.side_data}
    except ValueError:  # PyAV gives up on all of it where one piece is of a kind new to it
        return _TURNED.get(frame.rotation, 1)
    return _orientation(held.get(Type.DISPLAYMATRIX, b""))


def _orientation(matrix: bytes) -> int:
    if len(matrix) != _MATRIX.size:
        return 1
    first, second, _, third, fourth, *_ = _MATRIX.unpack(matrix)
    parts = (first, second, third, fourth)
    least = max(abs(each) for each in parts) * _NEXT_TO_NOTHING
    signs = tuple((each > least) - (each < -least) for each in parts)
    return _ORIENTATIONS.get(signs, 1)
