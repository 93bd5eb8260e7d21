"""What people and programs are told about a complaint, in the shape of the contract."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session, selectinload

from triage.casework import access, appeals, brief, recycled, words
from triage.casework.casefile import finding_of, finding_to_json
from triage.casework.clock import clock_of, legal_clock_of
from triage.casework.customer import CUSTOMER
from triage.casework.files import Opinion
from triage.casework.queue import QueueFilters, View, list_queue
from triage.core.evidence import verdict_of
from triage.core.people import SYSTEM, Actor, Role
from triage.core.policy import RuleBook
from triage.core.prediction import Prediction
from triage.core.sla import Clock
from triage.core.status import MOVES, Action, Status, actions
from triage.desk import Desk
from triage.errors import NotFound
from triage.evidence.codes import FOR_STAFF
from triage.store.tables import Assessment, Complaint, Event, Evidence

ORDER_FACTS = (
    "order_number", "seller", "product", "product_category", "amount", "order_date",
    "promised_on", "received_on", "wish", "return_requested_on", "return_answer", "symptom",
    "contacted_outside", "safety_risk", "hardship_declared", "on_credit", "claim_received_on",
)  # fmt: skip


def complaint(desk: Desk, complaint_id: str, language: str, actor: Actor) -> dict[str, Any]:
    """The complaint object of the contract. Raises NotFound."""
    with desk.reading() as session:
        row = get(session, complaint_id)
        return _complaint(desk, row, language, actor)


def case(desk: Desk, complaint_id: str, language: str, actor: Actor) -> dict[str, Any]:
    """The complaint with all that an agent needs: text, order, contact, history, lease."""
    with desk.reading() as session:
        return whole(desk, session, get(session, complaint_id), language, actor)


def whole(
    desk: Desk, session: Session, row: Complaint, language: str, actor: Actor
) -> dict[str, Any]:
    """The same of a row that was read by ``get``."""
    shown = _complaint(desk, row, language, actor)
    used = recycled.uses(session, row)
    for each in shown["evidence"]:
        each["elsewhere"] = [_use(use) for use in used.get(each["id"], ())]
    return {
        **shown,
        "text": row.text,
        "received_at": moment(row.received_at),
        "order": {name: _plain(getattr(row, name)) for name in ORDER_FACTS},
        "contact": {
            "contact_name": row.contact_name,
            "contact_phone": row.contact_phone,
            "contact_email": row.contact_email,
        },
        "external_id": row.external_id,
        "resolution": row.resolution,
        "merged_into": row.merged_into,
        "lease": _lease(row, actor),
        "assigned": _assigned(row, actor),
        "legal": legal(desk, row, language),
        "history": [_event(event) for event in row.events],
        "desk_actions": _desk_actions(row, actor),
    }


def _use(use: recycled.Use) -> dict[str, Any]:
    """Where else a file was used; for the desk, for it names other people's cases."""
    return {
        "case": use.complaint_id,
        "evidence": use.evidence_id,
        "received_at": moment(use.received_at),
        "relation": use.relation.name.lower(),
        "distance": use.distance,
        "preview": use.preview,
    }


def evidence(row: Evidence, language: str, *, whole: bool = True) -> dict[str, Any]:
    """One stored file with what the checks found; not ``whole``, without what is for staff."""
    said = [finding_of(each) for each in row.findings]
    shown = [each for each in said if whole or each.code not in FOR_STAFF]
    verdict = verdict_of(shown) if len(shown) < len(said) else row.verdict
    return {
        "id": row.id,
        "kind": row.kind,
        "filename": row.filename,
        "size": row.size,
        "sha256": row.sha256,
        "media_type": row.media_type or None,
        "verdict": verdict,
        "findings": [words.finding(finding_to_json(each), language) for each in shown],
        "preview": row.preview is not None,
    }


def evidence_by_id(desk: Desk, evidence_id: str, language: str) -> dict[str, Any]:
    """One stored file. Raises NotFound."""
    with desk.reading() as session:
        row = session.get(Evidence, evidence_id)
    if row is None:
        raise NotFound("evidence.unknown")
    return evidence(row, language)


def opinion(given: Opinion, language: str) -> dict[str, Any]:
    """A file that was judged and not stored: the same shape, with no id."""
    received, judged = given.received, given.judged
    return {
        "id": None,
        "kind": received.kind,
        "filename": received.filename,
        "size": received.incoming.size,
        "sha256": received.incoming.sha256(),
        "media_type": judged.media_type,
        "verdict": judged.verdict,
        "findings": [words.finding(finding_to_json(each), language) for each in judged.findings],
        "preview": False,
    }


