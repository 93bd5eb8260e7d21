"""What the tests of the core share: the shipped books, and complaints in one line."""

from __future__ import annotations

import functools
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from triage import rulebook
from triage.core.case import CaseFile, JudgedEvidence, Overrides
from triage.core.complaint import Category, Channel
from triage.core.decision import Decision, decide
from triage.core.evidence import EvidenceKind, Finding, Level, Verdict, verdict_of
from triage.core.facts import Facts, facts_of
from triage.core.policy import RuleBook
from triage.core.prediction import NO_MODEL, Prediction
from triage.messages.findings import FINDINGS

RULES = Path(__file__).parents[2] / "rules"
NOW = datetime(2026, 11, 23, 5, tzinfo=UTC)  # a Monday, 10:00 in Almaty
TODAY = date(2026, 11, 23)


@functools.cache
def the_book(profile: str = "humane") -> RuleBook:
    return rulebook.load(RULES, profile, findings=FINDINGS)


def a_file(kind: str, *codes: str, level: Level = Level.UNUSABLE) -> JudgedEvidence:
    """A file that is fine, or one with findings of that level."""
    findings = tuple(Finding(code=code, level=level) for code in codes)
    return JudgedEvidence(
        id=f"{kind}-{'-'.join(codes)}",
        kind=EvidenceKind(kind),
        verdict=verdict_of(findings),
        findings=findings,
    )


def unchecked(kind: str) -> JudgedEvidence:
    finding = Finding(code="check.timed_out", level=Level.UNKNOWN)
    pending = Verdict.PENDING
    return JudgedEvidence(id=kind, kind=EvidenceKind(kind), verdict=pending, findings=(finding,))


def a_case(claimed: str | None = None, **known: Any) -> CaseFile:
    """A complaint of today; amounts as numbers, files as kinds or as judged evidence."""
    files = known.pop("files", ())
    evidence = tuple(a_file(file) if isinstance(file, str) else file for file in files)
    if known.get("amount") is not None:
        known["amount"] = Decimal(known["amount"])
    if overrides := {n: known.pop(n) for n in Overrides.__dataclass_fields__ if n in known}:
        known["overrides"] = Overrides(**overrides)
    return CaseFile(
        **{"channel": Channel.APP, "filed_at": NOW, **known},
        claimed=None if claimed is None else Category(claimed),
        evidence=evidence,
    )


def a_prediction(category: str | None, confidence: float = 0.95, **more: Any) -> Prediction:
    return Prediction(
        category=category,
        confidence=confidence,
        **{"abstained": False, "model": "2026-11-22-abc", **more},
    )


def decided(
    claimed: str | None = None,
    *,
    prediction: Prediction = NO_MODEL,
    book: RuleBook | None = None,
    **known: Any,
) -> Decision:
    """The decision about a complaint under the shipped humane book."""
    return decide(a_case(claimed, **known), prediction, book or the_book(), NOW)


def known_of(claimed: str | None = None, **known: Any) -> Facts:
    return facts_of(a_case(claimed, **known), NO_MODEL, TODAY, the_book().lists)


def states(decision: Decision) -> dict[str, str]:
    """The checklist as kind → state, without what is optional."""
    return {
        str(line.kind): str(line.state) for line in decision.checklist if line.level != "optional"
    }


def levels(decision: Decision) -> dict[str, str]:
    return {str(line.kind): str(line.level) for line in decision.checklist}


def codes(decision: Decision, *, overruled: bool | None = None) -> set[str]:
    return {
        reason.code
        for reason in decision.reasons
        if overruled is None or reason.overruled is overruled
    }
