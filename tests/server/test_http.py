"""What the server owes to clients who are slow, hasty, gone, refused or hostile."""

from __future__ import annotations

import contextlib
import http.client
import json
import re
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from flask import Flask, Response, request

from tests.servers import running
from triage.server import Server, wire

HEAD = b"Host: test\r\n"


@dataclass
class Seen:
    """What the application noticed."""

    bodies: list[bytes] = field(default_factory=list)
    gate: threading.Event = field(default_factory=threading.Event)


@pytest.fixture
def seen() -> Seen:
    return Seen()


@pytest.fixture
def app(seen: Seen) -> Flask:
    app = Flask("test")

    @app.post("/keep")
    def keep() -> str:
        seen.bodies.append(request.environ["wsgi.input"].read())
        return str(len(seen.bodies[-1]))

    answers: dict[str, Callable[[], Any]] = {
        "/": lambda: "here",
        "/headers": lambda: dict(request.headers),
        "/stream": lambda: Response(iter([b"one", b"two"])),
        "/wait": lambda: str(seen.gate.wait(5)),
        "/fail": lambda: 1 / 0,
        "/refuse": lambda: ("no", 401),
        "/too-large": lambda: ("no", 413),
    }
    for path, answer in answers.items():
        app.add_url_rule(path, path, answer, methods=["GET", "POST"])
    return app


@pytest.fixture
def server(app: Flask) -> Iterator[Server]:
    with running(app, threads=2) as server:
        yield server


class Client:
    """A raw connection, so that a test can say exactly which bytes go out."""

    def __init__(self, server: Server) -> None:
        self.socket = socket.create_connection(server.bind_addr, timeout=5)
        self.file = self.socket.makefile("rb")

    def send(self, text: bytes) -> None:
        self.socket.sendall(text)

    def answer(self) -> tuple[int, dict[str, str], bytes]:
        status = int(self.file.readline().split()[1])
        headers = dict(http.client.parse_headers(self.file).items())
        length = int(headers.get("Content-Length", 0))
        return status, headers, self.file.read(length)

    def is_closed(self) -> bool:
        return self.file.read(1) == b""

    def close(self) -> None:
        self.file.close()
        self.socket.close()


Connect = Callable[[Server], Client]


@pytest.fixture
def connect() -> Iterator[Connect]:
    """Opens connections and closes them after the test."""
    with contextlib.ExitStack() as opened:
        yield lambda server: opened.enter_context(contextlib.closing(Client(server)))


@pytest.fixture
def client(server: Server, connect: Connect) -> Client:
    return connect(server)


def post(path: str, *headers: str, body: bytes = b"") -> bytes:
    lines = "".join(f"{line}\r\n" for line in headers)
    return f"POST {path} HTTP/1.1\r\nHost: test\r\n{lines}\r\n".encode() + body


GET = b"GET / HTTP/1.1\r\nHost: test\r\n\r\n"
CHUNKED = "Transfer-Encoding: chunked"


def test_a_connection_serves_many_requests(client: Client) -> None:
    for _ in range(3):
        client.send(GET)
        assert client.answer()[::2] == (200, b"here")


def test_requests_sent_at_once_are_answered_in_order(client: Client, seen: Seen) -> None:
    client.send(GET + post("/keep", "Content-Length: 3", body=b"abc") + GET)
    assert [client.answer()[2] for _ in range(3)] == [b"here", b"3", b"here"]
    assert seen.bodies == [b"abc"]


def test_head_has_the_headers_and_no_body(client: Client) -> None:
    client.send(b"HEAD / HTTP/1.1\r\nHost: test\r\n\r\n" + b"HEAD /stream HTTP/1.1\r\n" + HEAD)
    client.send(b"\r\n" + GET)
    assert client.file.readline() == b"HTTP/1.1 200 OK\r\n"
    assert http.client.parse_headers(client.file)["Content-Length"] == "4"
    assert client.file.readline() == b"HTTP/1.1 200 OK\r\n"
    http.client.parse_headers(client.file)
    assert client.answer()[2] == b"here"


def test_an_answer_of_unknown_length_comes_in_chunks(server: Server) -> None:
    connection = http.client.HTTPConnection(*server.bind_addr)
    with contextlib.closing(connection):
        for _ in range(2):
            connection.request("GET", "/stream")
            assert connection.getresponse().read() == b"onetwo"


