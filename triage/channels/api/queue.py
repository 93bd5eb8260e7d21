"""What agents' programs do: look at the queue, take the next complaint, act on it."""

from __future__ import annotations

from flask import Response

from triage.casework import answer
from triage.casework.queue import QueueFilters
from triage.casework.work import ActionRequest, act, claim_next
from triage.channels.api.call import Call, reply
from triage.channels.api.intake import plain_id, shown
from triage.channels.api.models import ActionBody, ClaimFilters, QueueQuery
from triage.channels.api.refusals import OutOfScope
from triage.core.people import Role
from triage.core.status import MOVES, Action
from triage.errors import NotFound


def list_queue(call: Call) -> Response:
    """A page of the queue, urgent first, then by due time."""
    query = call.query(QueueQuery)
    given = query.model_dump(exclude={"cursor", "limit"})
    found = answer.queue(
        call.desk,
        call.actor,
        call.language,
        cursor=query.cursor,
        limit=query.limit,
        filters=QueueFilters(**given),
    )
    return reply(found)


def claim(call: Call) -> Response:
    """The next complaint under a lease; 204 when there is none."""
    filters = QueueFilters(**call.optional_json(ClaimFilters).model_dump())
    complaint_id = claim_next(call.desk, call.actor, filters)
    if complaint_id is None:
        return Response(status=204)
    return reply(answer.case(call.desk, complaint_id, call.language, call.actor))


def act_on(call: Call, complaint_id: str, action: str) -> Response:
    """Do one action to a complaint; the answer is the complaint afterwards."""
    if action not in ACTIONS:
        raise NotFound("action.unknown", action=action[:40], actions=list(ACTIONS))
    wanted = Action(action)
    if not (MOVES[wanted].by_customer or call.actor.may(Role.AGENT)):
        raise OutOfScope("key.out_of_scope", scopes=Role.AGENT.value)
    complaint_id = plain_id(complaint_id)
    sent = call.optional_json(ActionBody)
    wish = ActionRequest(**sent.model_dump())
    act(call.desk, complaint_id, wanted, call.actor, wish)
    return reply(shown(call, complaint_id))


#: What can be posted; files are added at an address of their own.
ACTIONS = tuple(action.value for action in Action if action is not Action.ADD_EVIDENCE)
