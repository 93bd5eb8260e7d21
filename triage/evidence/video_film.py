"""A video opened for FFmpeg: from memory that it may read, by one demuxer, one thread, no network.

Nothing but the file itself can be reached from here. The demuxer is chosen by the type that was
found before, so a playlist is no film; every attempt to open anything further is refused by
``_refuse``, a list of protocols that is empty and, outside of this module, by the sandbox.
"""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from fractions import Fraction
from typing import Any, NoReturn

import av
import av.logging
import av.subtitles.codeccontext
import av.subtitles.stream
from av.audio.stream import AudioStream
from av.codec.context import ThreadType
from av.container import InputContainer
from av.packet import Packet
from av.stream import Disposition
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from triage.evidence.accepted import MATROSKA, MP4, QUICKTIME, THREE_GPP, WEBM
from triage.evidence.opened import Opened

DEMUXERS = {
    **dict.fromkeys((MP4, QUICKTIME, THREE_GPP), "mov"),
    **dict.fromkeys((WEBM, MATROSKA), "matroska"),
}
"""The one demuxer that may touch a type; FFmpeg left alone would choose by itself."""

DECODERS = (
    *("h264", "hevc", "vvc", "libdav1d", "av1", "vp8", "vp9", "mpeg4", "h263", "mjpeg"),
    *("mpeg1video", "mpeg2video", "prores", "dnxhd", "dvvideo", "vc1", "theora", "png"),
    *("jpeg2000", "msmpeg4v3", "rawvideo"),
)
"""What phones, cameras, browsers and editors write. FFmpeg has some 300 more, for games and
disks of the nineties; nobody sends those, and each is one more to be attacked."""

SOUND_DECODERS = (
    *("aac", "mp3", "mp3float", "opus", "libopus", "vorbis", "amrnb", "amrwb"),
    *("libopencore_amrnb", "libopencore_amrwb", "pcm_s16le", "pcm_s16be", "alac", "ac3", "eac3"),
)
"""The same for sound, which only the copy that people watch has; no check listens."""

_FORMATS = "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm"
_BUFFER_BYTES = 64 * 1024
_NO_PICTURE = Disposition.attached_pic | Disposition.timed_thumbnails  # covers of albums
_CONTENT = ("video", "audio", "subtitle")
_LONGEST_SECONDS = 1_000_000
_KEY_SEARCH = 64  # packets behind a place that was sought, until one can be decoded alone


def prepare() -> None:
    """FFmpeg silent, and its first use while libraries can still be opened."""
    av.logging.set_libav_level(av.logging.PANIC)
    av.logging.set_level(None)


class Readable(io.RawIOBase):
    """The bytes of the upload as a file that can be read and sought, and nothing else."""

    def __init__(self, opened: Opened) -> None:
        self._opened = opened
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def read(self, size: int = -1) -> bytes:
        wanted = self._opened.size if size < 0 else size
        content = self._opened.read_at(self._at, wanted)
        self._at += len(content)
        return content

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        start = {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self._opened.size}[whence]
        self._at = max(0, start + offset)
        return self._at


