"""Videos: what they show and how long, and what is said of the rest."""

from __future__ import annotations

import contextlib
import io
import struct
from collections.abc import Iterator
from fractions import Fraction

import pytest
from PIL import Image

from tests.evidence import files, films
from tests.evidence.conftest import Judge, codes, judged_by
from triage.core.evidence import Level, Verdict
from triage.evidence import Examiner, Limits, video_said

UNBOXING = "unboxing_video"
LONG = 90  # frames: 9 seconds


@pytest.mark.parametrize(
    ("codec", "container"),
    [
        pytest.param("libx264", "mp4", id="h264_mp4"),
        pytest.param("libx264", "mov", id="h264_mov"),
        pytest.param("libx264", "matroska", id="h264_mkv"),
        pytest.param("libx265", "mp4", id="hevc_mp4"),
        pytest.param("libsvtav1", "mp4", id="av1_mp4"),
        pytest.param("libsvtav1", "webm", id="av1_webm"),
        pytest.param("libvpx-vp9", "webm", id="vp9_webm"),
        pytest.param("libvpx", "webm", id="vp8_webm"),
        pytest.param("mpeg4", "mp4", id="mpeg4_mp4"),
        pytest.param("mpeg4", "3gp", id="mpeg4_3gp"),
    ],
)
def test_what_phones_and_browsers_write_is_watched_to_its_end(
    judge: Judge, codec: str, container: str
) -> None:
    judged = judge(films.film(codec=codec, container=container), kind=UNBOXING)
    assert (judged.verdict, judged.findings) == (Verdict.ACCEPTED, ())
    assert (judged.width, judged.height) == films.SIZE
    assert float(judged.signals["seconds"]) == pytest.approx(6.0, abs=0.2)
    assert judged.preview is not None
    assert Image.open(io.BytesIO(judged.preview)).size == films.SIZE


def noisy_fragments() -> bytes:
    return films.film(how=(("movflags", "frag_keyframe+empty_moov"),))


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(noisy_fragments(), id="fragments"),
        pytest.param(films.webm(live=True), id="browser_recording"),
        pytest.param(films.film(tracks=2), id="two_tracks"),
        pytest.param(films.film(paint=films.black_at_first), id="black_at_first"),
    ],
)
def test_unusual_but_sound_films_are_accepted(judge: Judge, content: bytes) -> None:
    judged = judge(content, kind=UNBOXING)
    assert (judged.verdict, judged.findings) == (Verdict.ACCEPTED, ())


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        pytest.param(films.film(paint=films.still), ["video.still"], id="the_same_frame"),
        pytest.param(films.film(frames=1), ["video.still", "video.too_short"], id="one_frame"),
        pytest.param(films.film(frames=30), ["video.too_short"], id="three_seconds"),
        pytest.param(films.film(size=(176, 144)), ["video.too_small"], id="small"),
        pytest.param(films.sound(), ["video.no_picture"], id="sound_only"),
        pytest.param(films.sound("webm", "libopus"), ["video.no_picture"], id="sound_in_webm"),
    ],
)
def test_what_shows_no_unboxing_is_flagged(
    judge: Judge, content: bytes, expected: list[str]
) -> None:
    judged = judge(content, kind=UNBOXING)
    assert (codes(judged), judged.verdict) == (expected, Verdict.FLAGGED)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(films.film(paint=films.still), id="the_same_frame"),
        pytest.param(films.film(frames=30), id="three_seconds"),
        pytest.param(films.sound(), id="sound_only"),
    ],
)
def test_as_other_evidence_the_same_is_taken(judge: Judge, content: bytes) -> None:
    assert judge(content, kind="other").verdict is Verdict.ACCEPTED


@pytest.mark.parametrize(
    ("code", "measured", "limit", "content"),
    [
        pytest.param("video.too_short", 3.0, 5, films.film(frames=30), id="seconds"),
        pytest.param("video.too_small", 144, 240, films.film(size=(176, 144)), id="pixels"),
    ],
)
def test_a_finding_tells_what_was_measured_and_what_is_needed(
    judge: Judge, code: str, measured: float, limit: int, content: bytes
) -> None:
    found = next(each for each in judge(content, kind=UNBOXING).findings if each.code == code)
    assert (found.measured, found.limit) == (pytest.approx(measured, abs=0.1), limit)


# --- damage ---------------------------------------------------------------------------------


