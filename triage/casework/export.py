"""A whole case to take away: for its customer, and for the desk with the sealed originals."""

from __future__ import annotations

import json
import shutil
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO

from triage.casework import answer, customer_view, history, previews
from triage.core.evidence import Level
from triage.core.people import Actor
from triage.desk import Desk
from triage.errors import NotFound
from triage.evidence import EXTENSIONS
from triage.store.tables import Assessment, Complaint, Evidence

_GIVEN = (
    "order_number", "seller", "product", "amount", "order_date", "promised_on", "received_on",
    "wish", "return_requested_on", "return_answer", "symptom",
)  # fmt: skip

_IN_MEMORY = 8 * 1024 * 1024  # bytes of a ZIP; a larger one goes to the disk meanwhile


def for_customer(desk: Desk, complaint_id: str, language: str) -> dict[str, Any]:
    """All that the customer wrote and sent and all that was answered; no name, no contact.

    Whoever holds the link may have got it from somebody else, so what tells a stranger who the
    customer is stays out: the customer knows it. Raises NotFound.
    """
    page = customer_view.page(desk, complaint_id, language)
    with desk.reading() as session:
        row = session.get_one(Complaint, complaint_id)
        evidence = [
            {**shown, "filename": kept.filename, "file": _copy_name(n, kept)}
            for n, (shown, kept) in enumerate(zip(page["evidence"], row.evidence, strict=True), 1)
        ]
        return {
            **page,
            "evidence": evidence,
            "text": row.text,
            "order": {name: getattr(row, name) for name in _GIVEN},
            "thread": page["thread"][::-1],
            "made_at": answer.moment(desk.now()),
        }


def pack_for_customer(desk: Desk, complaint_id: str, pages: Iterable[tuple[str, str]]) -> BinaryIO:
    """A ZIP of the given text files and the re-encoded copies of the customer's own pictures.

    The copies are made first, so that ``pages`` that are written while they are asked for name
    no other ones.
    """
    previews.make_all(desk, complaint_id)
    with desk.reading() as session:
        rows = list(session.get_one(Complaint, complaint_id).evidence)
    packed = _spool()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in pages:
            archive.writestr(name, text)
        for n, row in enumerate(rows, 1):
            copy_name = _copy_name(n, row)
            if copy_name is not None and row.preview:
                with desk.blobs.open(row.preview) as copy, archive.open(copy_name, "w") as target:
                    shutil.copyfileobj(copy, target)
    packed.seek(0)
    return packed


def whole_case(desk: Desk, complaint_id: str, target: Path, actor: Actor) -> dict[str, Any]:
    """Write the case with its originals to a folder, or to a ZIP where the name ends so.

    ``case.json`` holds the case, every assessment and the list of files. What a check called
    dangerous is listed and left out. The export is written into the history. Raises NotFound;
    OSError where the target cannot be written.
    """
    with desk.reading() as session:
        row = session.get(Complaint, complaint_id)
        if row is None:
            raise NotFound("complaint.unknown")
        evidence = list(row.evidence)
        assessments = [_assessment(each) for each in row.assessments]
    said = {
        **answer.case(desk, complaint_id, "en", actor),
        "assessments": assessments,
        "exported_at": answer.moment(desk.now()),
    }
    listed = [_listed(n, each) for n, each in enumerate(evidence, 1)]
    said["files"] = listed
    names: dict[str, str] = {each["sha256"]: each["file"] for each in listed if each["file"]}
    with desk.sessions.begin() as session:
        kept = session.get_one(Complaint, complaint_id)
        history.add(kept, actor, "export", desk.now(), files=len(names))
    _write(desk, target, json.dumps(said, ensure_ascii=False, indent=1), names)
    return {"complaint": complaint_id, "target": str(target), "files": len(names)}


def _write(desk: Desk, target: Path, text: str, names: dict[str, str]) -> None:
    if target.suffix.lower() == ".zip":
        with zipfile.ZipFile(target, "x", zipfile.ZIP_STORED) as archive:
            archive.writestr("case.json", text)
            for name, file in _opened(desk, names):
                with archive.open(name, "w", force_zip64=True) as into:
                    shutil.copyfileobj(file, into)
        return
    (target / "files").mkdir(parents=True)
    (target / "case.json").write_text(text, encoding="utf-8")
    for name, file in _opened(desk, names):
        with (target / name).open("xb") as into:
            shutil.copyfileobj(file, into)


def _opened(desk: Desk, names: dict[str, str]) -> Iterator[tuple[str, BinaryIO]]:
    for sha256, name in names.items():
        with desk.blobs.open(sha256) as file:
            yield name, file


def _listed(place: int, row: Evidence) -> dict[str, Any]:
    """One file in the list; ``file`` is its place in the export, None for a dangerous one."""
    dangerous = any(each["level"] == Level.DANGEROUS.name.lower() for each in row.findings)
    ending = EXTENSIONS.get(row.media_type, ("bin",))[0]
    return {
        "id": row.id,
        "kind": row.kind,
        "filename": row.filename,
        "sha256": row.sha256,
        "size": row.size,
        "file": None if dangerous else f"files/{place:02}-{row.kind}.{ending}",
    }


def _copy_name(place: int, row: Evidence) -> str | None:
    """Where the re-encoded copy lies in the customer's ZIP; the sender's own name is not used."""
    if row.preview is None:
        return None
    return str(PurePosixPath("files") / f"{place:02}-{row.kind}.jpg")


def _assessment(row: Assessment) -> dict[str, Any]:
    return {
        "round": row.round,
        "made_at": answer.moment(row.made_at),
        "cause": row.cause,
        "facts": row.facts,
        "prediction": row.prediction,
        "decision": row.decision,
        "model": row.model,
        "rulebook": row.rulebook,
    }


def _spool() -> BinaryIO:
    spool: Any = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 (sent, then closed)
    kept: BinaryIO = spool
    return kept
