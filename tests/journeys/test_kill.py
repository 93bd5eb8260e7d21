"""Whatever dies, nothing that was acknowledged is lost and nothing is done twice."""

from __future__ import annotations

import json
import os
import random
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from tests.pictures import picture

ROOT = Path(__file__).parents[2]
ROUNDS = 4
CLIENTS = 4
BOUNDARY = "a-line-between-parts"


@pytest.fixture
def service(tmp_path):
    running = Service(tmp_path)
    yield running
    running.kill()


class Service:
    """The real server in a process group of its own, on a folder that survives it."""

    def __init__(self, folder: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.folder = folder / "data"
        self.log = folder / "log.txt"
        self.environment = {
            **os.environ,
            "TRIAGE_DATA_DIR": str(self.folder),
            "TRIAGE_PORT": str(self.port),
        }
        made = self.run("key", "add", "--scope", "intake", "--json")
        self.key = json.loads(made)["key"]
        self.process: subprocess.Popen[bytes] | None = None

    def run(self, *words: str) -> str:
        command = [sys.executable, "-m", "triage", *words]
        return subprocess.run(
            command, cwd=ROOT, env=self.environment, check=True, capture_output=True, text=True
        ).stdout

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "triage", "serve"],
                cwd=ROOT,
                env=self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                pytest.fail(f"the server did not start:\n{self.log.read_text()[-3000:]}")
            try:
                with urllib.request.urlopen(f"{self.url}/health/live", timeout=2):
                    return
            except OSError:
                time.sleep(0.05)
        pytest.fail("the server did not answer in a minute")

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def kill(self) -> None:
        if self.process is not None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None

    def post(self, number: int) -> str | None:
        """The id of the complaint, or None when the server died before it answered."""
        request = urllib.request.Request(
            f"{self.url}/api/v1/complaints",
            data=form(number),
            headers={
                "Authorization": f"Bearer {self.key}",
                "Content-Type": f"multipart/form-data; boundary={BOUNDARY}",
                "Prefer": "respond-async" if number % 2 else "wait=2",
            },
        )
        try:
            with urllib.request.urlopen(request, timeout=20) as response:
                return str(json.load(response)["id"])
        except urllib.error.HTTPError:
            raise
        except (OSError, ValueError):
            return None


def form(number: int) -> bytes:
    fields = {
        "text": f"The kettle came broken, letter {number}",
        "order_number": f"97{number:07}",
        "problem_type": "defective",
        "channel": "web",
    }
    lines: list[bytes] = []
    for name, value in fields.items():
        head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'
        lines.append(head.encode() + value.encode() + b"\r\n")
    for shade in (number * 2, number * 2 + 1):
        head = (
            f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="damage_photo"; '
            f'filename="{shade}.jpg"\r\nContent-Type: image/jpeg\r\n\r\n'
        )
        lines.append(head.encode() + picture(shade) + b"\r\n")
    return b"".join(lines) + f"--{BOUNDARY}--\r\n".encode()


def load_until_killed(service: Service, seconds: float, start: int) -> list[str]:
    """Post from several clients at once, kill the server meanwhile; what was acknowledged."""
    acknowledged: list[str] = []
    stop = threading.Event()

    def client(offset: int) -> None:
        number = start + offset
        while not stop.is_set():
            complaint_id = service.post(number)
            if complaint_id is not None:
                acknowledged.append(complaint_id)
            number += CLIENTS

    threads = [threading.Thread(target=client, args=(n,)) for n in range(CLIENTS)]
    for thread in threads:
        thread.start()
    time.sleep(seconds)
    service.kill()
    stop.set()
    for thread in threads:
        thread.join(30)
    return acknowledged


def rows(service: Service, query: str) -> list[tuple[object, ...]]:
    with sqlite3.connect(f"file:{service.folder}/triage.db?mode=ro", uri=True) as database:
        return database.execute(query).fetchall()


@pytest.mark.timeout(280)
def test_every_acknowledged_complaint_is_triaged_exactly_once_whenever_the_server_is_killed(
    service,
):
    chance = random.Random(20261122)
    acknowledged: list[str] = []
    for round in range(ROUNDS):
        service.start()
        acknowledged += load_until_killed(service, chance.uniform(0.5, 2.5), round * 10_000)

    service.start()
    deadline = time.monotonic() + 90
    untriaged = "SELECT count(*) FROM complaints WHERE triaged_round < round"
    while rows(service, untriaged) != [(0,)] and time.monotonic() < deadline:
        time.sleep(0.2)

    assert len(acknowledged) > ROUNDS, "the test must have posted something"
    kept = dict(rows(service, "SELECT id, status FROM complaints"))
    assert set(acknowledged) <= set(kept), "an acknowledged complaint was lost"
    assert set(kept.values()) <= {"needs_evidence", "queued"}
    judged = dict(rows(service, "SELECT complaint_id, count(*) FROM assessments GROUP BY 1"))
    assert set(judged.values()) == {1}, "a complaint was triaged twice"
    assert set(judged) == set(kept)
    moves = "SELECT complaint_id, count(*) FROM events WHERE verb = 'triage' GROUP BY 1"
    assert set(dict(rows(service, moves)).values()) == {1}
    for (sha256,) in rows(service, "SELECT DISTINCT sha256 FROM evidence"):
        assert (service.folder / "evidence" / str(sha256)[:2] / str(sha256)).exists()
    assert rows(service, "SELECT count(*) FROM evidence WHERE verdict = 'pending'") == [(0,)]
