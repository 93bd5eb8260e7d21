"""Receipts that were read from files, by what tells one receipt from every other."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from sqlalchemy import ForeignKey, String, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from triage.store.tables import Base, Complaint, Evidence

ENOUGH = 100
"""Other cases that are told; one receipt in more of them is no accident any more."""


class ReceiptMark(Base):
    """One receipt in one file: the till's registration number and the fiscal sign.

    It goes when the file goes.
    """

    __tablename__ = "receipts"

    evidence_id: Mapped[str] = mapped_column(
        ForeignKey("evidence.id", ondelete="CASCADE"), primary_key=True
    )
    mark: Mapped[str] = mapped_column(String(40), primary_key=True, index=True)


def keep(session: Session, evidence_id: str, marks: Iterable[str]) -> None:
    """Remember the receipts of a file; those that are known already stay."""
    rows = [{"evidence_id": evidence_id, "mark": mark} for mark in marks]
    if rows:
        dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
        session.execute(dialect.insert(ReceiptMark).on_conflict_do_nothing(), rows)


def elsewhere(
    session: Session, marks: Collection[str], complaint: Complaint
) -> Sequence[Complaint]:
    """Other complaints with one of these receipts, the oldest first, at most ``ENOUGH``."""
    found = (
        select(Evidence.complaint_id)
        .join(ReceiptMark, ReceiptMark.evidence_id == Evidence.id)
        .where(ReceiptMark.mark.in_(marks), Evidence.complaint_id != complaint.id)
    )
    others = (
        select(Complaint)
        .where(Complaint.id.in_(found))
        .order_by(Complaint.received_at, Complaint.id)
        .limit(ENOUGH)
    )
    return session.scalars(others).all()
