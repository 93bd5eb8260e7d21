"""Machines learn whether the service lives, what it lacks, and how much of it there is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, Response
from sqlalchemy.exc import OperationalError

from tests.clamd import LIMITS, fake
from tests.desks import Clock, open_desk, without_model
from triage.casework.submit import submit
from triage.core.complaint import Submission
from triage.core.people import Actor, Role
from triage.desk import Desk
from triage.errors import Unavailable
from triage.evidence import Clamd, Examiner
from triage.store.tables import Evidence
from triage.web.health import health

CLIENT = Actor(id="key:1", name="app", roles=frozenset({Role.INTAKE}))


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def desk(tmp_path: Path, sqlite_url: str, examiner: Examiner, clock: Clock) -> Iterator[Desk]:
    yield from open_desk(tmp_path, sqlite_url, examiner, clock)


def asked(desk: Desk, path: str) -> Any:
    app = Flask("triage")
    app.register_blueprint(health(desk))

    @app.get("/secret/<token>")
    def page(token: str) -> Response:
        return Response("here")

    client = app.test_client()
    client.get("/secret/abcdef")
    return client.get(path)


@dataclass
class Broken:
    """A neighbour that is down, however it is asked."""

    error: Exception

    def __call__(self) -> Any:
        raise self.error

    receive = __call__


def test_a_process_that_answers_is_alive(desk: Desk) -> None:
    assert asked(desk, "/health/live").get_json() == {"status": "alive"}


def test_with_everything_there_the_service_is_ready(desk: Desk) -> None:
    answer = asked(desk, "/health/ready")
    assert (answer.status_code, answer.get_json()["status"]) == (200, "ready")
    assert set(answer.get_json()["checks"]) == {"database", "files", "checks", "model", "triage"}
    assert list((desk.settings.data_dir / "evidence" / "incoming").iterdir()) == []


def test_without_a_model_it_is_degraded_but_takes_complaints(desk: Desk) -> None:
    answer = asked(without_model(desk), "/health/ready")
    assert (answer.status_code, answer.get_json()["status"]) == (200, "degraded")
    assert answer.get_json()["checks"]["model"] == {"status": "degraded", "code": "model.missing"}


def test_without_a_place_for_files_it_is_unavailable(desk: Desk) -> None:
    full = replace(desk, blobs=Broken(Unavailable("storage.write_failed")))  # type: ignore[arg-type]
    answer = asked(full, "/health/ready")
    assert (answer.status_code, answer.get_json()["status"]) == (503, "unavailable")
    assert answer.get_json()["checks"]["files"]["code"] == "storage.write_failed"


def test_without_its_database_it_is_unavailable_and_still_measures(desk: Desk) -> None:
    gone = Broken(OperationalError("", {}, Exception()))
    without = replace(desk, reading=gone)  # type: ignore[arg-type]
    answer = asked(without, "/health/ready")
    assert answer.status_code == 503
    assert answer.get_json()["checks"]["database"]["code"] == "database.unreachable"
    assert "triage_database_up 0.0" in asked(without, "/metrics").text


@pytest.mark.parametrize(
    ("limits", "most", "expected"),
    [
        pytest.param(LIMITS, 2**30, {"status": "ok"}, id="answers"),
        pytest.param(
            LIMITS,
            2**20,
            {"status": "ok", "code": "scanner.not_for_large_files"},
            id="answers_but_not_for_all_files",
        ),
        pytest.param(
            b"stream: OK\0",
            2**30,
            {"status": "degraded", "code": "scanner.hides_limits"},
            id="hides_its_limits",
        ),
        pytest.param(
            None,
            2**30,
            {"status": "degraded", "code": "scanner.unreachable"},
            id="does_not_answer",
        ),
    ],
)
def test_a_scanner_that_is_set_up_is_asked(
    desk: Desk, limits: bytes | None, most: int, expected: dict[str, str]
) -> None:
    with fake() as server:
        server.limits = limits or LIMITS
        if limits is None:
            server.close()
        scanner = Clamd(server.address, max_bytes=most)
        answer = asked(replace(desk, scanner=scanner), "/health/ready")
    assert answer.status_code == 200, "complaints come in all the same"
    assert answer.get_json()["checks"]["scanner"] == expected


def test_scans_are_counted_by_their_result(desk: Desk) -> None:
    with desk.sessions.begin() as session:
        for number, scan in enumerate(["clean", "clean", "found", None]):
            session.add(
                Evidence(
                    id=str(number),
                    kind="other",
                    filename="",
                    declared_type="",
                    size=1,
                    sha256="",
                    added_at=desk.now(),
                    added_by="",
                    scan=scan,
                )
            )
    text = asked(replace(desk, scanner=Clamd("tcp://localhost:1")), "/metrics").text
    assert 'triage_scans{result="clean"} 2.0' in text
    assert 'triage_scans{result="found"} 1.0' in text
    assert 'triage_scans{result="not_scanned"} 0.0' in text
    assert 'triage_scans{result="none"} 1.0' in text
    assert "triage_scans" not in asked(desk, "/metrics").text


def test_triage_that_nobody_does_is_degraded(desk: Desk, clock: Clock) -> None:
    submit(desk, Submission(text="broken", order_number="978080963"), CLIENT)
    assert asked(desk, "/health/ready").get_json()["checks"]["triage"] == {"status": "ok"}
    clock.forward(minutes=5)
    found = asked(desk, "/health/ready").get_json()["checks"]["triage"]
    assert found == {"status": "degraded", "code": "triage.behind"}


def test_the_figures_are_there_and_tell_no_secret(desk: Desk) -> None:
    submit(desk, Submission(text="broken", order_number="978080963"), CLIENT)
    text = asked(desk, "/metrics").text
    assert 'triage_complaints{status="received"} 1.0' in text
    assert "triage_promised 1.0" in text
    assert 'route="/secret/<token>",status="200"' in text
    assert "abcdef" not in text
