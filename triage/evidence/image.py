"""Can the picture be read to its last row, in every frame, without a bomb going off?

One decode answers everything: integrity, size and, from the one scaled copy, what later checks
ask. A JPEG is decoded at a reduced scale where they allow it:
libjpeg still parses every entropy-coded byte then and finds the same cuts, only the inverse
transform is smaller.
"""

from __future__ import annotations

import importlib
import io
import mmap
import warnings
from collections.abc import Iterator
from typing import Any

import pillow_heif
from PIL import AvifImagePlugin, Image

from triage.core.evidence import Finding, Level
from triage.evidence.accepted import (
    AVIF,
    BMP,
    GIF,
    HEIC,
    HEIF,
    JPEG,
    PNG,
    TIFF,
    WEBP,
)
from triage.evidence.jpegscan import Portions, Scan
from triage.evidence.metadata import remembered
from triage.evidence.opened import Opened
from triage.evidence.preview import drafted_size, glanced_size, orientation_of, upright_copy
from triage.evidence.structure import riff

_DECODERS = {
    JPEG: "JPEG",
    PNG: "PNG",
    WEBP: "WEBP",
    GIF: "GIF",
    BMP: "BMP",
    TIFF: "TIFF",
    HEIC: "HEIF",
    HEIF: "HEIF",
    AVIF: "AVIF",
}
"""The one decoder that may touch a type; Pillow left alone would choose by itself."""

_PLUGINS = ("Bmp", "Gif", "Jpeg", "Mpo", "Png", "Tiff", "WebP", "Avif")
_CUT_SHORT = ("truncated", "unexpected end", "end of file", "end of data", "not enough data")
_NOT_KNOWN = (
    "not been built in",
    "not identified by this driver",  # pillow-heif about a brand of HEIF without a codec
    "not implemented",
    "unknown pixel mode",
    "unsupported bmp bitfields",
)
_BYTES_A_PIXEL = 12  # the frame, a converted copy and the decoder's own, 4 bytes each at most
_MEGA = 1_000_000


def prepare() -> None:
    """Load the decoders while libraries can still be opened."""
    Image.preinit()
    for name in _PLUGINS:  # not Image.init, which would load forty decoders that nobody needs
        importlib.import_module(f"PIL.{name}ImagePlugin")
    # One thread: a child has one file and its budget is CPU time, not waiting time.
    AvifImagePlugin.DEFAULT_MAX_THREADS = 1
    pillow_heif.register_heif_opener(decode_threads=1, thumbnails=False, depth_images=False)
    warm_up = io.BytesIO()
    Image.new("RGB", (64, 64)).save(warm_up, "JPEG")
    Image.open(warm_up).load()


class _OurFault(Exception):
    """Not the picture's: it was read."""


def check(opened: Opened) -> Iterator[Finding]:
    """Sets width, height, frames, what the header remembers and the copy."""
    if opened.media_type not in _DECODERS:
        return
    # Pillow warns between once and twice its limit; for us that is over the limit.
    warnings.simplefilter("ignore")
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    try:
        yield from _look(opened)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        yield _bomb(opened.limits.frame_pixels, opened.limits.frame_pixels)
    except (MemoryError, _OurFault):
        raise
    except Exception as error:  # every decoder has its own ways to say no
        yield _complaint(opened, error)


def _look(opened: Opened) -> Iterator[Finding]:
    limits = opened.limits
    Image.MAX_IMAGE_PIXELS = None  # the header is only read here, and held to our own limit
    picture = _opened_picture(opened)
    if picture is None or _pixels(picture) > limits.frame_pixels:
        width, height = picture.size if picture else riff.canvas_size(opened.head)
        yield _bomb(width * height, limits.frame_pixels)
        return
    Image.MAX_IMAGE_PIXELS = limits.frame_pixels  # for frames that claim more than the header
    if opened.media_type == PNG:
        picture.verify()  # the checksums of all chunks; elsewhere this looks at nothing
        picture = _read_header(opened)
    orientation = orientation_of(picture)
    width, height = picture.size if orientation < 5 else picture.size[::-1]
    opened.facts |= {"width": width, "height": height, "frames": 1}
    opened.remembered = remembered(picture)
    if opened.media_type == JPEG:
        picture.draft(None, _scaled_size(picture, opened))
        opened.damaged |= not _is_whole_jpeg(picture)
    else:
        picture.load()
    _keep_copy(picture, orientation, opened)
    if opened.media_type != JPEG:  # what follows in a JPEG is a gain map, a depth map, a clip
        yield from _further_frames(picture, opened)
    if opened.damaged:
        yield Finding(code="image.damaged", level=Level.WEAK)