class Film:
    """One opened video and the track that a player would show.

    Opening raises ``FFmpegError`` or ``ValueError`` for what is no video, ``MemoryError`` where
    the room was not enough. With ``strict``, a decoder reports also such damage as it could
    paint over; with ``sound`` it may be listened to.
    """

    def __init__(self, opened: Opened, *, strict: bool = False, sound: bool = False) -> None:
        self._container = _opened_container(opened, sound=sound)
        self.track = _shown_track(self._container)
        self.is_known = False
        if self.track is not None and self.track.codec_context is not None:
            self.is_known = self.track.codec_context.codec.name in DECODERS
        if self.is_known:
            self._set_up(opened.limits.frame_pixels, strict=strict)

    def _set_up(self, pixels: int, *, strict: bool) -> None:
        context = self._video.codec_context
        context.thread_count = 1  # a child has one file and its budget is CPU time
        context.thread_type = ThreadType.NONE
        options = {"max_pixels": str(pixels), "threads": "1"}
        context.options = {**options, "err_detect": "explode"} if strict else options

    @property
    def _video(self) -> VideoStream:
        if self.track is None:
            raise ValueError("a film without pictures")
        return self.track

    def close(self) -> None:
        self._container.close()

    @property
    def codec(self) -> str:
        """The name of the decoder; empty where there is none."""
        context = self._video.codec_context
        return "" if context is None else context.name

    @property
    def pixels(self) -> int:
        """Of one frame, by the header."""
        context = self._video.codec_context
        return int(context.width) * int(context.height)

    @property
    def aspect(self) -> Fraction:
        """How much wider than high a pixel is."""
        ratio = self._video.sample_aspect_ratio
        return ratio if ratio and Fraction(1, 8) <= ratio <= 8 else Fraction(1)

    @property
    def seconds(self) -> float | None:
        """The length by the header; None where it tells none."""
        video, whole = self._video, self._container.duration
        if video.duration and video.time_base:
            length = float(video.duration * video.time_base)
        elif whole:
            length = whole / av.time_base
        else:
            return None
        return length if 0 < length < _LONGEST_SECONDS else None

    @property
    def said(self) -> dict[str, str]:
        """What the header remembers, names in lower case."""
        return {name.lower(): value for name, value in self._container.metadata.items()}

    @property
    def holds_anything(self) -> bool:
        """Sound or text, if no pictures."""
        return any(each.type in _CONTENT for each in self._container.streams)

    @property
    def is_locked(self) -> bool:
        """Encrypted, as a Matroska file says it; for MP4 see ``video_tracks``."""
        return "enc_key_id" in self._video.metadata

    def packets(self) -> Iterator[Packet[VideoStream]]:
        """From where the last search ended; an empty one at the end. Raises ``FFmpegError``."""
        return self._container.demux(self._video)

    @property
    def has_sound(self) -> bool:
        """Such as we know how to decode."""
        return self._heard is not None

    @property
    def _heard(self) -> AudioStream | None:
        for each in self._container.streams.audio[:1]:
            context = each.codec_context
            if context is not None and context.codec.name in SOUND_DECODERS:
                return each
        return None

    def packets_with_sound(self) -> Iterator[Packet[Any]]:
        """From where the last search ended. Raises ``FFmpegError``."""
        heard = self._heard
        return self._container.demux(self._video, *([] if heard is None else [heard]))

    def key_packet(self, seconds: float) -> Packet[VideoStream] | None:
        """The one before this moment that can be decoded alone. Raises ``FFmpegError``."""
        base = self._video.time_base or Fraction(1, av.time_base)
        start = self._video.start_time or 0
        self._container.seek(start + int(seconds / base), stream=self._video)
        for number, packet in enumerate(self.packets()):
            if packet.size and packet.is_keyframe:
                return packet
            if number >= _KEY_SEARCH:
                break
        return None

    def decoded_alone(self, packet: Packet[VideoStream]) -> list[VideoFrame]:
        """The frame of a key packet, without waiting for those behind it."""
        context = self._video.codec_context
        return [*context.decode(packet), *context.decode(None)]


def _refuse(url: str, _flags: int, _options: dict[str, str]) -> NoReturn:
    raise PermissionError("a film may not open anything")


def _opened_container(opened: Opened, *, sound: bool) -> InputContainer:
    options = {
        "format_whitelist": _FORMATS,
        "protocol_whitelist": "none",
        "codec_whitelist": ",".join((*DECODERS, *SOUND_DECODERS) if sound else DECODERS),
        "enable_drefs": "0",
        "max_pixels": str(opened.limits.frame_pixels),
        "threads": "1",
    }
    return av.open(
        Readable(opened),
        "r",
        format=DEMUXERS[opened.media_type],
        options=options,
        metadata_errors="replace",
        buffer_size=_BUFFER_BYTES,
        io_open=_refuse,
    )


def _shown_track(container: InputContainer) -> VideoStream | None:
    """The default one, or the first; a cover is no film."""
    tracks = [each for each in container.streams.video if not each.disposition & _NO_PICTURE]
    chosen = [each for each in tracks if each.disposition & Disposition.default]
    return next(iter([*chosen, *tracks]), None)
