"""Copies for people to look at: encoded anew by a locked-in child, bounded, or none at all."""

from __future__ import annotations

import hashlib
import io
import struct
import tempfile
from collections.abc import Iterator

import av
import pikepdf
import pytest
from av.audio.frame import AudioFrame
from PIL import Image

from tests.evidence.films import SIZE, film, quarters
from tests.pictures import picture
from triage.core.evidence import EvidenceKind
from triage.evidence import Examiner, Item, video_copy
from triage.evidence.examiner import Film
from triage.evidence.limits import Limits
from triage.evidence.wire import Garbled, Report, film_frame


@pytest.fixture(scope="module")
def brief() -> Iterator[Examiner]:
    """Shows two seconds of a film and three pages of a document at the most."""
    examiner = Examiner(Limits(film_seconds=2, shown_pages=3))
    yield examiner
    examiner.close()


def item(content: bytes, name: str) -> Item:
    return Item(
        kind=EvidenceKind.OTHER,
        filename=name,
        declared_type="",
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
    )


def copied(examiner: Examiner, content: bytes, name: str = "film.mp4") -> Film | None:
    with tempfile.TemporaryFile() as file:
        file.write(content)
        file.flush()
        return examiner.film(item(content, name), file.fileno())


def drawn(examiner: Examiner, content: bytes, number: int) -> bytes | None:
    with tempfile.TemporaryFile() as file:
        file.write(content)
        file.flush()
        return examiner.page(item(content, "papers.pdf"), file.fileno(), number)


def film_with_sound() -> bytes:
    out = io.BytesIO()
    with av.open(out, "w", format="mp4") as made:
        shown = made.add_stream("libx264", rate=10, options={"preset": "ultrafast"})
        shown.width, shown.height, shown.pix_fmt = *SIZE, "yuv420p"
        heard = made.add_stream("aac", rate=44_100)
        for number in range(20):
            frame = av.VideoFrame.from_image(quarters(number, SIZE))
            frame.pts = number
            made.mux(shown.encode(frame))
        for number in range(80):
            hum = AudioFrame(format="fltp", layout="stereo", samples=1024)
            for plane in hum.planes:
                plane.update(bytes(plane.buffer_size))
            hum.sample_rate, hum.pts = 44_100, number * 1024
            made.mux(heard.encode(hum))
        made.mux(shown.encode(None))
        made.mux(heard.encode(None))
    return out.getvalue()


def papers(pages: int) -> bytes:
    document = pikepdf.new()
    for number in range(pages):
        document.add_blank_page(page_size=(300, 400 + 100 * number))
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("codec", "container"),
    [("libx264", "mp4"), ("libx265", "mov"), ("libvpx-vp9", "webm"), ("libvpx", "matroska")],
)
def test_whatever_was_sent_is_watched_as_h264_in_mp4(
    examiner: Examiner, codec: str, container: str
) -> None:
    made = copied(examiner, film(codec=codec, container=container))

    assert made is not None
    assert made.is_whole
    assert made.seconds == 6
    with av.open(io.BytesIO(made.content)) as shown:
        assert shown.streams.video[0].codec_context.name == "h264"
        assert shown.streams.video[0].codec_context.pix_fmt == "yuv420p"
        assert sum(1 for _ in shown.decode(video=0)) == 60


def test_only_the_beginning_of_a_long_film_is_copied(brief: Examiner) -> None:
    made = copied(brief, film())

    assert made is not None
    assert (made.seconds, made.is_whole) == (2, False)


def test_a_film_of_a_phone_held_upright_stands_upright(examiner: Examiner) -> None:
    made = copied(examiner, film(paint=quarters, turned=90))

    assert made is not None
    with av.open(io.BytesIO(made.content)) as shown:
        first = next(shown.decode(video=0))
    assert (first.width, first.height) == (SIZE[1], SIZE[0])
    # Red was at the upper left; a quarter turn against the clock brings it to the lower left.
    red, green, blue = first.to_image().getpixel((20, SIZE[0] - 20))
    assert red > 200 > 100 > max(green, blue)


def test_a_large_film_is_made_small_with_even_sides(examiner: Examiner) -> None:
    made = copied(examiner, film(size=(1366, 1022), frames=5))

    assert made is not None
    with av.open(io.BytesIO(made.content)) as shown:
        context = shown.streams.video[0].codec_context
        assert (context.width, context.height) == (642, 480)


