"""``triage scan`` and ``triage opened``, and what ``triage check`` says with a scanner."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests import clamd
from tests.clamd import EICAR, fake, says
from tests.cli.test_commands import call, folder
from tests.pictures import picture
from triage.casework import files
from triage.casework.submit import submit
from triage.cli.start import opened_desk
from triage.core.complaint import Attachment, Submission
from triage.core.evidence import EvidenceKind
from triage.core.people import Actor, Role
from triage.settings import Settings
from triage.store.tables import Evidence

__all__ = ("folder",)  # a fixture

APP = Actor(id="key:1", name="The app", roles=frozenset({Role.INTAKE}))
AIGUL = Actor(id="user:1", name="Aigul", roles=frozenset({Role.AGENT}), is_person=True)


def filed(folder: Path, content: bytes) -> tuple[str, str]:
    """A complaint with one file that was judged without a scanner; their ids."""
    with opened_desk(Settings(data_dir=folder)) as desk:
        attachment = Attachment(
            kind=EvidenceKind.OTHER,
            filename="a.jpg",
            declared_type="",
            sha256=desk.blobs.put(content),
            size=len(content),
        )
        said = Submission(text="broken", order_number="978080963", attachments=(attachment,))
        complaint_id = submit(desk, said, APP).complaint_id
        with desk.sessions.begin() as session:
            row = session.query(Evidence).one()
            row.checked_at, row.verdict = desk.now(), "accepted"
            return complaint_id, row.id


@pytest.mark.parametrize(
    ("answer", "status", "counts"),
    [
        pytest.param(b"OK", 0, {"clean": 1, "found": 0, "not_scanned": 0}, id="clean"),
        pytest.param(b"X FOUND", 1, {"clean": 0, "found": 1, "not_scanned": 0}, id="found"),
        pytest.param(b"X ERROR", 3, {"clean": 0, "found": 0, "not_scanned": 1}, id="not_scanned"),
    ],
)
@pytest.mark.parametrize("words", [["scan"], ["scan", "--all"]], ids=" ".join)
def test_the_exit_status_says_what_a_scan_came_to(
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    words: list[str],
    answer: bytes,
    status: int,
    counts: dict[str, int],
) -> None:
    filed(folder, picture(1))
    with fake() as server:
        server.answer = says(b"stream: %b\0" % answer)
        monkeypatch.setenv("TRIAGE_CLAMD", server.address)
        done = call(*words, "--json")
        assert (done.exit_code, json.loads(done.stdout)) == (status, counts)
        again = call("scan", "--json")
        assert (again.exit_code, sum(json.loads(again.stdout).values())) == (0, 0), "nothing is due"


def test_a_scan_without_a_scanner_is_a_wrong_call_and_one_that_is_down_is_said(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    without = call("scan")
    assert (without.exit_code, without.stderr.count("TRIAGE_CLAMD")) == (2, 1)
    monkeypatch.setenv("TRIAGE_CLAMD", f"unix:{folder}/nobody")
    down = call("scan")
    assert (down.exit_code, "scanner.unreachable" in down.stderr) == (3, True)


def checked(path: Path, *words: str) -> tuple[int, dict[str, str], str]:
    done = call("check", str(path), "--json", *words)
    line = json.loads(done.stdout)
    return done.exit_code, {each["code"]: each["level"] for each in line["findings"]}, done.stdout


def test_files_are_scanned_by_the_offline_check_too(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = folder / "a.jpg"
    path.write_bytes(picture(1))
    with fake() as server:
        monkeypatch.setenv("TRIAGE_CLAMD", server.address)
        status, codes, _ = checked(path)
        assert (status, "malware.not_scanned" in codes) == (0, False)
        server.answer = says(b"stream: Odd.Name-1 FOUND\0")
        status, codes, shown = checked(path, "--language", "ru")
        assert (status, codes["malware.found"]) == (1, "dangerous")
        assert "Антивирус нашёл в этом файле Odd.Name-1" in shown
        server.answer = says(b"stream: X ERROR\0")
        assert checked(path)[:2] == (0, {**codes_without(codes), "malware.not_scanned": "note"})
        monkeypatch.setenv("TRIAGE_SCAN_REQUIRED", "yes")
        assert checked(path)[:2] == (1, {**codes_without(codes), "malware.not_scanned": "unknown"})


def codes_without(codes: dict[str, str]) -> dict[str, str]:
    return {code: level for code, level in codes.items() if not code.startswith("malware.")}


def test_the_real_clamd_is_asked_from_the_command_line(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = folder / "letter.txt"
    path.write_bytes(EICAR)
    filed(folder, EICAR)
    with clamd.real() as address:
        monkeypatch.setenv("TRIAGE_CLAMD", address)
        assert checked(path)[1]["malware.found"] == "dangerous"
        assert call("scan").exit_code == 1


def test_who_opened_which_original_is_listed(folder: Path) -> None:
    complaint_id, evidence_id = filed(folder, picture(1))
    with opened_desk(Settings(data_dir=folder)) as desk:
        files.open_original(desk, evidence_id, AIGUL)[0].close()
    line = json.loads(call("opened", "--json", "--complaint", complaint_id.lower()).stdout)
    at = datetime.fromisoformat(line.pop("at"))
    assert (datetime.now(UTC) - at).total_seconds() < 60
    assert line == {
        "actor": "user:1",
        "actor_name": "Aigul",
        "complaint": complaint_id,
        "evidence": evidence_id,
    }
    assert evidence_id in call("opened").stdout
    assert call("opened", "--since", "2999-01-01").stdout == ""
    assert call("opened", "--complaint", "NOBODY").stdout == ""
