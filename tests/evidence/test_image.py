"""Pictures: cut, damaged, too large, animated, turned."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from PIL import Image

from tests.conftest import PLAIN
from tests.evidence import files
from tests.evidence.conftest import Judge, Shown, codes, judged_by, shown_by
from triage.core.evidence import Level, Verdict
from triage.evidence import Examiner, Limits
from triage.evidence.preview import glanced_size

FORMS = ("JPEG", "PNG", "GIF", "WEBP", "BMP", "TIFF", "HEIF", "AVIF")


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("share", [0.5, 0.9], ids=["half", "nine_tenths"])
def test_a_cut_picture_is_rejected(judge: Judge, form: str, share: float) -> None:
    whole = files.picture(form, (200, 150))
    judged = judge(whole[: int(len(whole) * share)])
    assert judged.verdict is Verdict.REJECTED
    assert codes(judged)[0] in ("image.truncated", "image.corrupt")


@pytest.mark.parametrize("form", ["JPEG", "PNG", "GIF", "WEBP", "BMP"])
def test_the_last_bytes_are_missed(judge: Judge, form: str) -> None:
    whole = files.picture(form, (200, 150))
    assert codes(judge(whole[:-3])) == ["image.truncated"]


def test_a_wrong_checksum_is_found(judge: Judge) -> None:
    whole = bytearray(files.picture("PNG"))
    whole[len(whole) // 2] ^= 0xFF
    assert codes(judge(bytes(whole))) == ["image.corrupt"]


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(files.huge_png(20_000), id="png_400_megapixels"),
        pytest.param(files.huge_png(7_200), id="png_just_over_the_limit"),
        pytest.param(files.huge_webp(), id="webp_268_megapixels"),
        pytest.param(
            files.picture("GIF")[:6] + b"\xff\xff\xff\xff" + files.picture("GIF")[10:], id="gif"
        ),
    ],
)
def test_a_bomb_is_seen_before_it_is_decoded(judge: Judge, content: bytes) -> None:
    judged = judge(content)
    assert codes(judged) == ["image.bomb"]
    assert judged.findings[0].limit == 50
    assert judged.findings[0].measured > 50  # type: ignore[operator] # a number in this code


@pytest.mark.parametrize("form", ["GIF", "WEBP", "PNG"])
def test_an_animation_has_a_budget_of_frames(form: str) -> None:
    examiner = Examiner(replace(PLAIN, frames=10))
    try:
        within = judged_by(examiner, files.animation(form, 10))
        beyond = judged_by(examiner, files.animation(form, 11))
    finally:
        examiner.close()
    assert (within.verdict, within.frames) == (Verdict.ACCEPTED, 10)
    assert codes(beyond) == ["image.too_many_frames"]
    assert beyond.verdict is Verdict.REJECTED


def test_all_frames_together_have_a_budget_of_pixels() -> None:
    examiner = Examiner(Limits(file_pixels=1000))
    try:
        judged = judged_by(examiner, files.animation("GIF", 20))
    finally:
        examiner.close()
    assert codes(judged) == ["image.bomb"]


@pytest.mark.parametrize(
    ("orientation", "size"),
    [
        pytest.param(1, (64, 48), id="upright"),
        pytest.param(3, (64, 48), id="upside_down"),
        pytest.param(6, (48, 64), id="turned_right"),
        pytest.param(8, (48, 64), id="turned_left"),
        pytest.param(99, (64, 48), id="nonsense"),
    ],
)
def test_the_camera_s_orientation_is_applied(
    judge: Judge, shown: Shown, orientation: int, size: tuple[int, int]
) -> None:
    judged = judge(files.turned(orientation))
    assert (judged.width, judged.height) == size
    assert shown(files.turned(orientation)).size == size


@pytest.mark.parametrize("form", FORMS)
def test_every_picture_has_a_preview_in_jpeg(judge: Judge, shown: Shown, form: str) -> None:
    judged = judge(files.picture(form))
    assert judged.preview is None, "nobody wanted to see it yet"
    assert shown(files.picture(form)).size == (64, 48)
    assert (judged.width, judged.height, judged.frames) == (64, 48, 1)


def test_a_preview_carries_nothing_over(examiner: Examiner) -> None:
    preview = shown_by(examiner, files.turned(6))
    assert preview is not None
    assert b"photographer" not in preview
    assert b"secret" not in preview
    with Image.open(io.BytesIO(preview)) as picture:
        assert not picture.getexif()


@pytest.mark.parametrize(
    ("size", "copy"),
    [
        pytest.param((4000, 3000), (2000, 1500), id="twelve_megapixels"),
        pytest.param((3000, 4000), (1500, 2000), id="upright_format"),
        pytest.param((2200, 40), (2048, 37), id="between_two_scales"),
        pytest.param((2048, 10), (2048, 10), id="just_fits"),
        pytest.param((20000, 10), (2048, 2), id="a_strip"),
    ],
)
def test_a_large_jpeg_is_shrunk_while_it_is_decoded(
    judge: Judge, shown: Shown, size: tuple[int, int], copy: tuple[int, int]
) -> None:
    flat = io.BytesIO()
    Image.new("RGB", size, "teal").save(flat, "JPEG")
    judged = judge(flat.getvalue())
    assert shown(flat.getvalue()).size == copy
    assert (judged.width, judged.height) == size


@pytest.mark.parametrize(
    ("size", "glanced"),
    [
        pytest.param((4000, 3000), (1000, 750), id="twelve_megapixels"),
        pytest.param((6000, 8000), (750, 1000), id="forty_eight"),
        pytest.param((3264, 2448), None, id="eight_is_too_few"),
        pytest.param((1080, 9000), None, id="a_long_screenshot"),
        pytest.param((2048, 2732), None, id="the_largest_tablet"),
    ],
)
def test_only_a_large_photo_is_judged_by_a_quarter(
    size: tuple[int, int], glanced: tuple[int, int] | None
) -> None:
    assert glanced_size(size) == glanced


@pytest.mark.parametrize(
    ("mode", "form"),
    [
        ("1", "PNG"),
        ("L", "PNG"),
        ("P", "PNG"),
        ("LA", "PNG"),
        ("RGBA", "PNG"),
        ("I;16", "PNG"),
        ("I", "TIFF"),
        ("F", "TIFF"),
        ("CMYK", "JPEG"),
        ("LAB", "TIFF"),
        ("RGBA", "WEBP"),
    ],
)
def test_every_way_to_store_colours_can_be_shown(
    judge: Judge, shown: Shown, mode: str, form: str
) -> None:
    out = io.BytesIO()
    _in_mode(files.noise(), mode).save(out, form)
    judged = judge(out.getvalue())
    assert judged.verdict is Verdict.ACCEPTED, judged.findings
    assert shown(out.getvalue())


def _in_mode(source: Image.Image, mode: str) -> Image.Image:
    if mode in ("I", "F", "LA", "I;16"):
        return source.convert("L").convert(mode)
    return Image.new("LAB", source.size) if mode == "LAB" else source.convert(mode)


def test_transparency_is_laid_on_white(shown: Shown) -> None:
    out = io.BytesIO()
    Image.new("RGBA", (20, 20), (0, 0, 0, 0)).save(out, "PNG")
    assert shown(out.getvalue()).convert("L").getextrema() == (255, 255)


@pytest.mark.parametrize(
    ("tail", "expected"),
    [
        pytest.param(b"", [], id="nothing"),
        pytest.param(bytes(40), [], id="padding"),
        pytest.param(files.mp4(), [], id="motion_photo"),
        pytest.param(b"MotionPhoto_Data" + files.mp4() + b"SEFT", [], id="samsung_motion_photo"),
        pytest.param(files.picture("JPEG", (32, 32)), [], id="gain_map_or_second_view"),
        pytest.param(files.picture("JPEG", (32, 32))[:-9], ["image.truncated"], id="cut_second"),
        pytest.param(b"PK\x03\x04 something else", ["image.trailing_data"], id="a_zip"),
    ],
)
def test_what_phones_append_to_a_photo_is_no_fault(
    judge: Judge, tail: bytes, expected: list[str]
) -> None:
    judged = judge(files.picture("JPEG") + tail)
    assert codes(judged) == expected
    assert all(each.level <= Level.WEAK for each in judged.findings)
    assert judged.showable


@pytest.mark.parametrize("form", ["PNG", "GIF", "WEBP"])
def test_bytes_behind_a_picture_are_noted(judge: Judge, form: str) -> None:
    judged = judge(files.picture(form) + b"PK\x03\x04 and more")
    assert codes(judged) == ["image.trailing_data"]
    assert judged.verdict is Verdict.ACCEPTED


def test_too_little_memory_is_not_taken_for_damage() -> None:
    flat = io.BytesIO()
    Image.new("RGB", (6000, 6000)).save(flat, "WEBP", method=0)
    examiner = Examiner(Limits(memory_bytes=220 * 2**20))
    try:
        judged = judged_by(examiner, flat.getvalue())
    finally:
        examiner.close()
    assert codes(judged) == ["check.out_of_memory"]
    assert judged.verdict is Verdict.PENDING