def test_an_old_client_is_answered_and_the_connection_closed(client: Client) -> None:
    client.send(b"GET /stream HTTP/1.0\r\n\r\n")
    assert client.answer()[0] == 200
    assert client.file.read() == b"onetwo"


def test_the_server_does_not_name_itself(client: Client) -> None:
    client.send(GET)
    headers = client.answer()[1]
    assert "Server" not in headers
    assert "Date" in headers


def test_a_waiting_client_is_told_to_go_on_when_its_body_is_wanted(client: Client) -> None:
    client.send(post("/keep", "Content-Length: 3", "Expect: 100-continue"))
    assert client.file.readline() == b"HTTP/1.1 100 Continue\r\n"
    assert client.file.readline() == b"\r\n"
    client.send(b"abc")
    assert client.answer()[2] == b"3"


def test_a_waiting_client_who_is_refused_need_not_send_its_body(client: Client) -> None:
    client.send(post("/refuse", "Content-Length: 900000000", "Expect: 100-continue"))
    status, headers, _ = client.answer()
    assert (status, headers["Connection"]) == (401, "close")


@pytest.mark.parametrize("path", ["/refuse", "/too-large"])
def test_a_client_that_sends_everything_first_still_reads_the_refusal(
    server: Server, path: str
) -> None:
    connection = http.client.HTTPConnection(*server.bind_addr, timeout=10)
    with contextlib.closing(connection):
        connection.request("POST", path, body=bytes(30_000_000))
        assert connection.getresponse().status in (401, 413)


def test_a_short_body_that_nobody_read_does_not_cost_the_connection(client: Client) -> None:
    client.send(post("/refuse", "Content-Length: 3", body=b"abc") + GET)
    assert client.answer()[0] == 401
    assert client.answer()[2] == b"here"


def test_a_body_in_chunks_is_put_together(client: Client, seen: Seen) -> None:
    body = b"3\r\nabc\r\n5;name=value\r\ndefgh\r\n0\r\nTrailer: skipped\r\n\r\n"
    client.send(post("/keep", CHUNKED, body=body) + GET)
    assert client.answer()[2] == b"8"
    assert client.answer()[2] == b"here"
    assert seen.bodies == [b"abcdefgh"]


@pytest.mark.parametrize("body", [b"x\r\n", b"-1\r\n", b"0x3\r\nabc\r\n", b"1\r\nabc\r\n0\r\n\r\n"])
def test_chunks_that_make_no_sense_are_a_bad_request(
    client: Client, seen: Seen, body: bytes
) -> None:
    client.send(post("/keep", CHUNKED, body=body))
    assert client.answer()[0] == 400
    assert client.is_closed()
    assert seen.bodies == []


def test_an_unread_body_in_chunks_is_never_taken_for_a_request(client: Client) -> None:
    client.send(post("/refuse", CHUNKED, body=b"30\r\n" + GET + GET))
    assert client.answer()[0] == 401
    assert client.is_closed()


@pytest.mark.parametrize("framing", ["Content-Length: 10", CHUNKED])
def test_half_a_body_is_never_taken_for_a_whole_one(
    connect: Connect, server: Server, seen: Seen, framing: str
) -> None:
    client = connect(server)
    client.send(post("/keep", framing, body=b"5\r\nabc"))
    client.socket.shutdown(socket.SHUT_WR)
    assert client.answer()[0] == 400
    assert seen.bodies == []


def test_silent_and_dawdling_clients_hold_no_thread(connect: Connect, server: Server) -> None:
    crowd = [connect(server) for _ in range(20)]
    for each in crowd[:10]:
        each.send(b"GET / HTTP/1.1\r\nHos")
    asked = time.monotonic()
    client = connect(server)
    client.send(GET)
    assert client.answer()[0] == 200
    assert time.monotonic() - asked < 2


def test_a_head_that_comes_too_slowly_ends_the_connection(connect: Connect, app: Flask) -> None:
    with running(app) as server:
        server.timeout = 1
        client = connect(server)
        began = time.monotonic()
        with contextlib.suppress(OSError):
            while time.monotonic() - began < 5:  # each byte is quick enough, all of them are not
                client.send(b"G")
                time.sleep(0.1)
        assert time.monotonic() - began < 4


