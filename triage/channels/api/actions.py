"""What can be done to a complaint over HTTP: each action with an address and a body of its own.

So the description can say what each of them needs, and a client is told before it asks.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated, Any, Self

from flask import Response
from pydantic import ConfigDict, model_validator

from triage.casework.work import ActionRequest, act
from triage.channels.api import fields
from triage.channels.api.call import Call, reply
from triage.channels.api.intake import plain_id, shown
from triage.channels.api.models import ACategory, APriority, Line, Note, Sent
from triage.core.evidence import EvidenceKind
from triage.core.status import Action
from triage.errors import NotFound
from triage.messages.labels import LABELS

NeededNote = Annotated[str, fields.text(2000, lines=True, required=True)]
_kinds = fields.choice(EvidenceKind)


class Remarks(Sent):
    """What may go with any action. ``reason`` is for the customer, ``note`` for the desk.

    ``person`` names the human being who decides, where a key that belongs to no person acts.
    """

    reason: Note | None = None
    message: Note | None = None
    note: Note | None = None
    person: Line | None = None


class WithReason(Remarks):
    """An action whose reason the customer is told."""

    reason: NeededNote


class WithNote(Remarks):
    """A note for the desk."""

    note: NeededNote


class Wanted(Remarks):
    """What the customer should send: kinds of evidence, a message, or both."""

    model_config = ConfigDict(json_schema_extra=fields.any_of(["kinds"], ["message"]))

    kinds: Annotated[tuple[EvidenceKind, ...], fields.several(_kinds)] = ()

    @model_validator(mode="after")
    def _find_wish(self) -> Self:
        if not (self.kinds or self.message):
            raise fields.mistake("action.needs_message", field="message")
        return self


class Correction(WithReason):
    """Another category, another priority, or both."""

    model_config = ConfigDict(json_schema_extra=fields.any_of(["category"], ["priority"]))

    category: ACategory | None = None
    priority: APriority | None = None

    @model_validator(mode="after")
    def _find_change(self) -> Self:
        if not (self.category or self.priority):
            raise fields.mistake("action.needs_category", field="category")
        return self


class Waiver(WithReason):
    """Kinds of evidence that this complaint can do without."""

    kinds: Annotated[tuple[EvidenceKind, ...], fields.several(_kinds, least=1)]


class Merger(Remarks):
    """The complaint that this one belongs to."""

    into: Annotated[str, fields.identifier()]


BODIES: Mapping[Action, type[Remarks]] = {
    Action.CLAIM: Remarks,
    Action.RELEASE: Remarks,
    Action.REQUEST_EVIDENCE: Wanted,
    Action.WAIT_SELLER: Remarks,
    Action.ORDER_EXPERTISE: Remarks,
    Action.RESOLVE: WithReason,
    Action.REJECT: WithReason,
    Action.OVERRIDE: Correction,
    Action.NOTE: WithNote,
    Action.WAIVE: Waiver,
    Action.MERGE: Merger,
    Action.ESCALATE: WithReason,
    Action.APPEAL: WithReason,
    Action.WITHDRAW: Remarks,
    Action.REJUDGE: WithReason,
}


def act_on(action: Action) -> Callable[..., Response]:
    """The view of one action; it answers with the complaint afterwards."""

    def view(call: Call, complaint_id: str) -> Response:
        wish = ActionRequest(**_given(call.optional_json(BODIES[action])))
        complaint_id = plain_id(complaint_id)
        act(call.desk, complaint_id, action, call.actor, wish)
        return reply(shown(call, complaint_id))

    view.__doc__ = LABELS["action_effect"].get(action, "")
    return view


def refuse(call: Call, complaint_id: str, action: str) -> Response:
    """An action that there is not. Files are added at an address of their own."""
    raise NotFound("action.unknown", action=action[:40], actions=list(BODIES))


def _given(sent: Remarks) -> dict[str, Any]:
    return sent.model_dump(exclude_unset=True)
