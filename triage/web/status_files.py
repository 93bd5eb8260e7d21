"""Files on the status page: received from its forms, shown as the sender's own previews."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from flask import request, send_file
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage

from triage.casework import previews
from triage.casework.policy import kind_of_evidence
from triage.core.complaint import Attachment
from triage.core.evidence import EvidenceKind
from triage.desk import Desk
from triage.errors import NotFound
from triage.store.tables import Evidence
from triage.web.headers import SANDBOX
from triage.web.language import language

MOST_BYTES = 300 * 1024 * 1024  # of one form without resumption; the form of a complaint has that
MAX_NAME = 255  # characters of a file name
PIECE_BYTES = 64 * 1024


def count() -> int:
    """How many files this request has brought."""
    return len(list(_sent()))


def keep(desk: Desk) -> list[Attachment]:
    """Make the files of this request durable, each under the kind that its field names."""
    return [_kept(desk, kind, sent) for kind, sent in _sent()]


def _sent() -> Iterator[tuple[EvidenceKind, FileStorage]]:
    for kind in EvidenceKind:
        for sent in request.files.getlist(kind):
            if sent.filename:  # a field that was left empty comes without a name
                yield kind, sent


def _kept(desk: Desk, kind: EvidenceKind, sent: FileStorage) -> Attachment:
    with desk.blobs.receive() as incoming:
        while piece := sent.stream.read(PIECE_BYTES):
            incoming.write(piece)
        blob = incoming.keep()
    return Attachment(
        kind=kind,
        filename=(sent.filename or "")[-MAX_NAME:],
        declared_type=(sent.mimetype or "")[:100],
        sha256=blob.sha256,
        size=blob.size,
    )


def kinds(desk: Desk, wanted: Iterable[str]) -> list[dict[str, Any]]:
    """The kinds that the form offers, with names, hints and endings in the reader's language."""
    types = desk.book.evidence_types
    known = (types[EvidenceKind(kind)] for kind in wanted if EvidenceKind(kind) in types)
    return [kind_of_evidence(desk, each, language()) for each in known]


def preview(desk: Desk, complaint_id: str, evidence_id: str) -> ResponseReturnValue:
    """The re-encoded copy of a file of this very complaint. Raises NotFound."""
    with desk.reading() as session:
        row = session.get(Evidence, evidence_id)
    if row is None or row.complaint_id != complaint_id:
        raise NotFound("evidence.no_preview")
    stream, media_type = previews.open_preview(desk, evidence_id)
    response = send_file(stream, mimetype=media_type, conditional=False, etag=False)
    response.headers["Content-Security-Policy"] = SANDBOX
    return response
