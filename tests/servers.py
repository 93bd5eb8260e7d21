"""Servers that tests start for themselves: ours, and the neighbours that it may talk to."""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Iterator
from typing import NoReturn
from wsgiref.types import WSGIApplication

import pytest

from triage.server import Server

REQUIRE_ALL = os.environ.get("TRIAGE_REQUIRE_ALL", "") not in ("", "0")


def not_here(what: str) -> NoReturn:
    """Skip the test for want of an optional part; CI, which installs all of them, fails it."""
    if REQUIRE_ALL:
        pytest.fail(f"{what} (TRIAGE_REQUIRE_ALL is set, so this is a failure)")
    pytest.skip(what)


@contextlib.contextmanager
def running(app: WSGIApplication, threads: int = 4) -> Iterator[Server]:
    """Our own server with ``app`` on a free port; ``.url`` is its address."""
    server = Server("127.0.0.1", 0, app, threads)
    server.expiration_interval = 0.05
    server.shutdown_timeout = 2
    server.prepare()
    loop = threading.Thread(target=server.serve, daemon=True)
    loop.start()
    try:
        yield server
    finally:
        server.stop()
        loop.join(5)
