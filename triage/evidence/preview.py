"""The copy that people are shown: upright, small, re-encoded, free of the original's metadata."""

from __future__ import annotations

import io

from PIL import Image

from triage.evidence.limits import Limits

_QUALITIES = (80, 60, 40)
_MOST_REDUCED = 8
_MUCH_TOO_SMALL = 0.6  # of the side that was asked for
_GLANCE_SIDE = 700  # pixels, the shorter side: a screen in a photo has its stripes still
_EXIF_ORIENTATION = 0x0112
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_SIXTEEN_BIT = ("I;16", "I;16L", "I;16B", "I;16N")


def orientation_of(picture: Image.Image) -> int:
    """The EXIF orientation, 1 to 8; 1 where there is none or it makes no sense."""
    try:
        value = picture.getexif().get(_EXIF_ORIENTATION, 1)
    except Exception:  # damaged EXIF says nothing about the picture
        return 1
    return value if value in _UPRIGHT else 1


def target_size(size: tuple[int, int], side: int) -> tuple[int, int]:
    """The same proportions with the longer side at most ``side`` pixels."""
    longest = max(size)
    if longest <= side:
        return size
    width, height = (max(1, round(each * side / longest)) for each in size)
    return width, height


def drafted_size(size: tuple[int, int], side: int) -> tuple[int, int]:
    """What to ask a JPEG decoder for, which can halve, quarter and so on while it decodes.

    The first such size that fits is taken as it is, unless it would be much too small: then
    the next larger one, which is shrunk afterwards at four times the cost.
    """
    scale = 1
    while max(size) > side * scale and scale < _MOST_REDUCED:
        scale *= 2
    if scale > 1 and max(size) < side * scale * _MUCH_TOO_SMALL:
        scale //= 2
    return max(1, size[0] // scale), max(1, size[1] // scale)


def glanced_size(size: tuple[int, int]) -> tuple[int, int] | None:
    """The same for what needs no preview: a quarter or an eighth of a large photo.

    None where that would leave too few pixels to judge by; no screen is as large, so that
    screenshots keep their exact lines.
    """
    for scale in (8, 4):
        if min(size) >= scale * _GLANCE_SIDE:
            return size[0] // scale, size[1] // scale
    return None


def upright_copy(picture: Image.Image, orientation: int, side: int) -> Image.Image:
    """In L, RGB or YCbCr, with the longer side at most ``side`` pixels."""
    small = _in_plain_colours(picture)
    return turned(_shrunk(small, target_size(small.size, side)), orientation)


def turned(picture: Image.Image, orientation: int) -> Image.Image:
    """As it was held, by an orientation of EXIF."""
    return picture.transpose(_UPRIGHT[orientation]) if orientation in _UPRIGHT else picture


def encoded(copy: Image.Image, limits: Limits) -> bytes:
    """A JPEG of at most ``limits.preview_bytes`` bytes, made smaller if it must be."""
    side = min(max(copy.size), limits.preview_side)
    while True:
        shrunk = _shrunk(copy, target_size(copy.size, side))
        for quality in _QUALITIES:
            jpeg = _encoded(shrunk, quality)
            if len(jpeg) <= limits.preview_bytes:
                return jpeg
        side //= 2


def _shrunk(picture: Image.Image, size: tuple[int, int]) -> Image.Image:
    if picture.size == size:
        return picture
    return picture.resize(size, Image.Resampling.BILINEAR, reducing_gap=1.5)


def _encoded(picture: Image.Image, quality: int) -> bytes:
    out = io.BytesIO()
    said, picture.info = picture.info, {}  # the encoder would carry a comment over
    picture.save(out, "JPEG", quality=quality)
    picture.info = said  # later frames of an animation are read with it
    return out.getvalue()


def _in_plain_colours(picture: Image.Image) -> Image.Image:
    """L, RGB or YCbCr, transparency laid on white."""
    if picture.mode in ("L", "RGB", "YCbCr") and "transparency" not in picture.info:
        return picture
    if picture.mode in _SIXTEEN_BIT:
        return picture.convert("I").point(lambda value: value / 256).convert("L")
    if picture.mode in ("I", "F"):
        return _stretched(picture)
    if picture.mode == "LAB":
        return picture.getchannel("L")  # its colours would need a profile
    if picture.mode in ("CMYK", "HSV", "1"):
        return picture.convert("RGB")
    layered = picture.convert("RGBA")
    white = Image.new("RGBA", layered.size, "white")
    return Image.alpha_composite(white, layered).convert("RGB")


def _stretched(picture: Image.Image) -> Image.Image:
    """Numbers without a fixed range: the least becomes black, the greatest white."""
    extrema = picture.getextrema()
    low, high = float(extrema[0]), float(extrema[1])  # type: ignore[arg-type] # one band
    factor = 255.0 / (high - low) if high > low else 0.0
    return picture.convert("F").point(lambda value: value * factor - low * factor).convert("L")
