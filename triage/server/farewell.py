"""Lets a client who is refused in the middle of an upload finish sending and read why.

Closing a socket on which bytes still arrive makes the kernel answer with a reset, and the client
then sees "connection reset" instead of the 401 or 413 that is on its way.
"""

from __future__ import annotations

import contextlib
import queue
import selectors
import socket
import threading
import time

LONGEST_SECONDS = 30.0
MOST_CLIENTS = 256  # further ones are closed at once
_PIECE = bytearray(256 * 1024)  # what arrives is read over and over into the same place


class Farewell:
    """One thread for all departing clients; it starts with the first of them."""

    def __init__(self) -> None:
        self._arriving: queue.SimpleQueue[socket.socket] = queue.SimpleQueue()
        self._selector = selectors.DefaultSelector()
        self._start = threading.Lock()
        self._thread: threading.Thread | None = None

    def part_from(self, client: socket.socket) -> None:
        """Say that nothing more will be said, and listen a while; returns at once."""
        try:
            client.shutdown(socket.SHUT_WR)
            client.setblocking(False)
        except OSError:  # gone already
            client.close()
            return
        self._arriving.put(client)
        with self._start:
            if self._thread is None:
                self._thread = threading.Thread(target=self._listen, name="farewell", daemon=True)
                self._thread.start()

    def _listen(self) -> None:
        while True:
            self._welcome()
            for key, _ in self._selector.select(timeout=0.1):
                if not _still_sends(key.fileobj):  # type: ignore[arg-type]  # only sockets are here
                    self._close(key)
            for key in list(self._selector.get_map().values()):
                if time.monotonic() > key.data:
                    self._close(key)

    def _welcome(self) -> None:
        """Take over the newly arrived; with nobody to listen to, sleep until one comes."""
        with contextlib.suppress(queue.Empty):
            while True:
                client = self._arriving.get(block=not self._selector.get_map())
                if len(self._selector.get_map()) >= MOST_CLIENTS:
                    client.close()
                    continue
                until = time.monotonic() + LONGEST_SECONDS
                self._selector.register(client, selectors.EVENT_READ, until)

    def _close(self, key: selectors.SelectorKey) -> None:
        self._selector.unregister(key.fileobj)
        key.fileobj.close()  # type: ignore[union-attr]  # only sockets are here


def _still_sends(client: socket.socket) -> bool:
    try:
        return client.recv_into(_PIECE) > 0
    except BlockingIOError:
        return True
    except OSError:
        return False
