"""Several processes on PostgreSQL: a worker that dies for good leaves nothing undone."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import create_engine, text

from tests.services import Service, kill

COMPLAINTS = 24


@pytest.mark.timeout(200)
def test_the_surviving_worker_finishes_what_the_dead_one_began(tmp_path, postgresql_url):
    service = Service(tmp_path, TRIAGE_DATABASE_URL=postgresql_url)
    first, second = service.spawn("work"), service.spawn("work")
    try:
        service.start("--web-only")
        with ThreadPoolExecutor(4) as pool:
            acknowledged = list(pool.map(service.post, range(1, 2 * COMPLAINTS, 2)))
        kill(first)
        engine = create_engine(postgresql_url.replace("postgresql://", "postgresql+psycopg://"))
        deadline = time.monotonic() + 120
        left = COMPLAINTS
        while left and time.monotonic() < deadline:
            time.sleep(0.5)
            with engine.connect() as connection:
                query = text("SELECT count(*) FROM complaints WHERE triaged_round < round")
                left = connection.execute(query).scalar_one()
        with engine.connect() as connection:
            query = text("SELECT complaint_id, count(*) FROM assessments GROUP BY 1")
            judged = {row[0]: row[1] for row in connection.execute(query)}
        engine.dispose()
    finally:
        service.kill()
        for worker in (first, second):
            if worker.poll() is None:
                kill(worker)

    assert left == 0
    assert None not in acknowledged
    assert set(judged) == set(acknowledged)
    assert set(judged.values()) == {1}, "a complaint was triaged twice"
