"""What a picture looks like: the same after all that messengers do, and PDQ's own bits."""

from __future__ import annotations

import io

import pytest
from PIL import Image, ImageEnhance

from tests.evidence import files
from tests.evidence.conftest import Judge
from tests.evidence.scenes import scene
from triage.evidence.fingerprint import ENOUGH_QUALITY, fingerprint, turned, usable
from triage.store.pictures import NEAR

GOLDEN = (
    (0, (1280, 960), "fc0fe01ef86e088efe8e1e0f48865f5cad08d8d4b569c3d0e560234895b37f56", 100),
    (1, (960, 1280), "61af8427962af5f812e5f03d0579cd6ce1fc318a84f58e11a2b8f55cc844aafd", 100),
    (2, (640, 480), "3e46b657e5add4266c0c56d42146e386af270f270f0b0347c81bee5d18db1de3", 100),
    (3, (1000, 1000), "14b7e1d88abf00f8f31de2b708fa42ad751e83c584f2f49f5c3851c5a492aaba", 100),
    (4, (2048, 1536), "2650b684c9fdcb60e07da5b0f4505b42d76089ffaa8da0a55d3f575a76507a19", 100),
    (5, (1080, 2340), "005f1c6f6335e73318b7344aee65077bf0949d339a5c80cb7d4402acfe72195e", 100),
    (6, (720, 1280), "406bba0ce8102fae16d5d45208d1abaaaf80ab7b7547d054bc3aebe8b62f873b", 100),
    (7, (1600, 900), "8bd8b939034efc06719d1aa9f9dc1ea6773033f9b88f19dc2027603acebccc14", 100),
    (8, (1280, 960), "ff07345beab2fbe49540ff84609f905887c05aa0d8bfa5d0185afa38c784695b", 100),
    (9, (960, 1280), "b4c9fba2dba4b481f160d5a4db65bdeb4b620bb0eb400a5b1f941694f41d7d28", 100),
    (10, (640, 480), "028fd557e1670b2c8397edc24891b6fc1c1978d5762f2b0f5f10c2d13ed4a87c", 100),
    (11, (1000, 1000), "7e7c460ec73d1876fc3d4d4806bc195b7ca36d7e863c70c2d9838926b04437e3", 100),
    (12, (2048, 1536), "32d53ffe3d2e380550195d8a203fa875950ade3a5ea87d3db95c8f02a15644bb", 100),
    (13, (1080, 2340), "41d53905cc75c9ac6327bc293b3898cdcecae6d2309e26328e1ceacbd2e3d81f", 100),
    (14, (720, 1280), "772c73b47b5b3bb2fe12b01b1faae4a62d66af6880f00e9b83f42a4560af0199", 100),
    (15, (1600, 900), "08ec33b0c3e8c48d1afe118ea31f40fe766099ae2399d7f824179feec09c732d", 100),
)
"""Seed, size, hash and quality of ``scene`` by pdqhash 0.2.8, the C++ code, built once for this."""

FADED = ((0, 0.8, 37), (0, 0.9, 15), (1, 0.8, 27), (1, 0.9, 10), (2, 0.8, 34), (2, 0.95, 4))
"""Seed, share of grey laid over it, quality by the same."""


def distance(one: int, other: int) -> int:
    return (one ^ other).bit_count()


def jpeg(picture: Image.Image, quality: int, **how: object) -> bytes:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=quality, **how)
    return out.getvalue()


def through_jpeg(picture: Image.Image, quality: int) -> Image.Image:
    return Image.open(io.BytesIO(jpeg(picture, quality)))


def messenger(picture: Image.Image) -> Image.Image:
    """Sent on twice: shrunk and compressed each time."""
    once = through_jpeg(picture.resize((1024, 768)), 70)
    return through_jpeg(once.resize((800, 600)), 50)


def cropped(picture: Image.Image, share: float) -> Image.Image:
    width, height = picture.size
    left, top = round(width * share), round(height * share)
    return picture.crop((left, top, width - left, height - top))


@pytest.mark.parametrize(("seed", "size", "hexadecimal", "quality"), GOLDEN)
def test_the_bits_are_those_of_the_reference(seed, size, hexadecimal, quality):
    pdq, measured = fingerprint(scene(seed, size))
    assert distance(pdq, int(hexadecimal, 16)) <= 12  # of 256; mostly 2 to 4
    assert abs(measured - quality) <= 2


