"""Erases a complaint: what is personal and every file go, a tombstone for the statistics stays."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import delete
from sqlalchemy.orm import Session

from triage.casework import films, history
from triage.casework.assess import get_complaint, settle
from triage.casework.sweep import is_named
from triage.core.people import SYSTEM, Actor
from triage.core.status import OPEN, Status
from triage.desk import Desk
from triage.errors import Conflict
from triage.store import search
from triage.store.drafts import Draft
from triage.store.tables import Assessment, Complaint, Event, IdempotencyKey

#: What people wrote or what leads to one of them. All other columns are codes, sums and times.
_PERSONAL: Mapping[str, Any] = {
    "text": "", "external_id": None, "order_number": None, "seller": None, "product": None,
    "return_answer": None, "symptom": None, "contact_name": None, "contact_phone": None,
    "contact_email": None, "resolution": None, "fingerprint": "", "access_code": None,
    "lease_holder": None, "lease_name": None, "lease_until": None, "wrote_at": None,
}  # fmt: skip
#: What stays of a line of the history: codes and counts, never what somebody wrote.
_KEPT = frozenset(
    {
        "category", "priority", "was_category", "was_priority", "kinds", "appeal", "files",
        "share", "sla_class", "rulebook", "was_rulebook", "evidence", "into", "other",
    }
)  # fmt: skip


def erase(desk: Desk, complaint_id: str, actor: Actor) -> dict[str, Any]:
    """Erase the complaint for good; how many files went, and how many blobs with them.

    Bytes that another case holds too (the same SHA-256) stay with it. What was found about the
    files (their pictures' hashes, the receipts' marks) goes by the foreign keys. A crash after
    the transaction leaves nameless bytes, which ``triage sweep`` removes.

    Raises NotFound; Conflict where it was erased before.
    """
    with desk.sessions.begin() as session:
        row = get_complaint(session, complaint_id)
        if row.erased_at is not None:
            raise Conflict("complaint.erased")
        files = list(row.evidence)
        hashes = {h for each in files for h in (each.sha256, each.preview) if h}
        hashes |= films.hashes(session, files)
        for each in files:
            session.delete(each)
        session.flush()
        _forget_words(session, row)
        _empty(row, desk)
        history.add(row, actor, "erased", desk.now(), files=len(files))
        settle(desk, session, row)
        row.alert_at = None
        row.in_queue = False
    gone = remove_unnamed(desk, hashes)
    return {"complaint": complaint_id, "files": len(files), "blobs": gone}


def _empty(row: Complaint, desk: Desk) -> None:
    for name, blank in _PERSONAL.items():
        setattr(row, name, blank)
    if Status(row.status) in OPEN:
        row.status = Status.WITHDRAWN
    row.erased_at = desk.now()
    row.triaged_round = row.round  # a triage that was promised finds nothing to do


def _forget_words(session: Session, row: Complaint) -> None:
    """Histories and assessments keep their codes; keys of requests and drafts go."""
    for event in row.events:
        _blank(event)
    for assessment in row.assessments:
        _unword(assessment)
    for table in (IdempotencyKey, Draft):
        session.execute(delete(table).where(table.complaint_id == row.id))
    search.forget(session, row.id)


def _blank(event: Event) -> None:
    """What the service itself said is codes; of a person's line the written words go."""
    if event.actor != SYSTEM.id:
        event.detail = {name: said for name, said in event.detail.items() if name in _KEPT}


def _unword(assessment: Assessment) -> None:
    """The words that pushed the model, and what was read from files, are the customer's."""
    assessment.prediction = {**assessment.prediction, "terms": []}
    facts = dict(assessment.facts)
    if "files" in facts:
        facts["files"] = [
            {**file, "findings": _bare(file.get("findings", ()))} for file in facts["files"]
        ]
    assessment.facts = facts
    decision = dict(assessment.decision)
    if "reasons" in decision:
        decision["reasons"] = _bare(decision["reasons"])
    assessment.decision = decision


def _bare(said: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Findings or reasons without their details."""
    return [{**each, "detail": {}} for each in said]


def remove_unnamed(desk: Desk, hashes: Iterable[str]) -> int:
    """Remove the bytes that no file names any more; how many."""
    gone = 0
    for sha256 in sorted(hashes):
        if not is_named(desk, sha256):
            desk.blobs.remove(sha256)
            gone += 1
    return gone
