"""How complaints and files come in, and how a client looks at what became of them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import Any

from flask import Response, request

from triage.casework import answer, files
from triage.casework.policy import policy
from triage.casework.submit import submit, wait_for_triage
from triage.channels.api.call import FORM, JSON, Call, reply
from triage.channels.api.models import (
    MoreEvidence,
    NewComplaint,
    NewComplaintWithIds,
    NoFields,
    TextToClassify,
    to_submission,
)
from triage.channels.api.preferences import (
    HEADER,
    idempotency,
    idempotency_key,
    preference_of,
)
from triage.channels.api.uploads import MAX_PARTS, ReceivedFile
from triage.core.complaint import Attachment
from triage.core.people import Role
from triage.errors import Invalid, NotFound, Unavailable

MAX_ID = 40  # characters


def file_complaint(call: Call) -> Response:
    """201 with the new complaint, 200 for a repeated request, 202 while it is not triaged."""
    key = idempotency_key(request.headers.get(HEADER))
    sent, attachments = _complaint_sent(call)
    submission = to_submission(sent, attachments)
    receipt = submit(call.desk, submission, call.actor, idempotency(key, sent, attachments))
    done, otherwise = (201, 202) if receipt.created else (200, 200)
    return _once_triaged(call, receipt.complaint_id, done, otherwise)


def get_complaint(call: Call, complaint_id: str) -> Response:
    """The complaint; for the desk with all that it needs to decide."""
    return reply(shown(call, plain_id(complaint_id)))


def add_evidence(call: Call, complaint_id: str) -> Response:
    """More files for a complaint, which is triaged again."""
    complaint_id = plain_id(complaint_id)
    answer.complaint(call.desk, complaint_id, call.language, call.actor)  # before the files come
    attachments: Sequence[Attachment] = ()
    staged: Sequence[str] = ()
    if call.type_among(FORM, JSON) == JSON:
        staged = call.json(MoreEvidence).evidence
    else:
        with call.upload() as upload:
            call.form(NoFields, upload)
            attachments = _keep(upload.files)
    files.add_evidence(call.desk, complaint_id, attachments, staged, call.actor)
    return _once_triaged(call, complaint_id, 200, 202)


def stage_evidence(call: Call) -> Response:
    """One file for a complaint that is still being written; judged at once."""
    with call.upload() as upload:
        call.form(NoFields, upload)
        if len(upload.files) != 1:
            raise Invalid("evidence.one_file", field="evidence", measured=len(upload.files))
        attachment = _keep(upload.files)[0]
    evidence_id = files.stage(call.desk, attachment, call.actor)
    return reply(answer.evidence_by_id(call.desk, evidence_id, call.language), 201)


def check_evidence(call: Call) -> Response:
    """What the checks say about files; nothing is stored."""
    with call.upload(MAX_PARTS) as upload:
        call.form(NoFields, upload)
        if not upload.files:
            raise Invalid("evidence.none", field="evidence")
        received = [
            files.Received(each.kind, each.filename, each.declared_type, each.incoming)
            for each in upload.files
        ]
        opinions = files.judge(call.desk, received)
        return reply({"evidence": [answer.opinion(each, call.language) for each in opinions]})


def classify(call: Call) -> Response:
    """What the text model says about a text; nothing is stored."""
    sent = call.json(TextToClassify)
    if call.desk.classifier is None:
        raise Unavailable("model.missing")
    return reply(answer.prediction(call.desk.classifier.predict(sent.text, sent.language)))


def get_policy(call: Call) -> Response:
    """Problem types, evidence and limits for a client that builds its form; cacheable."""
    found = policy(call.desk, call.language)
    digest = hashlib.sha256(json.dumps(found, sort_keys=True).encode()).hexdigest()[:32]
    response = reply(found, Cache_Control="private, no-cache", Content_Language=call.language)
    response.set_etag(digest)
    response.make_conditional(request)
    return response


def plain_id(written: str) -> str:
    """A complaint's id as it is kept; people type it in small letters. Raises NotFound."""
    if not (written.isascii() and written.isalnum() and len(written) <= MAX_ID):
        raise NotFound("complaint.unknown")
    return written.upper()


def shown(call: Call, complaint_id: str) -> dict[str, Any]:
    """The complaint as its sender's side or as the desk sees it."""
    desk = call.actor.may(Role.AGENT) or call.actor.may(Role.QA)
    show = answer.case if desk else answer.complaint
    return show(call.desk, complaint_id, call.language, call.actor)


def _complaint_sent(call: Call) -> tuple[NewComplaint, Sequence[Attachment]]:
    if call.type_among(FORM, JSON) == JSON:
        return call.json(NewComplaintWithIds), ()
    with call.upload() as upload:
        return call.form(NewComplaint, upload), _keep(upload.files)


def _keep(received: Sequence[ReceivedFile[Any]]) -> list[Attachment]:
    """Make the files durable. A repeat of this request finds them already there."""
    attachments = []
    for file in received:
        blob = file.incoming.keep()
        attachments.append(
            Attachment(
                kind=file.kind,
                filename=file.filename,
                declared_type=file.declared_type,
                sha256=blob.sha256,
                size=blob.size,
            )
        )
    return attachments


def _once_triaged(call: Call, complaint_id: str, done: int, otherwise: int) -> Response:
    """The complaint, after waiting for its triage as long as the client wants.

    ``done`` is the status when it is triaged, ``otherwise`` when that takes longer.
    """
    wish = preference_of(request.headers.get("Prefer"))
    seconds = wish.seconds(call.desk.settings.triage_wait_seconds)
    triaged = seconds > 0 and wait_for_triage(call.desk, complaint_id, seconds)
    return reply(
        shown(call, complaint_id),
        done if triaged else otherwise,
        Location=f"/api/v1/complaints/{complaint_id}",
        Preference_Applied=wish.applied,
    )
