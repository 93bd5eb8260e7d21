"""Can the video be watched: pictures in it, decodable, long and large enough, not one still?

What is asked of the container alone stands in ``integrity``; here its pictures are decoded,
within a budget, and it is said when that was not all of them. A number of frames below the
one that the index promises says nothing: edit lists hide frames on purpose.
"""

from __future__ import annotations

import mmap
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass

from av.error import FFmpegError

from triage.core.evidence import EvidenceKind, Finding, Level
from triage.evidence import video_film, video_said
from triage.evidence.opened import Opened
from triage.evidence.video_film import Film
from triage.evidence.video_look import Budget, Played, Samples, Seen, play, sample
from triage.evidence.video_poster import show
from triage.evidence.video_tracks import picture_tracks

_MEGA = 1_000_000
_BYTES_A_PIXEL = 3  # ten bits, colours at half the resolution
_FRAMES_HELD = 12  # by a decoder whose frames refer to each other, at the large sizes
_TOO_STRICT = 0.5  # of the packets
_HOPELESS = 0.9  # of the packets
_ENOUGH_SAMPLES = 0.5  # of the key frames
_SAMPLING = 0.5  # of the budget


def prepare() -> None:
    """Load FFmpeg while libraries can still be opened."""
    video_film.prepare()


@dataclass(frozen=True, kw_only=True)
class _Looked:
    """All that was seen of one film."""

    samples: Samples
    played: Played
    seen: Seen
    was_late: bool
    seconds: float | None  # by the header


def check(opened: Opened) -> Iterator[Finding]:
    """Sets width and height, the copy, the preview and the signals ``seconds`` and ``taken_at``."""
    if opened.media_type not in video_film.DEMUXERS:
        return
    try:
        film = Film(opened)
    except (FFmpegError, ValueError) as error:
        if isinstance(error, MemoryError):
            raise
        yield Finding(code="video.corrupt", level=Level.UNUSABLE)
        return
    with closing(film):
        yield from _remembered(opened, film)
        refusal = _refusal(opened, film)
        if refusal is None:
            yield from _watched(opened, film)
        else:
            yield refusal


def _remembered(opened: Opened, film: Film) -> Iterator[Finding]:
    taken_at = video_said.taken_at(film.said)
    if taken_at is not None:
        opened.signals["taken_at"] = taken_at
    if video_said.tells_place(film.said):
        yield Finding(code="metadata.gps_present", level=Level.NOTE)


def _refusal(opened: Opened, film: Film) -> Finding | None:
    """Why nothing of it can be decoded, as far as the header tells."""
    if film.track is None and not film.holds_anything:
        return Finding(code="video.corrupt", level=Level.UNUSABLE)
    if film.track is None:
        meant = opened.kind is EvidenceKind.UNBOXING_VIDEO
        return Finding(code="video.no_picture", level=Level.WEAK if meant else Level.NOTE)
    tracks = picture_tracks(opened)
    if film.is_locked or (tracks and all(each.is_locked for each in tracks)):
        return Finding(code="video.encrypted", level=Level.UNUSABLE)
    if not film.is_known:
        name = film.codec or next((each.codec for each in tracks if each.codec), "?")
        return Finding(code="video.codec_unknown", level=Level.UNKNOWN, measured=name)
    most = opened.limits.frame_pixels
    if film.pixels > most:
        measured = round(film.pixels / _MEGA, 1)
        return Finding(
            code="video.bomb", level=Level.UNUSABLE, measured=measured, limit=most // _MEGA
        )
    return None


def _watched(opened: Opened, film: Film) -> Iterator[Finding]:
    looked = _look(opened, film)
    if looked.seen.poster is None:
        yield _nothing_seen(opened, film, looked)
        return
    show(looked.seen.poster, film.aspect, opened)
    damage = _damage(looked)
    if damage is not None:
        if not _memory_suffices(opened, film):
            raise MemoryError
        yield damage
    if damage is None or damage.level < Level.UNUSABLE:
        yield from _judged(opened, looked)


