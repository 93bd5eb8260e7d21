"""The one command of the README: it starts, says how to get in, works, and stops cleanly."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.servers import not_here

ROOT = Path(__file__).parents[2]
START_SECONDS = 60
pytestmark = pytest.mark.timeout(180)


@dataclass
class Service:
    """``triage serve`` as a process; ``printed`` grows while it runs."""

    process: subprocess.Popen[str]
    log: Path
    printed: list[str] = field(default_factory=list)
    reader: threading.Thread | None = None

    def read(self) -> None:
        for line in self.process.stdout:
            self.printed.append(line)

    def wait_for(self, text: str) -> str:
        """The line that holds ``text``."""
        end = time.monotonic() + START_SECONDS
        while time.monotonic() < end and self.process.poll() is None:
            for line in self.printed:
                if text in line:
                    return line
            time.sleep(0.02)
        pytest.fail(f"no {text!r} in:\n{''.join(self.printed)}\n{self.log.read_text()[-3000:]}")

    @property
    def url(self) -> str:
        return re.search(r"http://127\.0\.0\.1:\d+", self.wait_for("Pages for agents"))[0]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Service]]:
    with_us: list[Service] = []

    def go(*words: str, **environment: str) -> Service:
        log = tmp_path / "log.txt"
        kept = {k: v for k, v in os.environ.items() if not k.startswith("TRIAGE_")}
        with log.open("w") as written:
            process = subprocess.Popen(
                [sys.executable, "-m", "triage", "serve", *words],
                cwd=ROOT,
                env={**kept, "TRIAGE_DATA_DIR": str(tmp_path / "data"), **environment},
                stdout=subprocess.PIPE,
                stderr=written,
                text=True,
            )
        service = Service(process, log)
        service.reader = threading.Thread(target=service.read)
        service.reader.start()
        with_us.append(service)
        return service

    yield go
    for service in with_us:
        service.process.kill()
        service.process.wait()
        service.reader.join()
        service.process.stdout.close()


def test_the_printed_curl_line_answers_201_with_the_triaged_complaint(
    start: Callable[..., Service],
) -> None:
    if not shutil.which("curl"):
        not_here("curl is not installed: apt-get install curl")
    service = start("--demo", "--port", "0")
    line = service.wait_for("curl ")
    answered = subprocess.run(
        [*shlex.split(line), "-w", "\n%{http_code}"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    ).stdout
    body, _, status = answered.rpartition("\n")
    complaint = json.loads(body)
    assert (status, complaint["status"]) == ("201", "queued")
    assert complaint["category"] == "defective"
    assert {each["verdict"] for each in complaint["evidence"]} == {"accepted"}


def test_it_stops_cleanly_and_starts_again_with_the_same_key(
    start: Callable[..., Service],
) -> None:
    first = start("--demo", "--port", "0")
    key = first.wait_for("API key").split()[-1]
    first.process.send_signal(signal.SIGTERM)
    assert first.process.wait(20) == 0
    assert start("--demo", "--port", "0").wait_for("API key").split()[-1] == key
    for line in first.log.read_text().splitlines():
        assert json.loads(line)["event"], "the log is JSON, one event a line"


def test_a_running_request_is_answered_before_it_stops(start: Callable[..., Service]) -> None:
    service = start("--demo", "--port", "0")
    key = service.wait_for("API key").split()[-1]
    host, port = service.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=20) as client:
        text = b'{"text": "The kettle came broken"}'
        client.sendall(
            b"POST /api/v1/classify HTTP/1.1\r\nHost: test\r\nContent-Type: application/json\r\n"
            + f"Authorization: Bearer {key}\r\nContent-Length: {len(text)}\r\n\r\n".encode()
            + text[:5]
        )
        time.sleep(0.5)
        service.process.send_signal(signal.SIGTERM)
        time.sleep(0.5)
        client.sendall(text[5:])
        assert client.recv(12) == b"HTTP/1.1 200"
    assert service.process.wait(20) == 0


def test_a_port_in_use_is_said_in_one_sentence(start: Callable[..., Service]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        service = start("--port", str(taken.getsockname()[1]))
        assert service.process.wait(START_SECONDS) == 1
    assert "is used by another program" in service.log.read_text()
    assert "Traceback" not in service.log.read_text()


def test_without_demo_nobody_is_let_in(start: Callable[..., Service]) -> None:
    service = start("--port", "0")
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(f"{service.url}/api/v1/queue", timeout=20)
    refused.value.close()
    assert refused.value.code == 401
    assert not any("API key" in line for line in service.printed)
