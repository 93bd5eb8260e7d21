"""The headers that keep a page to itself: no foreign scripts, no frames, no copies in caches."""

from __future__ import annotations

from flask import Response

# data: is for the little arrows and ticks that Pico draws; no script or style may come that way.
POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)
#: For bytes that strangers sent: whatever a browser thinks they are, they may do nothing.
SANDBOX = "default-src 'none'; sandbox"
A_YEAR = 31_536_000

_ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",  # a status link is a secret: no other site may see it
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}


def secure(response: Response, *, https: bool) -> Response:
    """Add what is missing; a header that the view has set stays."""
    for name, value in _ALWAYS.items():
        response.headers.setdefault(name, value)
    response.headers.setdefault("Content-Security-Policy", POLICY)
    if "Cache-Control" not in response.headers:
        response.headers["Cache-Control"] = "no-store"
    if https:
        response.headers.setdefault("Strict-Transport-Security", f"max-age={A_YEAR}")
    return response
