"""What people do to a complaint: take it, give it back, ask, decide, correct, appeal."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from triage.casework import appeals, assigning, history
from triage.casework.assess import assess, get_complaint, settle
from triage.casework.books import filed_under
from triage.casework.queue import QueueFilters, claimable, return_leases
from triage.core.complaint import Category, Priority
from triage.core.evidence import EvidenceKind
from triage.core.people import Actor, Role
from triage.core.status import MOVES, OPEN, Action, Status, actions
from triage.desk import Desk
from triage.errors import Conflict, Invalid, NotFound, Refused
from triage.store.tables import Complaint


@dataclass(frozen=True, kw_only=True)
class ActionRequest:
    """What goes with an action. ``reason`` is for the customer, ``note`` for the desk.

    ``person`` names the human being who decides, where a key that belongs to nobody acts.
    """

    reason: str | None = None
    message: str | None = None
    note: str | None = None
    category: Category | None = None
    priority: Priority | None = None
    kinds: tuple[EvidenceKind, ...] = ()
    into: str | None = None
    person: str | None = None


def claim_next(desk: Desk, actor: Actor, filters: QueueFilters | None = None) -> str | None:
    """Take the most pressing complaint under a lease; None when there is none.

    Two agents never get the same one: on SQLite writers take turns, on PostgreSQL a row that
    somebody else is just taking is skipped.
    """
    _need_desk(actor)
    with desk.sessions.begin() as session:
        return_leases(session, desk.now())
        wanted = claimable(filters or QueueFilters(), desk.now()).where(
            appeals.may_take(actor), assigning.for_taking(actor, desk.now())
        )
        row = session.scalar(wanted.limit(1))
        if row is None:
            return None
        _take(desk, row, actor)
        settle(desk, session, row)
        return row.id


def act(desk: Desk, complaint_id: str, action: Action, actor: Actor, wish: ActionRequest) -> None:
    """Do one action to a complaint, if its state and the actor allow it.

    Raises NotFound, Conflict (with the legal ``actions``), Refused (the wrong role, or a
    refusal without a named person) and Invalid (something needed is missing).
    """
    with desk.sessions.begin() as session:
        return_leases(session, desk.now())
        row = get_complaint(session, complaint_id)
        _check_allowed(row, action, actor, wish)
        _DOINGS[action](_Doing(desk, session, row, actor, wish, action))
        settle(desk, session, row)


def keep_lease(desk: Desk, complaint_id: str, actor: Actor) -> bool:
    """Renew the lease of whoever holds the complaint; False when it is not theirs (any more)."""
    with desk.sessions.begin() as session:
        row = get_complaint(session, complaint_id)
        if row.lease_holder != actor.id or row.lease_until is None:
            return False
        row.lease_until = desk.now() + _lease(desk)
        return True


@dataclass(frozen=True)
class _Doing:
    """One action under way, inside its transaction."""

    desk: Desk
    session: Session
    row: Complaint
    actor: Actor
    wish: ActionRequest
    action: Action

    def move(self, **detail: Any) -> None:
        """Change the state as the action says, and write it down with what was given."""
        after = MOVES[self.action].after or Status(self.row.status)
        said = {"reason": self.wish.reason, "message": self.wish.message, "note": self.wish.note}
        person = self.wish.person or (self.actor.name if self.actor.is_person else None)
        history.move(
            self.row,
            self.actor,
            self.action,
            self.desk.now(),
            after,
            {**said, "person": person, **detail},
        )

    def free(self) -> None:
        """Nobody holds the complaint any more."""
        self.row.lease_holder = self.row.lease_name = self.row.lease_until = None
        self.row.wrote_at = None  # whoever held it has seen the customer's message

    def close(self) -> None:
        """Nobody has anything to do with the complaint any more."""
        self.free()
        assigning.clear(self.row)

    def judge_again(self) -> None:
        """A person has changed what the decision rests on: decide again, at once."""
        self.row.round += 1
        assess(self.desk, self.session, self.row, cause=self.action, round=self.row.round)


def _need_desk(actor: Actor) -> None:
    if not actor.may(Role.AGENT):
        raise Refused("access.role", role=Role.AGENT)


def _check_allowed(row: Complaint, action: Action, actor: Actor, wish: ActionRequest) -> None:
    move = MOVES[action]
    if not (move.by_customer and actor.may(Role.INTAKE)):
        _need_desk(actor)
    legal = actions(Status(row.status), for_customer=not actor.may(Role.AGENT))
    if action not in legal or action is Action.ADD_EVIDENCE:
        raise Conflict("action.not_allowed", action=action, actions=list(legal))
    if move.held and row.lease_holder != actor.id:
        raise Conflict("lease.not_yours", action=action, actions=list(legal))
    if move.person and not (actor.is_person or (wish.person or "").strip()):
        raise Refused("action.needs_person", field="person", action=action)
    appeals.refuse_same(row, action, actor, wish.person)


def _need(value: object, field: str) -> None:
    if not value or (isinstance(value, str) and not value.strip()):
        raise Invalid(f"action.needs_{field}", field=field)


def _lease(desk: Desk) -> timedelta:
    return timedelta(minutes=desk.settings.lease_minutes)


def _take(desk: Desk, row: Complaint, actor: Actor) -> None:
    now = desk.now()
    row.lease_holder, row.lease_name = actor.id, actor.name
    row.lease_until = now + _lease(desk)
    row.wrote_at = None
    if row.assigned_to != actor.id:
        assigning.clear(row)
    history.move(row, actor, Action.CLAIM, now, Status.UNDER_REVIEW)


def _claim(doing: _Doing) -> None:
    _take(doing.desk, doing.row, doing.actor)


def _give_back(doing: _Doing) -> None:
    doing.move()
    doing.free()


def _release(doing: _Doing) -> None:
    _give_back(doing)
    assigning.clear(doing.row)


def _request_evidence(doing: _Doing) -> None:
    _need(doing.wish.kinds or doing.wish.message, "message")
    doing.move(kinds=[str(kind) for kind in doing.wish.kinds] or None)
    doing.free()


def _finish(doing: _Doing) -> None:
    _need(doing.wish.reason, "reason")
    doing.row.resolution = doing.wish.reason
    doing.move()
    doing.close()


def _override(doing: _Doing) -> None:
    _need(doing.wish.reason, "reason")
    wanted = {"category": doing.wish.category, "priority": doing.wish.priority}
    given = {name: str(value) for name, value in wanted.items() if value is not None}
    if not given:
        raise Invalid("action.needs_category", field="category")
    doing.row.overrides = {**doing.row.overrides, **given}
    was = {"was_category": doing.row.category, "was_priority": doing.row.priority}
    doing.move(**given, **was)
    doing.judge_again()


def _waive(doing: _Doing) -> None:
    _need(doing.wish.reason, "reason")
    _need(doing.wish.kinds, "kinds")
    before = doing.row.overrides.get("waived", [])
    kinds = sorted({*before, *map(str, doing.wish.kinds)})
    doing.row.overrides = {**doing.row.overrides, "waived": kinds}
    doing.move(kinds=[str(kind) for kind in doing.wish.kinds])
    doing.judge_again()


def _note(doing: _Doing) -> None:
    _need(doing.wish.note, "note")
    history.add(doing.row, doing.actor, doing.action, doing.desk.now(), note=doing.wish.note)


def _escalate(doing: _Doing) -> None:
    _need(doing.wish.reason, "reason")
    if doing.row.priority != Priority.URGENT:
        raised = Priority.URGENT if doing.row.priority == Priority.HIGH else Priority.HIGH
        doing.row.overrides = {**doing.row.overrides, "priority": str(raised)}
    doing.move(was_priority=doing.row.priority)
    doing.judge_again()


def _merge(doing: _Doing) -> None:
    _need(doing.wish.into, "into")
    other = doing.session.get(Complaint, doing.wish.into)
    if other is None or other.id == doing.row.id:
        raise NotFound("complaint.unknown", field="into")
    if other.status not in OPEN:
        raise Conflict("merge.into_closed", field="into")
    doing.row.merged_into = other.id
    doing.move(into=other.id)
    doing.close()
    history.add(other, doing.actor, "merged_from", doing.desk.now(), other=doing.row.id)


def _appeal(doing: _Doing) -> None:
    _need(doing.wish.reason, "reason")
    if not doing.actor.may(Role.AGENT):
        book = doing.desk.book_of(doing.row.rulebook)
        appeals.refuse_late(doing.row, book, doing.desk.now())
    doing.row.appeal += 1
    doing.row.resolution = None
    doing.move(appeal=doing.row.appeal)
    doing.judge_again()


def _rejudge(doing: _Doing) -> None:
    """By the rule book in force today; later rounds go by it too."""
    _need(doing.wish.reason, "reason")
    was, row = doing.row.rulebook, doing.row
    row.rulebook = filed_under(doing.desk, doing.session)
    doing.move(was_rulebook=was, rulebook=row.rulebook)
    doing.judge_again()


def _withdraw(doing: _Doing) -> None:
    doing.move()
    doing.close()


_DOINGS: Mapping[Action, Callable[[_Doing], None]] = {
    Action.CLAIM: _claim,
    Action.RELEASE: _release,
    Action.REQUEST_EVIDENCE: _request_evidence,
    Action.WAIT_SELLER: _give_back,
    Action.ORDER_EXPERTISE: _give_back,
    Action.RESOLVE: _finish,
    Action.REJECT: _finish,
    Action.OVERRIDE: _override,
    Action.NOTE: _note,
    Action.WAIVE: _waive,
    Action.MERGE: _merge,
    Action.ESCALATE: _escalate,
    Action.APPEAL: _appeal,
    Action.WITHDRAW: _withdraw,
    Action.REJUDGE: _rejudge,
}
