"""Files that come on their own: judged and forgotten, staged, added, or opened again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import BinaryIO

from sqlalchemy import select

from triage.casework import history, scanned
from triage.casework.assess import (
    get_complaint,
    look_at,
    record_look,
    settle,
)
from triage.casework.submit import evidence_row, take_staged
from triage.core.complaint import Attachment
from triage.core.evidence import EvidenceKind, Finding, Level, verdict_of
from triage.core.people import Actor, Role
from triage.core.status import Action, Status, actions
from triage.desk import Desk
from triage.errors import Conflict, Invalid, NotFound, Refused
from triage.evidence import Item, Judged, look_together, same_file_twice
from triage.store.blobs import Incoming
from triage.store.tables import Complaint, Event, Evidence


@dataclass(frozen=True)
class Received:
    """A file that has come in and is not kept (yet)."""

    kind: EvidenceKind
    filename: str
    declared_type: str
    incoming: Incoming


@dataclass(frozen=True)
class Opinion:
    """What a file that is not stored was judged to be."""

    received: Received
    judged: Judged


def judge(desk: Desk, received: Sequence[Received]) -> list[Opinion]:
    """Judge files and store nothing; the same file twice is noticed among them."""
    items = [
        Item(
            kind=each.kind,
            filename=each.filename,
            declared_type=each.declared_type,
            size=each.incoming.size,
            sha256=each.incoming.sha256(),
        )
        for each in received
    ]

    given = [(item, each.incoming.fileno()) for item, each in zip(items, received, strict=True)]
    judged = [each.judged for each in look_together(desk.examiner, desk.scanner, given)]
    repeats = same_file_twice(items)
    return [
        Opinion(each, _with(answer, repeat))
        for each, answer, repeat in zip(received, judged, repeats, strict=True)
    ]


def _with(judged: Judged, repeat: Finding | None) -> Judged:
    if repeat is None:
        return judged
    findings = (*judged.findings, repeat)
    return replace(judged, findings=findings, verdict=verdict_of(findings))


def stage(desk: Desk, attachment: Attachment, actor: Actor) -> str:
    """Keep a file for a complaint that is still being written, judge it, return its id."""
    with desk.sessions.begin() as session:
        row = evidence_row(attachment, actor, desk.now())
        session.add(row)
    seen = look_at(desk, row)
    with desk.sessions.begin() as session:
        record_look(desk, session.get_one(Evidence, row.id), seen)
    return row.id


def add_evidence(
    desk: Desk,
    complaint_id: str,
    attachments: Sequence[Attachment],
    staged: Sequence[str],
    actor: Actor,
) -> None:
    """Add files to a complaint and promise another triage, in one transaction.

    Raises NotFound, Conflict where the complaint takes no more files, Invalid for too many.
    """
    if not attachments and not staged:
        raise Invalid("evidence.none", field="evidence")
    with desk.sessions.begin() as session:
        row = get_complaint(session, complaint_id)
        legal = actions(Status(row.status), for_customer=True)
        if Action.ADD_EVIDENCE not in legal:
            raise Conflict("action.not_allowed", action=Action.ADD_EVIDENCE, actions=list(legal))
        _check_count(desk, row, len(attachments) + len(staged))
        now = desk.now()
        first = len(row.evidence)
        row.evidence.extend(
            evidence_row(each, actor, now, first + place) for place, each in enumerate(attachments)
        )
        take_staged(session, row, tuple(staged), actor)
        row.round += 1
        count = len(attachments) + len(staged)
        history.add(row, actor, "add_evidence", now, files=count)
        settle(desk, session, row)
        desk.jobs.promise(session, row.id, row.round)


def _check_count(desk: Desk, row: Complaint, more: int) -> None:
    count, limit = len(row.evidence) + more, desk.settings.max_files
    if count > limit:
        raise Invalid("submission.too_many_files", field="evidence", limit=limit, measured=count)


@dataclass(frozen=True)
class Opening:
    """One opening of an original: who, when, which file of which complaint."""

    at: datetime
    actor: str
    actor_name: str
    complaint: str
    evidence: str


def openings(desk: Desk, *, complaint_id: str | None, since: datetime | None) -> list[Opening]:
    """The access log of the originals, the oldest first."""
    wanted = select(Event).where(Event.verb == "open_original").order_by(Event.id)
    if complaint_id is not None:
        wanted = wanted.where(Event.complaint_id == complaint_id)
    if since is not None:
        wanted = wanted.where(Event.at >= since)
    with desk.reading() as session:
        return [
            Opening(
                each.at, each.actor, each.actor_name, each.complaint_id, each.detail["evidence"]
            )
            for each in session.scalars(wanted)
        ]


def open_original(desk: Desk, evidence_id: str, actor: Actor) -> tuple[BinaryIO, Evidence]:
    """The sealed original, for the desk only; the opening is written into the history.

    Raises Refused for others, for a file that a check called dangerous, and for one that waits
    for a malware scan where that is required.
    """
    if not any(actor.may(role) for role in (Role.AGENT, Role.QA)):
        raise Refused("access.role", role=Role.AGENT)
    with desk.sessions.begin() as session:
        row = session.get(Evidence, evidence_id)
        if row is None or row.complaint is None:
            raise NotFound("evidence.unknown")
        if any(each["level"] == Level.DANGEROUS.name.lower() for each in row.findings):
            raise Refused("evidence.locked")
        if scanned.is_locked(row, desk.scanner):
            raise Refused("evidence.not_scanned")
        history.add(row.complaint, actor, "open_original", desk.now(), evidence=row.id)
    return desk.blobs.open(row.sha256), row
