"""A large upload costs time and disk, not memory."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path

from flask import Flask

from tests.channels.conftest import SAID, Caller
from tests.channels.forms import BOUNDARY, MIB, TYPE, part
from triage.desk import Desk

SIZE = 300 * MIB
MOST = 32 * MIB


def rss() -> int:
    """Bytes of this process that lie in memory now."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096


class Watch:
    """The most memory that this process had while something ran."""

    def __enter__(self) -> Watch:
        self.before = self.most = rss()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look)
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._over.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._over.is_set():
            self.most = max(self.most, rss())
            time.sleep(0.005)


class MadeUp:
    """A form with one video that is made while it is read."""

    def __init__(self) -> None:
        head = b"".join(
            f"--{BOUNDARY}\r\n".encode() + part(name, text.encode()) for name, text in SAID.items()
        )
        head += f"--{BOUNDARY}\r\n".encode()
        head += part("unboxing_video", b"", filename="box.mp4").removesuffix(b"\r\n")
        tail = f"\r\n--{BOUNDARY}--\r\n".encode()
        self.length = len(head) + SIZE + len(tail)
        self._pieces = self._made(head, tail)
        self._rest = b""

    def _made(self, head: bytes, tail: bytes) -> Iterator[bytes]:
        yield head
        noise = bytes(range(256)) * 4096
        for _ in range(SIZE // MIB):
            yield noise
        yield tail

    def read(self, size: int = -1, /) -> bytes:
        found = bytearray(self._rest)
        while len(found) < size and (piece := next(self._pieces, b"")):
            found += piece
        self._rest = bytes(found[size:])
        return bytes(found[:size])


def test_300_megabytes_pass_through_in_32(app: Flask, client: Caller, desk: Desk) -> None:
    client.post("/complaints", SAID)  # whatever is loaded late is loaded now
    body = MadeUp()
    with Watch() as memory:
        answer = app.test_client().post(
            "/api/v1/complaints",
            headers={"Authorization": f"Bearer {client.key}"},
            environ_overrides={
                "wsgi.input": body,
                "CONTENT_LENGTH": str(body.length),
                "CONTENT_TYPE": TYPE,
            },
        )
    assert answer.status_code == 201, answer.text
    (kept,) = answer.get_json()["evidence"]
    assert kept["size"] == SIZE
    blob = desk.settings.data_dir / "evidence" / kept["sha256"][:2] / kept["sha256"]
    assert blob.stat().st_size == SIZE
    assert memory.most - memory.before < MOST
