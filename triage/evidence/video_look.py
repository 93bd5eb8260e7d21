"""Looking into a film within a budget: samples over its whole length first, then from the start.

The samples are key frames, each decoded alone, so that also a film of hours is seen from its
beginning to its end. Playing then decodes frame after frame and counts what cannot be decoded.
Sound is not decoded.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from av.error import FFmpegError
from av.packet import Packet
from av.video.frame import VideoFrame
from av.video.stream import VideoStream
from PIL import Image, ImageChops

from triage.evidence.quality import variety
from triage.evidence.video_film import Film
from triage.evidence.video_poster import in_colours

_SAMPLES = 12
_SIDE = 64  # of the small copies that are compared
_CELLS = 16  # a side: grain and what encoding leaves behind level out in a cell
_EVERY = 10  # frames, while playing; a copy of a large frame costs as much as decoding it
_CLEARLY_MORE = 1.25  # a later frame must show so much more to be the poster instead


class Budget:
    """Frames, CPU seconds and seconds of waiting that may still be spent."""

    def __init__(self, *, frames: int, cpu_seconds: float, wall_seconds: float) -> None:
        self._frames = frames
        self._cpu_end = time.process_time() + cpu_seconds
        self._wall_end = time.monotonic() + wall_seconds

    def take(self, frames: int) -> None:
        self._frames -= frames

    def is_spent(self) -> bool:
        late = time.monotonic() > self._wall_end or time.process_time() > self._cpu_end
        return late or self._frames <= 0


@dataclass(kw_only=True)
class Seen:
    """What the frames that were looked at have in common; ``poster`` shows most."""

    poster: VideoFrame | None = None
    most_tones: int = 0  # of 255, see quality.variety
    looked_at: int = 0
    _lowest: Image.Image | None = None
    _highest: Image.Image | None = None

    def look(self, frame: VideoFrame) -> None:
        """Keeps the frame only if it shows clearly more than those before."""
        small = in_colours(frame, (_SIDE, _SIDE))
        tones = variety(small)
        if self.poster is None or tones > self.most_tones * _CLEARLY_MORE:
            self.poster = frame
        self.most_tones = max(self.most_tones, tones)
        self.looked_at += 1
        cells = small.convert("L").resize((_CELLS, _CELLS), Image.Resampling.BOX)
        self._lowest = ImageChops.darker(self._lowest, cells) if self._lowest else cells
        self._highest = ImageChops.lighter(self._highest, cells) if self._highest else cells

    @property
    def change(self) -> int:
        """How far the tone of the cell that changed most went, 0 to 255."""
        if self._lowest is None or self._highest is None:
            return 0
        extrema = ImageChops.difference(self._lowest, self._highest).getextrema()
        return int(extrema[1])  # type: ignore[arg-type] # one band


@dataclass(kw_only=True)
class Samples:
    """Of the key frames that were tried."""

    tried: int = 0
    decoded: int = 0


@dataclass(kw_only=True)
class Played:
    """``seconds`` is the length of what was played; ``is_whole`` if that is all there is."""

    packets: int = 0
    failed: int = 0
    frames: int = 0
    seconds: float = 0.0
    is_whole: bool = False
    is_broken: bool = False  # the container gave out before its end
    _times: list[float] = field(default_factory=list)

    @property
    def share(self) -> float:
        """Of the packets, how many could not be decoded."""
        return self.failed / self.packets if self.packets else 1.0

    def note(self, packet: Packet[VideoStream]) -> None:
        """When the packet is shown."""
        self.packets += 1
        at = packet.pts if packet.pts is not None else packet.dts
        if at is not None and packet.time_base:
            start = float(at * packet.time_base)
            end = start + float((packet.duration or 0) * packet.time_base)
            self._times = [min([start, *self._times]), max([end, *self._times])]
            self.seconds = self._times[1] - self._times[0]


def sample(film: Film, seen: Seen, budget: Budget) -> Samples:
    """Key frames evenly over the film. Raises ``MemoryError``."""
    tried = Samples()
    places: set[int | None] = set()
    length = film.seconds or 0.0
    for number in range(_SAMPLES if length else 1):
        try:
            packet = film.key_packet(length * (number + 0.5) / _SAMPLES)
        except FFmpegError as error:
            _unless_full(error)
            break
        if packet is None or packet.pts in places:
            continue
        places.add(packet.pts)
        tried.tried += 1
        tried.decoded += _looked(film, packet, seen)
        if budget.is_spent():
            break
    return tried


def _looked(film: Film, packet: Packet[VideoStream], seen: Seen) -> bool:
    try:
        frames = film.decoded_alone(packet)
    except FFmpegError as error:
        _unless_full(error)
        return False
    if frames:
        seen.look(frames[0])
    return bool(frames)


def play(film: Film, seen: Seen, budget: Budget) -> Played:
    """From the start, as far as the budget goes. Raises ``MemoryError``."""
    played = Played()
    packets = film.packets()
    last: VideoFrame | None = None
    while not budget.is_spent():
        try:
            packet = next(packets, None)
        except FFmpegError as error:
            _unless_full(error)
            played.is_broken = True
            break
        if packet is None:
            played.is_whole = True
            break
        if packet.size:
            played.note(packet)
        frames = _decode(packet, played, seen)
        budget.take(max(1, len(frames)))
        last = frames[-1] if frames else last
    if last is not None:
        seen.look(last)
    return played


def _decode(packet: Packet[VideoStream], played: Played, seen: Seen) -> list[VideoFrame]:
    """A packet without any may well be sound: its frame comes later."""
    frames: list[VideoFrame] = []
    try:
        frames = packet.decode()
    except FFmpegError as error:
        _unless_full(error)
        played.failed += bool(packet.size)
    for frame in frames:
        if played.frames % _EVERY == 0:
            seen.look(frame)
        played.frames += 1
    return frames


def _unless_full(error: FFmpegError) -> None:
    if isinstance(error, MemoryError):
        raise error
