"""Where people are signed in, who they are to the identity provider, and what staff have done."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from triage.store.tables import Base


class Sitting(Base):
    """One signed-in browser. ``id`` is the SHA-256 of the secret in its cookie.

    Until the second step is ``proven`` it opens nothing; ``tries`` counts the wrong codes.
    """

    __tablename__ = "sittings"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    made_at: Mapped[datetime]
    seen_at: Mapped[datetime] = mapped_column(index=True)
    network: Mapped[str] = mapped_column(String(45), default="")  # the address's neighbourhood
    agent: Mapped[str] = mapped_column(String(80), default="")  # "Firefox 140, Linux"
    proven: Mapped[bool] = mapped_column(default=True)
    tries: Mapped[int] = mapped_column(default=0)


class Identity(Base):
    """An account as an identity provider knows it: issuer and subject, never an address."""

    __tablename__ = "identities"

    issuer: Mapped[str] = mapped_column(String(255), primary_key=True)
    subject: Mapped[str] = mapped_column(String(255), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    made_at: Mapped[datetime]


class AuditEntry(Base):
    """One deed of staff that is no event of a case. The database refuses changes of these rows."""

    __tablename__ = "audit"
    __table_args__ = (Index("ix_audit_target", "target", "verb", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    actor: Mapped[str] = mapped_column(String(80), index=True)
    actor_name: Mapped[str] = mapped_column(String(200))
    verb: Mapped[str] = mapped_column(String(40))
    target: Mapped[str] = mapped_column(String(120), default="")
    network: Mapped[str] = mapped_column(String(45), default="")
    detail: Mapped[dict[str, Any]] = mapped_column(default=dict)
