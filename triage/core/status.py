"""The life of a complaint: its states, and which action leads from where to where."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from triage.core.complaint import Priority


class Status(StrEnum):
    RECEIVED = "received"
    NEEDS_EVIDENCE = "needs_evidence"
    QUEUED = "queued"
    UNDER_REVIEW = "under_review"
    WAITING_CUSTOMER = "waiting_customer"
    WAITING_SELLER = "waiting_seller"
    WAITING_EXPERTISE = "waiting_expertise"
    RESOLVED = "resolved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    MERGED = "merged"
    CLOSED_NO_REPLY = "closed_no_reply"


class Action(StrEnum):
    """What somebody may do to a complaint; the names of the contract."""

    ADD_EVIDENCE = "add_evidence"
    CLAIM = "claim"
    RELEASE = "release"
    REQUEST_EVIDENCE = "request_evidence"
    WAIT_SELLER = "wait_seller"
    ORDER_EXPERTISE = "order_expertise"
    RESOLVE = "resolve"
    REJECT = "reject"
    OVERRIDE = "override"
    NOTE = "note"
    WAIVE = "waive"
    MERGE = "merge"
    ESCALATE = "escalate"
    APPEAL = "appeal"
    WITHDRAW = "withdraw"
    REJUDGE = "rejudge"


S = Status
WAITING = frozenset({S.WAITING_CUSTOMER, S.WAITING_SELLER, S.WAITING_EXPERTISE})
OPEN = frozenset({S.RECEIVED, S.NEEDS_EVIDENCE, S.QUEUED, S.UNDER_REVIEW}) | WAITING
CLOSED = frozenset(S) - OPEN
#: States in which the service clock stands still because somebody else owes something.
PAUSED = frozenset({S.NEEDS_EVIDENCE, S.WAITING_CUSTOMER, S.WAITING_SELLER})


@dataclass(frozen=True)
class Move:
    """One action: from which states, to which state (None: stays), and who may ask for it.

    ``held`` actions are only for the agent who holds the complaint under a lease.
    ``person`` actions need a named human being: automation never finally refuses.
    """

    before: frozenset[Status]
    after: Status | None
    by_customer: bool = False
    held: bool = False
    person: bool = False


_CLAIMABLE = frozenset({S.QUEUED, S.NEEDS_EVIDENCE}) | WAITING
_REVIEW = frozenset({S.UNDER_REVIEW})

MOVES: dict[Action, Move] = {
    Action.ADD_EVIDENCE: Move(OPEN, None, by_customer=True),
    Action.CLAIM: Move(_CLAIMABLE, S.UNDER_REVIEW),
    Action.RELEASE: Move(_REVIEW, S.QUEUED, held=True),
    Action.REQUEST_EVIDENCE: Move(_REVIEW, S.WAITING_CUSTOMER, held=True),
    Action.WAIT_SELLER: Move(_REVIEW, S.WAITING_SELLER, held=True),
    Action.ORDER_EXPERTISE: Move(_REVIEW, S.WAITING_EXPERTISE, held=True),
    Action.RESOLVE: Move(_REVIEW, S.RESOLVED, held=True),
    Action.REJECT: Move(_REVIEW, S.REJECTED, held=True, person=True),
    Action.OVERRIDE: Move(OPEN - {S.RECEIVED}, None),
    Action.NOTE: Move(frozenset(S), None),
    Action.WAIVE: Move(OPEN - {S.RECEIVED}, None),
    Action.MERGE: Move(_REVIEW, S.MERGED, held=True),
    Action.ESCALATE: Move(OPEN - {S.RECEIVED}, None),
    Action.APPEAL: Move(frozenset({S.RESOLVED, S.REJECTED, S.CLOSED_NO_REPLY}), S.QUEUED,
                        by_customer=True),
    Action.WITHDRAW: Move(OPEN, S.WITHDRAWN, by_customer=True),
    Action.REJUDGE: Move(OPEN - {S.RECEIVED}, None),
}  # fmt: skip


def actions(status: Status, *, for_customer: bool) -> tuple[Action, ...]:
    """The actions that are legal now, in the order of the contract.

    ``for_customer`` gives what the sender's side may do, otherwise what the desk may do.
    """
    return tuple(
        action
        for action, move in MOVES.items()
        if status in move.before and (move.by_customer or not for_customer)
    )


def awaits_agent(status: Status, priority: Priority | None) -> bool:
    """Whether the complaint belongs in the agents' queue.

    An urgent one does not wait for its evidence: a burning charger is looked at now.
    """
    return status is S.QUEUED or (status is S.NEEDS_EVIDENCE and priority is Priority.URGENT)
