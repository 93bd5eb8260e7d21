"""On SQLite, which has no statistics here, the queue is read in its own order all the same."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from tests.desks import AIGUL, MONDAY
from triage.casework import queue
from triage.casework.queue import QueueFilters, View
from triage.core.complaint import Category, Channel, Language, Priority
from triage.core.status import Status
from triage.store import db

FILTERS = [
    QueueFilters(),
    QueueFilters(category=Category.OTHER),
    QueueFilters(channel=Channel.APP),
    QueueFilters(team="support"),
    QueueFilters(priority=Priority.LOW, language=Language.KK),
    QueueFilters(overdue=True, channel=Channel.EMAIL, category=Category.OTHER),
    QueueFilters(status=Status.WAITING_SELLER, category=Category.OTHER),
]


@pytest.mark.parametrize("filters", FILTERS, ids=str)
def test_no_filter_makes_the_queue_sort_what_its_index_has_in_order(sqlite_url, filters):
    engine = db.open_engine(sqlite_url)
    with db.reading(engine)() as session:
        view = View(filters=filters, actor=AIGUL, now=MONDAY)
        parts = [queue.in_order(part).limit(51) for part in queue._parts(session, view, None)]
        for asked in (*parts, queue.claimable(filters).limit(1)):
            said = asked.compile(engine, compile_kwargs={"literal_binds": True})
            plan = " ".join(row[3] for row in session.execute(text(f"EXPLAIN QUERY PLAN {said}")))
            assert "ix_complaints_queue" in plan or "ix_complaints_status" in plan
            assert "TEMP B-TREE" not in plan
    engine.dispose()
