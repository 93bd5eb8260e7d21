"""Scan stored files again: those that could not be scanned, and old ones for new signatures.

A file that turns out to be malware becomes dangerous and locked, and its case comes back to a
person; the case itself is never decided here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from triage.casework import history, scanned
from triage.casework.assess import assess, get_complaint, settle
from triage.core.evidence import EvidenceKind
from triage.core.people import SYSTEM
from triage.core.status import OPEN, WAITING, Status
from triage.desk import Desk
from triage.errors import NotFound
from triage.evidence import Clamd, Outcome, Scan
from triage.evidence.malware import Reason
from triage.store.tables import Complaint, Evidence

BATCH = 20  # files a turn: some 100,000 a day, and never long without a look at the clock
HELD = timedelta(minutes=15)  # a file that a worker took and did not bring back is free again
PAGE = 500

log = structlog.get_logger(__name__)


def trouble(desk: Desk) -> str | None:
    """The code that says why the scanner cannot be used now; None when it can or there is none."""
    reason = desk.scanner.state().trouble if desk.scanner else None
    return f"scanner.{reason}" if reason else None


def is_for_all_sizes(desk: Desk) -> bool:
    """Whether the scanner takes the largest files that we take."""
    limits = desk.examiner.limits
    largest = max(limits.max_bytes(kind) for kind in EvidenceKind)
    return desk.scanner is not None and desk.scanner.max_bytes >= largest


def scan_due(desk: Desk) -> Counter[Outcome]:
    """Scan the next files that are due; how many had which outcome, empty when none are.

    Nothing is tried while the scanner is down: the tries of a file are for its own troubles.
    """
    scanner = desk.scanner
    if scanner is None or scanner.state().trouble is not None:
        return Counter()
    return _counted(desk, scanner, _take_due(desk, scanner))


def scan_all(desk: Desk) -> Counter[Outcome]:
    """Scan every judged file that there is, in the order of ids, whatever was said of it before."""
    counts: Counter[Outcome] = Counter()
    if desk.scanner is not None:
        for ids in _pages(desk):
            counts += _counted(desk, desk.scanner, ids)
    return counts


def _counted(desk: Desk, scanner: Clamd, ids: Sequence[str]) -> Counter[Outcome]:
    outcomes = (scan_again(desk, scanner, each) for each in ids)
    counts = Counter(each for each in outcomes if each is not None)
    if counts:
        log.info("scanned", **{str(outcome): count for outcome, count in counts.items()})
    return counts


def _pages(desk: Desk) -> Iterator[Sequence[str]]:
    last = ""
    while True:
        with desk.reading() as session:
            judged = select(Evidence.id).where(Evidence.checked_at.is_not(None))
            ids = session.scalars(
                judged.where(Evidence.id > last).order_by(Evidence.id).limit(PAGE)
            ).all()
        if not ids:
            return
        yield ids
        last = ids[-1]


def _take_due(desk: Desk, scanner: Clamd) -> Sequence[str]:
    """The next files for this process alone: no two workers scan the same ones."""
    now = desk.now()
    with desk.sessions.begin() as session:
        rows = session.scalars(
            select(Evidence)
            .where(_due(scanner, desk.settings.rescan_days, now))
            .order_by(Evidence.scanned_at.is_not(None), Evidence.scanned_at, Evidence.id)
            .limit(BATCH)
            .with_for_update(skip_locked=True)
        ).all()
        for row in rows:
            row.scan_retry_at = now + HELD
        return [row.id for row in rows]


def _due(scanner: Clamd, days: int, now: datetime) -> ColumnElement[bool]:
    """Judged, of a size that can be scanned, and never scanned or long ago.

    What was found stays found until somebody runs ``triage scan --all``: a signature that was
    taken back is no reason to open a file while nobody looks.
    """
    wanted: ColumnElement[bool] = Evidence.scanned_at.is_(None)
    if days:
        before = now - timedelta(days=days)
        wanted = or_(wanted, and_(Evidence.scan == Outcome.CLEAN, Evidence.scanned_at < before))
    return and_(
        wanted,
        or_(Evidence.scan_retry_at.is_(None), Evidence.scan_retry_at <= now),
        Evidence.checked_at.is_not(None),
        Evidence.size <= scanner.max_bytes,
    )


def scan_again(desk: Desk, scanner: Clamd, evidence_id: str) -> Outcome | None:
    """Scan one stored file and draw the conclusions; None when it has gone meanwhile."""
    with desk.reading() as session:
        seen = session.get(Evidence, evidence_id)
    if seen is None:
        return None
    scan = _scan(desk, scanner, seen)
    with desk.sessions.begin() as session:
        complaint = get_complaint(session, seen.complaint_id) if seen.complaint_id else None
        row = session.get(Evidence, evidence_id, with_for_update=True)
        if row is None:
            return None
        verdict, before = row.verdict, row.scan
        scanned.record_again(row, scan, required=scanner.required, now=desk.now())
        if complaint is not None:
            if row.verdict != verdict:
                _judge_again(desk, session, complaint)
            if row.scan == Outcome.FOUND != before:
                _raise_alarm(desk, session, complaint, row, scan.word)
            elif before == Outcome.FOUND != row.scan:
                history.add(complaint, SYSTEM, "malware_cleared", desk.now(), evidence=row.id)
    desk.bell.ring()
    return scan.outcome


def _scan(desk: Desk, scanner: Clamd, row: Evidence) -> Scan:
    try:
        with desk.blobs.open(row.sha256) as file:
            return scanner.scan(file.fileno())
    except NotFound:
        return Scan(outcome=Outcome.NOT_SCANNED, word=Reason.UNREADABLE)


def _judge_again(desk: Desk, session: Session, complaint: Complaint) -> None:
    """Decide on the new verdict, unless a triage that will see it is under way anyhow."""
    if complaint.status in OPEN and complaint.triaged_round >= complaint.round:
        complaint.round += 1
        assess(desk, session, complaint, cause="scan", round=complaint.round)


def _raise_alarm(
    desk: Desk, session: Session, complaint: Complaint, row: Evidence, signature: str
) -> None:
    """Whatever the case waited for, a person should see this first; a closed one stays closed."""
    status, now = Status(complaint.status), desk.now()
    detail: dict[str, Any] = {"evidence": row.id, "signature": signature}
    if status in WAITING or status is Status.NEEDS_EVIDENCE:
        history.move(complaint, SYSTEM, "malware_found", now, Status.QUEUED, detail)
    else:
        history.add(complaint, SYSTEM, "malware_found", now, **detail)
    if status in OPEN:
        settle(desk, session, complaint)
    log.warning("malware_found", complaint=complaint.id, evidence=row.id)