def test_a_body_that_stops_coming_is_given_up(
    connect: Connect, app: Flask, seen: Seen, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wire, "GRACE_SECONDS", 0.3)
    with running(app) as server:
        client = connect(server)
        client.send(post("/keep", "Content-Length: 10", body=b"abc"))
        assert client.answer()[0] == 408
    assert seen.bodies == []


MALFORMED = {
    "two lengths": post("/keep", "Content-Length: 3", "Content-Length: 4", body=b"abcd"),
    "length and chunks": post("/keep", "Content-Length: 3", CHUNKED, body=b"0\r\n\r\n"),
    "negative length": post("/keep", "Content-Length: -1"),
    "length with a sign": post("/keep", "Content-Length: +3", body=b"abc"),
    "length with underscores": post("/keep", "Content-Length: 1_0", body=bytes(10)),
    "blank before the colon": post("/keep", "Content-Length : 3", body=b"abc"),
    "folded header": post("/keep", "X-A: b\r\n c"),
    "header without colon": post("/keep", "nonsense"),
    "control character": post("/keep", "X-A: b\0c"),
    "line feeds alone": b"GET / HTTP/1.1\nHost: test\n\n",
    "no host": b"GET / HTTP/1.1\r\n\r\n",
    "two hosts": b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
    "chunks in HTTP/1.0": b"POST /keep HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n",
    "no protocol": b"GET /\r\n\r\n",
    "nonsense": b"\x16\x03\x01\x02\r\n\r\n",
}


@pytest.mark.parametrize("text", MALFORMED.values(), ids=MALFORMED.keys())
def test_what_two_servers_could_understand_differently_is_refused(
    client: Client, seen: Seen, text: bytes
) -> None:
    client.send(text + GET)
    status, headers, body = client.answer()
    assert status == 400
    assert headers["Content-Type"] == "application/problem+json"
    assert json.loads(body)["code"] == "http.malformed"
    assert client.is_closed()
    assert seen.bodies == []


def test_an_unknown_coding_is_not_guessed(client: Client) -> None:
    client.send(post("/keep", "Transfer-Encoding: gzip, chunked"))
    assert client.answer()[0] == 501


def test_a_head_without_end_is_refused(client: Client) -> None:
    client.send(b"GET / HTTP/1.1\r\n" + b"X-A: b\r\n" * 10_000)
    assert client.answer()[0] == 413


def test_headers_that_wsgi_would_mix_up_are_dropped(client: Client) -> None:
    client.send(b"GET /headers HTTP/1.1\r\nHost: t\r\nX_A: evil\r\nX-B: 1\r\nX-B: 2\r\n\r\n")
    headers = json.loads(client.answer()[2])
    assert "X-A" not in headers
    assert headers["X-B"] == "1, 2"


def test_too_many_connections_are_told_so(
    connect: Connect, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("triage.server.MOST_CONNECTIONS", 3)
    crowd = [connect(server) for _ in range(3)]
    for each in crowd:
        each.send(GET)
        assert each.answer()[0] == 200
    assert connect(server).answer()[0] == 503
    crowd[0].close()
    assert _soon(lambda: len(server.connections) < 3)
    last = connect(server)
    last.send(GET)
    assert last.answer()[0] == 200


def _soon(holds: object) -> bool:
    for _ in range(100):
        if holds():  # type: ignore[operator]
            return True
        time.sleep(0.05)
    return False


def test_a_broken_application_answers_500_and_serves_on(client: Client) -> None:
    client.send(b"GET /fail HTTP/1.1\r\nHost: test\r\n\r\n" + GET)
    assert client.answer()[0] == 500
    assert client.answer()[2] == b"here"


def test_a_running_request_ends_before_the_server_does(
    connect: Connect, app: Flask, seen: Seen
) -> None:
    with running(app) as server:
        client = connect(server)
        client.send(b"GET /wait HTTP/1.1\r\nHost: test\r\n\r\n")
        assert _soon(lambda: server.requests.idle < 4)
        threading.Timer(0.5, seen.gate.set).start()
    status, headers, body = client.answer()
    assert (status, body) == (200, b"True")
    assert headers["Connection"] == "close"
    assert re.match(r"http://127\.0\.0\.1:\d+", server.url)
