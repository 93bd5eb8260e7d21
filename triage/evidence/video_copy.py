"""A film as people may watch it: its first minute, small, upright, encoded anew.

No byte of the original reaches a browser. The copy is H.264 with AAC sound in an MP4 file, which
every browser plays. It ends early where the budget of time or bytes does.
"""

from __future__ import annotations

import io
import time
from contextlib import closing, suppress
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import av
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler
from av.container import OutputContainer
from av.error import FFmpegError
from av.video.frame import VideoFrame
from PIL import Image

from triage.evidence.limits import Limits
from triage.evidence.opened import Opened
from triage.evidence.preview import turned
from triage.evidence.video_film import Film
from triage.evidence.video_poster import in_colours, orientation_of

_TICKS = 1000  # of the copy's clock, in a second
_RATE = 30  # frames a second at the most
_LEAST_GAP = 0.8  # of a frame's time: clocks of phones waver
_SOUND_RATE = 48_000
_SOUND_BITS = 64_000  # a second
_PICTURE = {
    "preset": "superfast",
    "crf": "27",
    "maxrate": "1000k",
    "bufsize": "2000k",
    "threads": "1",
    "x264-params": "threads=1:lookahead-threads=1",
}


@dataclass(frozen=True)
class Copy:
    """An MP4 file, how long it is in whole seconds, and whether that is all of the film."""

    content: bytes
    seconds: int
    is_whole: bool


def prepare() -> None:
    """Make a copy of two frames, so that nothing is loaded for the first time in a child."""
    out = io.BytesIO()
    writer = _Writer(out, (64, 48), with_sound=True)
    for number in range(2):
        writer.picture(Image.new("RGB", (64, 48)), number * 0.04)
    silence = AudioFrame(format="fltp", layout="mono", samples=2048)
    for plane in silence.planes:  # else whatever lay there: of some such the encoder finds no end
        plane.update(bytes(plane.buffer_size))
    silence.sample_rate, silence.pts = _SOUND_RATE, 0
    writer.sound(silence, 0.0)
    writer.end()


def copy(opened: Opened) -> Copy | None:
    """Raises ``FFmpegError``, ``ValueError`` or ``MemoryError`` for what cannot be played."""
    with closing(Film(opened, sound=True)) as film:
        if film.track is None or not film.is_known or film.pixels > opened.limits.frame_pixels:
            return None
        return _Copying(film, opened.limits).run()


@dataclass(kw_only=True)
class _Clock:
    """When the film's pictures began, in its own time, and where the copy stands."""

    began: float | None = None
    shown: float = -1.0


class _Copying:
    def __init__(self, film: Film, limits: Limits) -> None:
        self._film = film
        self._limits = limits
        self._ends = time.process_time() + limits.film_cpu_seconds
        self._out = io.BytesIO()
        self._writer: _Writer | None = None
        self._clock = _Clock()
        self._orientation: int | None = None
        self._is_over = False  # the film goes on after what is copied of it

    def run(self) -> Copy | None:
        is_whole = self._run()
        if self._writer is None:
            return None
        self._writer.end()
        seconds = max(1, round(self._clock.shown + 1 / _RATE))
        return Copy(self._out.getvalue(), seconds, is_whole)

    def _run(self) -> bool:
        """Frame after frame; whether the film's end was reached."""
        packets = self._film.packets_with_sound()
        while not self._is_spent():
            try:
                packet = next(packets, None)
            except FFmpegError as error:
                if isinstance(error, MemoryError):
                    raise
                return False
            if packet is None:
                return True
            frames: list[Any] = []
            with suppress(FFmpegError):  # what one packet holds is lost, the film goes on
                frames = packet.decode()
            for frame in frames:
                self._take(frame)
        return False

    def _is_spent(self) -> bool:
        full = self._out.tell() >= self._limits.film_bytes * 3 // 4
        return self._is_over or full or time.process_time() >= self._ends

    def _take(self, frame: Any) -> None:
        if frame.time is None:
            return
        if isinstance(frame, VideoFrame):
            self._picture(frame)
        elif self._writer is not None and self._clock.began is not None:
            at = frame.time - self._clock.began
            if 0 <= at < self._limits.film_seconds:
                self._writer.sound(frame, at)

    def _picture(self, frame: VideoFrame) -> None:
        clock = self._clock
        if clock.began is None:
            clock.began = frame.time
        at = float(frame.time or 0.0) - float(clock.began or 0.0)
        if at > self._limits.film_seconds:
            self._is_over = True
        if self._is_over or at < clock.shown + _LEAST_GAP / _RATE:
            return
        if self._orientation is None:  # once: what lies beside a frame keeps it in memory
            self._orientation = orientation_of(frame)
        picture = turned(_small(frame, self._film.aspect, self._limits), self._orientation)
        if self._writer is None:
            self._writer = _Writer(self._out, picture.size, with_sound=self._film.has_sound)
        self._writer.picture(picture, at)
        clock.shown = at


def _small(frame: VideoFrame, aspect: Fraction, limits: Limits) -> Image.Image:
    """Pixels square, the shorter side bounded, both even, as this encoding wants them."""
    width = max(1, round(frame.width * aspect)) if aspect >= 1 else frame.width
    height = frame.height if aspect >= 1 else max(1, round(frame.height / aspect))
    side = limits.film_side
    factor = min(1.0, side / min(width, height), 2 * side / max(width, height))
    size = (_even(width * factor), _even(height * factor))
    return in_colours(frame, size)


def _even(length: float) -> int:
    return max(2, round(length / 2) * 2)


class _Writer:
    """The copy under way."""

    def __init__(self, out: io.BytesIO, size: tuple[int, int], *, with_sound: bool) -> None:
        self._film: OutputContainer = av.open(out, "w", format="mp4")
        self._size = size
        picture = self._film.add_stream("libx264", rate=_RATE, options=_PICTURE)
        picture.width, picture.height = size
        picture.pix_fmt = "yuv420p"
        picture.codec_context.time_base = Fraction(1, _TICKS)
        picture.codec_context.thread_count = 1
        self._picture = picture
        self._sound = self._film.add_stream("aac", rate=_SOUND_RATE) if with_sound else None
        if self._sound is not None:
            self._sound.layout = "mono"
            self._sound.bit_rate = _SOUND_BITS
        self._resampler = AudioResampler(format="fltp", layout="mono", rate=_SOUND_RATE)
        self._heard = 0  # samples

    def picture(self, picture: Image.Image, at: float) -> None:
        if picture.size != self._size:  # a film may change its size on the way
            picture = picture.resize(self._size)
        # PyAV gives it no type.
        frame: VideoFrame = VideoFrame.from_image(picture)  # type: ignore[no-untyped-call]
        frame.pts, frame.time_base = round(at * _TICKS), Fraction(1, _TICKS)
        self._film.mux(self._picture.encode(frame))

    def sound(self, frame: AudioFrame, at: float) -> None:
        """Of a kind that cannot be made into ours, nothing is heard."""
        if self._sound is None:
            return
        with suppress(FFmpegError, ValueError):
            frame.pts = None
            for heard in self._resampler.resample(frame):
                self._heard = max(self._heard, round(at * _SOUND_RATE))
                heard.pts, heard.time_base = self._heard, Fraction(1, _SOUND_RATE)
                self._heard += heard.samples
                self._film.mux(self._sound.encode(heard))

    def end(self) -> None:
        self._film.mux(self._picture.encode(None))
        if self._sound is not None:
            with suppress(FFmpegError):
                self._film.mux(self._sound.encode(None))
        self._film.close()
