"""Rule books as they are kept: their files by content hash, when each was in force, shadows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from triage.store.tables import Base

LOCK = 7422  # of the advisory lock under which the book in force changes on PostgreSQL


class KeptBook(Base):
    """The files of one book, once; ``hash`` is the book's version. Never updated but for the day.

    ``first_in_force_at`` is null for a book that was only tried.
    """

    __tablename__ = "rulebooks"

    hash: Mapped[str] = mapped_column(String(80), primary_key=True)
    profile: Mapped[str] = mapped_column(String(80))
    sources: Mapped[dict[str, Any]]  # file name → its text
    kept_at: Mapped[datetime]
    first_in_force_at: Mapped[datetime | None]


class Period(Base):
    """From when a book is in force, until the next period begins. Never updated.

    ``pinned``: by ``triage rules use``, whatever the folder says; else it is the folder's.
    """

    __tablename__ = "rulebook_periods"

    id: Mapped[int] = mapped_column(primary_key=True)
    rulebook: Mapped[str] = mapped_column(ForeignKey("rulebooks.hash"))
    since: Mapped[datetime]
    pinned: Mapped[bool] = mapped_column(default=False)
    actor: Mapped[str] = mapped_column(String(80))


class ShadowDecision(Base):
    """What the book in the shadow would have decided otherwise in one round; {}: the same."""

    __tablename__ = "shadow_decisions"
    __table_args__ = (UniqueConstraint("complaint_id", "round", "rulebook"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    complaint_id: Mapped[str] = mapped_column(ForeignKey("complaints.id"))
    round: Mapped[int]
    rulebook: Mapped[str] = mapped_column(String(80), index=True)
    beside: Mapped[str] = mapped_column(String(80))  # the book that decided
    made_at: Mapped[datetime]
    difference: Mapped[dict[str, Any]]


def keep(
    session: Session, version: str, profile: str, sources: Mapping[str, str], now: datetime
) -> None:
    """Keep a book's files, unless they are; any number of processes may do so at once."""
    values = {"hash": version, "profile": profile, "sources": dict(sources), "kept_at": now}
    upon = session.get_bind().dialect.name
    insert = postgresql.insert if upon == "postgresql" else sqlite.insert
    session.execute(insert(KeptBook).values(**values).on_conflict_do_nothing())


def find_book(session: Session, version: str) -> KeptBook | None:
    return session.get(KeptBook, version)


def list_books(session: Session) -> Sequence[KeptBook]:
    """All books, the newest last."""
    return session.scalars(select(KeptBook).order_by(KeptBook.kept_at, KeptBook.hash)).all()


def list_versions_like(session: Session, beginning: str) -> Sequence[str]:
    """The versions that begin so; a whole one is its own beginning."""
    wanted = KeptBook.hash.startswith(beginning, autoescape=True)
    return session.scalars(select(KeptBook.hash).where(wanted).order_by(KeptBook.hash)).all()


def find_period(session: Session) -> Period | None:
    """The period that we are in; None before the first."""
    return session.scalar(select(Period).order_by(Period.id.desc()).limit(1))


def list_periods(session: Session) -> Sequence[Period]:
    """All periods, the newest last."""
    return session.scalars(select(Period).order_by(Period.id)).all()


def add_period(session: Session, version: str, now: datetime, *, pinned: bool, actor: str) -> None:
    """The book is in force from now on; whoever calls this has ``wait_for_turn``-ed."""
    session.add(Period(rulebook=version, since=now, pinned=pinned, actor=actor))
    kept = session.get_one(KeptBook, version)
    if kept.first_in_force_at is None:
        kept.first_in_force_at = now


def wait_for_turn(session: Session) -> None:
    """Let nobody else change the book in force until the end of the transaction."""
    connection = session.connection()
    if connection.dialect.name == "postgresql":  # on SQLite, writers take turns anyway
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({LOCK})")
