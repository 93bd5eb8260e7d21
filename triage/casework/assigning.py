"""For whom a case is meant: an agent who is to take it, without holding it yet.

A lease holds a case for minutes, while somebody works on it; an assignment stays until that
agent gives the case back or it is closed. ``claim_next`` leaves a case that is meant for somebody
else alone, but an overdue one is anybody's: a promise to a customer does not wait for a holiday.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.orm import Session

from triage.casework import appeals, history
from triage.casework.assess import get_complaint, settle
from triage.core.people import Actor, Role
from triage.core.status import OPEN, Action, Status
from triage.desk import Desk
from triage.errors import Conflict, Invalid, Refused
from triage.store.tables import Complaint, User

VERB = "assign"
_ASSIGNABLE = OPEN - {Status.RECEIVED}
AGENTS = (Role.AGENT, Role.ADMIN)


@dataclass(frozen=True)
class Agent:
    """Somebody who can be given cases."""

    id: str
    name: str

    @property
    def actor(self) -> Actor:
        return Actor(id=self.id, name=self.name, is_person=True)


def agents(desk: Desk) -> list[Agent]:
    """Everybody who can be given a case, by name."""
    wanted = select(User).where(User.role.in_(AGENTS), User.disabled.is_(False))
    with desk.reading() as session:
        rows = session.scalars(wanted.order_by(User.name, User.id))
        return [Agent(f"user:{row.id}", row.name) for row in rows]


def may_assign(actor: Actor) -> bool:
    """Agents assign what is free or their own, quality control and administrators anything."""
    return actor.is_person and (actor.may(Role.AGENT) or actor.may(Role.QA))


def is_open(status: str) -> bool:
    """Whether a case in this state can be given to anybody."""
    return status in _ASSIGNABLE


def find_agent(desk: Desk, id: str) -> Agent | None:
    """None for an empty id: nobody. Raises Invalid for whoever cannot be given a case."""
    agent = next((each for each in agents(desk) if each.id == id), None)
    if id and agent is None:
        raise Invalid("assign.unknown", field="to")
    return agent


def assign(
    desk: Desk, complaint_id: str, actor: Actor, agent: Agent | None, note: str | None
) -> None:
    """Give the case to an agent, or to nobody in particular.

    Raises NotFound, Conflict where somebody else works on it or it is closed, Refused where it is
    not the actor's to give or that agent may not take it.
    """
    with desk.sessions.begin() as session:
        row = get_complaint(session, complaint_id)
        _check(row, actor, agent)
        _give(desk, session, row, actor, agent, note)


def _check(row: Complaint, actor: Actor, agent: Agent | None) -> None:
    if row.status not in _ASSIGNABLE:
        raise Conflict("assign.closed")
    held_by_other = row.lease_holder not in (None, actor.id, agent.id if agent else None)
    if held_by_other:
        raise Conflict("assign.held", name=row.lease_name)
    own = actor.id in (row.assigned_to, row.lease_holder)
    takes = agent is not None and agent.id == actor.id and row.assigned_to is None
    if not (own or takes or actor.may(Role.QA)):
        name = row.assigned_name
        raise Refused("assign.not_yours", name=name) if name else Refused("assign.others")
    if agent is not None and appeals.is_barred(row, Action.CLAIM, agent.actor):
        raise Refused("assign.same_agent", name=agent.name)


def _give(
    desk: Desk,
    session: Session,
    row: Complaint,
    actor: Actor,
    agent: Agent | None,
    note: str | None,
) -> None:
    now = desk.now()
    if row.lease_holder == actor.id and (agent is None or agent.id != actor.id):
        history.move(row, actor, Action.RELEASE, now, Status.QUEUED)
        row.lease_holder = row.lease_name = row.lease_until = None
    row.assigned_to = agent.id if agent else None
    row.assigned_name = agent.name if agent else None
    history.add(row, actor, VERB, now, assignee=row.assigned_name or "", note=note or None)
    settle(desk, session, row)


def clear(row: Complaint) -> None:
    """The case is for nobody in particular any more."""
    row.assigned_to = row.assigned_name = None


def for_taking(actor: Actor, now: datetime) -> ColumnElement[bool]:
    """Which cases of the queue this actor is given by "take the next"."""
    return or_(
        Complaint.assigned_to.is_(None),
        Complaint.assigned_to == actor.id,
        Complaint.due_at < now,
    )


def forget(session: Session, user_id: int) -> None:
    """Nothing waits for somebody whose account is closed."""
    gone = update(Complaint).where(Complaint.assigned_to == f"user:{user_id}")
    session.execute(gone.values(assigned_to=None, assigned_name=None))
