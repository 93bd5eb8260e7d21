"""What all tests share: no network, and the neighbours of tests/neighbours.py."""

from __future__ import annotations

import ipaddress
import os
import shutil
import socket
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests import neighbours
from tests.neighbours import Bucket, PostgreSQL
from triage.evidence import Examiner, Limits
from triage.store import db

PLAIN = Limits(photo_side=1, document_side=1, tones=0, light=0, sharpness=0, kind_sureness=101)
"""Tests make small plain pictures; what is to be seen in one is asked in test_quality.py."""


SCHEDULED_AS = os.sched_getscheduler(0)


@pytest.fixture(autouse=True, scope="session")
def _network_is_off() -> Iterator[None]:
    """A test that would call another machine fails instead; this machine may be called."""
    connect, look_up = socket.socket.connect, socket.getaddrinfo

    def guarded(self: socket.socket, address: Any) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6) and not _is_here(str(address[0])):
            raise PermissionError(f"the network is off in tests: {address[0]}")
        connect(self, address)

    def only_here(host: Any, *rest: Any, **named: Any) -> Any:
        name = host.decode() if isinstance(host, bytes) else str(host or "localhost")
        if not _is_here(name):
            raise PermissionError(f"the network is off in tests: {name}")
        return look_up(host, *rest, **named)

    patch = pytest.MonkeyPatch()
    patch.setattr(socket.socket, "connect", guarded)
    patch.setattr(socket, "getaddrinfo", only_here)
    yield
    patch.undo()


@pytest.fixture(autouse=True)
def _scheduled_as_others() -> Iterator[None]:
    """No test makes its process real-time: what it starts later would starve the machine."""
    yield
    assert os.sched_getscheduler(0) == SCHEDULED_AS


def _is_here(host: str) -> bool:
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return host in ("localhost", socket.gethostname())
    return address.is_loopback or address.is_unspecified


@pytest.fixture(scope="session")
def examiner() -> Iterator[Examiner]:
    """The real checks, started once; see ``PLAIN``."""
    examiner = Examiner(PLAIN)
    yield examiner
    examiner.close()


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgreSQL]:
    with neighbours.postgresql() as server:
        yield server


@pytest.fixture(scope="session")
def _postgresql_template(postgresql: PostgreSQL) -> str:
    """A database with our schema; copying it is quicker than making it."""
    name = postgresql.create()
    engine = db.open_engine(postgresql.url(name))
    db.upgrade(engine)
    engine.dispose()
    return name


@pytest.fixture
def postgresql_url(postgresql: PostgreSQL, _postgresql_template: str) -> Iterator[str]:
    """A PostgreSQL database of this test's own, with our schema."""
    name = postgresql.create(_postgresql_template)
    yield postgresql.url(name)
    postgresql.drop(name)


@pytest.fixture(scope="session")
def _sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "triage.db"
    engine = db.open_engine(f"sqlite:///{path}")
    db.upgrade(engine)
    engine.dispose()
    return path


@pytest.fixture
def sqlite_url(tmp_path: Path, _sqlite_template: Path) -> str:
    """A SQLite database of this test's own, with our schema."""
    shutil.copy(_sqlite_template, tmp_path / "triage.db")
    return f"sqlite:///{tmp_path}/triage.db"


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """A database of this test's own with our schema, once of each kind that we support."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture(scope="session")
def s3_endpoint() -> Iterator[str]:
    with neighbours.s3_server() as address:
        yield address


@pytest.fixture
def bucket(s3_endpoint: str) -> Bucket:
    """An empty bucket of this test's own."""
    return neighbours.make_bucket(s3_endpoint, f"test-{uuid.uuid4().hex[:12]}")


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of the browser for tests of the pages."""
    return neighbours.chromium()
