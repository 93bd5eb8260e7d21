"""What a client may send, field by field; the OpenAPI description is made from these models."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, model_validator

from triage.channels.api import fields
from triage.core.complaint import (
    Attachment,
    Category,
    Channel,
    Contact,
    Language,
    Priority,
    Submission,
    Wish,
)
from triage.core.status import Status

MAX_TEXT = 20_000  # characters; the contract's bound

Text = Annotated[str, fields.text(MAX_TEXT, lines=True, required=True)]
Note = Annotated[str, fields.text(2000, lines=True)]
ShortLine = Annotated[str, fields.text(100)]
Line = Annotated[str, fields.text(200)]
LongLine = Annotated[str, fields.text(500)]
Date = Annotated[date, fields.day(past=False)]
PastDate = Annotated[date, fields.day(past=True)]
Flag = Annotated[bool, fields.boolean()]
Ids = Annotated[tuple[str, ...], fields.several(fields.identifier())]
SomeIds = Annotated[tuple[str, ...], fields.several(fields.identifier(), least=1)]
ACategory = Annotated[Category, fields.choice(Category)]
APriority = Annotated[Priority, fields.choice(Priority)]
ALanguage = Annotated[Language, fields.choice(Language)]
AChannel = Annotated[Channel, fields.choice(Channel)]


class Sent(BaseModel):
    """What every request model shares: a field that nobody knows is a mistake, not ignored."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class NewComplaint(Sent):
    """A complaint. Give the order's number, or else the seller, the amount and the order date."""

    model_config = ConfigDict(
        json_schema_extra=fields.any_of(["order_number"], ["seller", "amount", "order_date"])
    )

    text: Text
    order_number: Annotated[str, fields.order_number()] | None = None
    seller: Line | None = None
    amount: Annotated[Decimal, fields.amount()] | None = None
    order_date: PastDate | None = None
    problem_type: ACategory | None = None
    language: ALanguage | None = None
    channel: AChannel = Channel.APP
    external_id: Line | None = None
    product: LongLine | None = None
    product_category: ShortLine | None = None
    promised_on: Date | None = None
    received_on: PastDate | None = None
    wish: Annotated[Wish, fields.choice(Wish)] | None = None
    return_requested_on: PastDate | None = None
    return_answer: Note | None = None
    symptom: Line | None = None
    contacted_outside: Flag | None = None
    safety_risk: Flag | None = None
    hardship_declared: Flag | None = None
    on_credit: Flag | None = None
    claim_received_on: PastDate | None = None
    contact_name: Line | None = None
    contact_phone: Annotated[str, fields.phone()] | None = None
    contact_email: Annotated[str, fields.email()] | None = None

    @model_validator(mode="after")
    def _find_order(self) -> Self:
        if not self.order_number and not (self.seller and self.amount and self.order_date):
            raise fields.mistake("submission.order_unknown", field="order_number")
        return self


class NewComplaintWithIds(NewComplaint):
    """The same as JSON: files are named by the ids that ``POST /evidence`` gave."""

    evidence: Ids = ()


class MoreEvidence(Sent):
    """Files that were uploaded beforehand and now belong to a complaint."""

    evidence: SomeIds


class NoFields(Sent):
    """A form that holds files only."""


class TextToClassify(Sent):
    """A text, and its language where the sender knows it."""

    text: Text
    language: ALanguage | None = None


class QueueQuery(Sent):
    """Which part of the queue to show."""

    cursor: Annotated[str, fields.text(500)] | None = None
    limit: Annotated[int, fields.whole(1, 100)] = 50
    status: Annotated[Status, fields.choice(Status)] | None = None
    priority: APriority | None = None
    category: ACategory | None = None
    channel: AChannel | None = None
    language: ALanguage | None = None
    mine: Flag = False


class ClaimFilters(Sent):
    """Which complaints an agent wants to be given."""

    priority: APriority | None = None
    category: ACategory | None = None
    channel: AChannel | None = None
    language: ALanguage | None = None


class NoQuery(Sent):
    """An address that takes no parameters."""


def to_submission(sent: NewComplaint, attachments: Sequence[Attachment]) -> Submission:
    """The one shape of every channel."""
    given = {name: getattr(sent, name) for name in NewComplaint.model_fields}
    contact = {name: given.pop(f"contact_{name}") for name in ("name", "phone", "email")}
    staged = sent.evidence if isinstance(sent, NewComplaintWithIds) else ()
    return Submission(
        **given, contact=Contact(**contact), attachments=tuple(attachments), staged=staged
    )
