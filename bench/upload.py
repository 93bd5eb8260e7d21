"""Posts one large video to the real service and says what it cost: python bench/upload.py.

Starts ``triage serve`` on a folder of its own. Exit status 1 when the process grew by more than
--limit MiB. Quote the memory; quote times only as ratios to the plain copy of the same run.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

MIB = 1024 * 1024
LINE = "a-line-between-parts"
ROOT = Path(__file__).parents[1]


@contextlib.contextmanager
def service(folder: Path) -> Iterator[tuple[int, int, str]]:
    """The service: its port, its process id, an API key."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    environment = {**os.environ, "TRIAGE_DATA_DIR": str(folder), "TRIAGE_PORT": str(port)}
    triage = [sys.executable, "-m", "triage"]
    made = subprocess.check_output(
        [*triage, "key", "add", "--scope", "intake", "--json"], cwd=ROOT, env=environment
    )
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(
            [*triage, "serve"], cwd=ROOT, env=environment, stdout=log, stderr=log
        )
    try:
        wait_until_answered(port, process)
        yield port, process.pid, json.loads(made)["key"]
    finally:
        process.terminate()
        process.wait(30)


def wait_until_answered(port: int, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end and process.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)):
            return
        time.sleep(0.1)
    raise SystemExit("the service did not start")


def post(port: int, key: str, size: int) -> tuple[int, float]:
    """Post a complaint with a "video" of ``size`` bytes; the status and the seconds."""
    fields = {"text": "The kettle came broken", "order_number": "512345678"}
    head = "".join(
        f'--{LINE}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in fields.items()
    )
    head += f'--{LINE}\r\nContent-Disposition: form-data; name="unboxing_video"; '
    head += 'filename="box.mp4"\r\nContent-Type: video/mp4\r\n\r\n'
    start = b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom"
    piece, tail = os.urandom(MIB), f"\r\n--{LINE}--\r\n".encode()
    length = len(head.encode()) + size + len(tail)
    began = time.perf_counter()
    with socket.create_connection(("127.0.0.1", port), timeout=180) as client:
        client.sendall(
            f"POST /api/v1/complaints HTTP/1.1\r\nHost: test\r\nAuthorization: Bearer {key}\r\n"
            f"Prefer: respond-async\r\nConnection: close\r\nContent-Length: {length}\r\n"
            f"Content-Type: multipart/form-data; boundary={LINE}\r\n\r\n{head}".encode()
        )
        client.sendall(start)
        for sent in range(len(start), size, MIB):
            client.sendall(piece[: size - sent])
        client.sendall(tail)
        answer = b"".join(iter(lambda: client.recv(65536), b""))
        seconds = time.perf_counter() - began
    head, _, body = answer.decode().partition("\r\n\r\n")
    status = int(head.split()[1])
    if status not in (201, 202) or [e["size"] for e in json.loads(body)["evidence"]] != [size]:
        raise SystemExit(f"the upload was not taken in: {head}\n{body}")
    return status, seconds


def copy(folder: Path, size: int) -> float:
    """Seconds to hash and write so many bytes with nothing around it: the floor."""
    piece, digest, began = os.urandom(MIB), hashlib.sha256(), time.perf_counter()
    with tempfile.TemporaryFile(dir=folder) as file:
        for _ in range(size // MIB):
            digest.update(piece)
            file.write(piece)
        file.flush()
        os.fdatasync(file.fileno())
    return time.perf_counter() - began


def memory(pid: int, name: str) -> int:
    """``VmRSS`` (now) or ``VmHWM`` (the most since ``forget_peak``), in bytes."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.split(f"{name}:")[1].split()[0]) * 1024


def forget_peak(pid: int) -> None:
    Path(f"/proc/{pid}/clear_refs").write_text("5")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--megabytes", type=int, default=499)
    parser.add_argument("--limit", type=int, default=32, help="MiB that the process may grow by")
    asked = parser.parse_args()
    size = asked.megabytes * MIB
    with tempfile.TemporaryDirectory(prefix="triage-bench-", dir=ROOT) as place:
        folder = Path(place)
        with service(folder) as (port, pid, key):
            post(port, key, MIB)  # what is loaded once is loaded now
            time.sleep(3)
            floor = copy(folder, size)
            forget_peak(pid)
            before = memory(pid, "VmRSS")
            status, seconds = post(port, key, size)
            grown = (memory(pid, "VmHWM") - before) / MIB
    print(f"{asked.megabytes} MiB posted: {status}")
    print(f"memory: {before / MIB:.0f} MiB before, {grown:+.1f} MiB at the most meanwhile")
    print(f"time: {seconds / floor:.2f} x hashing and writing the same bytes alone")
    return 0 if grown <= asked.limit else 1


if __name__ == "__main__":
    sys.exit(main())