def prediction(said: Prediction) -> dict[str, Any]:
    """What the text model said."""
    return {
        "category": said.category,
        "confidence": round(said.confidence, 4),
        "abstained": said.abstained,
        "alternatives": [
            {"category": each.category, "confidence": round(each.confidence, 4)}
            for each in said.alternatives
        ],
        "priority": said.priority,
        "priority_confidence": round(said.priority_confidence, 4),
        "danger": None if said.danger is None else round(said.danger, 4),
        "terms": [
            {"term": t.term, "weight": round(t.weight, 3), "spans": [list(s) for s in t.spans]}
            for t in said.terms
        ],
        "model": said.model or None,
        "language": said.language,
    }


def queue(
    desk: Desk,
    actor: Actor,
    language: str,
    *,
    cursor: str | None,
    limit: int,
    filters: QueueFilters,
) -> dict[str, Any]:
    """A page of the queue. Raises Invalid for a bad cursor."""
    with desk.reading() as session:
        view = View(filters=filters, actor=actor, now=desk.now())
        page = list_queue(session, view, cursor=cursor, limit=limit)
        said = brief.briefs(session, page.rows)
        return {
            "items": [_queue_item(row, said[row.id], actor) for row in page.rows],
            "next": page.next,
            "total": page.total,
            "more_than_total": page.more,
        }


def status_token(desk: Desk, complaint_id: str) -> str:
    """The secret part of the address under which a customer sees the complaint."""
    return access.lasting(desk).dumps(complaint_id)


def status_page(desk: Desk, token: str, language: str) -> dict[str, Any]:
    """What the customer sees without an account: no personal data. Raises NotFound."""
    with desk.reading() as session:
        row = get(session, access.open_token(desk, token))
        shown = _complaint(desk, row, language, CUSTOMER)
        for each in shown["evidence"]:
            del each["filename"], each["sha256"]
        return {name: shown[name] for name in _FOR_CUSTOMERS} | {"resolution": row.resolution}


def moment(at: datetime) -> str:
    """RFC 3339 in UTC, to the second."""
    return at.isoformat(timespec="seconds").replace("+00:00", "Z")


_FOR_CUSTOMERS = (
    "id", "status", "appeal", "received_at", "problem_type", "category", "sla", "checklist",
    "warnings", "questions", "asked", "evidence", "actions",
)  # fmt: skip


def get(session: Session, complaint_id: str) -> Complaint:
    """The complaint with its files, assessments and history. Raises NotFound."""
    loads = (
        selectinload(Complaint.evidence),
        selectinload(Complaint.assessments),
        selectinload(Complaint.events),
    )
    row = session.get(Complaint, complaint_id, options=loads)
    if row is None:
        raise NotFound("complaint.unknown")
    return row


def _complaint(desk: Desk, row: Complaint, language: str, actor: Actor) -> dict[str, Any]:
    latest = _latest(row)
    decision: Mapping[str, Any] = latest.decision if latest else {}
    book = desk.book_of(latest.rulebook if latest else row.rulebook)
    clock = clock_of(row, book, desk.now())
    legal = actions(Status(row.status), for_customer=not actor.may(Role.AGENT))
    return {
        "id": row.id,
        "status": row.status,
        "appeal": row.appeal,
        "channel": row.channel,
        "external_id": row.external_id,
        "language": row.language,
        "received_at": moment(row.received_at),
        "problem_type": row.problem_type,
        "category": row.category,
        "category_source": row.category_source,
        "prediction": _stored_prediction(latest),
        "priority": row.priority,
        "sla": _sla(row, clock, language) if latest else None,
        "checklist": [
            {**line, "why": words.text(line["why"], language)}
            for line in decision.get("checklist", ())
        ],
        "warnings": _said_by_rules(book, decision.get("warnings", ()), "warn", language),
        "questions": _said_by_rules(book, decision.get("questions", ()), "ask", language),
        "asked": _asked(row),
        "evidence": [
            evidence(each, language, whole=actor is not CUSTOMER) for each in row.evidence
        ],
        "reasons": [words.reason(each, book, language) for each in decision.get("reasons", ())],
        "team": decision.get("team"),
        "rulebook": latest.rulebook if latest else None,
        "actions": [str(action) for action in legal],
        "status_url": f"{desk.settings.url}/status/{status_token(desk, row.id)}",
        "access_code": access.code_in_force(desk, row) if row.filed_by == actor.id else None,
    }


