"""One request, read strictly: what two servers could understand differently is refused."""

from __future__ import annotations

import email.utils
import json
import re
from http import HTTPStatus
from typing import cast

from cheroot.server import HTTPRequest
from werkzeug.exceptions import HTTPException

from triage.server.body import Body, ChunkedBody, KnownBody
from triage.server.wire import Reader

_NAME = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_VALUE = re.compile(rb"[\t\x20-\x7e\x80-\xff]*")
_ONCE = (b"Content-Length", b"Transfer-Encoding", b"Host", b"Expect", b"Content-Type")


class Headers:
    """Reads the header lines (RFC 9112): no folding, no blanks in names, no second length."""

    def __call__(self, lines: Reader, headers: dict[bytes, bytes]) -> dict[bytes, bytes]:
        while (line := lines.readline()) != b"\r\n":
            name, colon, value = line.partition(b":")
            value = value.strip(b" \t\r\n")
            if not (colon and line.endswith(b"\r\n") and _NAME.fullmatch(name)):
                raise ValueError("A header line is malformed.")
            if not _VALUE.fullmatch(value):
                raise ValueError("A header holds a control character.")
            self._add(headers, name.title(), value)
        return headers

    @staticmethod
    def _add(headers: dict[bytes, bytes], name: bytes, value: bytes) -> None:
        if b"_" in name:  # WSGI could not tell X_Y from X-Y
            return
        if name in headers:
            if name in _ONCE:
                raise ValueError(f"The header {name.decode()} is there twice.")
            value = headers[name] + (b"; " if name == b"Cookie" else b", ") + value
        headers[name] = value


class Request(HTTPRequest):
    """Reads, answers, and never takes an unread body for the next request or into memory."""

    header_reader = Headers()
    body: Body

    def read_request_headers(self) -> bool:
        """The headers into ``inheaders`` and the body's framing; False after a 4xx answer."""
        try:
            self.header_reader(self.rfile, self.inheaders)
            self.body = self._body()
        except ValueError as error:
            self.simple_response("400 Bad Request", str(error))
            return False
        except NotImplementedError:
            self.simple_response("501 Not Implemented", "Only the coding 'chunked' is known.")
            return False
        tokens = {t.strip().lower() for t in self.inheaders.get(b"Connection", b"").split(b",")}
        self.close_connection = b"close" in tokens or (self._is_old and b"keep-alive" not in tokens)
        return True

    @property
    def _is_old(self) -> bool:
        return self.response_protocol != "HTTP/1.1"

    def _body(self) -> Body:
        length = self.inheaders.get(b"Content-Length")
        coding = self.inheaders.get(b"Transfer-Encoding")
        if not self._is_old and b"Host" not in self.inheaders:
            raise ValueError("The header Host is missing.")
        if length is not None and not re.fullmatch(rb"[0-9]{1,15}", length):
            raise ValueError("The header Content-Length is not a number.")
        if coding is not None and (length is not None or self._is_old):
            raise ValueError("Transfer-Encoding cannot be used here.")
        if coding is not None and coding.lower() != b"chunked":
            raise NotImplementedError
        waits = self.inheaders.get(b"Expect", b"").lower() == b"100-continue" and not self._is_old
        go_on = self._tell_to_go_on if waits else None
        self.chunked_read = coding is not None
        if self.chunked_read:
            return ChunkedBody(self.conn.rfile, go_on)
        return KnownBody(self.conn.rfile, int(length or 0), go_on)

    def _tell_to_go_on(self) -> None:
        self.conn.wfile.write(b"HTTP/1.1 100 Continue\r\n\r\n")

    def respond(self) -> None:
        """Let the application answer; what it raises for a client's fault is answered too."""
        self.rfile = self.body
        try:
            self.server.gateway(self).respond()
        except HTTPException as error:
            if self.sent_headers or not error.code:
                raise
            self.simple_response(f"{error.code} {error.name}")
            return
        self.ensure_headers_sent()
        if self.chunked_write:
            self.conn.wfile.write(b"0\r\n\r\n")

    def write(self, chunk: bytes) -> None:
        """Send a piece of the answer, unless the answer has no body."""
        if self.method != b"HEAD" and int(self.status[:3]) not in (204, 304):
            super().write(chunk)

    def send_headers(self) -> None:
        """Decide how the answer ends and whether the connection lives on, and send the head."""
        names = {name.lower() for name, _ in self.outheaders}
        if not self.body.is_over():
            self.close_connection = self.conn.linger = True
        if b"content-length" not in names and int(self.status[:3]) not in (204, 304):
            if self._is_old:
                self.close_connection = True
            elif self.method != b"HEAD":
                self.chunked_write = True
                self.outheaders.append((b"Transfer-Encoding", b"chunked"))
        self.close_connection = self.close_connection or not self.server.ready
        if self.close_connection:
            self.outheaders.append((b"Connection", b"close"))
        elif self._is_old:
            self.outheaders.append((b"Connection", b"keep-alive"))
        if b"date" not in names:
            self.outheaders.append((b"Date", email.utils.formatdate(usegmt=True).encode()))
        status = cast(bytes, self.status)  # the gateway has encoded it
        lines = [b"HTTP/1.1 " + status]
        lines += [name + b": " + value for name, value in self.outheaders]
        self.conn.wfile.write(b"\r\n".join([*lines, b"", b""]))

    def simple_response(self, status: str, msg: str = "") -> None:
        """An answer of the server itself, to what never reached the application."""
        code = int(status[:3])
        problem = {
            "type": "about:blank",
            "title": HTTPStatus(code).phrase,
            "status": code,
            "code": "http.malformed" if code < 500 else "http.failed",
            "detail": msg,
        }
        text = json.dumps({name: value for name, value in problem.items() if value}).encode()
        self.close_connection = self.conn.linger = self.sent_headers = True
        head = (
            f"HTTP/1.1 {code} {HTTPStatus(code).phrase}\r\nConnection: close\r\n"
            f"Content-Type: application/problem+json\r\nContent-Length: {len(text)}\r\n\r\n"
        )
        self.conn.wfile.write(head.encode() + text)
