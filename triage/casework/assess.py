"""Look at a complaint: examine its files, then decide and record every reason.

Both steps may run again after a crash: a file is examined until its verdict is stored, and a
round is concluded once, whatever starts it how often.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import asdict
from typing import Any

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from triage.casework import (
    books,
    brief,
    casefile,
    crosscheck,
    films,
    history,
    recycled,
    scanned,
    shadow,
    story,
)
from triage.casework.clock import clock_of, next_moment, reminders_unanswered
from triage.core.bounds import Bounds
from triage.core.decision import Decision, decide
from triage.core.people import SYSTEM
from triage.core.prediction import NO_MODEL, Prediction
from triage.core.status import WAITING, Status, awaits_agent
from triage.desk import Desk
from triage.errors import NotFound
from triage.evidence import Judged, Looked, look_together
from triage.store.tables import NOT_MADE, Assessment, Complaint, Evidence

log = structlog.get_logger(__name__)

AT_ONCE = 8  # files of one complaint that are open, and looked at by one child, at a time

Seen = tuple[Looked, str | None]
"""What a look at a file found, and what is to be kept as its ``Evidence.preview``."""


def examine(desk: Desk, complaint_id: str) -> None:
    """Look at every file of the complaint that has no verdict yet, then for others like it.

    No transaction is open meanwhile: a video may take a minute.
    """
    with desk.reading() as session:
        unseen = session.scalars(
            select(Evidence).filter_by(complaint_id=complaint_id, checked_at=None)
        ).all()
    judged = [seen for some in _some(unseen) for seen in _look_at_all(desk, some)]
    with desk.sessions.begin() as session:
        for row, answer in zip(unseen, judged, strict=True):
            record_look(desk, session.get_one(Evidence, row.id), answer)
    recycled.seek(desk, complaint_id)


def _some(rows: Sequence[Evidence]) -> Iterator[Sequence[Evidence]]:
    return (rows[start : start + AT_ONCE] for start in range(0, len(rows), AT_ONCE))


def look_at(desk: Desk, row: Evidence) -> Seen:
    """Have one stored file judged and scanned."""
    return _look_at_all(desk, [row])[0]


def _look_at_all(desk: Desk, rows: Sequence[Evidence]) -> list[Seen]:
    with ExitStack() as opened:
        files = [
            (crosscheck.item_of(row), opened.enter_context(desk.blobs.open(row.sha256)))
            for row in rows
        ]
        given = [(item, file.fileno()) for item, file in files]
        looked = look_together(desk.examiner, desk.scanner, given)
    return [(each, _kept_preview(desk, each.judged)) for each in looked]


def _kept_preview(desk: Desk, judged: Judged) -> str | None:
    """Of a film it was made while it was watched; of the rest when somebody wants to see it."""
    if judged.preview is not None:
        return desk.blobs.put(judged.preview)
    return NOT_MADE if judged.showable else None


def record_look(desk: Desk, row: Evidence, seen: Seen) -> None:
    """Write down what a look at the file found; a look that was faster stays."""
    looked, preview = seen
    if row.checked_at is not None:
        return
    judged = looked.judged
    row.media_type = judged.media_type
    row.verdict = judged.verdict
    row.findings = [casefile.finding_to_json(finding) for finding in judged.findings]
    row.signals = dict(judged.signals)
    row.preview = preview
    row.checked_at = desk.now()
    story.remember(row)
    films.promise(row, desk.now())
    scanned.record(row, looked.scan, desk.now())


def predict(desk: Desk, text: str, language: str | None) -> Prediction:
    """What the model says, or that there is none: never a default."""
    if desk.classifier is None:
        return NO_MODEL
    return desk.classifier.predict(text, language)


def conclude(desk: Desk, complaint_id: str, round: int) -> None:
    """Decide a round of triage and apply the decision, once."""
    with desk.sessions.begin() as session:
        row = get_complaint(session, complaint_id)
        if row.triaged_round >= round:
            return
        cause = "submit" if round == 1 else "evidence"
        assess(desk, session, row, cause=cause, round=round)
    log.info("triaged", complaint=complaint_id, round=round)
    desk.bell.ring()


def get_complaint(session: Session, complaint_id: str) -> Complaint:
    """The complaint, locked until the end of the transaction. Raises NotFound."""
    row = session.get(Complaint, complaint_id, with_for_update=True)
    if row is None:
        raise NotFound("complaint.unknown")
    return row


def assess(desk: Desk, session: Session, row: Complaint, *, cause: str, round: int) -> Decision:
    """Decide about the complaint as it is now, record it and move the complaint on."""
    now, book = desk.now(), desk.book_of(row.rulebook)
    crosscheck.apply(session, row, Bounds.of(book.thresholds))
    prediction = predict(desk, row.text, row.language)
    case = casefile.case_of(
        row,
        seller_complaints=casefile.seller_complaints(session, row),
        sla_used=clock_of(row, book, now).used if row.triaged_round else None,
        reminders=reminders_unanswered(row),
    )
    decision = books.with_remark(decide(case, prediction, book, now), row.rulebook)
    assessment = Assessment(
        complaint_id=row.id,
        round=round,
        made_at=now,
        cause=cause,
        facts=casefile.facts_json(case, prediction, book, now),
        prediction=asdict(prediction),
        decision=decision.to_json(),
        model=prediction.model,
        rulebook=book.version,
    )
    session.add(assessment)
    shadow.note(desk, session, assessment, case, prediction)
    row.brief = brief.of(assessment)
    row.rulebook = row.rulebook or book.version
    row.triaged_round = max(row.triaged_round, round)
    row.category, row.category_source = decision.category, decision.category_source
    row.priority, row.rank = decision.priority, decision.priority.rank
    row.sla_class = decision.sla_class
    row.team = decision.team
    _move_on(desk, session, row, decision, cause)
    return decision


def _move_on(desk: Desk, session: Session, row: Complaint, decision: Decision, cause: str) -> None:
    """Automation moves only complaints that no person holds, and never to a refusal."""
    before, now = Status(row.status), desk.now()
    after = before
    if before in (Status.RECEIVED, Status.NEEDS_EVIDENCE):
        after = Status(decision.status)
    elif before in WAITING and cause == "evidence":
        after = Status.QUEUED  # what was waited for has come: the desk looks again
    if after is not before:
        history.move(row, SYSTEM, "triage", now, after)
    settle(desk, session, row)


def settle(desk: Desk, session: Session, row: Complaint) -> None:
    """Bring what is derived from the state up to date: the queue and the due time."""
    session.flush()
    session.expire(row, ["events"])
    now, book = desk.now(), desk.book_of(row.rulebook)
    priority = None if row.priority is None else casefile.priority_of(row)
    row.in_queue = awaits_agent(Status(row.status), priority)
    row.due_at = clock_of(row, book, now).due_at
    row.alert_at = next_moment(row, book, now)
    row.updated_at = now


def give_to_person(desk: Desk, complaint_id: str, round: int, code: str) -> None:
    """The triage itself broke: a person takes the complaint as it is, with the reason."""
    with desk.sessions.begin() as session:
        row = get_complaint(session, complaint_id)
        if row.triaged_round >= round:
            return
        now = desk.now()
        row.triaged_round = round
        row.priority = row.priority or "normal"
        row.rank = casefile.priority_of(row).rank
        if row.status in (Status.RECEIVED, Status.NEEDS_EVIDENCE):
            detail: dict[str, Any] = {"reason": code}
            history.move(row, SYSTEM, "triage_failed", now, Status.QUEUED, detail)
        settle(desk, session, row)
    log.error("triage_failed", complaint=complaint_id, round=round, code=code)
    desk.bell.ring()
