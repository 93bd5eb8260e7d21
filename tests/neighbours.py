"""Neighbours of the service, as real as a test can have them: PostgreSQL, an S3 server, a browser.

Each is an optional part of a developer's machine: see ``tests.servers.not_here``.
"""

from __future__ import annotations

import ctypes
import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import psycopg

from tests.servers import not_here
from triage.settings import Settings

START_SECONDS = 30


@dataclass
class PostgreSQL:
    """A server of our own on a Unix socket in a folder of its own; everybody is trusted."""

    folder: Path
    _numbers: Iterator[int] = field(default_factory=count)

    def url(self, name: str) -> str:
        return f"postgresql://postgres@/{name}?host={self.folder}"

    def create(self, template: str = "template1") -> str:
        """A new database's name, a copy of ``template``."""
        name = f"test_{next(self._numbers)}"
        self.run(f"CREATE DATABASE {name} TEMPLATE {template}")
        return name

    def drop(self, name: str) -> None:
        self.run(f"DROP DATABASE {name} WITH (FORCE)")

    def run(self, statement: str) -> None:
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(statement.encode())


@contextmanager
def postgresql() -> Iterator[PostgreSQL]:
    """PostgreSQL as Debian installs it, started for the tests; it does not wait for the disk."""
    programs = _postgresql_programs()
    user = _account()
    # In /tmp, for PostgreSQL must reach its folder as another user than ours.
    folder = Path(tempfile.mkdtemp(prefix="triage-pg-", dir="/tmp"))
    if user:
        shutil.chown(folder, user)
    server: subprocess.Popen[bytes] | None = None
    try:
        initdb = [programs / "initdb", "-D", folder / "data", "-U", "postgres", "-A", "trust"]
        options: dict[str, Any] = {"user": user, "cwd": folder, "umask": 0o077}
        subprocess.run(
            [*initdb, "-E", "UTF8", "--locale=C", "-N"],
            check=True,
            stdout=subprocess.DEVNULL,
            **options,
        )
        unsafe_but_fast = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")
        settings = ("listen_addresses=", f"unix_socket_directories={folder}", "max_connections=200")
        words = [word for each in (*unsafe_but_fast, *settings) for word in ("-c", each)]
        with (folder / "log").open("wb") as log:
            # Should the tests be killed, the server goes too.
            mortal = ["setpriv", "--pdeathsig", "INT"] if shutil.which("setpriv") else []
            command = [*mortal, programs / "postgres", "-D", folder / "data", *words]
            server = subprocess.Popen(command, stdout=log, stderr=log, **options)
        started = PostgreSQL(folder)
        _wait_for(started)
        yield started
    finally:
        if server is not None:
            server.terminate()
            with suppress(subprocess.TimeoutExpired):
                server.wait(5)
            server.kill()
            server.wait()
        shutil.rmtree(folder, ignore_errors=True)


def _postgresql_programs() -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: p.parts[4])
    on_path = shutil.which("initdb")
    if not found and not on_path:
        not_here("PostgreSQL is not installed: apt-get install postgresql")
    return found[-1].parent if found else Path(str(on_path)).parent


def _account() -> str | None:
    """PostgreSQL refuses to run as root; the Debian package brings an account for it."""
    if os.geteuid() != 0:
        return None
    with suppress(KeyError):
        return pwd.getpwnam("postgres").pw_name
    return "nobody"


def _wait_for(server: PostgreSQL) -> None:
    end = time.monotonic() + START_SECONDS
    while True:
        try:
            server.run("SELECT 1")
        except psycopg.OperationalError:
            if time.monotonic() > end:
                log = (server.folder / "log").read_text()
                raise AssertionError(f"PostgreSQL did not start:\n{log}") from None
            time.sleep(0.1)
        else:
            return


@dataclass(frozen=True)
class Bucket:
    """An empty bucket on an S3 server of our own."""

    endpoint: str
    name: str
    client: Any

    def settings(self, folder: Path, prefix: str = "evidence") -> Settings:
        """Settings that keep files here, and everything else under ``folder``."""
        return Settings(
            data_dir=folder,
            blobs_url=f"s3://{self.name}/{prefix}",
            s3_endpoint=self.endpoint,
            s3_access_key_id="test-access-key",
            s3_secret_access_key="test-secret-key",
        )


@contextmanager
def s3_server() -> Iterator[str]:
    """moto's S3 server in a thread; its address."""
    from moto.server import ThreadedMotoServer  # takes seconds to import

    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        yield f"http://{host}:{port}"
    finally:
        server.stop()


def make_bucket(endpoint: str, name: str) -> Bucket:
    """A new bucket: our own client cannot make one, an operator does."""
    import boto3

    client = boto3.client(
        "s3",
        endpoint_url=endpoint,
        aws_access_key_id="test-access-key",
        aws_secret_access_key="test-secret-key",
        region_name="us-east-1",
    )
    client.create_bucket(Bucket=name)
    return Bucket(endpoint, name, client)


CHROMIUM_FLAGS = (
    "--no-sandbox",  # CI is root
    "--disable-gpu",  # there is none; its stand-in once span on after its page had crashed
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def chromium() -> str:
    """The path of a Chromium for playwright (``executable_path``, with ``CHROMIUM_FLAGS``)."""
    names = ("chromium", "chromium-browser", "google-chrome")
    found = [
        path for name in names if Path(path := shutil.which(name) or "/usr/bin/" + name).exists()
    ]
    if not found:
        not_here("Chromium is not installed: apt-get install chromium")
    try:
        ctypes.CDLL("libatomic.so.1")
    except OSError:
        not_here("playwright's own node needs a library: apt-get install libatomic1")
    return found[0]
