"""Receipts and pictures held against the story: the order, the filing, other cases.

Gathers what ``evidence.claims`` compares. All of it is for a person to weigh, nothing refuses.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy.orm import Session, object_session

from triage.core.bounds import Bounds
from triage.core.evidence import EvidenceKind, Finding
from triage.evidence import claims
from triage.evidence.claims import Proof, Story
from triage.store import receipts
from triage.store.tables import Complaint, Evidence

_SHOWS_THE_GOODS = (EvidenceKind.DAMAGE_PHOTO, EvidenceKind.UNBOXING_VIDEO)


def remember(row: Evidence) -> None:
    """Put the receipts of a file that was looked at where other cases find them.

    Before any comparison and in a transaction of its own: of two cases that are looked at side
    by side, the later one finds the earlier.
    """
    session = object_session(row)
    assert session is not None, "the row is being written"
    receipts.keep(session, row.id, sorted({each.mark for each in _proofs(row)} - {""}))


def compare(session: Session, row: Complaint, bounds: Bounds) -> Iterator[tuple[Evidence, Finding]]:
    """Every file of the complaint with what does not fit it."""
    yield from _sums(row, bounds)
    for evidence in row.evidence:
        found = [*_times(row, evidence, bounds), _elsewhere(session, row, evidence)]
        yield from ((evidence, each) for each in found if each is not None)


def _sums(row: Complaint, bounds: Bounds) -> Iterator[tuple[Evidence, Finding]]:
    """Once for the complaint, beside its first receipt: several receipts may add up."""
    with_receipts = [each for each in row.evidence if _proofs(each)]
    if with_receipts:
        proofs = [proof for each in with_receipts for proof in _proofs(each)]
        first = with_receipts[0]
        finding = claims.amount(proofs, _story(row, first), bounds)
        if finding is not None:
            yield first, finding


def _times(row: Complaint, evidence: Evidence, bounds: Bounds) -> Iterator[Finding | None]:
    story = _story(row, evidence)
    late = [claims.issue(proof, story, bounds) for proof in _proofs(evidence)]
    yield next((each for each in late if each is not None), None)
    if evidence.kind in _SHOWS_THE_GOODS and "taken_at" in evidence.signals:
        yield claims.taken(evidence.signals["taken_at"], story, bounds)


def _elsewhere(session: Session, row: Complaint, evidence: Evidence) -> Finding | None:
    marks = {each.mark for each in _proofs(evidence)} - {""}
    found = receipts.elsewhere(session, marks, row) if marks else ()
    others = [each for each in found if not _are_one(row, each)]
    return claims.reused(
        [each.id for each in others],
        strangers=not all(_shares_with(row, each) for each in others),
    )


def _are_one(row: Complaint, other: Complaint) -> bool:
    """Merged with each other, or into the same."""
    return (row.merged_into or row.id) == (other.merged_into or other.id)


def _shares_with(row: Complaint, other: Complaint) -> bool:
    """The same order or the same customer, as far as they said."""
    return any(
        getattr(row, name) is not None and getattr(row, name) == getattr(other, name)
        for name in ("order_number", "contact_phone", "contact_email")
    )


def _proofs(evidence: Evidence) -> tuple[Proof, ...]:
    said = evidence.signals
    return claims.proofs_of(said.get("receipt", ""), said.get("printed", ""))


def _story(row: Complaint, evidence: Evidence) -> Story:
    return Story(
        amount=row.amount,
        order_date=row.order_date,
        received_on=row.received_on,
        until=claims.local_day(max(row.received_at, evidence.added_at)),
    )
