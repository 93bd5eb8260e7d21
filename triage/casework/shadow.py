"""A book in the shadow: decides beside the one in force, and nobody acts upon it."""

from __future__ import annotations

from typing import Any

import structlog
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from triage.casework.books import find_bound
from triage.casework.tally import Tally
from triage.core.case import CaseFile
from triage.core.comparison import differences, gist_of, gist_under
from triage.core.facts import facts_of
from triage.core.prediction import Prediction
from triage.desk import Desk
from triage.errors import TriageError
from triage.store.books import ShadowDecision, keep
from triage.store.db import in_one_view
from triage.store.tables import Assessment, Complaint

log = structlog.get_logger(__name__)

_AT_ONCE = 500  # rows that are read from the database at a time


def prepare(desk: Desk) -> None:
    """Read the book that TRIAGE_SHADOW_RULES names, if any, and keep it.

    One that makes no sense is logged and left out: the shadow never keeps triage from working.
    """
    wanted = desk.settings.shadow_rules
    if not wanted:
        return
    try:
        bound = find_bound(desk, wanted)
    except TriageError as error:
        log.error("shadow_rules_unreadable", code=error.code)
        return
    book = bound.book
    with desk.sessions.begin() as session:
        keep(session, book.version, book.profile, bound.sources, desk.now())
    desk.books.shadow = bound
    log.info("shadow_rules", rulebook=book.version)


def note(
    desk: Desk,
    session: Session,
    assessment: Assessment,
    case: CaseFile,
    prediction: Prediction,
) -> None:
    """Write down what the book in the shadow would have decided otherwise in this round.

    Whatever breaks here is logged only.
    """
    if desk.books.shadow is None:
        return
    book, now = desk.books.shadow.book, desk.now()
    try:
        facts = facts_of(case, prediction, book.calendar.local_date(now), book.lists)
        found = differences(gist_of(assessment.decision), gist_under(facts, book))
    except Exception:  # a book that is only tried must not stop a complaint
        complaint, round = assessment.complaint_id, assessment.round
        log.exception("shadow_broke", complaint=complaint, round=round)
        return
    session.add(
        ShadowDecision(
            complaint_id=assessment.complaint_id,
            round=assessment.round,
            rulebook=book.version,
            beside=assessment.rulebook,
            made_at=now,
            difference=found,
        )
    )


def report(desk: Desk, version: str | None = None) -> dict[str, Any] | None:
    """How a shadow book (default: the last that decided) differs from what was decided.

    The same shape as a back-test's; a case counts once, by its last round. None: no shadow
    book has decided anything yet.
    """
    last = select(func.max(ShadowDecision.id)).group_by(ShadowDecision.complaint_id)
    with desk.reading() as session:
        in_one_view(session)
        if version is None:
            newest = select(ShadowDecision.rulebook).order_by(ShadowDecision.id.desc()).limit(1)
            version = session.scalar(newest)
        if version is None:
            return None
        rows = session.execute(
            select(ShadowDecision.complaint_id, ShadowDecision.difference, Complaint.status)
            .join(Complaint, Complaint.id == ShadowDecision.complaint_id)
            .where(ShadowDecision.id.in_(last.where(ShadowDecision.rulebook == version)))
            .order_by(ShadowDecision.id)
            .execution_options(yield_per=_AT_ONCE)
        )
        tally = Tally()
        for complaint_id, difference, status in rows:
            tally.add(complaint_id, difference, status)
    return {"book": version, **tally.to_json()}
