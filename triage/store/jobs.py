"""Promises of work: written in the caller's own transaction, kept by the workers (DBOS)."""

from __future__ import annotations

import threading
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
    with engine.begin() as connection:  # one process at a time: the lock ends with the block
        connection.exec_driver_sql("SELECT pg_advisory_xact_lock(7422)")
        DBOS.migrate(url)


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
