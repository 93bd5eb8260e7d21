"""One action to many cases at once: each for itself, so that one refusal stops no other."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from sqlalchemy import select

from triage.casework import assigning
from triage.casework.work import ActionRequest, act
from triage.core.people import Actor, Role
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
    check_choice(ids)
    return [
        _outcome(each, partial(act, desk, each, action, actor, wish)) for each in dict.fromkeys(ids)
    ]


def assign_many(
    desk: Desk, ids: Sequence[str], actor: Actor, to: str, note: str | None = None
) -> list[Outcome]:
    """Give each case to the agent of this id, or to nobody where it is empty.

    Raises Refused for who may not assign; Invalid for an unknown agent and as ``act_on_many``.
    """
    if not assigning.may_assign(actor):
        raise Refused("access.role", role=Role.AGENT)
    agent = assigning.find_agent(desk, to)
    check_choice(ids)
    return [
        _outcome(each, partial(assigning.assign, desk, each, actor, agent, note))
        for each in dict.fromkeys(ids)
    ]


def check_choice(ids: Sequence[str]) -> None:
    """Raises Invalid("bulk.none_chosen") and Invalid("bulk.too_many")."""
    if not ids:
        raise Invalid("bulk.none_chosen", field="ids")
    if len(ids) > MOST:
        raise Invalid("bulk.too_many", field="ids", limit=MOST)


def _outcome(complaint_id: str, do: Callable[[], None]) -> Outcome:
    try:
        do()
    except (Conflict, Invalid, NotFound, Refused) as error:
        return Outcome(complaint_id, error)
    return Outcome(complaint_id)
