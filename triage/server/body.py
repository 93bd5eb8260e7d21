"""A request's body as the application reads it (``wsgi.input``): streamed, never kept."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from werkzeug.exceptions import BadRequest

from triage.server.wire import HEAD_BYTES, PIECE_BYTES, Reader

_CHUNK = re.compile(rb"([0-9A-Fa-f]{1,15})[ \t]*(;[^\r\n]*)?\r\n")
_LINE_BYTES = 4096  # of a chunk's size with its extensions


class Body:
    """What the two framings share."""

    def __init__(self, reader: Reader, go_on: Callable[[], None] | None) -> None:
        self._reader = reader
        self._go_on = go_on  # tells a client who waits with "Expect: 100-continue"

    def read(self, size: int | None = -1) -> bytes:
        """``size`` bytes, fewer only at the end; all of them when no size is given."""
        if size is None or size < 0:
            return b"".join(iter(lambda: self.read(PIECE_BYTES), b""))
        if self._go_on and size:
            self._go_on()
            self._go_on = None
        return self._some(size)

    def _some(self, size: int) -> bytes:
        raise NotImplementedError

    def is_over(self) -> bool:
        """Whether the next request can follow; skips what is here already, never waits."""
        raise NotImplementedError

    def readline(self, size: int | None = -1) -> bytes:
        """Up to the next line feed. Byte by byte: nothing of ours reads lines."""
        line = bytearray()
        while (size is None or size < 0 or len(line) < size) and not line.endswith(b"\n"):
            if not (byte := self.read(1)):
                break
            line += byte
        return bytes(line)

    def readlines(self, hint: int | None = -1) -> list[bytes]:
        """All lines; the hint is ignored, as WSGI allows."""
        return list(self)

    def __iter__(self) -> Iterator[bytes]:
        return iter(self.readline, b"")


class KnownBody(Body):
    """A body of ``Content-Length`` bytes. A client who goes before the last one is an error."""

    def __init__(self, reader: Reader, length: int, go_on: Callable[[], None] | None) -> None:
        super().__init__(reader, go_on if length else None)
        self._left = length

    def _some(self, size: int) -> bytes:
        taken = self._reader.read(min(size, self._left))
        self._left -= len(taken)
        return taken

    def is_over(self) -> bool:
        if self._left and not self._go_on:
            if self._reader.holding < self._left <= HEAD_BYTES:
                self._reader.take_in()
            self._some(min(self._left, self._reader.holding))
        return not self._left


class ChunkedBody(Body):
    """A body in chunks: ``_left`` bytes of the present one, ``_ended`` after the last."""

    def __init__(self, reader: Reader, go_on: Callable[[], None] | None) -> None:
        super().__init__(reader, go_on)
        self._left = 0
        self._ended = False

    def _some(self, size: int) -> bytes:
        pieces = []
        while size and not self._ended:
            if not self._left:
                self._open_chunk()
                continue
            piece = self._reader.read(min(size, self._left))
            pieces.append(piece)
            size -= len(piece)
            self._left -= len(piece)
            if not self._left and self._reader.read(2) != b"\r\n":
                raise BadRequest
        return b"".join(pieces)

    def _open_chunk(self) -> None:
        line = _CHUNK.fullmatch(self._reader.readline(_LINE_BYTES))
        if not line:
            raise BadRequest
        self._left = int(line[1], 16)
        if not self._left:
            self._skip_trailers()
            self._ended = True

    def _skip_trailers(self) -> None:
        room = HEAD_BYTES
        while (line := self._reader.readline(_LINE_BYTES)) != b"\r\n":
            room -= len(line)
            if room < 0 or not line.endswith(b"\r\n"):
                raise BadRequest

    def is_over(self) -> bool:
        return self._ended
