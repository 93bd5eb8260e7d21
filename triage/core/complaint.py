"""What a customer sent, before anyone has looked at it: the one shape of every channel."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from triage.core.evidence import EvidenceKind

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # no 0/O or 1/I/L: numbers are read out by phone
ID_LENGTH = 8


class Channel(StrEnum):
    APP = "app"
    WEB = "web"
    PHONE = "phone"
    TELEGRAM = "telegram"
    EMAIL = "email"


class Category(StrEnum):
    """The problem types of the contract; also what the classifier predicts."""

    DEFECTIVE = "defective"
    NOT_AS_DESCRIBED = "not_as_described"
    LATE_DELIVERY = "late_delivery"
    REFUND_REFUSED = "refund_refused"
    SELLER_FRAUD = "seller_fraud"
    OTHER = "other"


class Priority(StrEnum):
    """How soon a person should look. ``rank`` grows with urgency."""

    URGENT = "urgent"
    HIGH = "high"
    NORMAL = "normal"
    LOW = "low"

    @property
    def rank(self) -> int:
        """0 for low up to 3 for urgent."""
        return _RANKS[self]


_RANKS = {Priority.LOW: 0, Priority.NORMAL: 1, Priority.HIGH: 2, Priority.URGENT: 3}


class Wish(StrEnum):
    REFUND = "refund"
    REPLACE = "replace"
    REPAIR = "repair"
    DISCOUNT = "discount"
    DELIVER = "deliver"


class Language(StrEnum):
    RU = "ru"
    KK = "kk"
    EN = "en"


@dataclass(frozen=True, kw_only=True)
class Attachment:
    """One file as it was received: the bytes are durable under ``sha256``, nothing is trusted."""

    kind: EvidenceKind
    filename: str
    declared_type: str
    sha256: str
    size: int  # bytes


@dataclass(frozen=True, kw_only=True)
class Contact:
    name: str | None = None
    phone: str | None = None
    email: str | None = None


@dataclass(frozen=True, kw_only=True)
class Submission:
    """One complaint in the one shape that every channel translates into.

    ``amount`` is in tenge. ``staged`` names evidence that was uploaded beforehand.
    ``claim_received_on`` is the day on which the seller got a formal written claim.
    """

    text: str
    channel: Channel = Channel.APP
    external_id: str | None = None
    language: Language | None = None
    problem_type: Category | None = None
    order_number: str | None = None
    seller: str | None = None
    product: str | None = None
    product_category: str | None = None
    amount: Decimal | None = None
    order_date: date | None = None
    promised_on: date | None = None
    received_on: date | None = None
    wish: Wish | None = None
    return_requested_on: date | None = None
    return_answer: str | None = None
    symptom: str | None = None
    contacted_outside: bool | None = None
    safety_risk: bool | None = None
    hardship_declared: bool | None = None
    on_credit: bool | None = None
    claim_received_on: date | None = None
    contact: Contact = Contact()
    attachments: tuple[Attachment, ...] = ()
    staged: tuple[str, ...] = ()
    received_at: datetime | None = None  # None: now
