"""The database schema, on SQLite and PostgreSQL alike. The core never sees a row."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, ClassVar

from sqlalchemy import (
    JSON,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    MetaData,
    Numeric,
    String,
    Text,
    TypeDecorator,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

NAMES = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Moment(TypeDecorator[datetime]):
    """An aware UTC datetime; SQLite keeps no zone, so it is put back on reading."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is not None and value.tzinfo is None:
            raise ValueError("a naive datetime may not be stored")
        return value.astimezone(UTC) if value else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value.replace(tzinfo=value.tzinfo or UTC).astimezone(UTC) if value else None


class Money(TypeDecorator[Decimal]):
    """Tenge with two decimals, exact: kept in hundredths, because SQLite has no decimals."""

    impl = Numeric(16, 0)
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> int | None:
        return None if value is None else int((value * 100).to_integral_value())

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:
        return None if value is None else Decimal(int(value)) / 100


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map: ClassVar = {
        datetime: Moment,
        Decimal: Money,
        dict[str, Any]: JSON,
        list[Any]: JSON,
    }


class Complaint(Base):
    """One complaint with its present state; ``rank`` and ``due_at`` order the queue."""

    __tablename__ = "complaints"
    __table_args__ = (
        UniqueConstraint("channel", "external_id"),
        Index("ix_complaints_seller", "seller", "received_at"),
        Index("ix_complaints_received_at", "received_at"),
        # In the queue's own order; behind it what is filtered by, so that no row is looked up.
        Index(
            "ix_complaints_queue",
            *("in_queue", text("rank DESC"), "due_at", "id"),
            *("category", "channel", "language", "priority", "team", "status"),
            sqlite_where=text("in_queue = 1"),
            postgresql_where=text("in_queue"),
        ),
        Index(
            "ix_complaints_status",
            *("status", text("rank DESC"), "due_at", "id"),
            *("category", "channel", "language", "priority", "team"),
        ),
        # Without those that nobody holds or is to have: SQLite would take these for all that wait.
        Index(
            "ix_complaints_lease_holder",
            "lease_holder",
            sqlite_where=text("lease_holder IS NOT NULL"),
            postgresql_where=text("lease_holder IS NOT NULL"),
        ),
        Index(
            "ix_complaints_assigned_to",
            "assigned_to",
            sqlite_where=text("assigned_to IS NOT NULL"),
            postgresql_where=text("assigned_to IS NOT NULL"),
        ),
        Index(
            "ix_complaints_promised",
            "updated_at",
            sqlite_where=text("triaged_round < round"),
            postgresql_where=text("triaged_round < round"),
        ),
    )

    id: Mapped[str] = mapped_column(String(12), primary_key=True)
    channel: Mapped[str] = mapped_column(String(10))
    external_id: Mapped[str | None] = mapped_column(String(200))
    language: Mapped[str] = mapped_column(String(2))
    text: Mapped[str] = mapped_column(Text)
    problem_type: Mapped[str | None] = mapped_column(String(20))
    order_number: Mapped[str | None] = mapped_column(String(11), index=True)
    seller: Mapped[str | None] = mapped_column(String(200))
    product: Mapped[str | None] = mapped_column(String(500))
    product_category: Mapped[str | None] = mapped_column(String(100))
    amount: Mapped[Decimal | None]
    order_date: Mapped[date | None]
    promised_on: Mapped[date | None]
    received_on: Mapped[date | None]
    wish: Mapped[str | None] = mapped_column(String(10))
    return_requested_on: Mapped[date | None]
    return_answer: Mapped[str | None] = mapped_column(Text)
    symptom: Mapped[str | None] = mapped_column(String(200))
    contacted_outside: Mapped[bool | None]
    safety_risk: Mapped[bool | None]
    hardship_declared: Mapped[bool | None]
    on_credit: Mapped[bool | None]
    claim_received_on: Mapped[date | None]
    contact_name: Mapped[str | None] = mapped_column(String(200))
    contact_phone: Mapped[str | None] = mapped_column(String(32))
    contact_email: Mapped[str | None] = mapped_column(String(254))

    received_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    status: Mapped[str] = mapped_column(String(20))
    appeal: Mapped[int] = mapped_column(default=0)
    round: Mapped[int] = mapped_column(default=1)  # triages promised so far
    triaged_round: Mapped[int] = mapped_column(default=0)  # the last one that was concluded
    category: Mapped[str | None] = mapped_column(String(20))
    category_source: Mapped[str | None] = mapped_column(String(10))
    priority: Mapped[str | None] = mapped_column(String(10))
    rank: Mapped[int] = mapped_column(default=0)  # 3 urgent … 0 low
    sla_class: Mapped[str] = mapped_column(String(10), default="standard")
    due_at: Mapped[datetime | None]
    alert_at: Mapped[datetime | None] = mapped_column(index=True)  # the clock's next alert
    in_queue: Mapped[bool] = mapped_column(default=False)  # a person should look at it
    lease_holder: Mapped[str | None] = mapped_column(String(80))
    lease_name: Mapped[str | None] = mapped_column(String(200))
    lease_until: Mapped[datetime | None] = mapped_column(index=True)
    team: Mapped[str | None] = mapped_column(String(40))  # of the last decision
    assigned_to: Mapped[str | None] = mapped_column(String(80))
    assigned_name: Mapped[str | None] = mapped_column(String(200))
    merged_into: Mapped[str | None] = mapped_column(String(12))
    resolution: Mapped[str | None] = mapped_column(Text)
    overrides: Mapped[dict[str, Any]] = mapped_column(default=dict)  # category, priority, waived
    rulebook: Mapped[str | None] = mapped_column(String(80))  # by which it is judged
    brief: Mapped[dict[str, Any] | None]  # of the last assessment, for lists: casework/brief
    filed_by: Mapped[str] = mapped_column(String(80))
    fingerprint: Mapped[str] = mapped_column(String(64))  # SHA-256 of what was submitted
    access_code: Mapped[str | None] = mapped_column(String(64))  # its HMAC: casework/access
    wrote_at: Mapped[datetime | None]  # the customer's message that no agent has seen yet
    erased_at: Mapped[datetime | None]  # from then on a tombstone: casework/erase

    evidence: Mapped[list[Evidence]] = relationship(
        back_populates="complaint", order_by="Evidence.place, Evidence.id"
    )
    assessments: Mapped[list[Assessment]] = relationship(
        back_populates="complaint", order_by="Assessment.id"
    )
    events: Mapped[list[Event]] = relationship(back_populates="complaint", order_by="Event.id")


