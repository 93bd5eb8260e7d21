"""What is written about the API: its description, the page that shows it, the list of problems.

All of it is open to everybody and works without a network: Swagger UI lies in ``static``.
"""

from __future__ import annotations

import hashlib
import json
from functools import cache
from html import escape
from pathlib import Path

from flask import Blueprint, request, send_from_directory
from werkzeug.wrappers import Response

from triage.channels.api import problems
from triage.languages import translate
from triage.messages.errors import ERRORS, PAGE

ASSETS = "any('swagger-ui-bundle.js','swagger-ui.css','start.js','docs.css')"
STATIC = Path(__file__).parent / "static"
# Swagger UI draws its icons as data: pictures and sets styles of elements from its script.
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)


def add_documents(blueprint: Blueprint) -> None:
    """Add ``/openapi.json``, ``/docs`` and ``/docs/problems``."""
    blueprint.add_url_rule("/openapi.json", "description", _description)
    blueprint.add_url_rule("/api/v1/openapi.json", "description_v1", _description)
    blueprint.add_url_rule("/docs", "docs", _docs)
    blueprint.add_url_rule(f"/docs/<{ASSETS}:name>", "asset", _asset)
    blueprint.add_url_rule("/docs/problems", "problems", _problems)


def _description() -> Response:
    text = _text()
    response = Response(text, content_type="application/json")
    response.headers["Cache-Control"] = "no-cache"
    response.set_etag(hashlib.sha256(text).hexdigest()[:32])
    response.make_conditional(request)
    return response


@cache
def _text() -> bytes:
    from triage.channels.api.openapi import description  # slow to make, and seldom asked for

    return json.dumps(description(), ensure_ascii=False).encode()


def _docs() -> Response:
    return _open_to_all(send_from_directory(STATIC, "docs.html"))


def _asset(name: str) -> Response:
    return _open_to_all(send_from_directory(STATIC, name))


def _problems() -> Response:
    """Every code with its sentences, so that the ``type`` of a problem leads somewhere."""
    language = problems.language()
    rows = "".join(
        f'<dt id="{escape(code)}"><code>{escape(code)}</code></dt>'
        f"<dd>{escape(' '.join(problems.parts(code, language, {})))}</dd>"
        for code in sorted(ERRORS)
    )
    title = escape(translate(PAGE["problems"], language))
    page = (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width"><title>{title}</title>'
        f'<link rel="stylesheet" href="/docs/docs.css"></head>'
        f"<body class=list><h1>{title}</h1><dl>{rows}</dl></body></html>"
    )
    return _open_to_all(Response(page, content_type="text/html; charset=utf-8"))


def _open_to_all(response: Response) -> Response:
    response.headers["Content-Security-Policy"] = _POLICY
    response.headers["Cache-Control"] = "no-cache"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
