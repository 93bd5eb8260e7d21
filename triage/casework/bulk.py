"""One action to many cases at once: each for itself, so that one refusal stops no other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from triage.casework.work import ActionRequest, act
from triage.core.people import Actor
from triage.core.status import Action
from triage.desk import Desk
from triage.errors import Conflict, Invalid, NotFound, Refused, TriageError
from triage.store.tables import Complaint

MOST = 50  # cases at once: a page of the queue
ACTIONS = (Action.ESCALATE, Action.NOTE, Action.RELEASE)
"""What may be done to many: nothing that a customer is told, nothing that is hard to take back."""


@dataclass(frozen=True)
class Outcome:
    """What became of one case: ``error`` says why it was refused, None that it was done."""

    complaint_id: str
    error: TriageError | None = None


def standing(desk: Desk, ids: Sequence[str]) -> Mapping[str, Complaint]:
    """The cases by their ids, those that there are."""
    with desk.reading() as session:
        rows = session.scalars(select(Complaint).where(Complaint.id.in_(ids[:MOST])))
        return {row.id: row for row in rows}


def act_on_many(
    desk: Desk, ids: Sequence[str], action: Action, actor: Actor, wish: ActionRequest
) -> list[Outcome]:
    """Do one action to each case, in a transaction of its own.

    Raises Invalid("bulk.not_for_many") for another action than ``ACTIONS``,
    Invalid("bulk.none_chosen") and Invalid("bulk.too_many").
    """
    if action not in ACTIONS:
        raise Invalid("bulk.not_for_many", field="action", action=action)
    if not ids:
        raise Invalid("bulk.none_chosen", field="ids")
    if len(ids) > MOST:
        raise Invalid("bulk.too_many", field="ids", limit=MOST)
    return [_one(desk, each, action, actor, wish) for each in dict.fromkeys(ids)]


def _one(
    desk: Desk, complaint_id: str, action: Action, actor: Actor, wish: ActionRequest
) -> Outcome:
    try:
        act(desk, complaint_id, action, actor, wish)
    except (Conflict, Invalid, NotFound, Refused) as error:
        return Outcome(complaint_id, error)
    return Outcome(complaint_id)
