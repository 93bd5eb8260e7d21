"""``triage serve`` and ``triage work`` as processes of their own, for tests of the whole."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
START_SECONDS = 60
Start = Callable[..., "Service"]


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


@contextmanager
def processes(folder: Path) -> Iterator[Start]:
    """Starts commands on ``folder``; whatever still runs at the end is killed."""
    with_us: list[Service] = []

    def go(*words: str, command: str = "serve", **environment: str) -> Service:
        log = folder / f"log-{len(with_us)}.txt"
        kept = {k: v for k, v in os.environ.items() if not k.startswith("TRIAGE_")}
        with log.open("w") as written:
            process = subprocess.Popen(
                [sys.executable, "-m", "triage", command, *words],
                cwd=ROOT,
                env={**kept, "TRIAGE_DATA_DIR": str(folder / "data"), **environment},
                stdout=subprocess.PIPE,
                stderr=written,
                text=True,
            )
        service = Service(process, log)
        service.reader = threading.Thread(target=service.read)
        service.reader.start()
        with_us.append(service)
        return service

    try:
        yield go
    finally:
        for service in with_us:
            service.process.kill()
            service.process.wait()
            service.reader.join()
            service.process.stdout.close()
