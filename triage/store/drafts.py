"""Complaints that are still being written, and files that are still coming in piece by piece."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from triage.store.tables import Base

KEPT = timedelta(days=7)  # a draft, since something was last added to it


class Draft(Base):
    """What a customer has typed into the form so far; its files are evidence of ``owner``.

    ``id`` is the SHA-256 of the secret in the customer's cookie. Once filed, ``answers`` are
    empty and ``complaint_id`` says what became of it, so that a second sending files nothing.
    """

    __tablename__ = "drafts"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    owner: Mapped[str] = mapped_column(String(80), index=True)
    answers: Mapped[dict[str, Any]] = mapped_column(default=dict)
    complaint_id: Mapped[str | None] = mapped_column(
        ForeignKey("complaints.id", ondelete="CASCADE")
    )
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)


class Upload(Base):
    """A file that comes in piece by piece; its bytes so far lie in a file of the same name.

    ``received`` counts the bytes that are surely on the disk. Whole, it is staged evidence.
    """

    __tablename__ = "uploads"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    owner: Mapped[str] = mapped_column(String(80), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    filename: Mapped[str] = mapped_column(String(255))
    declared_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int]  # bytes
    received: Mapped[int] = mapped_column(default=0)  # bytes
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    evidence_id: Mapped[str | None] = mapped_column(
        ForeignKey("evidence.id", ondelete="CASCADE"), index=True
    )
