"""Everything that a decision needs to know about one complaint, as plain values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from triage.core.complaint import Category, Channel, Language, Priority, Wish
from triage.core.evidence import EvidenceKind, Finding, Verdict


class SlaClass(StrEnum):
    """How long the service gives itself; ``rank`` grows with the time allowed."""

    STANDARD = "standard"
    COMPLEX = "complex"
    EXPERT = "expert"

    @property
    def rank(self) -> int:
        """0 for standard up to 2 for expert: a class is only ever raised."""
        return _TIME[self]


_TIME = {each: n for n, each in enumerate(SlaClass)}


@dataclass(frozen=True, kw_only=True)
class JudgedEvidence:
    """One file of the complaint after its checks; ``id`` is the evidence's own id."""

    id: str
    kind: EvidenceKind
    verdict: Verdict
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Overrides:
    """What people have decided about this complaint, which no rule and no model may undo.

    ``sla_class`` is the highest class that an agent (or an earlier triage) has given: classes
    are only raised. ``evidence_grace_over`` says that the time to send what is missing has
    passed, so the complaint is reviewed as it is.
    """

    category: Category | None = None
    priority: Priority | None = None
    sla_class: SlaClass | None = None
    waived: frozenset[EvidenceKind] = frozenset()
    evidence_grace_over: bool = False


@dataclass(frozen=True, kw_only=True)
class CaseFile:
    """One complaint as ``decide`` sees it: no database row, no file, no text.

    ``amount`` is in tenge; ``filed_at`` is aware; None always means "nobody told us".
    ``appeal`` is 0 for the first filing. The last five fields come from the desk's own
    records: other complaints about the same seller in the seven days before this one,
    hardship that the customer stated themselves (never inferred), a purchase on credit whose
    payments run, reminders that stayed unanswered, and the share of the service time used (%).
    """

    channel: Channel
    filed_at: datetime
    language: Language | None = None
    claimed: Category | None = None
    order_number: str | None = None
    seller: str | None = None
    product: str | None = None
    product_category: str | None = None
    amount: Decimal | None = None
    order_date: date | None = None
    promised_on: date | None = None
    received_on: date | None = None
    wish: Wish | None = None
    return_requested_on: date | None = None
    return_answer: str | None = None
    symptom: str | None = None
    contacted_outside: bool | None = None
    safety_risk: bool | None = None
    claim_received_on: date | None = None
    appeal: int = 0
    evidence: tuple[JudgedEvidence, ...] = ()
    overrides: Overrides = Overrides()
    seller_complaints: int | None = None
    hardship_declared: bool | None = None
    on_credit: bool | None = None
    reminders_unanswered: int = 0
    sla_used: int | None = None