def test_what_was_said_while_filming_is_heard(examiner: Examiner) -> None:
    made = copied(examiner, film_with_sound())

    assert made is not None
    with av.open(io.BytesIO(made.content)) as shown:
        heard = shown.streams.audio[0]
        assert heard.codec_context.name == "aac"
        assert heard.duration is not None
        assert float(heard.duration * heard.time_base) == pytest.approx(1.86, abs=0.1)


def test_nothing_that_the_header_remembered_is_in_the_copy(examiner: Examiner) -> None:
    sent = film(said=(("location", "+43.2380+076.9450/"), ("comment", "a secret")))

    made = copied(examiner, sent)

    assert made is not None
    assert b"secret" not in made.content
    assert b"43.2380" not in made.content


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(picture(shade=3), id="a picture"),
        pytest.param(film()[:200], id="a film cut off in its header"),
        pytest.param(b"\x00\x00\x00\x18ftypmp42" + bytes(400), id="only the beginning"),
        pytest.param(b"", id="nothing"),
    ],
)
def test_of_what_is_no_film_there_is_no_copy(examiner: Examiner, content: bytes) -> None:
    assert copied(examiner, content) is None


def test_what_was_switched_off_since_is_not_decoded_again() -> None:
    examiner = Examiner(Limits(switched_off=frozenset({"video/mp4", "application/pdf"})))
    try:
        assert copied(examiner, film()) is None
        assert drawn(examiner, papers(2), 2) is None
    finally:
        examiner.close()


def test_a_damaged_film_is_shown_as_far_as_it_goes(examiner: Examiner) -> None:
    whole = film(codec="libvpx", container="webm")

    made = copied(examiner, whole[: len(whole) * 2 // 3])

    assert made is not None
    assert 1 <= made.seconds < 6


def test_every_page_of_a_document_can_be_drawn(examiner: Examiner) -> None:
    second = drawn(examiner, papers(2), 2)

    assert second is not None
    shown = Image.open(io.BytesIO(second))
    assert shown.format == "JPEG"
    assert shown.width / shown.height == pytest.approx(300 / 500, abs=0.01)


@pytest.mark.parametrize("number", [0, -1, 3, 10**9])
def test_a_page_that_is_not_there_is_not_drawn(examiner: Examiner, number: int) -> None:
    assert drawn(examiner, papers(2), number) is None


def test_of_a_thick_document_only_the_first_pages_are_drawn(brief: Examiner) -> None:
    assert drawn(brief, papers(5), 3) is not None
    assert drawn(brief, papers(5), 4) is None


def test_of_a_picture_there_are_no_pages(examiner: Examiner) -> None:
    assert drawn(examiner, picture(shade=3), 1) is None


def test_a_zygote_warms_up_with_silence_not_with_what_lies_in_memory(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The encoder of sound takes for ever over some numbers, and with it took the start."""
    heard: list[bytes] = []

    def listen(_: object, frame: AudioFrame, at: float) -> None:
        heard.extend(bytes(plane) for plane in frame.planes)

    monkeypatch.setattr(video_copy._Writer, "sound", listen)
    video_copy.prepare()
    assert [set(each) for each in heard] == [{0}]


MP4 = struct.pack(">I", 16) + b"ftypisom" + bytes(4)


@pytest.mark.parametrize(
    ("stream", "most"),
    [
        pytest.param(film_frame(MP4, 1, is_whole=True), None, id="nobody asked"),
        pytest.param(film_frame(MP4, 1, is_whole=True), len(MP4) - 1, id="too large"),
        pytest.param(film_frame(b"<html>" * 4, 1, is_whole=True), 99, id="no film"),
        pytest.param(film_frame(MP4, 1, is_whole=True) * 2, 99, id="two films"),
    ],
)
def test_a_film_that_no_honest_child_sends_is_not_believed(stream: bytes, most: int | None) -> None:
    with pytest.raises(Garbled):
        Report(preview_bytes=0, film_bytes=most).feed(stream)


def test_a_film_arrives_with_what_is_said_of_it() -> None:
    report = Report(preview_bytes=0, film_bytes=99)
    report.feed(film_frame(MP4, 60, is_whole=False))
    assert (report.film, report.film_seconds, report.film_is_whole) == (MP4, 60, False)
