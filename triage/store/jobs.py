"""Promises of work: written in the caller's own transaction, kept by the workers (DBOS)."""

from __future__ import annotations

import threading
import time
from typing import Protocol

from dbos import DBOS, DBOSClient, DBOSPortableJSONSerializer, EnqueueOptions
from sqlalchemy import Engine
from sqlalchemy.orm import Session

QUEUE = "triage"
WORKFLOW = "triage"
#: One constant for all releases: DBOS hands work only to workers of the version that it was
#: promised under, so a new one would strand what an old one promised.
VERSION = "prod"
SERIALIZER = DBOSPortableJSONSerializer()  # never pickle: database access must not run code


def upgrade(engine: Engine) -> None:
    """Bring the job engine's own tables up to date; safe at every start, by several processes."""
    url = engine.url.render_as_string(hide_password=False)
    if engine.dialect.name != "postgresql":
        DBOS.migrate(url)
        return
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        # One process at a time. The others ask now and then: a statement that waits has a
        # snapshot, and CREATE INDEX CONCURRENTLY of the one who works would wait for that.
        while not connection.exec_driver_sql("SELECT pg_try_advisory_lock(7422)").scalar():
            time.sleep(0.1)
        try:
            DBOS.migrate(url)
        finally:
            connection.exec_driver_sql("SELECT pg_advisory_unlock(7422)")


class Jobs(Protocol):
    """Whoever keeps the promise that a complaint will be triaged."""

    def promise(self, session: Session, complaint_id: str, round: int) -> None:
        """Promise the triage of this round; it holds once the caller's transaction commits."""


class DurableJobs:
    """Jobs in the same database as the complaints, by way of DBOS."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._lock = threading.Lock()
        self._client: DBOSClient | None = None

    def promise(self, session: Session, complaint_id: str, round: int) -> None:
        options: EnqueueOptions = {
            "queue_name": QUEUE,
            "workflow_name": WORKFLOW,
            "workflow_id": f"triage:{complaint_id}:{round}",
        }
        self._ready().enqueue_in_transaction(session, options, complaint_id, round)

    def _ready(self) -> DBOSClient:
        with self._lock:
            if self._client is None:  # made late: its tables have to be there
                self._client = DBOSClient(
                    system_database_engine=self._engine, serializer=SERIALIZER
                )
            return self._client