def _look(opened: Opened, film: Film) -> _Looked:
    """Samples by a decoder that paints over damage, then played by one that reports it."""
    limits, seen = opened.limits, Seen()
    cpu = min(limits.video_decode_seconds, limits.video_cpu_seconds / 2)
    wall = limits.video_wall_seconds / 2
    sampling = Budget(
        frames=limits.video_frames, cpu_seconds=cpu * _SAMPLING, wall_seconds=wall * _SAMPLING
    )
    budget = Budget(frames=limits.video_frames, cpu_seconds=cpu, wall_seconds=wall)
    samples = sample(film, seen, sampling)
    played = _played(opened, seen, budget, strict=True)
    if played.share > _TOO_STRICT and samples.decoded:
        # It finds fault with the kind, not with this film: two films in one, for two eyes.
        played = _played(opened, seen, budget, strict=False)
    return _Looked(
        samples=samples,
        played=played,
        seen=seen,
        was_late=sampling.is_spent() or budget.is_spent(),
        seconds=film.seconds,
    )


def _played(opened: Opened, seen: Seen, budget: Budget, *, strict: bool) -> Played:
    with closing(Film(opened, strict=strict)) as film:
        return play(film, seen, budget)


def _nothing_seen(opened: Opened, film: Film, looked: _Looked) -> Finding:
    if looked.was_late:
        seconds = opened.limits.video_decode_seconds
        return Finding(code="check.timed_out", level=Level.UNKNOWN, limit=seconds)
    if not _memory_suffices(opened, film):
        raise MemoryError
    tracks = picture_tracks(opened)
    if tracks and all(each.is_elsewhere for each in tracks):
        return Finding(code="video.external_content", level=Level.UNUSABLE)
    return Finding(code="video.corrupt", level=Level.UNUSABLE)


def _damage(looked: _Looked) -> Finding | None:
    """Hopeless where next to nothing was decoded; else for an employee to look at."""
    samples, played = looked.samples, looked.played
    if not played.failed and not played.is_broken and samples.decoded == samples.tried:
        return None
    if played.share > _HOPELESS or samples.decoded < samples.tried * _ENOUGH_SAMPLES:
        return Finding(code="video.corrupt", level=Level.UNUSABLE)
    return Finding(
        code="video.damaged", level=Level.WEAK, measured=max(1, round(100 * played.share))
    )


def _judged(opened: Opened, looked: _Looked) -> Iterator[Finding]:
    limits, seen = opened.limits, looked.seen
    seconds = _length(looked)
    opened.signals["seconds"] = f"{seconds:.1f}"
    if not looked.played.is_whole and not looked.played.is_broken:
        played = min(round(looked.played.seconds), round(seconds))
        yield Finding(
            code="video.partly_checked", level=Level.NOTE, measured=played, limit=round(seconds)
        )
    shorter = min(opened.facts["width"], opened.facts["height"])
    if shorter < limits.video_side:
        yield _weak("video.too_small", shorter, limits.video_side)
    if seen.most_tones < limits.tones:
        yield _weak("video.blank", seen.most_tones, limits.tones)
    elif opened.kind is EvidenceKind.UNBOXING_VIDEO and seen.change < limits.video_change:
        yield _weak("video.still", seen.change, limits.video_change)
    if opened.kind is EvidenceKind.UNBOXING_VIDEO and seconds < limits.video_seconds:
        yield _weak("video.too_short", round(seconds, 1), limits.video_seconds)


def _length(looked: _Looked) -> float:
    """As played where that was all of it: a header may promise anything."""
    if looked.played.is_whole or looked.seconds is None:
        return looked.played.seconds
    return max(looked.seconds, looked.played.seconds)


def _weak(code: str, measured: float, limit: int) -> Finding:
    return Finding(code=code, level=Level.WEAK, measured=measured, limit=limit)


def _memory_suffices(opened: Opened, film: Film) -> bool:
    """Decoders report a failed allocation as damage too, so the room is tried out."""
    needed = max(1, film.pixels * _BYTES_A_PIXEL * _FRAMES_HELD)
    try:
        mmap.mmap(-1, needed).close()
    except (OSError, MemoryError, OverflowError):
        return False
    return True
