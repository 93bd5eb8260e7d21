"""Has a file been used before, in another complaint: the same bytes, or a picture like it?

A signal for people, never a refusal: catalogue pictures, a family's two orders and honest
repeats look the same. What the same customer or the same order brings again is a note; what
strangers share is worth a look.

``seek`` puts the pictures of a complaint into the index, commits, and only then looks: of two
complaints that are triaged at the same moment, at least one sees the other. What it finds is
written down for both, so that the page of the earlier case shows it as well. Uploads that no
complaint has taken, files that were rejected and complaints merged with this one do not count.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, select, union_all
from sqlalchemy.orm import Session

from triage.core.evidence import EvidenceKind, Finding, Verdict
from triage.desk import Desk
from triage.evidence.duplicates import like_picture_elsewhere, same_file_elsewhere
from triage.evidence.fingerprint import turned, usable
from triage.store import pictures
from triage.store.tables import Complaint, Event, Evidence

FORMS = (EvidenceKind.PURCHASE_PROOF, EvidenceKind.EXPERT_REPORT)
"""Kinds whose pictures are not compared, only their bytes: one form filled in twice looks alike
(receipts of one made-up app differ in 40 bits at the least, in 54 mostly)."""

SHOWN = 20  # nearest pictures that are written down for one file
MOST = 200  # uses that one question takes; a catalogue picture may have thousands


class Relation(IntEnum):
    """What else the two complaints share; strangers come first."""

    NOTHING = 0
    CUSTOMER = 1
    ORDER = 2


@dataclass(frozen=True)
class Use:
    """One file of another complaint that has the same bytes (``distance`` None) or looks alike."""

    evidence_id: str
    complaint_id: str
    received_at: datetime
    relation: Relation
    preview: bool
    distance: int | None  # different bits of 256


def seek(desk: Desk, complaint_id: str) -> None:
    """Index the pictures of the complaint and find those like them. May run again at any time.

    Pictures that were judged before there was an index get into it here.
    """
    with desk.sessions.begin() as session:
        hashes = _hashes(session, complaint_id)
        pictures.keep(session, hashes)
    if not hashes:
        return
    with desk.reading() as session:
        found = {each: pictures.alike(session, turned(pdq)) for each, pdq in hashes.items()}
    with desk.sessions.begin() as session:
        for evidence_id, alike in found.items():
            others = [each for each in alike if each.evidence_id not in hashes]
            pictures.link(session, evidence_id, others[:SHOWN])


def _hashes(session: Session, complaint_id: str) -> dict[str, int]:
    rows = session.scalars(
        select(Evidence).where(
            Evidence.complaint_id == complaint_id,
            Evidence.kind.not_in(FORMS),
            Evidence.verdict != Verdict.REJECTED,
        )
    )
    hashes = {row.id: usable(row.signals) for row in rows}
    return {evidence_id: pdq for evidence_id, pdq in hashes.items() if pdq is not None}


def compare(session: Session, row: Complaint) -> Iterator[tuple[Evidence, Finding]]:
    """A finding for every file that another complaint brought as well."""
    used = uses(session, row)
    for evidence in row.evidence:
        known = used.get(evidence.id, [])
        same = [each for each in known if each.distance is None]
        alike = [each for each in known if each.distance is not None]
        if same:
            cases, strangers = _cases(same)
            yield evidence, same_file_elsewhere(cases, strangers=strangers)
        if alike:
            cases, strangers = _cases(alike)
            nearest = min(each.distance or 0 for each in alike)
            yield (
                evidence,
                like_picture_elsewhere(
                    cases, strangers=strangers, distance=nearest, limit=pictures.NEAR
                ),
            )


def uses(session: Session, row: Complaint) -> dict[str, list[Use]]:
    """Evidence id to where else the file was used: one use a case, strangers first, then newest.

    A case that has the very file is not named again for a picture like it.
    """
    mine = [each for each in row.evidence if each.verdict != Verdict.REJECTED]
    found: dict[str, dict[str, Use]] = {each.id: {} for each in mine}
    outsiders = _Outsiders(session, row)
    hashes = dict.fromkeys(each.sha256 for each in mine)
    copies = outsiders.having([Evidence.sha256 == sha256 for sha256 in hashes]).values()
    for evidence in mine:
        for other in copies:
            if other.sha256 == evidence.sha256:
                _note(found[evidence.id], outsiders.use(other, None))
    near = pictures.linked(session, list(found))
    alike_ids = {alike.evidence_id for _, alike in near}
    others = outsiders.having([Evidence.id.in_(alike_ids)] if near else [])
    for evidence_id, alike in sorted(near, key=lambda pair: pair[1].distance):
        if alike.evidence_id in others:
            _note(found[evidence_id], outsiders.use(others[alike.evidence_id], alike.distance))
    return {each: _in_order(known.values()) for each, known in found.items() if known}


def _cases(known: list[Use]) -> tuple[list[str], bool]:
    cases = [use.complaint_id for use in known]
    return cases, known[0].relation is Relation.NOTHING  # strangers come first


def _note(known: dict[str, Use], use: Use) -> None:
    known.setdefault(use.complaint_id, use)


def _in_order(known: Iterable[Use]) -> list[Use]:
    newest = sorted(known, key=lambda use: (use.received_at, use.complaint_id), reverse=True)
    return sorted(newest, key=lambda use: use.relation)


class _Outsiders:
    """The files of complaints that have nothing to do with this one, as far as is known."""

    def __init__(self, session: Session, row: Complaint) -> None:
        self._session = session
        self._row = row
        self._family = _family(session, row)

    def having(self, wanted: Sequence[ColumnElement[bool]]) -> dict[str, Row[*tuple[Any, ...]]]:
        """Evidence id to what ``use`` reads; up to ``MOST`` of each that is wanted, in one look."""
        if not wanted:
            return {}
        rows = self._session.execute(
            union_all(*(select(self._having(each).subquery()) for each in wanted))
        )
        return {str(row.evidence_id): row for row in rows}

    def _having(self, wanted: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
        return (
            select(
                Evidence.id.label("evidence_id"),
                Evidence.sha256,
                Evidence.preview,
                Complaint.id.label("complaint_id"),
                Complaint.received_at,
                Complaint.order_number,
                Complaint.contact_phone,
                Complaint.contact_email,
            )
            .join(Complaint, Evidence.complaint_id == Complaint.id)
            .where(
                wanted,
                Complaint.id.not_in(sorted(self._family)),
                Evidence.verdict != Verdict.REJECTED,
            )
            .limit(MOST)
        )

    def use(self, other: Row[*tuple[Any, ...]], distance: int | None) -> Use:
        return Use(
            evidence_id=other.evidence_id,
            complaint_id=other.complaint_id,
            received_at=other.received_at,
            relation=_relation(self._row, other),
            preview=other.preview is not None,
            distance=distance,
        )


def _family(session: Session, row: Complaint) -> set[str]:
    """The complaint and those that were merged with it, as the history tells."""
    head = row.merged_into or row.id
    merged = session.scalars(
        select(Event.detail).where(Event.complaint_id == head, Event.verb == "merged_from")
    )
    return {row.id, head, *(str(said["other"]) for said in merged)}


def _relation(row: Complaint, other: Row[*tuple[Any, ...]]) -> Relation:
    if row.order_number and row.order_number == other.order_number:
        return Relation.ORDER
    if row.contact_phone and row.contact_phone == other.contact_phone:
        return Relation.CUSTOMER
    mine, theirs = (row.contact_email or "").lower(), (other.contact_email or "").lower()
    return Relation.CUSTOMER if mine and mine == theirs else Relation.NOTHING
