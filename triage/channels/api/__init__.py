"""The HTTP API as one blueprint. ``api(desk)`` is all that the application needs of it.

Addresses that belong to nobody are the application's: ``answer_error`` speaks for those below
``PREFIX`` (and for a method that an address of ours does not know).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from flask import Blueprint, Response, request

from triage.channels.api.actions import refuse
from triage.channels.api.body import body_of
from triage.channels.api.call import Call
from triage.channels.api.documents import add_documents
from triage.channels.api.keys import Pace, actor_of
from triage.channels.api.problems import answer_error, language
from triage.channels.api.resumable import add_resumable
from triage.channels.api.routes import PREFIX, ROUTES, Route
from triage.core.people import Role
from triage.desk import Desk

__all__ = ("PREFIX", "answer_error", "api")


def api(desk: Desk) -> Blueprint:
    """The API upon this desk, with its description and its documentation page."""
    blueprint = Blueprint("api", __name__)
    pace = Pace(desk.settings.rate_per_minute)
    for route in ROUTES:
        blueprint.add_url_rule(
            PREFIX + re.sub(r"{(\w+)}", r"<\1>", route.path),
            route.name,
            _view(desk, route, pace),
            methods=[route.method],
        )
    unknown = replace(ROUTES[-1], view=refuse, scopes=tuple(Role))
    blueprint.add_url_rule(
        f"{PREFIX}/complaints/<complaint_id>/actions/<action>",
        "unknown_action",
        _view(desk, unknown, pace),
        methods=["POST"],
    )
    add_resumable(blueprint, desk, PREFIX, pace)
    add_documents(blueprint)
    blueprint.register_error_handler(Exception, answer_error)
    blueprint.after_request(_finish)
    return blueprint


def _view(desk: Desk, route: Route, pace: Pace) -> Callable[..., Response]:
    def view(**path: str) -> Response:
        actor = actor_of(desk, request.headers.get("Authorization"), route.scopes)
        pace.check(actor)
        body = body_of(request.environ)
        call = Call(desk=desk, actor=actor, language=language(), body=body)
        call.query(route.query)
        return route.view(call, **path)

    return view


def _finish(response: Response) -> Response:
    """Answers are personal and in one language: no cache keeps them, no browser guesses at them."""
    response.headers.setdefault("Cache-Control", "no-store")
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("Content-Security-Policy", "default-src 'none'")
    response.vary.add("Accept-Language")
    response.vary.add("Authorization")
    return response
