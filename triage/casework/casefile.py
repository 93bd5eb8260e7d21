"""Between rows and core values: the case file that decisions are made from, and back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from triage.core.case import CaseFile, JudgedEvidence, Overrides, SlaClass
from triage.core.complaint import Category, Channel, Language, Priority, Wish
from triage.core.evidence import EvidenceKind, Finding, Level, Verdict, verdict_of
from triage.core.facts import facts_of
from triage.core.policy import RuleBook
from triage.core.prediction import Prediction
from triage.store.tables import Complaint, Evidence

CLUSTER_DAYS = 7  # complaints on one seller within so many days count together (domain, 8.5)


def seller_complaints(session: Session, row: Complaint) -> int | None:
    """How many other complaints name the same seller in the week before; None: no seller."""
    if row.seller is None:
        return None
    return session.scalar(
        select(func.count()).where(
            Complaint.seller == row.seller,
            Complaint.id != row.id,
            Complaint.received_at <= row.received_at,
            Complaint.received_at > row.received_at - timedelta(days=CLUSTER_DAYS),
        )
    )


def case_of(
    row: Complaint,
    *,
    seller_complaints: int | None = None,
    sla_used: int | None = None,
    reminders: int = 0,
) -> CaseFile:
    """Everything that a decision needs to know about the complaint."""
    return CaseFile(
        channel=Channel(row.channel),
        filed_at=row.received_at,
        language=Language(row.language),
        claimed=None if row.problem_type is None else Category(row.problem_type),
        order_number=row.order_number,
        seller=row.seller,
        product=row.product,
        product_category=row.product_category,
        amount=row.amount,
        order_date=row.order_date,
        promised_on=row.promised_on,
        received_on=row.received_on,
        wish=None if row.wish is None else Wish(row.wish),
        return_requested_on=row.return_requested_on,
        return_answer=row.return_answer,
        symptom=row.symptom,
        contacted_outside=row.contacted_outside,
        safety_risk=row.safety_risk,
        hardship_declared=row.hardship_declared,
        on_credit=row.on_credit,
        claim_received_on=row.claim_received_on,
        appeal=row.appeal,
        evidence=tuple(judged_of(evidence) for evidence in row.evidence),
        overrides=overrides_of(row),
        seller_complaints=seller_complaints,
        sla_used=sla_used,
        reminders_unanswered=reminders,
    )


def judged_of(row: Evidence) -> JudgedEvidence:
    return JudgedEvidence(
        id=row.id,
        kind=EvidenceKind(row.kind),
        verdict=Verdict(row.verdict),
        findings=tuple(finding_of(each) for each in row.findings),
    )


def overrides_of(row: Complaint) -> Overrides:
    """What people decided about the complaint, and the class that it has already reached."""
    said: Mapping[str, Any] = row.overrides
    return Overrides(
        category=Category(said["category"]) if said.get("category") else None,
        priority=Priority(said["priority"]) if said.get("priority") else None,
        sla_class=SlaClass(row.sla_class),
        waived=frozenset(EvidenceKind(kind) for kind in said.get("waived", ())),
        evidence_grace_over=bool(said.get("evidence_grace_over", False)),
    )


def facts_json(
    case: CaseFile, prediction: Prediction, book: RuleBook, now: datetime
) -> dict[str, Any]:
    """The facts as they are stored with an assessment, so that it can be replayed."""
    today = book.calendar.local_date(now)
    return dict(facts_of(case, prediction, today, book.lists).to_json())


def finding_to_json(finding: Finding) -> dict[str, Any]:
    """A finding as it is stored: no sentence, the level by its name."""
    return {
        "code": finding.code,
        "level": finding.level.name.lower(),
        "measured": finding.measured,
        "limit": finding.limit,
        "detail": dict(finding.detail),
    }


def finding_of(stored: Mapping[str, Any]) -> Finding:
    return Finding(
        code=stored["code"],
        level=Level[stored["level"].upper()],
        measured=stored["measured"],
        limit=stored["limit"],
        detail=stored["detail"],
    )


def verdict_of_row(row: Evidence) -> Verdict:
    """What the stored findings come to; a file that nobody looked at is pending."""
    if row.checked_at is None:
        return Verdict.PENDING
    return verdict_of(finding_of(each) for each in row.findings)


def priority_of(row: Complaint) -> Priority:
    return Priority(row.priority or Priority.NORMAL)
