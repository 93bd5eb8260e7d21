"""From our error families to HTTP and to a page that says what happened and a way on."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Response, current_app, make_response, render_template
from werkzeug.exceptions import HTTPException

from triage.errors import Conflict, Invalid, NotFound, Refused, TriageError, Unavailable
from triage.languages import say
from triage.messages.errors import ERRORS
from triage.messages.pages import PAGE_ERRORS
from triage.web.headers import secure
from triage.web.language import label, language

STATUS: Mapping[type[TriageError], int] = {
    NotFound: 404,
    Invalid: 422,
    Conflict: 409,
    Refused: 403,
    Unavailable: 503,
}
#: Facts that hold codes, and the vocabulary that names them.
_VOCABULARY = {"action": "action", "actions": "action", "role": "role", "kind": "kind"}


def status_of(error: TriageError) -> int:
    """The HTTP status of an error's family."""
    return next(STATUS[family] for family in type(error).__mro__ if family in STATUS)


def sentence_of(error: TriageError) -> str:
    """What the error says to people, in the language of the request."""
    english = PAGE_ERRORS.get(error.code) or ERRORS.get(error.code) or error.code
    return say(english, language(), {name: _shown(name, v) for name, v in error.facts.items()})


def _shown(name: str, fact: object) -> object:
    subject = _VOCABULARY.get(name)
    if subject is None:
        return fact
    if isinstance(fact, list | tuple | set | frozenset):
        return ", ".join(f"«{label(subject, str(each))}»" for each in fact)
    return f"«{label(subject, str(fact))}»"


def error_page(error: TriageError | HTTPException) -> Response:
    """The page for an error, in the language of the request. Also for addresses of nobody.

    A response that was raised on purpose (a redirect) is returned as it is.
    """
    if isinstance(error, HTTPException):
        if error.response is not None:
            return current_app.make_response(error.response)
        status, sentence = error.code or 500, None
    else:
        status, sentence = status_of(error), sentence_of(error)
    page = make_response(render_template("error.html", status=status, sentence=sentence), status)
    retry_after = getattr(error, "retry_after", None)
    if status == 503 or retry_after:
        page.headers["Retry-After"] = str(retry_after or 5)
    https = bool(current_app.config["SESSION_COOKIE_SECURE"])
    return secure(page, https=https)