def _scaled_size(picture: Image.Image, opened: Opened) -> tuple[int, int]:
    """As small as will do for what is asked of it; codes are small, and people look closely."""
    glanced = None if opened.closely else glanced_size(picture.size)
    return glanced or drafted_size(picture.size, opened.limits.preview_side)


def _is_whole_jpeg(picture: Image.Image) -> bool:
    """Load it; do its rows and its bytes end together?"""
    portions = getattr(picture, "fp", None)
    if not isinstance(portions, Portions):
        raise _OurFault("a JPEG that is not read in portions")
    portions.divide()
    picture.load()
    return portions.scan in (Scan.FITS, Scan.NOT_ASKED)


def _opened_picture(opened: Opened) -> Image.Image | None:
    """The picture with its header read; None when opening alone would take too much memory."""
    if opened.media_type == WEBP:  # libwebp allots the whole canvas on opening
        width, height = riff.canvas_size(opened.head)
        if width * height > opened.limits.frame_pixels:
            return None
        opened.facts |= {"width": width, "height": height}
    return _read_header(opened)


def _read_header(opened: Opened) -> Image.Image:
    """By the one decoder for this type, called directly: its own words tell why it fails."""
    factory, _ = Image.OPEN[_DECODERS[opened.media_type]]
    is_jpeg = opened.media_type == JPEG
    readable: Any = Portions(opened.mapped) if is_jpeg else opened.stream()
    return factory(readable, "")


def _keep_copy(picture: Image.Image, orientation: int, opened: Opened) -> None:
    try:
        shown = upright_copy(picture, orientation, opened.limits.preview_side)
        # Where the picture is its own copy, further frames would be drawn over it.
        alone = shown is not picture or opened.media_type == JPEG
        opened.shown = shown if alone else shown.copy()
    except Exception as error:
        raise _OurFault("no copy of a picture that could be read") from error


def _further_frames(picture: Image.Image, opened: Opened) -> Iterator[Finding]:
    limits = opened.limits
    total, index = _pixels(picture), 1
    while True:
        try:
            picture.seek(index)
        except EOFError:
            break
        if index >= limits.frames:
            yield Finding(code="image.too_many_frames", level=Level.UNUSABLE, limit=limits.frames)
            return
        total += _pixels(picture)
        if total > limits.file_pixels:
            yield _bomb(total, limits.file_pixels)
            return
        picture.load()
        index += 1
    opened.facts["frames"] = index


def _pixels(picture: Image.Image) -> int:
    return picture.size[0] * picture.size[1]


def _bomb(pixels: int, limit: int) -> Finding:
    return Finding(
        code="image.bomb",
        level=Level.UNUSABLE,
        measured=round(pixels / _MEGA, 1),
        limit=limit // _MEGA,
    )


def _complaint(opened: Opened, error: Exception) -> Finding:
    """Cut short or damaged; not known where the flavour or the memory may be to blame."""
    if not _memory_suffices(opened):
        mebibytes = opened.limits.memory_bytes // 2**20
        return Finding(code="check.out_of_memory", level=Level.UNKNOWN, limit=mebibytes)
    said = str(error).lower()
    if opened.media_type != JPEG and any(words in said for words in _NOT_KNOWN):
        return Finding(code="image.unsupported", level=Level.UNKNOWN)
    cut = isinstance(error, EOFError) or any(words in said for words in _CUT_SHORT)
    code = "image.truncated" if cut else "image.corrupt"
    return Finding(code=code, level=Level.UNUSABLE)


def _memory_suffices(opened: Opened) -> bool:
    """Decoders report a failed allocation as a damaged file, so the room is tried out."""
    needed = opened.facts.get("width", 0) * opened.facts.get("height", 0) * _BYTES_A_PIXEL
    if not needed:
        return True
    try:
        mmap.mmap(-1, needed).close()
    except (OSError, MemoryError):
        return False
    return True
