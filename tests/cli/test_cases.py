"""``triage export`` and ``triage erase``."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

from tests.cli.test_commands import call, folder
from tests.cli.test_scan import filed
from tests.pictures import picture

__all__ = ("folder",)  # a fixture


def test_export_writes_the_case_with_its_originals(folder: Path) -> None:
    content = picture(1)
    complaint_id, _ = filed(folder, content)
    target = folder / "out.zip"

    result = call("export", complaint_id.lower(), "--out", str(target), "--json")

    assert json.loads(result.stdout)["files"] == 1
    with zipfile.ZipFile(target) as archive:
        case = json.loads(archive.read("case.json"))
        assert archive.read(case["files"][0]["file"]) == content
    assert case["text"] == "broken"
    again = call("export", complaint_id, "--out", str(target))
    assert (again.exit_code, "is there already" in again.output) == (2, True)


def test_export_into_a_folder_that_cannot_be_made_is_said(folder: Path) -> None:
    complaint_id, _ = filed(folder, picture(1))
    (folder / "file").write_text("")
    result = call("export", complaint_id, "--out", str(folder / "file" / "below"))
    assert (result.exit_code, "cannot be written" in result.output) == (1, True)


def test_erase_asks_first_and_then_forgets(folder: Path) -> None:
    complaint_id, _ = filed(folder, picture(2))
    assert call("erase", complaint_id, given="n\n").exit_code == 1

    result = call("erase", complaint_id, "--yes", "--json")

    assert json.loads(result.stdout) == {"complaint": complaint_id, "files": 1, "blobs": 1}
    again = call("erase", complaint_id, "--yes")
    assert (again.exit_code, "erased before" in again.output) == (1, True)


@pytest.mark.parametrize("words", [["export"], ["erase", "--yes"]], ids=" ".join)
def test_an_unknown_number_is_said(folder: Path, words: list[str]) -> None:
    result = call(*words, "NOSUCHID")
    assert (result.exit_code, "no such complaint" in result.output) == (1, True)
