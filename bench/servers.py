"""Compares web servers on one large upload: python bench/servers.py [--megabytes 300] [--rounds 3].

Servers that are not ours are installed into a throw-away folder. Quote ratios, not seconds.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

OTHERS = ("gunicorn==27.0.1", "waitress==3.0.2")
THREADS = 32
LONGEST_PING = 5  # seconds; a server that takes longer is down for its clients
MIB = 1024 * 1024


def app(environ: dict[str, Any], start_response: Any) -> list[bytes]:
    """Hashes and writes an upload in one pass, as our intake does; anything else is a ping."""
    if environ["REQUEST_METHOD"] != "POST":
        start_response("200 OK", [("Content-Length", "4")])
        return [b"pong"]
    digest, left = hashlib.sha256(), int(environ["CONTENT_LENGTH"])
    with tempfile.TemporaryFile(dir=os.environ["BENCH_FOLDER"]) as file:
        while left and (piece := environ["wsgi.input"].read(min(MIB, left))):
            digest.update(piece)
            file.write(piece)
            left -= len(piece)
    text = digest.hexdigest().encode()
    start_response("201 Created", [("Content-Length", str(len(text)))])
    return [text]


def run_server(name: str, port: int) -> None:
    """In the child process: serve ``app`` for ever."""
    if name == "triage":
        from triage.server import serve

        serve(app, "127.0.0.1", port, THREADS)
    elif name == "cheroot":
        from cheroot.wsgi import Server

        Server(("127.0.0.1", port), app, numthreads=THREADS).start()
    elif name == "waitress":
        from waitress import serve as serve_waitress

        serve_waitress(
            app, host="127.0.0.1", port=port, threads=THREADS, max_request_body_size=2**40
        )
    else:
        options = ["-k", "gthread", "--threads", str(THREADS), "-b", f"127.0.0.1:{port}"]
        sys.argv = ["gunicorn", *options, "--log-level", "error", "servers:app"]
        from gunicorn.app.wsgiapp import run

        run()


@contextlib.contextmanager
def started(name: str, folder: str) -> Iterator[tuple[int, int]]:
    """A server process: its port and process id."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    paths = os.pathsep.join([folder, str(Path(__file__).parent), str(Path(__file__).parents[1])])
    environment = {**os.environ, "PYTHONPATH": paths, "BENCH_FOLDER": folder}
    command = [sys.executable, __file__, "--child", name, str(port)]
    process = subprocess.Popen(command, env=environment)
    try:
        for _ in range(200):
            with contextlib.suppress(OSError):
                ping(port)
                break
            time.sleep(0.05)
        yield port, process.pid
    finally:
        process.terminate()
        process.wait(20)


def ping(port: int) -> float:
    """Seconds that a new connection with one small request takes; at most LONGEST_PING."""
    began = time.perf_counter()
    with socket.create_connection(("127.0.0.1", port), timeout=LONGEST_PING) as connection:
        connection.sendall(b"GET /ping HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        with contextlib.suppress(TimeoutError):
            while not connection.recv(4096).endswith(b"pong"):
                pass
    return time.perf_counter() - began


def upload(port: int, size: int) -> float:
    """Seconds that one upload of ``size`` bytes takes."""
    piece, began = os.urandom(MIB), time.perf_counter()
    with socket.create_connection(("127.0.0.1", port), timeout=120) as connection:
        connection.sendall(post_head(size))
        for _ in range(size // MIB):
            connection.sendall(piece)
        assert connection.recv(4096).split()[1] == b"201"
    return time.perf_counter() - began


def post_head(size: int) -> bytes:
    return f"POST /upload HTTP/1.1\r\nHost: x\r\nContent-Length: {size}\r\n\r\n".encode()


def pings_beside(port: int, clients: int, head: bytes, *, body: bool) -> float:
    """The slowest of 20 pings while ``clients`` have sent ``head`` (and dribble a body)."""
    stop = threading.Event()
    crowd = [socket.create_connection(("127.0.0.1", port)) for _ in range(clients)]

    def dribble(client: socket.socket) -> None:
        with contextlib.suppress(OSError):
            client.sendall(head)
            while body and not stop.wait(0.1):
                client.sendall(bytes(1024))

    threads = [threading.Thread(target=dribble, args=(client,)) for client in crowd]
    for thread in threads:
        thread.start()
    time.sleep(0.5)
    try:
        slowest = max(ping(port) for _ in range(20))
    finally:
        stop.set()
        for thread, client in zip(threads, crowd, strict=True):
            thread.join()
            client.close()
    return slowest


def peak_memory(pid: int) -> int:
    """Largest resident size in bytes of the process, or of its largest child."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    sizes = []
    for each in [str(pid), *children]:
        status = Path(f"/proc/{each}/status").read_text()
        sizes.append(int(status.split("VmHWM:")[1].split()[0]) * 1024)
    return max(sizes)


def processor_seconds(pid: int) -> float:
    """Processor time of the process and its children so far."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    fields = [Path(f"/proc/{each}/stat").read_text().split() for each in [str(pid), *children]]
    return sum(int(each[13]) + int(each[14]) for each in fields) / os.sysconf("SC_CLK_TCK")


def measure(name: str, folder: str, size: int) -> dict[str, float]:
    with started(name, folder) as (port, pid):
        before, used = peak_memory(pid), processor_seconds(pid)
        row = {"upload": upload(port, size), "memory": (peak_memory(pid) - before) / MIB}
        row["processor"] = processor_seconds(pid) - used
        half = b"GET /ping HTTP/1.1\r\nHo"
        row["slow"] = pings_beside(port, 8, post_head(2**30), body=True)
        row["many"] = pings_beside(port, 40, half, body=False)
    return row


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--megabytes", type=int, default=300)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--child", nargs=2)
    asked = parser.parse_args()
    if asked.child:
        return run_server(asked.child[0], int(asked.child[1]))
    names = ("triage", "cheroot", "waitress", "gunicorn")
    rows: dict[str, list[dict[str, float]]] = {name: [] for name in names}
    with tempfile.TemporaryDirectory(dir=".") as folder:
        pip = [sys.executable, "-m", "pip", "install", "-qq", "--target", folder, *OTHERS]
        subprocess.run(pip, check=True)
        for _ in range(asked.rounds):
            for name in names:
                rows[name].append(measure(name, folder, asked.megabytes * MIB))
    print("| server | upload | its CPU | memory + MiB | slowest ping, s: 8 slow | 40 silent |")
    print("| --- | --- | --- | --- | --- | --- |")
    typical = {n: {k: statistics.median(r[k] for r in rows[n]) for k in rows[n][0]} for n in names}
    for name, row in typical.items():
        one = typical["triage"]
        relative = " | ".join(f"{row[k] / one[k]:.2f}" for k in ("upload", "processor"))
        pings = " | ".join(f"{row[k]:.3f}" for k in ("slow", "many"))
        print(f"| {name} | {relative} | {row['memory']:.0f} | {pings} |")
    return None


if __name__ == "__main__":
    main()
