"""Whatever dies, nothing that was acknowledged is lost and nothing is done twice."""

from __future__ import annotations

import random
import socket
import sqlite3
import threading
import time

import pytest

from tests.services import Service

ROUNDS = 4
CLIENTS = 4


@pytest.fixture
def service(tmp_path):
    running = Service(tmp_path)
    yield running
    running.kill()


def load_until_killed(service: Service, seconds: float, start: int) -> list[str]:
    """Post from several clients at once, kill the server meanwhile; what was acknowledged."""
    acknowledged: list[str] = []
    stop = threading.Event()

    def client(offset: int) -> None:
        number = start + offset
        while not stop.is_set():
            complaint_id = service.post(number)
            if complaint_id is not None:
                acknowledged.append(complaint_id)
            number += CLIENTS

    threads = [threading.Thread(target=client, args=(n,)) for n in range(CLIENTS)]
    for thread in threads:
        thread.start()
    time.sleep(seconds)
    service.kill()
    stop.set()
    for thread in threads:
        thread.join(30)
    return acknowledged


def rows(service: Service, query: str) -> list[tuple[object, ...]]:
    with sqlite3.connect(f"file:{service.folder}/triage.db?mode=ro", uri=True) as database:
        return database.execute(query).fetchall()


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"HTTP/1.1 201 Cre", id="half a status line"),
        pytest.param(b"HTTP/1.1 201 CREATED\r\nContent-Length: 9\r\n\r\n", id="head alone"),
        pytest.param(b'HTTP/1.1 201 CREATED\r\nContent-Length: 9\r\n\r\n{"id"', id="half a body"),
    ],
)
def test_an_answer_cut_by_death_is_not_an_acknowledgement(service, answer):
    with socket.create_server(("127.0.0.1", 0)) as dying:
        service.port = dying.getsockname()[1]

        def die_while_answering() -> None:
            connection, _ = dying.accept()
            with connection:
                connection.recv(65536)
                connection.sendall(answer)

        death = threading.Thread(target=die_while_answering)
        death.start()
        assert service.post(1) is None
        death.join()


@pytest.mark.timeout(280)
def test_every_acknowledged_complaint_is_triaged_exactly_once_whenever_the_server_is_killed(
    service,
):
    chance = random.Random(20261122)
    acknowledged: list[str] = []
    for round in range(ROUNDS):
        service.start()
        acknowledged += load_until_killed(service, chance.uniform(0.5, 2.5), round * 10_000)

    service.start()
    deadline = time.monotonic() + 90
    untriaged = "SELECT count(*) FROM complaints WHERE triaged_round < round"
    while rows(service, untriaged) != [(0,)] and time.monotonic() < deadline:
        time.sleep(0.2)

    assert len(acknowledged) > ROUNDS, "the test must have posted something"
    kept = dict(rows(service, "SELECT id, status FROM complaints"))
    assert set(acknowledged) <= set(kept), "an acknowledged complaint was lost"
    assert set(kept.values()) <= {"needs_evidence", "queued"}
    judged = dict(rows(service, "SELECT complaint_id, count(*) FROM assessments GROUP BY 1"))
    assert set(judged.values()) == {1}, "a complaint was triaged twice"
    assert set(judged) == set(kept)
    moves = "SELECT complaint_id, count(*) FROM events WHERE verb = 'triage' GROUP BY 1"
    assert set(dict(rows(service, moves)).values()) == {1}
    for (sha256,) in rows(service, "SELECT DISTINCT sha256 FROM evidence"):
        assert (service.folder / "evidence" / str(sha256)[:2] / str(sha256)).exists()
    assert rows(service, "SELECT count(*) FROM evidence WHERE verdict = 'pending'") == [(0,)]
