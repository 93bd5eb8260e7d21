"""What a line of the queue says of an assessment, kept beside the case.

A decision with its reasons has some kilobytes, so a page of fifty would mostly read what it does
not show. The brief is written with each assessment; cases that were last assessed before there
were briefs are read as a whole.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from triage.store.tables import Assessment, Complaint

#: Of a case that was not assessed yet.
NONE: Mapping[str, Any] = {"category": None, "confidence": None, "missing": []}


def of(assessment: Assessment) -> dict[str, Any]:
    """The model's category (None where it would rather not say), its confidence, and the kinds of
    evidence that the case needs and lacks."""
    said = assessment.prediction if assessment.model else {"abstained": True}
    return {
        "category": None if said.get("abstained", True) else said["category"],
        "confidence": round(said["confidence"], 4) if assessment.model else None,
        "missing": [
            line["kind"]
            for line in assessment.decision["checklist"]
            if line["state"] in ("missing", "unusable") and line["level"] != "optional"
        ],
    }


def briefs(session: Session, rows: Sequence[Complaint]) -> dict[str, Mapping[str, Any]]:
    """The brief of each complaint by its id."""
    unread = [row.id for row in rows if row.brief is None and row.triaged_round]
    known = _read(session, unread) if unread else {}
    return {row.id: row.brief or known.get(row.id, NONE) for row in rows}


def _read(session: Session, ids: Sequence[str]) -> dict[str, Mapping[str, Any]]:
    last = (
        select(func.max(Assessment.id))
        .where(Assessment.complaint_id.in_(ids))
        .group_by(Assessment.complaint_id)
    )
    found = session.scalars(select(Assessment).where(Assessment.id.in_(last)))
    return {each.complaint_id: of(each) for each in found}
