"""The bytes of a request as they come in, counted and bounded.

What is left unread after a refusal is the server's to drain (``triage/server``): only it knows
whether the client is still waiting for a 100 Continue.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from werkzeug.exceptions import BadRequest, RequestTimeout

from triage.channels.api.refusals import TooLarge, Unreadable, Unsupported

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

MIB = 1024 * 1024
CHUNK = 256 * 1024  # bytes; the parser's cost is lowest from here on (research/performance.md)
JSON_BYTES = MIB


class Input(Protocol):
    """What WSGI calls ``wsgi.input``."""

    def read(self, size: int = ..., /) -> bytes: ...


class Body:
    """The body of one request. Making one reads nothing.

    ``declared`` is the Content-Length; None for a chunked body, 0 where there is no body.
    """

    def __init__(self, stream: Input, declared: int | None) -> None:
        self._stream = stream
        self.declared = declared
        self.taken = 0  # bytes read so far
        self.ended = declared == 0

    def expect(self, limit: int) -> None:
        """Refuse at once what says itself that it is longer than ``limit`` bytes."""
        if self.declared is not None and self.declared > limit:
            raise _too_large(limit, self.declared)

    def read(self, limit: int) -> bytes:
        """The next bytes, at most ``CHUNK``; empty at the end of the body.

        Raises TooLarge once more than ``limit`` bytes have come in all, and Unreadable when
        the sender goes away in the middle.
        """
        chunk = self._next(CHUNK)
        if self.taken > limit:
            raise _too_large(limit, self.taken)
        if not chunk and self.declared is not None and self.taken < self.declared:
            raise Unreadable("request.cut_short", limit=self.declared, measured=self.taken)
        return chunk

    def read_all(self, limit: int) -> bytes:
        """The whole body; for the small ones."""
        self.expect(limit)
        return b"".join(iter(lambda: self.read(limit), b""))

    def _next(self, size: int) -> bytes:
        if self.ended:
            return b""
        if self.declared is not None:
            size = min(size, self.declared - self.taken)
        try:  # a reset, a time-out and a broken chunk all end the request
            chunk = self._stream.read(size)
        except (OSError, ValueError, BadRequest, RequestTimeout) as error:
            raise Unreadable("request.cut_short", measured=self.taken) from error
        self.taken += len(chunk)
        self.ended = self.taken == self.declared or not chunk
        return chunk


def body_of(environ: WSGIEnvironment) -> Body:
    """The body of a WSGI request. Raises Unsupported for a compressed one."""
    body = Body(environ["wsgi.input"], _declared(environ))
    encoding = environ.get("HTTP_CONTENT_ENCODING", "identity").strip().lower()
    if encoding not in ("", "identity") and not body.ended:
        raise Unsupported("request.compressed", field="Content-Encoding")
    return body


def _declared(environ: WSGIEnvironment) -> int | None:
    if environ.get("wsgi.input_terminated") and environ.get("HTTP_TRANSFER_ENCODING"):
        return None
    text = environ.get("CONTENT_LENGTH") or ""
    if text.isascii() and text.isdigit():
        return int(text[:19])  # longer numbers are too large either way
    return None if environ.get("wsgi.input_terminated") else 0


def _too_large(limit: int, measured: int) -> TooLarge:
    facts = {"limit_mb": limit // MIB, "limit": limit, "measured": measured}
    return TooLarge("request.too_large", **facts)
