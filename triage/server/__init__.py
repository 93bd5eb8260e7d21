"""The production web server: cheroot's threads and WSGI, hardened where large uploads need it.

docs/decisions/0002-server.md says why this one and what was changed.
"""

from __future__ import annotations

import contextlib
import signal
import socket
import sys
import threading
from collections.abc import Callable
from types import FrameType
from typing import Any
from wsgiref.types import WSGIApplication

import structlog
from cheroot import wsgi
from cheroot.connections import ConnectionManager
from cheroot.server import HTTPConnection
from cheroot.workers.threadpool import ThreadPool, WorkerThread

from triage.logs import places
from triage.server.farewell import Farewell
from triage.server.request import Request
from triage.server.wire import HEAD_BYTES, Reader, Writer

HEAD_SECONDS = 10  # for a whole head to arrive, and for a kept connection to be used again
STOP_SECONDS = 10  # for running requests to end
_STOPPING = (signal.SIGTERM, signal.SIGINT)
MOST_CONNECTIONS = 512  # of all clients, below the usual limit of 1,024 open files


class CannotListen(Exception):
    """The address cannot be had; the message is a sentence for the person who starts it."""


class Connection(HTTPConnection):
    """A client's connection: waits in the selector until it has sent a whole head."""

    RequestHandlerClass = Request
    server: Server

    def __init__(self, server: Server, sock: socket.socket, makefile: object = None) -> None:
        super().__init__(
            server, sock, lambda s, mode, _size: (Reader if "r" in mode else Writer)(s)
        )
        self.is_new = True
        self._last_used = 0.0
        self._in_head = False
        server.connections.add(self)

    @property
    def last_used(self) -> float:
        """When it was last idle: the first byte of a head stops this clock, the rest does not."""
        return self._last_used

    @last_used.setter
    def last_used(self, now: float) -> None:
        in_head = self.rfile.holding > 0
        if not (in_head and self._in_head):
            self._last_used = now
        self._in_head = in_head

    def communicate(self) -> bool:
        """Serve one request; whether the connection stays open."""
        self.rfile.begin()
        return bool(super().communicate())  # type: ignore[no-untyped-call]  # cheroot's stub

    def close(self) -> None:
        """Hang up, at once or after the client has heard us out."""
        if self.rfile.closed:
            return
        self.server.connections.discard(self)
        self.rfile.close()
        if self.linger:
            self.server.farewell.part_from(self.socket)
            return
        with contextlib.suppress(OSError):  # the client has gone first
            self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()


class Pool(ThreadPool):
    """Threads that do not keep the process alive when they hang."""

    def _spawn_worker(self) -> WorkerThread:
        worker: WorkerThread = WorkerThread(self.server)  # type: ignore[no-untyped-call]  # as above
        worker.daemon = True
        worker.start()
        return worker


class Server(wsgi.Server):
    """Serves one WSGI application on one address with a fixed number of threads."""

    ConnectionClass = Connection
    max_request_header_size = HEAD_BYTES
    _connections: ConnectionManager
    keep_alive_conn_limit = None  # type: ignore[assignment]  # None is cheroot's "no limit"

    def __init__(self, host: str, port: int, app: WSGIApplication, threads: int) -> None:
        super().__init__(
            (host, port),
            app,
            server_name="triage",
            request_queue_size=256,
            timeout=HEAD_SECONDS,
            shutdown_timeout=STOP_SECONDS,
        )
        self.requests = Pool(self, min=threads, max=threads)
        self.connections: set[Connection] = set()
        self.farewell = Farewell()

    @property
    def url(self) -> str:
        """Where it listens, once it does."""
        host, port = self.bind_addr[:2]
        return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"

    def prepare(self) -> None:
        """Take the address and start the threads; raises CannotListen."""
        host, port = self.bind_addr
        try:
            super().prepare()
        except OSError as error:
            why = "is used by another program" if "in use" in str(error) else "cannot be had"
            raise CannotListen(
                f"{host}:{port} {why}: stop that program or choose another address "
                "with TRIAGE_HOST and TRIAGE_PORT."
            ) from error

    def process_conn(self, conn: Connection) -> None:
        """Give a connection to a thread once its head is here; until then it costs none."""
        if conn.is_new and len(self.connections) > MOST_CONNECTIONS:
            conn.is_new = False
            Request(self, conn).simple_response("503 Service Unavailable", "Too many connections.")
            conn.close()
        elif not conn.rfile.has_data() and not conn.rfile.take_in():
            conn.close()
        elif conn.rfile.has_data():
            super().process_conn(conn)
        else:
            self._connections.put(conn)
        conn.is_new = False

    def error_log(self, msg: str = "", level: int = 20, traceback: bool = False) -> None:
        """Log what went wrong, without ``msg``: it may quote what a client sent."""
        error = sys.exc_info()[1]
        if traceback and error is not None:
            log = structlog.get_logger("triage.server")
            log.error("server.failed", error=type(error).__name__, at=places(error))


class Run:
    """A server that has its address, and the signals that will stop it. Main thread only."""

    def __init__(self, server: Server) -> None:
        server.prepare()
        self._server = server
        self._over = threading.Event()
        for each in _STOPPING:
            signal.signal(each, self._ask_to_stop)

    def until_stopped(self, on_ready: Callable[[str], None] = lambda url: None) -> None:
        """Serve until SIGTERM or SIGINT, then let running requests end (STOP_SECONDS at most).

        ``on_ready`` gets the address, in a thread of its own, as soon as requests are answered.
        """
        _in_background(self._serve)
        _in_background(lambda: on_ready(self._server.url))
        self._over.wait()
        _in_background(self._server.stop).join(STOP_SECONDS + 2)

    def _serve(self) -> None:
        try:
            self._server.serve()
        finally:  # a loop that ends unasked ends the process too
            self._over.set()

    def _ask_to_stop(self, number: int, _frame: FrameType | None) -> None:
        for each in _STOPPING:
            signal.signal(each, signal.SIG_DFL)  # a second one ends the process at once
        self._over.set()


def serve(
    app: WSGIApplication,
    host: str,
    port: int,
    threads: int,
    on_ready: Callable[[str], None] = lambda url: None,
) -> None:
    """Take the address and serve until stopped. Raises CannotListen."""
    Run(Server(host, port, app, threads)).until_stopped(on_ready)


def _in_background(run: Callable[[], Any]) -> threading.Thread:
    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    return thread
