"""The cookie by which a customer's browser finds its draft again: a secret, and nothing else."""

from __future__ import annotations

import re

from flask import Response, request

from triage.desk import Desk
from triage.store.drafts import KEPT

_SECRET = re.compile(r"[A-Za-z0-9_-]{43}")


def secret_of_draft(desk: Desk) -> str | None:
    """What the browser has sent, if it looks like a secret of ours."""
    given = request.cookies.get(_name(desk), "")
    return given if _SECRET.fullmatch(given) else None


def remember(response: Response, desk: Desk, secret: str) -> Response:
    """Let the browser keep the secret as long as the draft is kept."""
    response.set_cookie(
        _name(desk),
        secret,
        max_age=KEPT,
        path="/",
        secure=_is_https(desk),
        httponly=True,
        samesite="Lax",
    )
    return response


def forget(response: Response, desk: Desk) -> Response:
    """Let the browser forget it."""
    response.delete_cookie(
        _name(desk), path="/", secure=_is_https(desk), httponly=True, samesite="Lax"
    )
    return response


def _name(desk: Desk) -> str:
    return "__Host-triage-draft" if _is_https(desk) else "triage-draft"


def _is_https(desk: Desk) -> bool:
    return desk.settings.url.startswith("https:")
