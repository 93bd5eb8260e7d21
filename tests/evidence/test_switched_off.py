"""The kill switch: a type that is switched off is offered to nobody and decoded for nobody."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.conftest import PLAIN
from tests.desks import open_desk
from tests.evidence import files
from tests.evidence.conftest import codes, judged_by
from triage.casework.equipment import limits_of, scanner_of
from triage.casework.policy import policy
from triage.cli import main
from triage.core.evidence import Verdict
from triage.evidence import Examiner, switched_off
from triage.settings import SettingError, Settings

LIBHEIF = {"image/heic", "image/heif"}


@pytest.fixture(scope="module")
def without_heic() -> Iterator[Examiner]:
    examiner = Examiner(replace(PLAIN, switched_off=switched_off("image/heic")))
    yield examiner
    examiner.close()


@pytest.fixture(scope="module")
def without_avif() -> Iterator[Examiner]:
    examiner = Examiner(replace(PLAIN, switched_off=switched_off("image/avif")))
    yield examiner
    examiner.close()


def rebranded(content: bytes, brand: bytes, compatible: bytes) -> bytes:
    """A picture that says of itself that it is another member of its family."""
    end = int.from_bytes(content[:4], "big")
    brands = compatible * ((end - 16) // 4)
    return content[:8] + brand + content[12:16] + brands + content[end:]


@pytest.mark.parametrize(
    ("written", "types"),
    [
        pytest.param("", set(), id="nothing"),
        pytest.param("image/avif", {"image/avif"}, id="one"),
        pytest.param(" Image/AVIF , video/webm,", {"image/avif", "video/webm"}, id="as_people_do"),
        pytest.param("image/heic", LIBHEIF, id="one_decoder_whole"),
        pytest.param("image/heif", LIBHEIF, id="one_decoder_whole_by_its_other_name"),
    ],
)
def test_the_setting_is_a_list_of_types(written: str, types: set[str]) -> None:
    assert limits_of(Settings(switched_off=written)).switched_off == types


@pytest.mark.parametrize("written", ["image/hiec", "heic", "image/*", "image/avif image/heic"])
def test_an_unknown_type_stops_the_start_in_a_sentence(
    written: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with pytest.raises(SettingError, match=r"TRIAGE_SWITCHED_OFF names .*; known are image/jpeg"):
        limits_of(Settings(switched_off=written))
    (tmp_path / "a.jpg").write_bytes(files.picture())
    monkeypatch.setenv("TRIAGE_SWITCHED_OFF", written)
    done = CliRunner().invoke(main, ["check", str(tmp_path / "a.jpg")])
    assert done.exit_code == 2
    assert done.stderr.startswith("triage: TRIAGE_SWITCHED_OFF names ")


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        pytest.param({"clamd": "localhost"}, "TRIAGE_CLAMD must be unix:/path", id="address"),
        pytest.param({"scan_required": True}, "TRIAGE_SCAN_REQUIRED needs", id="no_scanner"),
        pytest.param({"rescan_days": -1}, "TRIAGE_RESCAN_DAYS", id="days"),
        pytest.param({"clamd_max_bytes": 0}, "TRIAGE_CLAMD_MAX_BYTES", id="bytes"),
    ],
)
def test_a_scanner_that_makes_no_sense_stops_the_start_in_a_sentence(
    settings: dict[str, object], words: str
) -> None:
    with pytest.raises(SettingError, match=words):
        scanner_of(Settings(**settings))  # type: ignore[arg-type]  # wrong ones on purpose


@pytest.mark.parametrize(
    ("name", "declared"),
    [
        pytest.param("a.heic", "image/heic", id="as_itself"),
        pytest.param("a.jpg", "image/jpeg", id="declared_as_jpeg"),
        pytest.param("a.avif", "image/avif", id="declared_as_its_cousin"),
        pytest.param("", "", id="declared_as_nothing"),
    ],
)
@pytest.mark.parametrize(
    "content",
    [
        pytest.param(files.picture("HEIF"), id="whole"),
        pytest.param(files.picture("HEIF")[:-200], id="damaged"),
        pytest.param(rebranded(files.picture("HEIF"), b"mif1", b"mif1"), id="by_its_family"),
    ],
)
def test_it_is_refused_before_its_decoder_sees_it(
    without_heic: Examiner, content: bytes, name: str, declared: str
) -> None:
    judged = judged_by(without_heic, content, name=name, declared=declared, kind="damage_photo")
    (finding,) = judged.findings
    assert finding.code == "file.type_switched_off"
    assert "JPEG" in str(finding.limit)
    assert "HEI" not in str(finding.limit)
    assert judged.verdict is Verdict.REJECTED
    assert (judged.showable, judged.width) == (False, None)


def test_what_calls_itself_something_else_does_not_reach_the_decoder_that_is_off(
    without_heic: Examiner, without_avif: Examiner
) -> None:
    heic = rebranded(files.picture("HEIF"), b"avif", b"avif")
    avif = rebranded(files.picture("AVIF"), b"heic", b"heic")
    for examiner, content in ((without_heic, heic), (without_avif, avif)):
        judged = judged_by(examiner, content, kind="damage_photo")
        assert judged.verdict in (Verdict.REJECTED, Verdict.PENDING), "a decoder without the codec"
        assert not judged.showable


def test_other_types_are_taken_as_ever(without_heic: Examiner) -> None:
    for form in ("JPEG", "PNG", "AVIF"):
        assert codes(judged_by(without_heic, files.picture(form), kind="damage_photo")) == []


def test_the_policy_does_not_offer_it(
    tmp_path: Path, sqlite_url: str, without_heic: Examiner
) -> None:
    for desk in open_desk(tmp_path, sqlite_url, without_heic):
        offered = policy(desk, "en")["evidence_kinds"]
        assert offered
        for kind in offered:
            assert not LIBHEIF & set(kind["media_types"])
            assert not {".heic", ".heif", ".hif"} & set(kind["extensions"])


def test_the_command_line_obeys_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "a.heic").write_bytes(files.picture("HEIF", (640, 480)))
    monkeypatch.setenv("TRIAGE_SWITCHED_OFF", "image/heic")
    done = CliRunner().invoke(main, ["check", str(tmp_path / "a.heic"), "--json"])
    assert done.exit_code == 1
    assert "file.type_switched_off" in done.stdout
