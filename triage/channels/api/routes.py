"""Every address of the API in one table: who may call it, what it takes, what it answers.

The blueprint and the OpenAPI description are both made from it, so they cannot disagree.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from flask import Response
from pydantic import BaseModel

from triage.channels.api import answers, intake, models, queue
from triage.channels.api.actions import BODIES, act_on
from triage.core.people import Role
from triage.core.status import MOVES, Action
from triage.messages.labels import LABELS

PREFIX = "/api/v1"
AGENT, INTAKE, QA = Role.AGENT, Role.INTAKE, Role.QA


@dataclass(frozen=True, kw_only=True)
class Form:
    """A multipart body: a model's fields and files named by their kind.

    ``files`` tells that at least one file is needed, ``single`` that it is exactly one.
    """

    fields: type[BaseModel]
    files: bool = False
    single: bool = False


@dataclass(frozen=True, kw_only=True)
class Route:
    """One method of one address.

    ``problems`` are the statuses that this route adds to those that all of its sort can answer
    (see ``statuses``); ``headers`` names the request headers that it heeds.
    """

    method: str
    path: str
    name: str
    summary: str
    view: Callable[..., Response]
    scopes: tuple[Role, ...]
    answers: Mapping[int, type[BaseModel] | None]
    form: Form | None = None
    json: type[BaseModel] | None = None
    json_required: bool = True
    query: type[BaseModel] = models.NoQuery
    problems: tuple[int, ...] = ()
    headers: tuple[str, ...] = field(default=())

    @property
    def statuses(self) -> tuple[int, ...]:
        """Every status of a problem that this route can answer."""
        found = {401, 403, 422, 429, 500, 503, *self.problems}
        if self.form or self.json:
            found |= {400, 413, 415}
        return tuple(sorted(found))


_COMPLAINT = answers.Complaint
_DESK = answers.Case

_OTHERS = (
    Route(
        method="POST",
        path="/complaints",
        name="file_complaint",
        summary="File a complaint with its evidence",
        view=intake.file_complaint,
        scopes=(INTAKE,),
        form=Form(fields=models.NewComplaint),
        json=models.NewComplaintWithIds,
        answers={200: _COMPLAINT, 201: _COMPLAINT, 202: _COMPLAINT},
        problems=(404, 409),
        headers=("Idempotency-Key", "Prefer"),
    ),
    Route(
        method="GET",
        path="/complaints/{complaint_id}",
        name="get_complaint",
        summary="See a complaint",
        view=intake.get_complaint,
        scopes=(INTAKE, AGENT, QA),
        answers={200: _DESK},
        problems=(404,),
    ),
    Route(
        method="POST",
        path="/complaints/{complaint_id}/evidence",
        name="add_evidence",
        summary="Add evidence to a complaint, which is then triaged again",
        view=intake.add_evidence,
        scopes=(INTAKE, AGENT),
        form=Form(fields=models.NoFields, files=True),
        json=models.MoreEvidence,
        answers={200: _DESK, 202: _DESK},
        problems=(404, 409),
        headers=("Prefer",),
    ),
    Route(
        method="POST",
        path="/evidence",
        name="stage_evidence",
        summary="Upload one file for a complaint that is still being written",
        view=intake.stage_evidence,
        scopes=(INTAKE,),
        form=Form(fields=models.NoFields, files=True, single=True),
        answers={201: answers.Evidence},
    ),
    Route(
        method="POST",
        path="/evidence/check",
        name="check_evidence",
        summary="Have files judged without storing anything",
        view=intake.check_evidence,
        scopes=(INTAKE, AGENT),
        form=Form(fields=models.NoFields, files=True),
        answers={200: answers.CheckedEvidence},
    ),
    Route(
        method="POST",
        path="/classify",
        name="classify",
        summary="Have a text classified without storing anything",
        view=intake.classify,
        scopes=(INTAKE, AGENT),
        json=models.TextToClassify,
        answers={200: answers.Prediction},
    ),
    Route(
        method="GET",
        path="/policy",
        name="get_policy",
        summary="Problem types, the evidence that each needs, and every limit",
        view=intake.get_policy,
        scopes=(INTAKE, AGENT),
        answers={200: answers.Policy, 304: None},
    ),
    Route(
        method="GET",
        path="/queue",
        name="list_queue",
        summary="The agents' queue, urgent first, then by due time",
        view=queue.list_queue,
        scopes=(AGENT,),
        query=models.QueueQuery,
        answers={200: answers.QueuePage},
        problems=(404,),
    ),
    Route(
        method="POST",
        path="/queue/claim",
        name="claim",
        summary="Take the next complaint under a lease",
        view=queue.claim,
        scopes=(AGENT,),
        json=models.ClaimFilters,
        json_required=False,
        answers={200: _DESK, 204: None},
    ),
)


def _action(action: Action) -> Route:
    """The route of one action."""
    body = BODIES[action]
    needed = body.model_json_schema()
    return Route(
        method="POST",
        path=f"/complaints/{{complaint_id}}/actions/{action}",
        name=f"{action}_complaint",
        summary=LABELS["action"][action],
        view=act_on(action),
        scopes=(INTAKE, AGENT) if MOVES[action].by_customer else (AGENT,),
        json=body,
        json_required="required" in needed or "anyOf" in needed,
        answers={200: _DESK},
        problems=(404, 409),
    )


ROUTES = (*_OTHERS, *(_action(action) for action in BODIES))