def with_payload(content: bytes, first: float, last: float, filling: bytes | None) -> bytes:
    """Another content in a part of the packets; flipped bits where ``filling`` is None."""
    start = content.index(b"mdat") + 4
    length = struct.unpack(">I", content[start - 8 : start - 4])[0] - 8
    changed = bytearray(content)
    for at in range(start + int(length * first), start + int(length * last)):
        changed[at] = filling[at % len(filling)] if filling else changed[at] ^ 0x5A
    return bytes(changed)


def test_a_damaged_middle_is_for_an_employee(judge: Judge) -> None:
    damaged = with_payload(films.film(frames=LONG), 0.5, 0.6, None)
    judged = judge(damaged, kind=UNBOXING)
    assert codes(judged) == ["video.damaged"]
    assert judged.verdict is Verdict.FLAGGED
    assert 0 < int(judged.findings[0].measured or 0) < 100
    assert judged.preview is not None


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(with_payload(films.film(), 0.0, 1.0, b"\0"), id="zeros_in_place_of_packets"),
        pytest.param(with_payload(films.film(), 0.0, 1.0, b"noise!?"), id="text_for_packets"),
        pytest.param(files.mp4(), id="a_track_of_nothing"),
        pytest.param(files.webm(), id="webm_of_nothing"),
    ],
)
def test_without_a_picture_it_is_rejected(judge: Judge, content: bytes) -> None:
    judged = judge(content, kind=UNBOXING)
    assert (codes(judged), judged.verdict) == (["video.corrupt"], Verdict.REJECTED)


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.999])
@pytest.mark.parametrize("whole", [films.film(), films.webm()], ids=["mp4", "webm"])
def test_a_cut_film_is_rejected(judge: Judge, whole: bytes, share: float) -> None:
    judged = judge(whole[: int(len(whole) * share)], kind=UNBOXING)
    assert codes(judged) in (["video.truncated"], ["video.corrupt"])
    assert judged.verdict is Verdict.REJECTED


def with_entry(kind: bytes) -> bytes:
    return films.film().replace(b"avc1\0\0\0\0\0\0", kind + bytes(6))


@pytest.mark.parametrize(
    ("content", "code", "verdict"),
    [
        pytest.param(with_entry(b"encv"), "video.encrypted", Verdict.REJECTED, id="cenc"),
        pytest.param(with_entry(b"drmi"), "video.encrypted", Verdict.REJECTED, id="shop"),
        pytest.param(with_entry(b"zzz9"), "video.codec_unknown", Verdict.PENDING, id="no_codec"),
        pytest.param(with_entry(b"SVQ3"), "video.codec_unknown", Verdict.PENDING, id="old_codec"),
        pytest.param(
            films.with_places(files.box(b"alis", bytes(4) + films.alias("neighbour.mov"))),
            "video.external_content",
            Verdict.REJECTED,
            id="pictures_elsewhere",
        ),
    ],
)
def test_what_cannot_be_decoded_is_named_for_what_it_is(
    judge: Judge, content: bytes, code: str, verdict: Verdict
) -> None:
    judged = judge(content, kind=UNBOXING)
    assert (codes(judged), judged.verdict) == ([code], verdict)


# --- budgets --------------------------------------------------------------------------------


@contextlib.contextmanager
def held_to(**limits: object) -> Iterator[Examiner]:
    examiner = Examiner(Limits(**limits))  # type: ignore[arg-type] # of any field
    with contextlib.closing(examiner):
        yield examiner


def test_what_was_not_played_is_said() -> None:
    with held_to(video_frames=30) as examiner:
        judged = judged_by(examiner, films.film(frames=LONG), kind=UNBOXING)
    (found,) = judged.findings
    assert (found.code, found.level) == ("video.partly_checked", Level.NOTE)
    assert (found.measured, found.limit) == (3, 9)
    assert judged.signals["seconds"] == "9.0"


def test_a_frame_beyond_the_limit_is_not_decoded() -> None:
    with held_to(frame_pixels=70_000) as examiner:
        judged = judged_by(examiner, films.film(), kind=UNBOXING)
    assert (codes(judged), judged.verdict) == (["video.bomb"], Verdict.REJECTED)
    assert judged.preview is None


def test_black_throughout_is_flagged() -> None:
    with held_to() as examiner:
        judged = judged_by(examiner, films.film(paint=films.black), kind=UNBOXING)
    (found,) = judged.findings
    assert (found.code, found.measured, found.limit) == ("video.blank", 0, 12)
    assert judged.verdict is Verdict.FLAGGED


