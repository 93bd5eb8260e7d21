"""The clock's alerts and the one reminder: told once each, in the history, when they are due.

``Complaint.alert_at`` is the moment of the next one, so that a tick asks an index and not every
open complaint. It is set anew whenever the state that it rests on changes (``settle``).
"""

from __future__ import annotations

from datetime import datetime

import structlog
from sqlalchemy import select

from triage.casework import history
from triage.casework.assess import assess, get_complaint, settle
from triage.casework.clock import alert_of, reminder_of
from triage.core.people import SYSTEM
from triage.core.sla import BREACH
from triage.core.status import OPEN, Status
from triage.desk import Desk
from triage.store.tables import Complaint

AT_ONCE = 500  # complaints in one tick; the next tick takes the rest

log = structlog.get_logger(__name__)


def tell(desk: Desk) -> int:
    """Write down every alert and reminder that is due; how many complaints had one."""
    due = select(Complaint.id).where(
        Complaint.alert_at <= desk.now(), Complaint.status.in_([str(each) for each in OPEN])
    )
    with desk.reading() as session:
        waiting = session.scalars(due.order_by(Complaint.alert_at).limit(AT_ONCE)).all()
    return sum(_tell_one(desk, complaint_id) for complaint_id in waiting)


def _tell_one(desk: Desk, complaint_id: str) -> bool:
    with desk.sessions.begin() as session:
        row = get_complaint(session, complaint_id)
        now = desk.now()
        if Status(row.status) not in OPEN or row.alert_at is None or row.alert_at > now:
            return False  # somebody else was here first
        told = _remind(desk, row, now) or _alert(desk, row, now)
        if told and row.triaged_round == row.round:  # else a triage is promised and will see it
            row.round += 1
            session.flush()
            session.expire(row, ["events"])  # what was just told is a fact for the rules
            assess(desk, session, row, cause="clock", round=row.round)
        else:
            settle(desk, session, row)
        return told


def _remind(desk: Desk, row: Complaint, now: datetime) -> bool:
    moment = reminder_of(row, desk.book_of(row.rulebook))
    if moment is None or moment > now:
        return False
    history.add(row, SYSTEM, "reminder", now)
    log.info("reminded", complaint=row.id)
    return True


def _alert(desk: Desk, row: Complaint, now: datetime) -> bool:
    """The highest share that has passed; the ones below it are not told any more."""
    told, book = None, desk.book_of(row.rulebook)
    shares: list[int] = []
    while (alert := alert_of(row, book, now, told_too=shares)) is not None:
        share, moment = alert
        if moment > now:
            break
        told = share
        shares.append(share)
    if told is None:
        return False
    verb = "sla_breached" if told >= BREACH else "sla_alert"
    history.add(row, SYSTEM, verb, now, share=told, sla_class=row.sla_class)
    log.warning(verb, complaint=row.id, share=told, sla_class=row.sla_class)
    return True
