"""From our errors to ``application/problem+json`` (RFC 9457), in the caller's language."""

from __future__ import annotations

import json
import secrets
import traceback
from collections.abc import Mapping
from typing import Any

import structlog
from flask import Response, current_app, request
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from triage.channels.api.refusals import Mistakes, RequestError
from triage.errors import Conflict, Invalid, NotFound, Refused, TriageError, Unavailable
from triage.languages import best_language, fill, translate
from triage.messages.errors import ERRORS, TITLES

MEDIA_TYPE = "application/problem+json"
RETRY_SECONDS = 5  # after which a neighbour that was down may be back
log = structlog.get_logger(__name__)

_STATUS: Mapping[type[TriageError], int] = {
    NotFound: 404,
    Invalid: 422,
    Conflict: 409,
    Refused: 403,
    Unavailable: 503,
}
#: 422 is for what the description forbids. What only we can know, a well-formed request meets as
#: something that is not there or not free (any more).
_OF_CODE = {"queue.bad_cursor": 404, "evidence.unknown": 404, "evidence.already_used": 409}
_SHOWN = ("field", "limit", "measured", "suggestion", "action", "actions")
_OF_HTTP = {404: "http.not_found", 405: "http.method_not_allowed", 413: "request.too_large"}


def language() -> str:
    """The language that the request asks to be answered in: ru, kk or en."""
    return best_language(request.headers.get("Accept-Language"))


def answer_error(error: Exception) -> Response:
    """Any error as a problem; what nobody expected gets an id that is also in the log."""
    if isinstance(error, TriageError):
        response = _problem(_status(error), _described(error, language()))
        headers = dict(error.headers()) if isinstance(error, RequestError) else {}
        if isinstance(error, Unavailable):
            headers["Retry-After"] = str(RETRY_SECONDS)
            log.warning("unavailable", code=error.code, path=str(request.url_rule))
        response.headers.update(headers)
        return response
    if isinstance(error, HTTPException) and (error.code or 500) < 400:
        return current_app.make_response(error.get_response())  # a redirect
    if isinstance(error, HTTPException) and (error.code or 500) < 500:
        return _of_http(error)
    return _unexpected(error)


def parts(code: str, language: str, facts: Mapping[str, object]) -> tuple[str, str]:
    """What is wrong and what to do about it: the first sentence of the code and the rest."""
    said = translate(ERRORS.get(code, code), language)
    wrong, stop, cure = said.partition(". ")
    shown = {name: _shown(fact) for name, fact in facts.items()}
    return fill(wrong + stop.strip(), shown), fill(cure, shown)


def _described(error: TriageError, language: str) -> dict[str, Any]:
    wrong, cure = parts(error.code, language, error.facts)
    found: dict[str, Any] = {
        "type": f"/docs/problems#{error.code}",
        "title": translate(TITLES[_status(error)], language),
        "status": _status(error),
        "detail": f"{wrong} {cure}".strip(),
        "code": error.code,
    }
    found |= _facts(error)
    if cure:
        found["cure"] = cure
    if isinstance(error, Mistakes):
        found["errors"] = [_one(each, language) for each in error.mistakes]
    return found


def _one(error: TriageError, language: str) -> dict[str, Any]:
    wrong, cure = parts(error.code, language, error.facts)
    return {"code": error.code, "detail": f"{wrong} {cure}".strip(), "cure": cure} | _facts(error)


def _facts(error: TriageError) -> dict[str, Any]:
    return {name: error.facts[name] for name in _SHOWN if error.facts.get(name) is not None}


def _status(error: TriageError) -> int:
    if isinstance(error, RequestError):
        return error.status
    if error.code in _OF_CODE:
        return _OF_CODE[error.code]
    return next(_STATUS[family] for family in type(error).__mro__ if family in _STATUS)


def _of_http(error: HTTPException) -> Response:
    status = error.code or 400
    code = _OF_HTTP.get(status, "http.bad_request")
    allowed = sorted(error.valid_methods or ()) if isinstance(error, MethodNotAllowed) else []
    facts = {"method": request.method, "allowed": ", ".join(allowed)}
    wrong, cure = parts(code, language(), facts)
    response = _problem(
        status,
        {
            "type": f"/docs/problems#{code}",
            "title": translate(TITLES.get(status, TITLES[400]), language()),
            "status": status,
            "detail": f"{wrong} {cure}".strip(),
            "code": code,
            "cure": cure,
        },
    )
    if allowed:
        response.headers["Allow"] = ", ".join(allowed)
    return response


def _unexpected(error: Exception) -> Response:
    """500. The log gets where it happened, not what was said: a message may quote a complaint."""
    error_id = secrets.token_hex(6)
    causes = [error, *filter(None, (error.__cause__, error.__context__))]
    log.error(
        "unexpected_error",
        error_id=error_id,
        path=str(request.url_rule),
        kinds=[type(each).__name__ for each in causes],
        trace=[
            f"{frame.filename}:{frame.lineno} {frame.name}"
            for frame in traceback.extract_tb(error.__traceback__)
        ],
    )
    wrong, cure = parts("server.failed", language(), {"error_id": error_id})
    found = {
        "type": "/docs/problems#server.failed",
        "title": translate(TITLES[500], language()),
        "status": 500,
        "detail": f"{wrong} {cure}",
        "code": "server.failed",
        "cure": cure,
        "error_id": error_id,
    }
    return _problem(500, found)


def _problem(status: int, found: Mapping[str, Any]) -> Response:
    text = json.dumps(found, ensure_ascii=False, default=str)
    response = Response(text, status, content_type=MEDIA_TYPE)
    response.headers["Content-Language"] = language()
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.vary.add("Accept-Language")
    return response


def _shown(fact: object) -> object:
    if isinstance(fact, list | tuple | set | frozenset):
        return ", ".join(map(str, fact))
    return fact
