"""clamd for tests: the real one with a signature of our own, and one that answers as it is told."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.servers import not_here
from triage.evidence.malware import trial_file

# In parts, or a virus scanner would take this file for what it only names.
EICAR = b"".join(
    (b"X5O!P%@AP[4\\PZX54(P^)7CC)7}", b"$EICAR-STANDARD-", b"ANTIVIRUS-TEST-FILE", b"!$H+H*")
)
LIMITS = b"stream: Heuristics.Limits.Exceeded.MaxRecursion FOUND\0"
START_SECONDS = 30
Answer = Callable[[socket.socket, bytes], None]


@contextlib.contextmanager
def real(signature: bytes = EICAR, **settings: str) -> Iterator[str]:
    """The address of a clamd that knows one signature; ``settings`` are of clamd.conf."""
    program = shutil.which("clamd", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if program is None:
        not_here("clamd is not installed: apt-get install clamav-daemon")
    # In /tmp, for the path of a socket has at most 107 characters.
    folder = Path(tempfile.mkdtemp(prefix="triage-clamd-", dir="/tmp"))
    process: subprocess.Popen[bytes] | None = None
    try:
        write_signature(folder, signature)
        (folder / "clamd.conf").write_text(_configuration(folder, settings))
        with (folder / "log").open("wb") as log:
            command = [program, "--config-file", folder / "clamd.conf"]
            mortal = ["setpriv", "--pdeathsig", "TERM"] if shutil.which("setpriv") else []
            process = subprocess.Popen([*mortal, *command], stdout=log, stderr=log)
        _wait_for(folder / "socket", folder / "log")
        yield f"unix:{folder / 'socket'}"
    finally:
        if process is not None:
            process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(5)
            process.kill()
            process.wait()
        shutil.rmtree(folder, ignore_errors=True)


def write_signature(folder: Path, signature: bytes) -> None:
    """One line of a signature database: a name, any type of file, its start, the bytes."""
    (folder / "ours.ndb").write_text(f"Test-Signature:0:0:{signature.hex()}\n")


def _configuration(folder: Path, settings: dict[str, str]) -> str:
    lines = {
        "LocalSocket": str(folder / "socket"),
        "DatabaseDirectory": str(folder),
        "Foreground": "yes",
        "User": pwd.getpwuid(os.geteuid()).pw_name,
        "SelfCheck": "0",
        "AlertExceedsMax": "yes",
        **settings,
    }
    return "".join(f"{name} {value}\n" for name, value in lines.items())


def _wait_for(path: Path, log: Path) -> None:
    end = time.monotonic() + START_SECONDS
    while True:
        with socket.socket(socket.AF_UNIX) as line, contextlib.suppress(OSError):
            line.settimeout(5)
            line.connect(str(path))
            line.sendall(b"zPING\0")
            if line.recv(5) == b"PONG\0":
                return
        assert time.monotonic() < end, f"clamd did not start:\n{log.read_text()}"
        time.sleep(0.05)


class FakeClamd:
    """Speaks the protocol on a free port. ``answer`` gets the line and the streamed file.

    ``version`` and ``limits`` are its answers to VERSION and to the trial of its limits.
    ``hasty`` answers before anything has been read.
    """

    def __init__(self) -> None:
        self.answer: Answer = says(b"stream: OK\0")
        self.hasty: Answer | None = None
        self.version = b"ClamAV 1.4.6/27800/Sun Nov 22 08:00:00 2026\0"
        self.limits = LIMITS
        self.streams: list[bytes] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"tcp://127.0.0.1:{self._listener.getsockname()[1]}"
        self._over = threading.Event()
        self._loop = threading.Thread(target=self._listen, daemon=True)
        self._loop.start()

    def close(self) -> None:
        """Hang up and answer no more."""
        self._over.set()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._loop.join(5)

    def _listen(self) -> None:
        while not self._over.is_set():
            try:
                line, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(line,), daemon=True).start()

    def _serve(self, line: socket.socket) -> None:
        with line, contextlib.suppress(OSError):
            file = line.makefile("rb")
            command = _until_zero(file.read)
            if command == b"zVERSION":
                line.sendall(self.version)
                return
            first = _chunk(file.read)
            if first == trial_file():
                line.sendall(self.limits)
                return
            if self.hasty is not None:
                self.hasty(line, first)
                return
            content = [first]
            while content[-1]:
                content.append(_chunk(file.read))
            self.streams.append(b"".join(content))
            self.answer(line, self.streams[-1])


def says(words: bytes) -> Answer:
    """An answer that is always the same."""
    return lambda line, _: line.sendall(words)


def _until_zero(read: Callable[[int], bytes]) -> bytes:
    said = b""
    while (byte := read(1)) not in (b"", b"\0"):
        said += byte
    return said


def _chunk(read: Callable[[int], bytes]) -> bytes:
    return read(int.from_bytes(read(4), "big"))


@contextlib.contextmanager
def fake() -> Iterator[FakeClamd]:
    """A clamd that answers as it is told."""
    server = FakeClamd()
    try:
        yield server
    finally:
        server.close()
