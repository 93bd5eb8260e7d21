"""The one command of the README: it starts, says how to get in, works, and stops cleanly."""

from __future__ import annotations

import json
import shlex
import shutil
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request

import pytest

from tests.processes import ROOT, START_SECONDS, Start
from tests.servers import not_here

pytestmark = pytest.mark.timeout(180)


def test_the_printed_curl_line_answers_201_with_the_triaged_complaint(
    start: Start,
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
    start: Start,
) -> None:
    first = start("--demo", "--port", "0")
    key = first.wait_for("API key").split()[-1]
    first.process.send_signal(signal.SIGTERM)
    assert first.process.wait(20) == 0
    assert start("--demo", "--port", "0").wait_for("API key").split()[-1] == key
    for line in first.log.read_text().splitlines():
        assert json.loads(line)["event"], "the log is JSON, one event a line"


def test_a_running_request_is_answered_before_it_stops(start: Start) -> None:
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


def test_a_port_in_use_is_said_in_one_sentence(start: Start) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        service = start("--port", str(taken.getsockname()[1]))
        assert service.process.wait(START_SECONDS) == 1
    assert "is used by another program" in service.log.read_text()
    assert "Traceback" not in service.log.read_text()


def test_without_demo_nobody_is_let_in(start: Start) -> None:
    service = start("--port", "0")
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(f"{service.url}/api/v1/queue", timeout=20)
    refused.value.close()
    assert refused.value.code == 401
    assert not any("API key" in line for line in service.printed)