NOT_MADE = ""
"""As ``Evidence.preview``: there can be a re-encoded copy, and nobody has wanted to see it yet.
Else it is the SHA-256 of that copy, which is found under it as an original under its own."""


class Evidence(Base):
    """One file of a complaint, or one uploaded beforehand (``complaint_id`` is then null)."""

    __tablename__ = "evidence"
    __table_args__ = (
        Index("ix_evidence_scan", "scan", "scanned_at"),
        Index("ix_evidence_verdict", "verdict", "added_at"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    complaint_id: Mapped[str | None] = mapped_column(ForeignKey("complaints.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    filename: Mapped[str] = mapped_column(String(255))
    declared_type: Mapped[str] = mapped_column(String(100))
    media_type: Mapped[str] = mapped_column(String(100), default="")
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    verdict: Mapped[str] = mapped_column(String(10), default="pending")
    findings: Mapped[list[Any]] = mapped_column(default=list)
    signals: Mapped[dict[str, Any]] = mapped_column(default=dict)  # for comparing; never shown
    preview: Mapped[str | None] = mapped_column(String(64))  # of the copy; None without any
    place: Mapped[int] = mapped_column(default=0)  # in the order in which they were sent
    added_at: Mapped[datetime]
    added_by: Mapped[str] = mapped_column(String(80))
    checked_at: Mapped[datetime | None]
    scan: Mapped[str | None] = mapped_column(String(12))  # clean, found or not_scanned
    scanned_at: Mapped[datetime | None]  # when the scanner last had an answer
    scanner: Mapped[str | None] = mapped_column(String(120))  # its version and signatures then
    scan_tries: Mapped[int] = mapped_column(default=0)  # in vain, since that answer
    scan_retry_at: Mapped[datetime | None]
    complaint: Mapped[Complaint | None] = relationship(back_populates="evidence")


class Assessment(Base):
    """One decision as it was made, with all that it rested on. Never updated."""

    __tablename__ = "assessments"
    __table_args__ = (UniqueConstraint("complaint_id", "round"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    complaint_id: Mapped[str] = mapped_column(ForeignKey("complaints.id"))
    round: Mapped[int]
    made_at: Mapped[datetime]
    cause: Mapped[str] = mapped_column(String(20))  # submit, evidence, override, …
    facts: Mapped[dict[str, Any]]
    prediction: Mapped[dict[str, Any]]
    decision: Mapped[dict[str, Any]]
    model: Mapped[str] = mapped_column(String(80))
    rulebook: Mapped[str] = mapped_column(String(80))
    complaint: Mapped[Complaint] = relationship(back_populates="assessments")


class Event(Base):
    """One line of a complaint's history: who did what. ``detail`` may hold what a person wrote."""

    __tablename__ = "events"
    __table_args__ = (Index("ix_events_after", "after", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    complaint_id: Mapped[str] = mapped_column(ForeignKey("complaints.id"), index=True)
    at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(String(80))
    actor_name: Mapped[str] = mapped_column(String(200))
    verb: Mapped[str] = mapped_column(String(30))
    before: Mapped[str | None] = mapped_column(String(20))
    after: Mapped[str | None] = mapped_column(String(20))
    detail: Mapped[dict[str, Any]] = mapped_column(default=dict)
    complaint: Mapped[Complaint] = relationship(back_populates="events")


class IdempotencyKey(Base):
    """The answer that a client's Idempotency-Key stands for."""

    __tablename__ = "idempotency_keys"
    __table_args__ = (UniqueConstraint("owner", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    owner: Mapped[str] = mapped_column(String(80))
    key: Mapped[str] = mapped_column(String(255))
    fingerprint: Mapped[str] = mapped_column(String(64))  # SHA-256 of the request
    complaint_id: Mapped[str] = mapped_column(ForeignKey("complaints.id"))
    made_at: Mapped[datetime]


class ApiKey(Base):
    """A client's key: only the hash of its secret is kept."""

    __tablename__ = "api_keys"

    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    secret_sha256: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(String(200))
    scopes: Mapped[list[Any]]
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    made_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    used_at: Mapped[datetime | None]  # to the minute or so
    user: Mapped[User | None] = relationship()


class User(Base):
    """A member of staff. Where one is signed in: ``store/people.py``."""

    __tablename__ = "users"

    id: Mapped[int] = mapped_column(primary_key=True)
    login: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    password_hash: Mapped[str] = mapped_column(String(255))
    role: Mapped[str] = mapped_column(String(10))
    language: Mapped[str] = mapped_column(String(2), default="ru")
    disabled: Mapped[bool] = mapped_column(default=False)
    made_at: Mapped[datetime]
    signed_in_at: Mapped[datetime | None]
    one_time_until: Mapped[datetime | None]  # the password is an admin's, to be changed at once
    totp_secret: Mapped[str | None] = mapped_column(String(255))  # sealed: casework/second_step
    totp_since: Mapped[datetime | None]  # confirmed by a first code; asked for from then on
    totp_step: Mapped[int | None]  # of the last code that was taken: no code works twice
    totp_recovery: Mapped[list[Any]] = mapped_column(default=list)  # marks of unused codes
    totp_required: Mapped[bool] = mapped_column(default=False)
