"""Small films, encoded on the spot by the encoders that come with PyAV."""

from __future__ import annotations

import functools
import io
import os
import struct
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from fractions import Fraction
from typing import Any

import av
from av.video.frame import VideoFrame
from PIL import Image, ImageDraw

os.environ.setdefault("SVT_LOG", "0")  # its own way of being told to be silent

SIZE = (320, 240)
RATE = 10
ENCODERS = {
    "libx264": {"preset": "ultrafast", "g": "20"},
    "libx265": {"preset": "ultrafast", "x265-params": "log-level=none:pools=none"},
    "libvpx-vp9": {"deadline": "realtime", "cpu-used": "8", "g": "20"},
    "libvpx": {"deadline": "realtime", "cpu-used": "8"},
    "libsvtav1": {"preset": "12", "svtav1-params": "lp=1"},
}
Paint = Callable[[int, tuple[int, int]], Image.Image]


def moving(number: int, size: tuple[int, int]) -> Image.Image:
    """A box that wanders over a table."""
    picture = Image.linear_gradient("L").resize(size).convert("RGB")
    width, height = size
    left = (number * width // 40) % (width * 3 // 4)
    box = (left, height // 3, left + width // 4, height * 2 // 3)
    ImageDraw.Draw(picture).rectangle(box, fill=(200, 140, 60), outline="white", width=3)
    return picture


def still(_number: int, size: tuple[int, int]) -> Image.Image:
    return moving(5, size)


def black(_number: int, size: tuple[int, int]) -> Image.Image:
    return Image.new("RGB", size)


def black_at_first(number: int, size: tuple[int, int]) -> Image.Image:
    return (moving if number > 20 else black)(number, size)


def quarters(_number: int, size: tuple[int, int]) -> Image.Image:
    """Red, green, blue and white, clockwise from the upper left."""
    picture = Image.new("RGB", (2, 2))
    for at, colour in zip(
        ((0, 0), (1, 0), (1, 1), (0, 1)), ("red", "lime", "blue", "white"), strict=True
    ):
        picture.putpixel(at, Image.new("RGB", (1, 1), colour).getpixel((0, 0)))  # type: ignore[arg-type]
    return picture.resize(size, Image.Resampling.NEAREST)


@contextmanager
def scheduled_as_before() -> Iterator[None]:
    """SVT-AV1 makes root's process real-time, and so all that it starts later: services,
    browsers, which then starve the machine when one of them spins."""
    policy, parameters = os.sched_getscheduler(0), os.sched_getparam(0)
    try:
        yield
    finally:
        os.sched_setscheduler(0, policy, parameters)


@functools.cache
@scheduled_as_before()
def film(
    *,
    codec: str = "libx264",
    container: str = "mp4",
    size: tuple[int, int] = SIZE,
    frames: int = 60,
    paint: Paint = moving,
    tracks: int = 1,
    turned: int = 0,
    flipped: bool = False,
    aspect: Fraction | None = None,
    said: tuple[tuple[str, str], ...] = (),
    how: tuple[tuple[str, str], ...] = (),
) -> bytes:
    """``turned``: degrees against the clock by which a player turns it; ``how``: the muxer's."""
    out = io.BytesIO()
    with av.open(out, "w", format=container, options=dict(how)) as film:
        film.metadata.update(dict(said))
        streams: list[Any] = []
        for _ in range(tracks):
            stream: Any = film.add_stream(codec, rate=RATE, options=ENCODERS.get(codec, {}))
            stream.width, stream.height, stream.pix_fmt = *size, "yuv420p"
            if turned or flipped:
                stream.set_display_rotation(turned, hflip=flipped)
            if aspect:
                stream.sample_aspect_ratio = aspect
            streams.append(stream)
        for number in range(frames):
            picture = VideoFrame.from_image(paint(number, size))  # type: ignore[no-untyped-call]
            for stream in streams:
                film.mux(stream.encode(picture.reformat(format="yuv420p")))
        for stream in streams:
            film.mux(stream.encode(None))
    return out.getvalue()


@functools.cache
def sound(container: str = "mp4", codec: str = "aac") -> bytes:
    """A second of silence."""
    out = io.BytesIO()
    with av.open(out, "w", format=container) as film:
        stream: Any = film.add_stream(codec, rate=48000)
        frame = av.AudioFrame(format=stream.format.name, layout="stereo", samples=960)
        for plane in frame.planes:
            plane.update(bytes(plane.buffer_size))
        frame.sample_rate = 48000
        for number in range(50):
            frame.pts = number * 960
            film.mux(stream.encode(frame))
        film.mux(stream.encode(None))
    return out.getvalue()


def mp4(brand: bytes = b"isom") -> bytes:
    """One with this brand; without any where it is empty, as of before there were brands."""
    whole = film()
    kind = b"ftyp" if brand else b"free"
    return whole[:4] + kind + (brand or b"isom") + whole[12:]


def webm(doctype: bytes = b"webm", *, live: bool = False) -> bytes:
    """VP9; a live one leaves the sizes of segment and cluster open."""
    return film(
        codec="libvpx-vp9",
        container=doctype.decode(),
        how=(("live", "1"),) if live else (),
    )


def alias(name: str) -> bytes:
    """What QuickTime writes for a file beside the film."""
    volume, file = bytes([5]) + b"Macos".ljust(27, b"\0"), name.encode()
    head = bytes(10) + volume + bytes(12) + bytes([len(file)]) + file.ljust(63, b"\0")
    path = struct.pack(">hh", 2, len(file)) + file + b"\0" * (len(file) % 2)
    return head + bytes(16) + struct.pack(">hh", 1, 1) + bytes(16) + path + b"\xff\xff\0\0"


def with_places(entry: bytes) -> bytes:
    """The index tells another place for the samples; it stands last, so no offset changes."""
    whole = film(container="mov")
    own = whole.index(b"\0\0\0\x0curl \0\0\0\1", whole.index(b"vide"))
    changed = bytearray(whole)
    for kind in (b"moov", b"trak", b"mdia", b"minf", b"dinf", b"dref"):
        at = whole.rindex(kind, 0, own) - 4
        size = int.from_bytes(whole[at : at + 4], "big") + len(entry) - 12
        changed[at : at + 4] = size.to_bytes(4, "big")
    changed[own : own + 12] = entry
    return bytes(changed)
