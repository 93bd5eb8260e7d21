"""``/api/v1/uploads``: large files of API clients, piece by piece, by tus 1.0.0.

The protocol is in ``casework/tus.py``; here are its addresses, its keys and its problems.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from flask import Blueprint, Response, request
from werkzeug.exceptions import MethodNotAllowed

from triage.casework import tus, uploading
from triage.channels.api.body import Body, body_of
from triage.channels.api.call import reply
from triage.channels.api.dispositions import file_name
from triage.channels.api.keys import Pace, actor_of
from triage.channels.api.problems import language
from triage.channels.api.refusals import RequestError
from triage.core.people import Role
from triage.desk import Desk
from triage.errors import TriageError

PATH = "/uploads"
MOST_BYTES = 1 << 50  # of one body: the file's own size is what bounds it


class OfUpload(RequestError):
    """An error of the protocol, with the status and the headers that it gives it."""

    def __init__(self, error: TriageError, status: int, headers: Mapping[str, str]) -> None:
        super().__init__(error.code, **error.facts)
        self.status = status  # type: ignore[misc]  # of this error, not of the class
        self._headers = headers

    def headers(self) -> Mapping[str, str]:
        return self._headers


def add_resumable(blueprint: Blueprint, desk: Desk, prefix: str, pace: Pace) -> None:
    """The addresses of uploads, below the API's prefix."""

    def view(upload_id: str | None = None) -> Response:
        method = _method(upload_id)
        if method == "OPTIONS":  # asks what can be done, before anybody has a key
            return Response(status=204, headers=tus.abilities(desk))
        actor = actor_of(desk, request.headers.get("Authorization"), (Role.INTAKE,))
        pace.check(actor)
        body = body_of(request.environ)
        asked = tus.Asked(
            method=method,
            upload_id=upload_id,
            header=request.headers.get,
            has_body=not body.ended,
            pieces=lambda: _pieces(body),
            actor=actor,
            folder=prefix + PATH,
            name=file_name,
        )
        done = tus.answer(desk, asked)
        if done.error is not None:
            raise OfUpload(done.error, done.status, done.headers)
        return Response(status=done.status, headers=dict(done.headers))

    def see(upload_id: str) -> Response:
        """How the upload stands; a whole one with what the checks say, as evidence."""
        actor = actor_of(desk, request.headers.get("Authorization"), (Role.INTAKE,))
        pace.check(actor)
        try:
            row = uploading.see(desk, upload_id, actor)
            return reply(uploading.shown(desk, row, language(), whole=True))
        except TriageError as error:
            raise OfUpload(error, tus.status_of(error), {}) from error

    where = prefix + PATH
    one = f"{where}/<upload_id>"
    for rule, name, function, methods in (
        (where, "uploads", view, ["POST", "OPTIONS"]),
        # Before GET, which would answer HEAD too: that is the protocol's own.
        (one, "upload_pieces", view, [*tus.METHODS, "POST", "OPTIONS"]),
        (one, "upload", see, ["GET"]),
    ):
        blueprint.add_url_rule(
            rule, name, function, methods=methods, provide_automatic_options=False
        )


def _method(upload_id: str | None) -> str:
    """The method that is meant: some proxies let only GET and POST through."""
    meant = request.headers.get("X-HTTP-Method-Override", "").upper()
    if request.method == "POST" and meant in tus.METHODS:
        return meant
    if request.method == "POST" and upload_id is not None:  # a file is announced at the folder
        raise MethodNotAllowed([*tus.METHODS, "GET", "OPTIONS"])
    return request.method


def _pieces(body: Body) -> Iterator[bytes]:
    while piece := body.read(MOST_BYTES):
        yield piece
