"""From our error families to HTTP and to a page that says what happened and a way on."""

from __future__ import annotations

import secrets
import traceback
from collections.abc import Mapping
from datetime import date

import structlog
from flask import Response, current_app, g, make_response, render_template, request
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from triage.errors import Conflict, Invalid, NotFound, Refused, TriageError, Unavailable
from triage.languages import say
from triage.messages.complain import COMPLAIN_ERRORS
from triage.messages.errors import ERRORS
from triage.messages.pages import PAGE_ERRORS
from triage.web.formats import day
from triage.web.headers import secure
from triage.web.language import label, language

RETRY_SECONDS = 5  # after which a neighbour that was down may be back
log = structlog.get_logger(__name__)

STATUS: Mapping[type[TriageError], int] = {
    NotFound: 404,
    Invalid: 422,
    Conflict: 409,
    Refused: 403,
    Unavailable: 503,
}
_PAGES = {**PAGE_ERRORS, **COMPLAIN_ERRORS}
#: Facts that hold codes, and the vocabulary that names them.
_VOCABULARY = {
    "action": "action",
    "actions": "action",
    "role": "role",
    "kind": "kind",
    "field": "fact",
}


def status_of(error: TriageError) -> int:
    """The HTTP status of an error's family."""
    return next(STATUS[family] for family in type(error).__mro__ if family in STATUS)


def sentence_of(error: TriageError) -> str:
    """What the error says to people, in the language of the request."""
    english = _PAGES.get(error.code) or ERRORS.get(error.code) or error.code
    return say(english, language(), {name: _shown(name, v) for name, v in error.facts.items()})


def _shown(name: str, fact: object) -> object:
    subject = _VOCABULARY.get(name)
    if isinstance(fact, date):
        return day(fact, language())
    if subject is None:
        return fact
    if isinstance(fact, list | tuple | set | frozenset):
        return ", ".join(f"«{label(subject, str(each))}»" for each in fact)
    return f"«{label(subject, str(fact))}»"


def error_page(error: Exception) -> Response:
    """The page for any error, in the language of the request. Also for addresses of nobody.

    A response that was raised on purpose (a redirect) is returned as it is. What nobody
    expected gets an id that is also in the log.
    """
    if isinstance(error, HTTPException) and (error.response or (error.code or 500) < 400):
        return current_app.make_response(error.get_response())
    status, sentence, error_id = _told(error)
    if status >= 500:
        g.without_visitor = True  # what is broken may be the database: the page does without
    page = make_response(
        render_template("error.html", status=status, sentence=sentence, error_id=error_id), status
    )
    if isinstance(error, MethodNotAllowed):
        page.headers["Allow"] = ", ".join(error.valid_methods or ())
    if status == 503:
        page.headers["Retry-After"] = str(RETRY_SECONDS)
    return secure(page, https=bool(current_app.config["SESSION_COOKIE_SECURE"]))


def _told(error: Exception) -> tuple[int, str | None, str | None]:
    """The status, the sentence of the error's own, and the id under which it is in the log."""
    if isinstance(error, TriageError):
        return status_of(error), sentence_of(error), None
    if isinstance(error, HTTPException):
        return error.code or 500, None, None
    error_id = secrets.token_hex(6)
    log.error(
        "unexpected_error",
        error_id=error_id,
        path=str(request.url_rule),
        kind=type(error).__name__,
        # Where it happened, not what was said: a message may quote a complaint.
        trace="".join(traceback.format_tb(error.__traceback__)),
    )
    return 500, None, error_id
