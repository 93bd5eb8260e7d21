"""``/uploads``: the files of a customer's form, piece by piece, by tus 1.0.0.

The protocol is in ``casework/tus.py``; whose draft a file belongs to, the form's cookie says.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import MethodNotAllowed

from triage.casework import drafts, tus, uploading
from triage.core.people import Actor
from triage.desk import Desk
from triage.errors import Invalid, TriageError
from triage.web.complain_draft import secret_of_draft
from triage.web.errors import sentence_of
from triage.web.language import language

PATH = "/uploads"
PIECE_BYTES = 64 * 1024  # what a connection that breaks can cost at most
MAX_NAME = 255  # characters of a file name


def add_uploads(pages: Blueprint, desk: Desk) -> None:
    def exchange(upload_id: str | None = None) -> Response:
        method = _method(upload_id)
        if method == "OPTIONS":
            return Response(status=204, headers=tus.abilities(desk))
        try:
            actor = _sender(desk)
        except TriageError as error:
            return _refusal(error, 404, {"Tus-Resumable": tus.VERSION})
        request.max_content_length = None  # the file's announced size is the bound
        asked = tus.Asked(
            method=method,
            upload_id=upload_id,
            header=request.headers.get,
            has_body=bool(request.content_length) or "chunked" in _coding(),
            pieces=_pieces,
            actor=actor,
            folder=PATH,
            name=plain_name,
        )
        done = tus.answer(desk, asked)
        if done.error is not None:
            return _refusal(done.error, done.status, dict(done.headers))
        return Response(status=done.status, headers=dict(done.headers))

    def see(upload_id: str) -> ResponseReturnValue:
        try:
            row = uploading.see(desk, upload_id, _sender(desk))
            found = uploading.shown(desk, row, language(), whole=False)
        except TriageError as error:
            return _refusal(error, tus.status_of(error), {})
        return Response(json.dumps(found, ensure_ascii=False), content_type="application/json")

    one = f"{PATH}/<upload_id>"
    for rule, name, function, methods in (
        (PATH, "uploads", exchange, ["POST", "OPTIONS"]),
        # Before GET, which would answer HEAD too: that is the protocol's own.
        (one, "upload_pieces", exchange, [*tus.METHODS, "POST", "OPTIONS"]),
        (one, "upload", see, ["GET"]),
    ):
        pages.add_url_rule(rule, name, function, methods=methods, provide_automatic_options=False)


def plain_name(raw: str, otherwise: str) -> str:
    """A file's name to show: no path, no control or direction characters, not too long."""
    name = re.split(r"[/\\]", unicodedata.normalize("NFC", raw))[-1]
    name = "".join(c for c in name if unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Zl", "Zp"))
    name = " ".join(name.split())
    stem, dot, extension = name.rpartition(".")
    tail = dot + extension if stem and len(extension) <= 16 else ""
    name = name if len(name) <= MAX_NAME else name[: MAX_NAME - len(tail)] + tail
    return name if name.strip(". ") else otherwise


def _sender(desk: Desk) -> Actor:
    return drafts.actor_of(drafts.get(desk, secret_of_draft(desk)))


def _method(upload_id: str | None) -> str:
    """The method that is meant: some proxies let only GET and POST through."""
    meant = request.headers.get("X-HTTP-Method-Override", "").upper()
    if request.method == "POST" and meant in tus.METHODS:
        return meant
    if request.method == "POST" and upload_id is not None:  # a file is announced at the folder
        raise MethodNotAllowed([*tus.METHODS, "GET", "OPTIONS"])
    return request.method


def _coding() -> str:
    return request.headers.get("Transfer-Encoding", "").lower()


def _pieces() -> Iterator[bytes]:
    while piece := request.stream.read(PIECE_BYTES):
        yield piece


def _refusal(error: TriageError, status: int, headers: dict[str, str]) -> Response:
    """The error for the form's script: its code and its sentence."""
    shown = error
    if error.code == "file.too_large":
        shown = Invalid("page.file_too_large", **error.facts)  # without the field of the API
    found = {"code": error.code, "message": sentence_of(shown)}
    text = json.dumps(found, ensure_ascii=False)
    return Response(text, status, headers, content_type="application/json")
