"""A push parser for multipart bodies (RFC 2046 as RFC 7578 narrows it): bytes in, parts out.

Written here because python-multipart, the quickest one that we measured, knows neither a
preamble nor a part whose headers are followed by its boundary at once, which is how Werkzeug
and some mail libraries send an empty file. Content is searched for the boundary and handed on
as slices of the caller's own buffer.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Protocol

HEADER_BYTES = 8 * 1024  # all headers of a part
MAX_PREAMBLE = 64 * 1024  # bytes before the first boundary
MAX_PADDING = 64  # blanks between a boundary and the end of its line
_TOKEN = re.compile(rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
_FOLD = re.compile(rb"\r\n[ \t]+")
_LINE_END = re.compile(rb"[ \t]{0,%d}(--|\r\n)" % MAX_PADDING)
_MAYBE_LINE_END = re.compile(rb"[ \t]{0,%d}[-\r]?" % MAX_PADDING)


class Malformed(Exception):
    """The bytes are no multipart body."""


class Sink(Protocol):
    """Whoever takes the parts. An exception of its own ends the parsing."""

    def begin(self, headers: Mapping[bytes, bytes]) -> None:
        """A part starts; names of headers in lower case."""

    def write(self, content: memoryview) -> None:
        """The next bytes of the part."""

    def finish(self) -> None:
        """The part is whole."""


class Parser:
    """Feed it the body in any pieces. ``started`` and ``ended`` tell how far it has come."""

    def __init__(self, boundary: bytes, sink: Sink) -> None:
        self._line = b"\r\n--" + boundary
        self._sink = sink
        self._held = b""  # what cannot be told apart from a boundary (or is half a head) yet
        self._fresh = True  # at the start of a line: a boundary needs no line end before it
        self._skipped = 0
        self._step = self._content
        self.started = False
        self.ended = False

    def feed(self, chunk: bytes) -> None:
        """Take the next bytes. Raises Malformed."""
        if self.ended:
            return  # an epilogue, which nobody reads
        text = self._held + chunk if self._held else chunk
        self._held = b""
        at: int | None = 0
        while at is not None and not self.ended:
            at = self._step(text, at)

    def _content(self, text: bytes, at: int) -> int | None:
        """Content (or the preamble) up to the next boundary; None when more bytes are needed."""
        found = self._find(text, at)
        if found < 0:
            end = self._undecided(text, at)
            self._emit(text, at, end)
            self._held = text[end:]
            return None
        # A fresh boundary stands at ``at`` itself, without the line end of the others.
        after = found + len(self._line) - (2 if self._is_fresh(text, found) else 0)
        line_end = _LINE_END.match(text, after)
        if line_end is None and _MAYBE_LINE_END.fullmatch(text, after):
            self._emit(text, at, found)
            self._held = text[found:]
            return None
        if line_end is None:  # a longer word that begins like the boundary is content
            self._emit(text, at, found + 1)
            return found + 1
        self._emit(text, at, found)
        return self._close(line_end)

    def _close(self, line_end: re.Match[bytes]) -> int:
        if self.started:
            self._sink.finish()
        self.started = True
        self.ended = line_end[1] == b"--"
        self._step = self._head
        return line_end.end()

    def _find(self, text: bytes, at: int) -> int:
        return at if self._is_fresh(text, at) else text.find(self._line, at)

    def _is_fresh(self, text: bytes, at: int) -> bool:
        return self._fresh and text.startswith(self._line[2:], at)

    def _undecided(self, text: bytes, at: int) -> int:
        """Where a tail begins that may turn out to be a boundary; the end where none does.

        A boundary holds one CR, its first byte, so only the last CR can begin one.
        """
        if self._fresh and self._line[2:].startswith(text[at:]):
            return at
        cr = text.rfind(b"\r", max(at, len(text) - len(self._line)))
        return cr if cr >= 0 and self._line.startswith(text[cr:]) else len(text)

    def _emit(self, text: bytes, start: int, end: int) -> None:
        if start >= end:
            return
        self._fresh = False
        if self.started:
            self._sink.write(memoryview(text)[start:end])
            return
        self._skipped += end - start
        if self._skipped > MAX_PREAMBLE:
            raise Malformed("no boundary in sight")

    def _head(self, text: bytes, at: int) -> int | None:
        """The headers of a part, up to the blank line."""
        bare = text.startswith(b"\r\n", at)
        end = at if bare else text.find(b"\r\n\r\n", at)
        if (len(text) if end < 0 else end) - at > HEADER_BYTES:
            raise Malformed("headers too long")
        if end < 0 or len(text) - at < 2:
            self._held = text[at:]
            return None
        self._sink.begin({} if bare else _headers(text[at:end]))
        self._step, self._fresh = self._content, True
        return end + (2 if bare else 4)


def _headers(head: bytes) -> Mapping[bytes, bytes]:
    found: dict[bytes, bytes] = {}
    for line in _FOLD.sub(b" ", head).split(b"\r\n"):
        name, colon, value = line.partition(b":")
        if not colon or not _TOKEN.fullmatch(name) or name.lower() in found:
            raise Malformed("not a header, or one twice")
        found[name.lower()] = value.strip()
    return found
