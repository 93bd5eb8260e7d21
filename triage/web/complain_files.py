"""The files of a customer's form without a script: sent whole, judged, removed again."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable

from flask import Blueprint, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage

from triage.casework import drafts
from triage.casework.attempts import Limit
from triage.core.complaint import Attachment
from triage.core.evidence import EvidenceKind
from triage.desk import Desk
from triage.errors import Invalid, NotFound, TriageError
from triage.store.drafts import Draft
from triage.web.complain_draft import forget, secret_of_draft
from triage.web.errors import status_of
from triage.web.rates import is_free
from triage.web.uploads import plain_name

MIB = 1024 * 1024
PIECE_BYTES = 256 * 1024
SPARE_BYTES = 32 * MIB  # of a file that is too large, to tell its sender how large it is
ENDPOINT = "pages.complain_send"
Show = Callable[..., ResponseReturnValue]


def most_bytes(desk: Desk) -> int | None:
    """What the body of this request may have; None where it brings no file of a living draft."""
    if request.endpoint != ENDPOINT or drafts.find(desk, secret_of_draft(desk)) is None:
        return None
    return desk.examiner.limits.max_bytes(_kind((request.view_args or {})["kind"])) + SPARE_BYTES


def add_file_forms(pages: Blueprint, desk: Desk, limit: Limit, show: Show) -> None:
    """``show`` gives the page of a step, with what went wrong."""

    @pages.post("/complain/files/<kind>")
    def complain_send(kind: str) -> ResponseReturnValue:
        draft = _draft(desk)
        try:
            if not is_free(desk, limit):
                raise Invalid("page.too_fast", field=kind)
            _take(desk, draft, _kind(kind), request.files.getlist("file"))
        except TriageError as error:
            error.facts.setdefault("field", kind)
            return show(desk, "complain_evidence", draft, error, status_of(error))
        return redirect(url_for(".complain_evidence", _anchor=f"kind-{kind}"), 303)

    @pages.get("/complain/files/<kind>")
    def complain_sent(kind: str) -> ResponseReturnValue:
        """Where the language links of a page lead that was the answer to a form."""
        return redirect(url_for(".complain_evidence", lang=request.args.get("lang")))

    @pages.post("/complain/files/<file_id>/remove")
    def complain_remove(file_id: str) -> ResponseReturnValue:
        with contextlib.suppress(NotFound):  # it is gone, as was wished
            drafts.remove_file(desk, _draft(desk), file_id)
        return redirect(url_for(".complain_evidence", _anchor="files"), 303)

    @pages.post("/complain/discard")
    def complain_discard() -> ResponseReturnValue:
        """Erase the draft with its files, and begin anew."""
        draft = drafts.find(desk, secret_of_draft(desk))
        if draft is not None and draft.complaint_id is None:
            drafts.discard(desk, draft)
        return forget(make_response(redirect(url_for(".complain"), 303)), desk)


def _take(desk: Desk, draft: Draft, kind: EvidenceKind, sent: Iterable[FileStorage]) -> None:
    named = [each for each in sent if each.filename]
    if not named:
        raise Invalid("page.no_file", field=kind.value)
    for each in named:
        with contextlib.closing(each):  # its temporary file
            drafts.add_file(desk, draft, _attachment(desk, kind, each))


def _draft(desk: Desk) -> Draft:
    return drafts.get(desk, secret_of_draft(desk))


def _kind(name: str) -> EvidenceKind:
    try:
        return EvidenceKind(name)
    except ValueError as error:
        raise NotFound("evidence.unknown") from error


def _attachment(desk: Desk, kind: EvidenceKind, sent: FileStorage) -> Attachment:
    """Make the file durable. Raises Invalid("page.file_too_large")."""
    limit = desk.examiner.limits.max_bytes(kind)
    with desk.blobs.receive() as incoming:
        while piece := sent.stream.read(PIECE_BYTES):
            incoming.write(piece)
            if incoming.size > limit:
                size = sent.stream.seek(0, 2) or incoming.size
                megabytes = {"limit_mb": limit // MIB, "measured_mb": round(size / MIB, 1)}
                raise Invalid("page.file_too_large", field=kind.value, **megabytes)
        blob = incoming.keep()
    return Attachment(
        kind=kind,
        filename=plain_name(sent.filename or "", kind.value),
        declared_type=sent.mimetype[:100] or "application/octet-stream",
        sha256=blob.sha256,
        size=blob.size,
    )
