"""What agents' programs do: look at the queue, take the next complaint."""

from __future__ import annotations

from flask import Response

from triage.casework import answer
from triage.casework.queue import QueueFilters
from triage.casework.work import claim_next
from triage.channels.api.call import Call, reply
from triage.channels.api.models import ClaimFilters, QueueQuery


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
