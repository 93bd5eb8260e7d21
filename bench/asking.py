"""Browsers for benchmarks: one inside this process, one that talks HTTP to a server."""

from __future__ import annotations

import contextlib
import http.client
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from flask.testing import FlaskClient

ROOT = Path(__file__).parents[1]
GUNICORN = "gunicorn==23.0.0"
START_SECONDS = 60
_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
_FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@dataclass(frozen=True)
class Answer:
    status: int
    body: bytes
    location: str


@dataclass
class Browser:
    """Keeps cookies and the token of the forms; every request may come from another address."""

    sender: str = "127.0.0.1"
    token: str = ""

    def get(self, address: str) -> Answer:
        answer = self.send("GET", address, None)
        if not self.token and (found := _TOKEN.search(answer.body.decode())):
            self.token = found[1]
        return answer

    def post(self, address: str, **fields: str) -> Answer:
        return self.send("POST", address, {"csrf_token": self.token, **fields})

    def send(self, method: str, address: str, form: Mapping[str, str] | None) -> Answer:
        raise NotImplementedError

    def sign_in(self, login: str, password: str) -> Browser:
        self.get("/sign-in?lang=ru")
        answer = self.post("/sign-in", login=login, password=password)
        assert answer.status == 303, answer.body[:400]
        self.token = ""
        return self


@dataclass
class Inside(Browser):
    """Calls the application without a server, so that nothing but its own work is counted."""

    client: FlaskClient = field(kw_only=True)

    def send(self, method: str, address: str, form: Mapping[str, str] | None) -> Answer:
        answer = self.client.open(
            address, method=method, data=form, environ_overrides={"REMOTE_ADDR": self.sender}
        )
        return Answer(answer.status_code, answer.data, answer.headers.get("Location", ""))


@dataclass
class Outside(Browser):
    """Over one connection that is kept; the sender's address is as of a reverse proxy."""

    url: str = field(kw_only=True)
    _cookies: dict[str, str] = field(default_factory=dict)
    _connection: http.client.HTTPConnection | None = None

    def send(self, method: str, address: str, form: Mapping[str, str] | None) -> Answer:
        if self._connection is None:
            self._connection = http.client.HTTPConnection(urlsplit(self.url).netloc, timeout=60)
        cookies = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        headers = {"Cookie": cookies, "X-Forwarded-For": self.sender, **(_FORM if form else {})}
        body = urlencode(form) if form else None
        path = address.removeprefix(self.url)
        try:
            self._connection.request(method, path, body, headers)
            answer = self._connection.getresponse()
        except http.client.RemoteDisconnected:  # it was idle for too long
            self._connection.close()
            self._connection = None
            return self.send(method, address, form)
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                cookie, _, said = value.partition(";")[0].partition("=")
                self._cookies[cookie] = said
        return Answer(answer.status, answer.read(), answer.headers.get("Location", ""))


@contextlib.contextmanager
def serving(which: str, database: str, folder: Path, secret: str) -> Iterator[str]:
    """A web server upon that database, in processes of its own; its address."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    environment = {
        **os.environ,
        "TRIAGE_DATABASE_URL": database,
        "TRIAGE_DATA_DIR": str(folder),
        "TRIAGE_SECRET_KEY": secret,
        "TRIAGE_PROXIES": "1",
        "TRIAGE_PORT": str(port),
        "TRIAGE_LOG_LEVEL": "ERROR",
    }
    with tempfile.TemporaryDirectory() as programs:
        command = [sys.executable, "-m", "triage", "serve", "--web-only"]
        if which == "gunicorn":
            pip = [sys.executable, "-m", "pip", "install", "-qq", "--target", programs, GUNICORN]
            subprocess.run(pip, check=True)
            environment["PYTHONPATH"] = programs
            command = [sys.executable, "-m", "gunicorn", "-k", "gthread", "--threads", "8"]
            command += ["-w", "2", "-b", f"127.0.0.1:{port}", "--log-level", "error", "wsgi:app"]
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
        try:
            _wait_for(port, process)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(20)


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and process.poll() is None:
        with contextlib.suppress(OSError):
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/health/live")
            if connection.getresponse().status == 200:
                return
        time.sleep(0.2)
    raise SystemExit("The server did not start.")
