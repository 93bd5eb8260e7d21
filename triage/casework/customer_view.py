"""What a customer is shown about the own complaint: stages, terms, messages, what comes next."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from triage.casework import answer, appeals
from triage.casework.customer import CUSTOMER, WROTE
from triage.core.policy import RuleBook
from triage.core.status import CLOSED, OPEN, Action, Status
from triage.desk import Desk
from triage.errors import NotFound
from triage.store.tables import Complaint, Event

STAGES = ("received", "evidence", "queue", "review", "decision")
_AT: Mapping[Status, str] = {
    Status.RECEIVED: "received",
    Status.NEEDS_EVIDENCE: "evidence",
    Status.WAITING_CUSTOMER: "evidence",
    Status.QUEUED: "queue",
    Status.UNDER_REVIEW: "review",
    Status.WAITING_SELLER: "review",
    Status.WAITING_EXPERTISE: "review",
}
#: Lines of the history that a customer is told, and which part of them is for the customer.
_TOLD: Mapping[str, str | None] = {
    "submit": None,
    "add_evidence": None,
    "reminder": None,
    "evidence_grace_over": None,
    "wait_seller": None,
    "order_expertise": None,
    "merge": None,
    "withdraw": None,
    Action.REQUEST_EVIDENCE: "message",
    Action.RESOLVE: "reason",
    Action.REJECT: "reason",
    Action.APPEAL: "reason",
    WROTE: "message",
}
_BY_CUSTOMER = frozenset({"submit", "add_evidence", Action.APPEAL, WROTE, Action.WITHDRAW})
_SHOWN = (
    "id", "status", "appeal", "received_at", "problem_type", "category", "sla", "checklist",
    "warnings", "questions", "asked", "evidence", "actions",
)  # fmt: skip


def page(desk: Desk, complaint_id: str, language: str) -> dict[str, Any]:
    """All of the status page. No name, no contact, no text of the complaint.

    Raises NotFound, also for a complaint that was erased.
    """
    shown = answer.complaint(desk, complaint_id, language, CUSTOMER)
    for each in shown["evidence"]:
        del each["filename"]
    with desk.reading() as session:
        row = session.get_one(Complaint, complaint_id)
        if row.erased_at is not None:
            raise NotFound("complaint.unknown")
        book = desk.book_of(row.rulebook)
        last = appeals.until(row, book)
        return {
            **{name: shown[name] for name in _SHOWN},
            "actions": [each for each in shown["actions"] if _in_time(each, last, desk.now())],
            "stages": stages(Status(row.status), row.round > row.triaged_round),
            "looking": row.round > row.triaged_round,
            "legal": answer.legal(desk, row, language),
            "decision": _decision(row, last),
            "appeal_days": book.sla.appeal_window,
            "thread": thread(row.events),
            "order_given": bool(row.order_number),
            "kinds": kinds_to_add(shown, book),
        }


def stages(status: Status, looking: bool) -> list[dict[str, str]]:
    """The five stages with ``done``, ``now`` or ``ahead``; a closed complaint has done them all.

    ``looking``: the files are being judged, so nothing is known of evidence yet.
    """
    at = STAGES.index(_AT[status]) if status in OPEN else len(STAGES)
    if looking and status in (Status.RECEIVED, Status.NEEDS_EVIDENCE):
        at = STAGES.index("evidence")
    states = ["done" if n < at else "now" if n == at else "ahead" for n in range(len(STAGES))]
    return [{"code": code, "state": each} for code, each in zip(STAGES, states, strict=True)]


def thread(events: Iterable[Event]) -> list[dict[str, Any]]:
    """What happened, in the customer's terms, the newest first: never a note, never a score."""
    lines = []
    for event in events:
        if event.verb not in _TOLD:
            continue
        part = _TOLD[event.verb]
        lines.append(
            {
                "at": answer.moment(event.at),
                "verb": event.verb,
                "mine": event.verb in _BY_CUSTOMER,
                "text": event.detail.get(part) if part else None,
                "kinds": event.detail.get("kinds") or [],
                "files": event.detail.get("files"),
            }
        )
    return lines[::-1]


def kinds_to_add(shown: Mapping[str, Any], book: RuleBook) -> list[str]:
    """Kinds of evidence that a file may be added as: what is asked for first, then the others."""
    asked = list((shown["asked"] or {}).get("kinds", ()))
    lines = [line for line in shown["checklist"] if line.get("supplier", "customer") == "customer"]
    lacking = [line["kind"] for line in lines if line["state"] in ("missing", "unusable")]
    others = [line["kind"] for line in lines] + [str(kind) for kind in book.evidence_types]
    return list(dict.fromkeys([*asked, *lacking, *others]))


def _in_time(action: str, last: datetime | None, now: datetime) -> bool:
    return action != Action.APPEAL or (last is not None and now <= last)


def _decision(row: Complaint, last: datetime | None) -> dict[str, Any] | None:
    """How the case was closed, why and by whom: a refusal names the person who answers for it."""
    status = Status(row.status)
    if status not in CLOSED:
        return None
    event = next((each for each in reversed(row.events) if each.after == status), None)
    by_agent = status in (Status.RESOLVED, Status.REJECTED)
    return {
        "status": str(status),
        "at": answer.moment(event.at) if event else None,
        "reason": row.resolution,
        "by": event.detail.get("person") if event and by_agent else None,
        "appeal_until": answer.moment(last) if last else None,
    }