@pytest.mark.parametrize(("seed", "share", "quality"), FADED)
def test_the_quality_is_that_of_the_reference(seed, share, quality):
    picture = scene(seed)
    grey = Image.new("RGB", picture.size, (128, 128, 128))
    assert abs(fingerprint(Image.blend(picture, grey, share))[1] - quality) <= 2


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda picture: picture.resize((640, 480)), id="half the size"),
        pytest.param(lambda picture: picture.resize((1000, 900)), id="stretched"),
        pytest.param(lambda picture: through_jpeg(picture, 40), id="JPEG quality 40"),
        pytest.param(messenger, id="sent on twice"),
        pytest.param(lambda picture: ImageEnhance.Brightness(picture).enhance(1.3), id="brighter"),
        pytest.param(lambda picture: ImageEnhance.Brightness(picture).enhance(0.6), id="darker"),
        pytest.param(lambda picture: picture.convert("L"), id="without colours"),
    ],
)
def test_a_copy_stays_near(seed, change):
    picture = scene(seed)
    assert distance(fingerprint(picture)[0], fingerprint(change(picture))[0]) <= NEAR


def test_cutting_a_hundredth_off_is_forgiven_and_a_twentieth_is_not():
    """A frame cut off moves everything: the hash is no help against it, and says so."""
    seeds = range(12)
    whole = [fingerprint(scene(seed))[0] for seed in seeds]
    found = {
        share: sum(
            distance(one, fingerprint(cropped(scene(seed), share))[0]) <= NEAR
            for one, seed in zip(whole, seeds, strict=True)
        )
        for share in (0.01, 0.05)
    }
    assert found[0.01] >= 11
    assert found[0.05] == 0


def test_other_pictures_are_far_apart_however_they_are_turned():
    hashes = [fingerprint(scene(seed))[0] for seed in range(20)]
    pairs = [(one, other) for at, one in enumerate(hashes) for other in hashes[:at]]
    assert min(distance(each, two) for one, two in pairs for each in turned(one)) > 2 * NEAR


@pytest.mark.parametrize("way", Image.Transpose)
def test_a_mirrored_or_turned_copy_is_found_from_the_bits_alone(way):
    for seed in range(5):
        pdq = fingerprint(scene(seed))[0]
        copy = fingerprint(scene(seed).transpose(way))[0]
        assert min(distance(copy, each) for each in turned(pdq)) <= NEAR


def test_the_eight_turns_are_a_closed_circle():
    pdq = fingerprint(scene(1))[0]
    assert len(set(turned(pdq))) == 8
    assert all(pdq in turned(each) for each in turned(pdq))


@pytest.mark.parametrize("orientation", range(1, 9))
def test_the_camera_may_be_held_any_way(judge: Judge, orientation):
    """What EXIF tells to turn is turned before: the hash is that of the picture as it is seen."""
    upright = scene(3)
    back = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}  # the transpose that undoes it
    stored = upright
    if orientation in back:
        stored = upright.transpose(Image.Transpose(back[orientation]))
    exif = Image.Exif()
    exif[0x0112] = orientation
    said = judge(jpeg(stored, 90, exif=exif), kind="damage_photo").signals
    assert distance(int(said["pdq"], 16), fingerprint(upright)[0]) <= 10


def test_a_flat_picture_has_no_usable_hash(judge: Judge):
    flat = Image.linear_gradient("L").resize((640, 480))
    said = judge(jpeg(flat, 90), kind="damage_photo").signals
    assert int(said["pdq_quality"]) < ENOUGH_QUALITY
    assert usable(said) is None
    assert usable(judge(jpeg(scene(2), 90), kind="damage_photo").signals) is not None


@pytest.mark.parametrize("size", [(5, 900), (64, 64), (5, 5), (3000, 7)])
def test_any_size_has_an_answer(size):
    pdq, quality = fingerprint(scene(1, (900, 900)).resize(size))
    assert 0 <= pdq < 2**256
    assert 0 <= quality <= 100


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(files.picture(size=(4, 4)), id="too small to say anything"),
        pytest.param(files.picture()[:300], id="cut off"),
        pytest.param(b"%PDF-1.4 nothing", id="no picture"),
    ],
)
def test_what_cannot_be_seen_has_no_hash(judge: Judge, content):
    assert "pdq" not in judge(content, kind="other").signals


def test_nothing_told_is_nothing_usable():
    assert usable({}) is None