def _asked(row: Complaint) -> dict[str, Any] | None:
    """What an agent asks the customer for, while an answer is awaited."""
    if row.status != Status.WAITING_CUSTOMER:
        return None
    event = next((e for e in reversed(row.events) if e.verb == Action.REQUEST_EVIDENCE), None)
    if event is None:
        return None
    said = event.detail
    return {"message": said.get("message"), "kinds": said.get("kinds", []), "at": moment(event.at)}


def _said_by_rules(
    book: RuleBook, ids: Iterable[str], effect: str, language: str
) -> list[dict[str, str]]:
    rules = (book.find_rule(each) for each in ids)
    return [
        {"rule": rule.id, "message": words.text(getattr(rule.then, effect), language)}
        for rule in rules
        if rule is not None and getattr(rule.then, effect)
    ]


def _latest(row: Complaint) -> Assessment | None:
    return row.assessments[-1] if row.assessments else None


def _stored_prediction(latest: Assessment | None) -> dict[str, Any] | None:
    if latest is None or not latest.model:
        return None
    said = latest.prediction
    return {
        **said,
        "confidence": round(said["confidence"], 4),
        "priority_confidence": round(said["priority_confidence"], 4),
        "danger": None if said.get("danger") is None else round(said["danger"], 4),
    }


def _sla(row: Complaint, clock: Clock, language: str) -> dict[str, Any]:
    return {
        "class": row.sla_class,
        "due_at": moment(clock.due_at),
        "paused": clock.paused,
        "breached": clock.breached,
        "used": clock.used,
        "target_at": moment(clock.target_at) if clock.target_at else None,
        "derivation": [words.step(each, language) for each in clock.derivation],
    }


def legal(desk: Desk, row: Complaint, language: str) -> dict[str, Any] | None:
    """The terms of the law, only where a formal claim is known; for the desk and the customer."""
    clock = legal_clock_of(row, desk.book_of(row.rulebook), desk.now())
    if clock is None:
        return None
    return {
        "claimed_on": clock.claimed_on.isoformat(),
        "terms": [
            {
                "code": due.term.code,
                "name": words.text(due.term.names, language),
                "due_at": moment(due.due_at),
                "over": due.over,
                "days_left": due.days_left,
                "source": due.term.source,
            }
            for due in clock.dues
        ],
        "derivation": [words.step(each, language) for each in clock.derivation],
    }


def _lease(row: Complaint, actor: Actor) -> dict[str, Any] | None:
    if row.lease_holder is None or row.lease_until is None:
        return None
    return {
        "holder": row.lease_holder,
        "name": row.lease_name,
        "until": moment(row.lease_until),
        "mine": row.lease_holder == actor.id,
    }


def _event(event: Event) -> dict[str, Any]:
    said = event.detail
    by_person = event.actor != SYSTEM.id  # the service gives codes, not words
    return {
        "at": moment(event.at),
        "actor": event.actor_name,
        "verb": event.verb,
        "before": event.before,
        "after": event.after,
        "note": (said.get("note") or said.get("reason") or said.get("message"))
        if by_person
        else None,
        "detail": said,
    }


def _desk_actions(row: Complaint, actor: Actor) -> list[str]:
    """What this very actor may do now: actions on a held case are for its holder."""
    mine = row.lease_holder == actor.id
    possible = actions(Status(row.status), for_customer=not actor.may(Role.AGENT))
    possible = tuple(each for each in possible if not appeals.is_barred(row, each, actor))
    return [str(action) for action in possible if mine or not MOVES[action].held]


def _queue_item(row: Complaint, said: Mapping[str, Any], actor: Actor) -> dict[str, Any]:
    return {
        "id": row.id,
        "status": row.status,
        "priority": row.priority,
        "category": row.category,
        "claimed": row.problem_type,
        "predicted": said["category"],
        "confidence": said["confidence"],
        "due_at": moment(row.due_at) if row.due_at else None,
        "received_at": moment(row.received_at),
        "channel": row.channel,
        "language": row.language,
        "amount": _plain(row.amount),
        "wrote_at": moment(row.wrote_at) if row.wrote_at else None,
        "missing": said["missing"],
        "lease": _lease(row, actor),
        "team": row.team,
        "assigned": _assigned(row, actor),
    }


def _assigned(row: Complaint, actor: Actor) -> dict[str, Any] | None:
    """For whom the case is meant."""
    if row.assigned_to is None:
        return None
    return {"name": row.assigned_name, "mine": row.assigned_to == actor.id}


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return f"{value:.2f}"
    return value.isoformat() if hasattr(value, "isoformat") else value
