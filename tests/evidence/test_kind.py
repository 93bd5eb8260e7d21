"""Does the slot hold what it claims? Flagged with a reason and never more than flagged."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from bench.kinds import camera, collection, goods, papers, screens
from bench.kinds.screens import seeded
from tests.conftest import PLAIN
from tests.evidence import files
from tests.evidence.conftest import judged_by
from triage.casework import words
from triage.core.evidence import EvidenceKind, Level, Verdict
from triage.evidence import Examiner, Judged, kind
from triage.evidence.opened import Opened
from triage.evidence.screen import Look
from triage.evidence.wire import Request
from triage.languages import LANGUAGES
from triage.messages.cures import BECAUSE

SIZE = (800, 600)
PHONE = (720, 1600)


@pytest.fixture(scope="module")
def strict() -> Iterator[Examiner]:
    """With the limits that hold for everybody."""
    examiner = Examiner()
    yield examiner
    examiner.close()


@cache
def screen(*, night: bool = False) -> Image.Image:
    return screens.chat(PHONE, "kk", seeded(100), night=night, wallpaper=False)


@cache
def order() -> Image.Image:
    return screens.order(PHONE, "ru", seeded(101), things())


@cache
def things() -> Image.Image:
    random = seeded(102)
    scene = goods.box(goods.table(SIZE, random), random) * goods.lamp(SIZE, random)[..., None]
    return camera.photographed(np.asarray(scene, np.float32), random, camera.Shot())


@cache
def on_white() -> Image.Image:
    random = seeded(103)
    scene = goods.bowl(goods.studio(SIZE), random)
    return camera.photographed(scene, random, camera.Shot(light=1.1, noise=0.006))


@cache
def sheet() -> Image.Image:
    return papers.on_table(papers.letter("ru", seeded(104)), seeded(104), (900, 1200))


@cache
def scan() -> Image.Image:
    return papers.scanned(papers.form("kk", seeded(105)), seeded(105))


@cache
def photo_of_screen() -> Image.Image:
    shown = screen().resize((720, 1500)).crop((0, 0, 720, 1280))
    return collection._photo_of_screen(shown, "diamonds", (960, 1280), seeded(10, 7, 2))


def sent(picture: Image.Image) -> bytes:
    return camera.jpeg(picture, 88)


def passed_on(picture: Image.Image) -> bytes:
    return camera.messenger(camera.png(picture), 70)


def kinds(judged: Judged) -> list[str]:
    return [each.code for each in judged.findings if each.code.startswith("kind.")]


SAYS = [
    ("damage_photo", lambda: camera.png(screen()), ["kind.screenshot_as_photo"], "chat"),
    ("damage_photo", lambda: sent(screen()), ["kind.screenshot_as_photo"], "chat_as_jpeg"),
    ("damage_photo", lambda: passed_on(screen()), ["kind.screenshot_as_photo"], "chat_passed_on"),
    ("damage_photo", lambda: passed_on(screen(night=True)), ["kind.screenshot_as_photo"], "night"),
    ("damage_photo", lambda: passed_on(order()), ["kind.screenshot_as_photo"], "order"),
    ("damage_photo", lambda: sent(photo_of_screen()), ["kind.photo_of_screen"], "of_a_screen"),
    ("damage_photo", lambda: sent(things()), [], "photo"),
    ("damage_photo", lambda: passed_on(things()), [], "photo_passed_on"),
    ("damage_photo", lambda: camera.png(things()), [], "photo_as_png"),
    ("damage_photo", lambda: sent(on_white()), [], "goods_on_white"),
    ("damage_photo", lambda: sent(sheet()), [], "printed_page"),
    ("chat_screenshot", lambda: camera.png(screen()), [], "screenshot"),
    ("chat_screenshot", lambda: passed_on(screen(night=True)), [], "screenshot_passed_on"),
    ("chat_screenshot", lambda: sent(things()), ["kind.photo_as_screenshot"], "no_screenshot"),
    ("chat_screenshot", lambda: sent(photo_of_screen()), ["kind.photo_of_screen"], "weaker"),
    ("expert_report", lambda: sent(sheet()), [], "photo_of_a_report"),
    ("expert_report", lambda: sent(scan()), [], "scan_of_a_report"),
    ("expert_report", lambda: camera.png(screen()), [], "report_on_a_screen"),
    ("expert_report", lambda: sent(things()), ["kind.photo_as_document"], "no_report"),
    ("purchase_proof", lambda: sent(things()), [], "not_asked"),
    ("other", lambda: camera.png(screen()), [], "not_asked_either"),
]


@pytest.mark.parametrize(
    ("slot", "make", "expected"), [pytest.param(*row[:3], id=row[3]) for row in SAYS]
)
def test_a_slot_says_when_it_holds_something_else(
    strict: Examiner, slot: str, make: Callable[[], bytes], expected: list[str]
) -> None:
    judged = judged_by(strict, make(), kind=slot)
    assert kinds(judged) == expected
    assert judged.verdict in (Verdict.ACCEPTED, Verdict.FLAGGED)
    for finding in judged.findings:
        if finding.code in expected:
            assert finding.level is Level.WEAK
            assert finding.limit == 80
            assert 80 <= finding.measured <= 99  # type: ignore[operator] # per cent
            assert set(str(finding.detail["because"]).split(", ")) <= set(BECAUSE)


def test_missing_exif_says_nothing_and_an_exposure_only_helps(strict: Examiner) -> None:
    without = judged_by(strict, camera.jpeg(things(), 88), kind="damage_photo")
    taken = judged_by(strict, camera.jpeg(things(), 88, camera.exif_of(0)), kind="damage_photo")
    assert kinds(without) == kinds(taken) == []
    absent = dict.fromkeys((*kind.SCREENSHOT.terms, *kind.DOCUMENT.terms), 0.0)
    assert kind.SCREENSHOT.sureness(absent) < 0.05, "nothing known speaks for nothing"
    for name in kind.HEADER:
        assert kind.header_of(_untold())[name] == 0


def _untold() -> Opened:
    request = Request(
        kind=EvidenceKind.DAMAGE_PHOTO,
        extension="",
        declared_type="",
        size=0,
        cpu_seconds=1,
        wall_seconds=1,
    )
    return Opened(request, -1, PLAIN)


def test_a_phone_that_calls_it_a_screenshot_is_believed(strict: Examiner) -> None:
    said = Image.Exif()
    said.get_ifd(0x8769)[0x9286] = b"ASCII\0\0\0Screenshot"
    judged = judged_by(strict, camera.jpeg(on_white(), 88, said), kind="damage_photo")
    (finding,) = [each for each in judged.findings if each.code == "kind.screenshot_as_photo"]
    assert str(finding.detail["because"]).startswith("says_so")


@pytest.mark.parametrize("orientation", [3, 6, 8])
def test_a_picture_is_turned_before_it_is_looked_at(strict: Examiner, orientation: int) -> None:
    turns = {3: Image.Transpose.ROTATE_180, 6: Image.Transpose.ROTATE_90}
    stored = screen().transpose(turns.get(orientation, Image.Transpose.ROTATE_270))
    said = Image.Exif()
    said[0x0112] = orientation
    judged = judged_by(strict, camera.jpeg(stored, 90, said), kind="damage_photo")
    (finding,) = judged.findings
    assert finding.code == "kind.screenshot_as_photo"
    upright = judged_by(strict, camera.jpeg(screen(), 90), kind="damage_photo")
    assert abs(finding.measured - upright.findings[0].measured) <= 3  # type: ignore[operator] # per cent


@pytest.mark.parametrize("language", LANGUAGES)
def test_people_are_told_why(strict: Examiner, language: str) -> None:
    judged = judged_by(strict, camera.png(screen()), kind="damage_photo")
    (finding,) = judged.findings
    stored = {
        "code": finding.code,
        "level": "weak",
        "measured": finding.measured,
        "limit": finding.limit,
        "detail": dict(finding.detail),
    }
    told = words.finding(stored, language)
    assert f"{finding.measured} %" in told["message"]
    assert "_" not in told["message"], "no code is left without words"
    assert "{" not in told["message"] + told["cure"]


def test_moving_and_tiny_pictures_are_left_alone(strict: Examiner) -> None:
    moving = files.animation("GIF", 3, (400, 400))
    tiny = camera.png(screen().resize((180, 400)))
    for content in (moving, tiny):
        assert kinds(judged_by(strict, content, kind="damage_photo")) == []
        assert kinds(judged_by(strict, content, kind="chat_screenshot")) == []


MODELS = {"screenshot": kind.SCREENSHOT, "screen": kind.SCREEN_PHOTO, "document": kind.DOCUMENT}
SHARES = st.floats(0, 1)


@pytest.mark.parametrize("name", MODELS)
@given(shares=st.lists(SHARES, min_size=16, max_size=16), more=SHARES)
def test_a_feature_counts_one_way_only(name: str, shares: list[float], more: float) -> None:
    model = MODELS[name]
    seen = dict(zip(model.terms, shares, strict=False))
    sure = model.sureness(seen)
    assert 0 <= sure <= 1
    for feature, term in model.terms.items():
        raised = model.sureness({**seen, feature: seen[feature] + more})
        assert raised >= sure if term.weight >= 0 else raised <= sure


@settings(deadline=None, max_examples=40)
@given(
    width=st.integers(1, 300),
    height=st.integers(1, 300),
    mode=st.sampled_from(["L", "RGB", "YCbCr"]),
    level=st.integers(0, 255),
)
def test_any_picture_has_finite_features(width: int, height: int, mode: str, level: int) -> None:
    plain = Image.new("L", (width, height), level).convert(mode)
    grainy = Image.effect_noise((width, height), 60).convert(mode)
    for picture in (plain, grainy):
        look = Look(picture, picture.size)
        for model in MODELS.values():
            seen = kind.features(model, look, {})
            assert all(0 <= value < 12 for value in seen.values()), seen


def test_reading_bytes_back_gives_the_picture() -> None:
    """The messenger of the made set shrinks and compresses, and keeps nothing of EXIF."""
    content = camera.messenger(camera.jpeg(screen().resize((1440, 3200)), 90, camera.exif_of(1)))
    with Image.open(io.BytesIO(content)) as picture:
        assert max(picture.size) == 1280
        assert not picture.getexif()
