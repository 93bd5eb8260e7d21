"""What can be seen in a picture: nothing, too little, too dark, too soft; and no false alarms."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator

import pytest
from PIL import Image, ImageDraw, ImageEnhance, ImageFilter, ImageFont

from tests.evidence import files
from tests.evidence.conftest import codes, judged_by
from triage.core.evidence import Level, Verdict
from triage.evidence import Examiner

WHITE, INK = (255, 255, 255), (30, 30, 30)


@pytest.fixture(scope="module")
def strict() -> Iterator[Examiner]:
    """With the limits that hold for everybody."""
    examiner = Examiner()
    yield examiner
    examiner.close()


def chat(
    *, paper: tuple[int, int, int], bubble: tuple[int, int, int], messages: int
) -> Image.Image:
    ink = INK if sum(paper) > 400 else (233, 237, 239)
    screen = Image.new("RGB", (1080, 2340), paper)
    draw = ImageDraw.Draw(screen)
    for each in range(messages):
        left, top = 40 + each % 2 * 300, 150 + each * 170
        draw.rounded_rectangle((left, top, left + 700, top + 130), 30, fill=bubble)
        draw.text(
            (left + 40, top + 30), "The parcel came", fill=ink, font=ImageFont.load_default(38)
        )
    return screen


def page(lines: int) -> Image.Image:
    sheet = Image.new("RGB", (1654, 2339), WHITE)
    draw = ImageDraw.Draw(sheet)
    for each in range(lines):
        words = "The housing bears the marks of a blow on its edge"
        draw.text((150, 150 + 48 * each), words, fill=INK, font=ImageFont.load_default(28))
    return sheet


def goods(shade: int) -> Image.Image:
    shop = Image.new("RGB", (1600, 1200), WHITE)
    draw = ImageDraw.Draw(shop)
    draw.rounded_rectangle((500, 350, 1100, 900), 60, fill=(shade, shade, shade))
    draw.ellipse((700, 500, 900, 700), fill=(shade - 30,) * 3)
    return shop


def photo() -> Image.Image:
    """Light and shade with grain, and a few things with edges."""
    coarse = Image.effect_noise((40, 30), 90).resize((1600, 1200), Image.Resampling.BICUBIC)
    view = Image.blend(coarse, Image.effect_noise((1600, 1200), 60), 0.2).convert("RGB")
    draw = ImageDraw.Draw(view)
    for each in range(12):
        left, top = 120 * each + 30, 331 * each % 900
        draw.rectangle((left, top, left + 90, top + 200), fill=(20 * each, 90, 230 - 20 * each))
    return view


def soft_background() -> Image.Image:
    view = photo().filter(ImageFilter.GaussianBlur(15))
    view.paste(photo().crop((300, 300, 900, 900)), (500, 300))
    return view


def blurred(sharp: Image.Image) -> Image.Image:
    return sharp.filter(ImageFilter.GaussianBlur(9))


def dark(bright: Image.Image) -> Image.Image:
    return ImageEnhance.Brightness(bright).enhance(0.12)


def jpeg(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=80)
    return out.getvalue()


LIGHT_CHAT = {"paper": (240, 240, 235), "bubble": WHITE}
DARK_CHAT = {"paper": (11, 20, 26), "bubble": (31, 44, 52)}


@pytest.mark.parametrize(
    "make",
    [
        pytest.param(lambda: chat(**LIGHT_CHAT, messages=12), id="chat"),
        pytest.param(lambda: chat(**LIGHT_CHAT, messages=2), id="short_chat"),
        pytest.param(lambda: chat(**DARK_CHAT, messages=12), id="dark_chat"),
        pytest.param(lambda: chat(**DARK_CHAT, messages=2), id="short_dark_chat"),
        pytest.param(lambda: page(40), id="page"),
        pytest.param(lambda: page(1), id="one_line"),
        pytest.param(lambda: goods(210), id="goods_on_white"),
        pytest.param(lambda: goods(235), id="white_goods_on_white"),
        pytest.param(photo, id="photo"),
        pytest.param(soft_background, id="soft_background"),
    ],
)
def test_what_can_be_seen_is_no_finding(strict: Examiner, make: Callable[[], Image.Image]) -> None:
    judged = judged_by(strict, jpeg(make()), kind="other")
    assert (judged.verdict, judged.findings) == (Verdict.ACCEPTED, ())


@pytest.mark.parametrize(
    ("make", "code"),
    [
        pytest.param(lambda: Image.new("RGB", (800, 600), WHITE), "blank", id="white"),
        pytest.param(lambda: Image.new("RGB", (800, 600), (4, 4, 5)), "blank", id="black"),
        pytest.param(lambda: blurred(goods(210)), "blurred", id="blurred_goods"),
        pytest.param(lambda: blurred(photo()), "blurred", id="blurred_photo"),
        pytest.param(lambda: blurred(page(40)), "blurred", id="blurred_page"),
        pytest.param(lambda: blurred(chat(**LIGHT_CHAT, messages=9)), "blurred", id="blurred_chat"),
        pytest.param(lambda: dark(photo()), "too_dark", id="dark_photo"),
        pytest.param(lambda: dark(goods(120)), "too_dark", id="dark_goods"),
        pytest.param(lambda: photo().resize((320, 240)), "too_small", id="thumbnail"),
    ],
)
def test_what_cannot_be_seen_is_flagged(
    strict: Examiner, make: Callable[[], Image.Image], code: str
) -> None:
    judged = judged_by(strict, jpeg(make()), kind="other")
    (finding,) = judged.findings
    assert (finding.code, finding.level) == (f"image.{code}", Level.WEAK)
    assert isinstance(finding.measured, int)
    assert isinstance(finding.limit, int)
    assert finding.measured < finding.limit
    assert judged.verdict is Verdict.FLAGGED


@pytest.mark.parametrize(
    ("kind", "size", "expected"),
    [
        ("damage_photo", (400, 600), []),
        ("expert_report", (400, 600), ["image.too_small"]),
        ("purchase_proof", (499, 900), ["image.too_small"]),
        ("purchase_proof", (500, 900), []),
        ("other", (900, 299), ["image.too_small"]),
    ],
)
def test_a_document_must_be_larger_than_a_photo(
    strict: Examiner, kind: str, size: tuple[int, int], expected: list[str]
) -> None:
    assert codes(judged_by(strict, files.picture("PNG", size), kind=kind)) == expected


def test_an_animation_may_begin_with_nothing(strict: Examiner) -> None:
    judged = judged_by(strict, files.animation("GIF", 5, (400, 400)))
    assert codes(judged) == []