# --- the frame that stands for it -----------------------------------------------------------


def corners(jpeg: bytes | None) -> list[str]:
    """The colours clockwise from the upper left."""
    assert jpeg is not None
    picture = Image.open(io.BytesIO(jpeg)).convert("RGB")
    width, height = picture.width - 9, picture.height - 9
    names = []
    for at in ((8, 8), (width, 8), (width, height), (8, height)):
        pixel = picture.getpixel(at)
        assert isinstance(pixel, tuple)
        names.append("".join("1" if each > 127 else "0" for each in pixel))
    return ["rgbw"[("100", "010", "001", "111").index(each)] for each in names]


@pytest.mark.parametrize(
    ("turned", "flipped", "expected"),
    [
        pytest.param(0, False, "rgbw", id="upright"),
        pytest.param(-90, False, "wrgb", id="a_phone_held_upright"),
        pytest.param(90, False, "gbwr", id="held_the_other_way"),
        pytest.param(180, False, "bwrg", id="upside_down"),
        pytest.param(0, True, "grwb", id="mirrored"),
    ],
)
def test_the_preview_is_turned_as_players_do(
    judge: Judge, turned: int, flipped: bool, expected: str
) -> None:
    content = films.film(paint=films.quarters, turned=turned, flipped=flipped)
    judged = judge(content)
    assert "".join(corners(judged.preview)) == expected
    width, height = films.SIZE
    upright = (width, height) if turned in (0, 180) else (height, width)
    assert (judged.width, judged.height) == upright


@pytest.mark.parametrize("container", ["mp4", "matroska"])
def test_pixels_that_are_not_square_are_stretched(judge: Judge, container: str) -> None:
    judged = judge(films.film(aspect=Fraction(2), container=container))
    assert (judged.width, judged.height) == (640, 240)


def test_the_poster_is_not_the_first_black_frame(judge: Judge) -> None:
    judged = judge(films.film(paint=films.black_at_first))
    assert judged.preview is not None
    low, high = Image.open(io.BytesIO(judged.preview)).convert("L").getextrema()
    assert (low, high) > (0, 0)
    assert int(high) - int(low) > 100  # type: ignore[arg-type] # one band


# --- what it says about itself --------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        pytest.param(
            {"creation_time": "2026-03-01T20:30:00.000000Z"},
            "2026-03-02 01:30:00",
            id="universal_time_becomes_that_of_almaty",
        ),
        pytest.param(
            {
                "creation_time": "2026-03-01T20:30:00.000000Z",
                "com.apple.quicktime.creationdate": "2026-03-01T23:30:00+0300",
            },
            "2026-03-01 23:30:00",
            id="the_owners_clock_goes_first",
        ),
        pytest.param({"date_utc": "2026-03-01T10:00:00"}, "2026-03-01 15:00:00", id="matroska"),
        pytest.param({"creation_time": "1970-01-01T00:00:00Z"}, None, id="clock_never_set"),
        pytest.param({"creation_time": "yesterday"}, None, id="no_date"),
        pytest.param({}, None, id="nothing"),
    ],
)
def test_when_it_was_taken(said: dict[str, str], expected: str | None) -> None:
    assert video_said.taken_at(said) == expected


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        pytest.param({"location": "+43.2380+076.8829/"}, True, id="android"),
        pytest.param({"location-eng": "+43.2380+076.8829+0700/"}, True, id="in_a_language"),
        pytest.param(
            {"com.apple.quicktime.location.iso6709": "+43.2380+076.8829+815.2/"}, True, id="iphone"
        ),
        pytest.param({"location": "+00.0000+000.0000/"}, False, id="no_fix"),
        pytest.param({"location": "Almaty"}, False, id="a_word"),
        pytest.param({"title": "+43.2380+076.8829/"}, False, id="elsewhere"),
    ],
)
def test_whether_it_tells_the_place(said: dict[str, str], expected: bool) -> None:
    assert video_said.tells_place(said) is expected


def test_place_and_time_of_a_film_are_found(judge: Judge) -> None:
    said = (("creation_time", "2026-03-01T10:00:00Z"), ("location", "+43.2380+076.8829/"))
    judged = judge(films.film(container="mov", said=said), kind=UNBOXING)
    assert [(each.code, each.level) for each in judged.findings] == [
        ("metadata.gps_present", Level.NOTE)
    ]
    assert judged.signals["taken_at"] == "2026-03-01 15:00:00"
    assert judged.verdict is Verdict.ACCEPTED
