"""The real service in processes of its own, for tests that kill them."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from tests.pictures import picture

ROOT = Path(__file__).parents[1]
BOUNDARY = "a-line-between-parts"


class Service:
    """The real server in a process group of its own, on a folder that survives it."""

    def __init__(self, folder: Path, **settings: str) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.folder = folder / "data"
        self.log = folder / "log.txt"
        self.environment = {
            **os.environ,
            "TRIAGE_DATA_DIR": str(self.folder),
            "TRIAGE_PORT": str(self.port),
            **settings,
        }
        made = self.run("key", "add", "--scope", "intake", "--json")
        self.key = json.loads(made)["key"]
        self.process: subprocess.Popen[bytes] | None = None

    def run(self, *words: str) -> str:
        command = [sys.executable, "-m", "triage", *words]
        return subprocess.run(
            command, cwd=ROOT, env=self.environment, check=True, capture_output=True, text=True
        ).stdout

    def spawn(self, *words: str) -> subprocess.Popen[bytes]:
        """A command that stays, in a process group of its own."""
        with self.log.open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "triage", *words],
                cwd=ROOT,
                env=self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def start(self, *words: str) -> None:
        """Start the server and wait until it answers."""
        self.process = self.spawn("serve", *words)
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
            kill(self.process)
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
        except (OSError, ValueError, http.client.HTTPException):
            # No connection, or only a part of the answer (its head, say) before the death.
            return None


def kill(process: subprocess.Popen[bytes]) -> None:
    """SIGKILL to the process and all of its children: what a power cut looks like."""
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()


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
