"""Bytes to and from one client, who may be slow, silent or gone.

Cheroot's own reader is written in Python line by line and waits for every byte anew; this one
takes what has arrived in large pieces and measures the client's patience over a whole request.
"""

from __future__ import annotations

import re
import time
from socket import socket

from werkzeug.exceptions import ClientDisconnected, RequestTimeout

HEAD_BYTES = 64 * 1024  # request line and headers together
PIECE_BYTES = 256 * 1024  # what one receive may bring
SILENT_SECONDS = 30.0  # without a single byte, either way
GRACE_SECONDS = 60.0  # waiting that every request may cost, however little it brings ...
SLOWEST_BYTES_A_SECOND = 1024  # ... and then it has to come at least as fast as this
_END_OF_HEAD = re.compile(rb"\n\r?\n")


class Reader:
    """What a client sent. One thread at a time; ``take_in`` is the only call that never waits."""

    def __init__(self, connection: socket) -> None:
        self._socket = connection
        self._buffer = bytearray()
        self.closed = False
        self._failed = False  # once it has, nothing more is read: the count would be wrong
        self.begin()

    def begin(self) -> None:
        """A new request starts: its client has all the patience again."""
        self._waited, self._came = 0.0, len(self._buffer)

    def take_in(self) -> bool:
        """Add what has arrived; False when the client has gone."""
        self._socket.settimeout(0)
        try:
            arrived = self._socket.recv(HEAD_BYTES)
        except BlockingIOError:
            return True
        except OSError:
            return False
        self._buffer += arrived
        return bool(arrived)

    @property
    def holding(self) -> int:
        """How many bytes are here and not read yet."""
        return len(self._buffer)

    def has_data(self) -> bool:
        """Whether a whole head is here, or more than a head may be: time for a thread."""
        return len(self._buffer) > HEAD_BYTES or bool(_END_OF_HEAD.search(self._buffer))

    def read(self, size: int) -> bytes:
        """Exactly ``size`` bytes; a client who goes or dawdles ends the request (4xx)."""
        pieces = [self._taken(size)]
        missing = size - len(pieces[0])
        while missing > 0:
            piece = self._receive(min(missing, PIECE_BYTES))
            pieces.append(piece)
            missing -= len(piece)
        return b"".join(pieces)

    def readline(self, size: int = HEAD_BYTES) -> bytes:
        """Up to and with the next line feed, at most ``size`` bytes."""
        while (end := self._buffer.find(b"\n", 0, size)) < 0 and len(self._buffer) < size:
            self._buffer += self._receive(HEAD_BYTES)
        return self._taken(size if end < 0 else end + 1)

    def close(self) -> None:
        """Forget what is left; the connection closes its socket itself."""
        self.closed = True
        self._buffer.clear()

    def _taken(self, size: int) -> bytes:
        taken = bytes(self._buffer[:size])
        del self._buffer[:size]
        return taken

    def _receive(self, size: int) -> bytes:
        patience = GRACE_SECONDS + self._came / SLOWEST_BYTES_A_SECOND - self._waited
        failed, self._failed = self._failed, True
        if failed or patience <= 0:
            raise RequestTimeout
        self._socket.settimeout(min(patience, SILENT_SECONDS))
        asked = time.monotonic()
        try:
            piece = self._socket.recv(size)
        except TimeoutError as error:
            raise RequestTimeout from error
        except OSError as error:
            raise ClientDisconnected from error
        if not piece:
            raise ClientDisconnected
        self._failed = False
        self._waited += time.monotonic() - asked
        self._came += len(piece)
        return piece


class Writer:
    """What a client is told."""

    def __init__(self, connection: socket) -> None:
        self._socket = connection

    def write(self, text: bytes) -> int:
        """Send it all; OSError when the client takes nothing for SILENT_SECONDS."""
        self._socket.settimeout(SILENT_SECONDS)
        view = memoryview(text)
        for start in range(0, len(view), PIECE_BYTES):
            self._socket.sendall(view[start : start + PIECE_BYTES])
        return len(text)
