"""What happens when time passes: leases end, and nobody is kept waiting for evidence for ever."""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog
from sqlalchemy import select
from sqlalchemy.orm import load_only, selectinload

from triage.casework import alerts, attempts, daily, drafts, history, searching, sittings, uploading
from triage.casework.assess import assess, get_complaint, give_to_person
from triage.casework.clock import pauses_of
from triage.casework.queue import return_leases
from triage.core.people import SYSTEM
from triage.core.status import Status
from triage.desk import Desk
from triage.store.db import in_one_view
from triage.store.tables import Complaint

AT_ONCE = 500  # complaints that are read together with their history
RESCUE_MINUTES = 60  # far beyond any backlog that two cores can have and still keep up

log = structlog.get_logger(__name__)


def tick(desk: Desk) -> dict[str, int]:
    """Do what is due now; how many complaints each kind of work has moved."""
    with desk.sessions.begin() as session:
        returned = return_leases(session, desk.now())
    moved = {
        "leases_returned": returned,
        "reviewed_as_is": review_as_is(desk),
        "alerted": alerts.tell(desk),
        "rescued": rescue(desk),
        "made_findable": searching.catch_up(desk),
        "drafts_expired": drafts.expire(desk),
        "uploads_expired": uploading.expire(desk),
        "sessions_expired": sittings.expire(desk),
        "attempts_forgotten": attempts.forget(desk),
    }
    daily.renew(desk)
    if any(moved.values()):
        log.info("time_passed", **moved)
    return moved


def review_as_is(desk: Desk) -> int:
    """Bring complaints whose time to send evidence is over to a person, as they are.

    The grace is counted in working days from the moment when the evidence was asked for.
    """
    wanted = (
        select(Complaint)
        .filter_by(status=Status.NEEDS_EVIDENCE)
        .options(load_only(Complaint.rulebook), selectinload(Complaint.events))
        .execution_options(yield_per=AT_ONCE)
    )
    with desk.reading() as session:
        in_one_view(session)
        due = [row.id for row in session.scalars(wanted) if _grace_over(desk, row, desk.now())]
    for complaint_id in due:
        with desk.sessions.begin() as session:
            row = get_complaint(session, complaint_id)
            if row.status != Status.NEEDS_EVIDENCE:
                continue
            row.overrides = {**row.overrides, "evidence_grace_over": True}
            history.add(row, SYSTEM, "evidence_grace_over", desk.now())
            row.round += 1
            assess(desk, session, row, cause="grace", round=row.round)
    return len(due)


def rescue(desk: Desk) -> int:
    """Give complaints whose triage never ends to a person, as they are.

    The job engine gives up on work that has brought its worker down too often; a complaint
    must not be given up with it.
    """
    with desk.reading() as session:
        stuck = session.execute(
            select(Complaint.id, Complaint.round).where(
                Complaint.triaged_round < Complaint.round,
                Complaint.updated_at < desk.now() - timedelta(minutes=RESCUE_MINUTES),
            )
        ).all()
    for complaint_id, round in stuck:
        give_to_person(desk, complaint_id, round, "triage.late")
    return len(stuck)


def _grace_over(desk: Desk, row: Complaint, now: datetime) -> bool:
    asked = pauses_of(row.events)
    if not asked or asked[-1].end is not None:
        return False
    book = desk.book_of(row.rulebook)
    calendar, grace = book.calendar, book.sla.evidence_grace
    last_day = calendar.add_business_days(calendar.local_date(asked[-1].start), grace)
    return now > calendar.closing(last_day)
