"""Accept a complaint: durable with its files and its promised triage, or not at all."""

from __future__ import annotations

import hashlib
import json
import secrets
import time
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from triage.casework import access, history, searching
from triage.casework.books import filed_under
from triage.classifier.language import detect
from triage.core.complaint import ALPHABET, ID_LENGTH, Attachment, Submission
from triage.core.people import Actor
from triage.core.status import Status
from triage.desk import Desk
from triage.errors import Conflict, Invalid, NotFound, Unavailable
from triage.store.tables import Complaint, Evidence, IdempotencyKey

MAX_TEXT = 20_000  # characters; the contract's bound
_TRIES = 5


@dataclass(frozen=True)
class Idempotency:
    """A client's key for one request, and the SHA-256 (hex) of what the request said."""

    key: str
    fingerprint: str


@dataclass(frozen=True)
class Receipt:
    """Which complaint the submission became; ``created`` is False for a repeated request."""

    complaint_id: str
    created: bool


def submit(
    desk: Desk, submission: Submission, actor: Actor, idempotency: Idempotency | None = None
) -> Receipt:
    """Store the complaint and promise its triage in one transaction.

    The files are already durable: a crash before this transaction leaves unreferenced files
    for ``triage sweep``. A repeat (the same Idempotency-Key of the same actor, or the same
    external_id on the same channel) returns the first complaint; one that says something else
    raises Conflict. Raises Invalid where the submission itself makes no sense.
    """
    _check(desk, submission)
    fingerprint = fingerprint_of(submission)
    for _ in range(_TRIES):
        try:
            with desk.sessions.begin() as session:
                known = _known(session, submission, fingerprint, actor, idempotency)
                if known:
                    return Receipt(known, created=False)
                row = _row(desk, submission, actor, fingerprint)
                row.access_code = access.mark_of(desk, row.id, access.first_code(desk, row.id))
                row.rulebook = filed_under(desk, session)
                session.add(row)
                take_staged(session, row, submission.staged, actor)
                searching.keep(session, row)
                if idempotency:
                    session.flush()
                    session.add(_remember(idempotency, row, actor, desk.now()))
                history.add(row, actor, "submit", desk.now(), after=Status.RECEIVED)
                session.flush()
                desk.jobs.promise(session, row.id, row.round)
                return Receipt(row.id, created=True)
        except IntegrityError:  # the same request at the same moment, or an id drawn twice
            continue
    raise Unavailable("submission.not_stored")


def fingerprint_of(submission: Submission) -> str:
    """SHA-256 (hex) of what was submitted; the time of arrival is no part of it.

    What was not said is no part of it either, so that a new field changes no old fingerprint.
    """
    said = {name: value for name, value in asdict(submission).items() if value is not None}
    said.pop("received_at", None)
    return hashlib.sha256(json.dumps(said, sort_keys=True, default=str).encode()).hexdigest()


def wait_for_triage(desk: Desk, complaint_id: str, seconds: float) -> bool:
    """Wait until the newest promised triage is concluded; False when the time is over first."""
    deadline = time.monotonic() + seconds
    query = select(Complaint.round, Complaint.triaged_round).filter_by(id=complaint_id)
    while True:
        with desk.reading() as session:
            found = session.execute(query).one_or_none()
        if found is None:
            raise NotFound("complaint.unknown")
        if found.triaged_round >= found.round:
            return True
        left = deadline - time.monotonic()
        if left <= 0:
            return False
        desk.bell.wait(min(left, 0.25))  # a worker in another process rings no bell here


def _check(desk: Desk, submission: Submission) -> None:
    text = submission.text.strip()
    if not text:
        raise Invalid("submission.no_text", field="text")
    if len(text) > MAX_TEXT:
        raise Invalid("submission.text_too_long", field="text", limit=MAX_TEXT, measured=len(text))
    by_hand = submission.seller and submission.amount and submission.order_date
    if not submission.order_number and not by_hand:
        raise Invalid("submission.order_unknown", field="order_number")
    count = len(submission.attachments) + len(submission.staged)
    if count > desk.settings.max_files:
        limit = desk.settings.max_files
        raise Invalid("submission.too_many_files", field="evidence", limit=limit, measured=count)


def _known(
    session: Session,
    submission: Submission,
    fingerprint: str,
    actor: Actor,
    idempotency: Idempotency | None,
) -> str | None:
    if idempotency:
        kept = session.scalar(select(IdempotencyKey).filter_by(owner=actor.id, key=idempotency.key))
        if kept and kept.fingerprint != idempotency.fingerprint:
            raise Conflict("idempotency.other_request", field="Idempotency-Key")
        if kept:
            return kept.complaint_id
    if submission.external_id is None:
        return None
    first = session.scalar(
        select(Complaint).filter_by(channel=submission.channel, external_id=submission.external_id)
    )
    if first and first.fingerprint != fingerprint:
        raise Conflict("idempotency.other_message", field="external_id")
    return first.id if first else None


def _row(desk: Desk, submission: Submission, actor: Actor, fingerprint: str) -> Complaint:
    now = desk.now()
    said: dict[str, Any] = {
        name: getattr(submission, name)
        for name in submission.__dataclass_fields__
        if name not in ("attachments", "staged", "contact", "received_at", "text", "language")
    }
    return Complaint(
        id="".join(secrets.choice(ALPHABET) for _ in range(ID_LENGTH)),
        **said,
        text=submission.text.strip(),
        language=submission.language or detect(submission.text) or "ru",
        contact_name=submission.contact.name,
        contact_phone=submission.contact.phone,
        contact_email=submission.contact.email,
        received_at=submission.received_at or now,
        updated_at=now,
        status=Status.RECEIVED,
        filed_by=actor.id,
        fingerprint=fingerprint,
        evidence=[
            evidence_row(each, actor, now, place)
            for place, each in enumerate(submission.attachments)
        ],
    )


def evidence_row(attachment: Attachment, actor: Actor, now: datetime, place: int = 0) -> Evidence:
    """A row for a file that has just come in; nobody has looked at it yet."""
    return Evidence(
        id=secrets.token_hex(16),
        kind=attachment.kind,
        filename=attachment.filename,
        declared_type=attachment.declared_type,
        size=attachment.size,
        sha256=attachment.sha256,
        place=place,
        added_at=now,
        added_by=actor.id,
    )


def take_staged(session: Session, row: Complaint, staged: tuple[str, ...], actor: Actor) -> None:
    """Attach evidence that was uploaded beforehand by the same actor.

    Raises Invalid when an id is unknown (or somebody else's) or already part of a complaint.
    """
    for evidence_id in dict.fromkeys(staged):
        found = session.get(Evidence, evidence_id, with_for_update=True)
        if found is None or found.added_by != actor.id:
            raise Invalid("evidence.unknown", field="evidence")
        if found.complaint_id is not None:
            raise Invalid("evidence.already_used", field="evidence")
        found.place = len(row.evidence)
        row.evidence.append(found)


def _remember(
    idempotency: Idempotency, row: Complaint, actor: Actor, now: datetime
) -> IdempotencyKey:
    return IdempotencyKey(
        owner=actor.id,
        key=idempotency.key,
        fingerprint=idempotency.fingerprint,
        complaint_id=row.id,
        made_at=now,
    )
