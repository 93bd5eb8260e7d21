"""``triage check``: files judged offline, a line for each, and an exit status for scripts."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.evidence import files
from triage.cli.check import check


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "good.jpg").write_bytes(files.picture(size=(640, 480)))
    (tmp_path / "mended.pdf").write_bytes(files.pdf_with_wrong_offsets())
    (tmp_path / "really_png.jpg").write_bytes(files.picture("PNG", (640, 480)))
    (tmp_path / "cut.png").write_bytes(files.picture("PNG", (640, 480))[:-20])
    (tmp_path / "empty.jpg").write_bytes(b"")
    return tmp_path


@pytest.mark.parametrize(
    ("names", "status"),
    [
        pytest.param(["good.jpg"], 0, id="accepted"),
        pytest.param(["good.jpg", "mended.pdf"], 0, id="flagged_counts_as_passed"),
        pytest.param(["good.jpg", "cut.png"], 1, id="one_rejected"),
        pytest.param(["good.jpg", "nowhere.jpg"], 2, id="a_missing_file_is_a_wrong_call"),
        pytest.param(["."], 2, id="a_folder_is_a_wrong_call"),
        pytest.param([], 2, id="no_file_is_a_wrong_call"),
    ],
)
def test_the_exit_status_says_whether_all_passed(
    folder: Path, names: list[str], status: int
) -> None:
    done = CliRunner().invoke(check, [str(folder / name) for name in names])
    assert done.exit_code == status, done.output


def test_json_is_one_object_a_line_in_the_order_of_the_call(folder: Path) -> None:
    names = ["really_png.jpg", "good.jpg", "empty.jpg"]
    paths = [str(folder / name) for name in names]
    done = CliRunner().invoke(check, [*paths, "--json", "--kind", "damage_photo"])
    lines = [json.loads(line) for line in done.output.splitlines()]
    assert [line["path"] for line in lines] == paths
    assert [line["verdict"] for line in lines] == ["accepted", "accepted", "rejected"]
    assert set(lines[0]) == {"path", "kind", "media_type", "sha256", "verdict", "findings"}
    (finding,) = lines[0]["findings"]
    assert finding == {
        "code": "file.type_mismatch",
        "level": "note",
        "message": (
            "The name or the sender says jpg, the content is PNG; it was read as what it is."
        ),
        "cure": "There is nothing to do.",
        "measured": "PNG",
        "limit": None,
    }


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "The file is empty"), ("ru", "Файл пустой"), ("kk", "Файл бос")],
)
def test_findings_are_said_in_the_language_asked_for(
    folder: Path, language: str, words: str
) -> None:
    done = CliRunner().invoke(check, [str(folder / "empty.jpg"), "--language", language])
    assert words in done.output
    assert "rejected" in done.output


def test_an_unknown_kind_is_a_wrong_call_that_names_the_known_ones(folder: Path) -> None:
    done = CliRunner().invoke(check, [str(folder / "good.jpg"), "--kind", "selfie"])
    assert done.exit_code == 2
    assert "damage_photo" in done.output
