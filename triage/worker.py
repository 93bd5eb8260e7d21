"""Keeps the promises: runs triages durably, and what has to happen when time passes."""

from __future__ import annotations

import contextlib
import os
import socket
import threading
import zlib
from collections.abc import Callable

import structlog
from dbos import DBOS, DBOSClient, DBOSConfig
from sqlalchemy import Connection, Engine, NullPool, create_engine, text

from triage.casework.assess import conclude, examine, give_to_person
from triage.casework.films import make_due
from triage.casework.passing import tick
from triage.casework.scanning import scan_due
from triage.desk import Desk
from triage.errors import NotFound, TriageError, Unavailable
from triage.store.db import open_job_engine
from triage.store.jobs import QUEUE, SERIALIZER, VERSION, WORKFLOW

log = structlog.get_logger(__name__)

POLLING_SECONDS = 0.1  # how soon a promise is seen; an answer waits half of it on average
TICK_SECONDS = 10.0
FILM_SECONDS = 3.0  # between looks for a video that has no copy to watch yet
TRIES = 3  # of a step whose neighbour was down
RECOVERIES = 50  # restarts in the middle of one triage; `tick` gives it to a person after that
LOCK_SPACE = 7421  # namespace of the advisory locks that show which workers live


class Worker:
    """Runs promised triages in threads of this process. One per process."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self._engine = open_job_engine(desk.settings.database)
        self._stop = threading.Event()
        self._clockwork: threading.Thread | None = None
        self._scans: threading.Thread | None = None
        self._films: threading.Thread | None = None
        self._life: Life | None = None

    def launch(self) -> None:
        """Take up what an earlier process left behind, then whatever is promised."""
        embedded = self._engine.dialect.name == "sqlite"
        name = "local" if embedded else f"{socket.gethostname()}-{os.getpid()}"
        if not embedded:
            self._life = Life(self.desk.settings.database, name)
        config: DBOSConfig = {
            "name": "triage",
            "system_database_engine": self._engine,
            "system_database_url": self._engine.url.render_as_string(hide_password=False),
            "application_version": VERSION,
            "executor_id": name,
            "log_level": "ERROR",
            "console_log_level": "ERROR",
            "serializer": SERIALIZER,
        }
        DBOS(config=config)
        _register(self.desk)
        DBOS.launch()
        DBOS.register_queue(
            QUEUE,
            worker_concurrency=self.desk.settings.workers,
            polling_interval_sec=POLLING_SECONDS,
        )
        self._clockwork = threading.Thread(target=self._pass_time, daemon=True, name="clockwork")
        self._clockwork.start()
        self._films = threading.Thread(target=self._film, daemon=True, name="films")
        self._films.start()
        if self.desk.scanner is not None:
            # Of its own: a scanner that takes minutes must not hold up the clock.
            self._scans = threading.Thread(target=self._scan, daemon=True, name="scans")
            self._scans.start()

    def close(self) -> None:
        """Stop taking work; what runs is taken up again by the next process."""
        self._stop.set()
        DBOS.destroy(destroy_registry=True, workflow_completion_timeout_sec=5)
        for thread in (self._clockwork, self._scans, self._films):
            if thread:
                thread.join(timeout=5)
        if self._life:
            self._life.end()
        self._engine.dispose()

    def _scan(self) -> None:
        while not self._stop.wait(TICK_SECONDS):
            _quietly("scan", lambda: scan_due(self.desk))

    def _film(self) -> None:
        while not self._stop.wait(FILM_SECONDS):
            _quietly("film", lambda: make_due(self.desk))

    def _pass_time(self) -> None:
        client = DBOSClient(system_database_engine=self._engine, serializer=SERIALIZER)
        life = self._life
        while not self._stop.wait(TICK_SECONDS):
            _quietly("tick", lambda: tick(self.desk))
            if life is not None:
                _quietly("take_over", lambda: _take_over(client, life))


def _register(desk: Desk) -> None:
    """Tell the engine what a triage is: two steps that may be repeated, and a way out."""

    @DBOS.step(
        name="examine",
        retries_allowed=True,
        max_attempts=TRIES,
        should_retry=lambda error: isinstance(error, Unavailable),
    )
    def look(complaint_id: str) -> None:
        examine(desk, complaint_id)

    @DBOS.step(
        name="conclude",
        retries_allowed=True,
        max_attempts=TRIES,
        should_retry=lambda error: not isinstance(error, NotFound),
    )
    def settle(complaint_id: str, round: int) -> None:
        conclude(desk, complaint_id, round)

    @DBOS.step(name="give_to_person", retries_allowed=True, max_attempts=TRIES)
    def give_up(complaint_id: str, round: int, code: str) -> None:
        give_to_person(desk, complaint_id, round, code)

    @DBOS.workflow(name=WORKFLOW, max_recovery_attempts=RECOVERIES)
    def triage(complaint_id: str, round: int) -> None:
        try:
            look(complaint_id)
            settle(complaint_id, round)
        except Exception as error:  # whatever breaks, the complaint must reach a person
            log.exception("triage_broke", complaint=complaint_id, round=round)
            code = error.code if isinstance(error, TriageError) else "triage.broke"
            give_up(complaint_id, round, code)


class Life:
    """Shows that this worker lives: a session lock on PostgreSQL that ends with the process."""

    def __init__(self, url: str, name: str) -> None:
        self.name = name
        self._engine: Engine = create_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
        self._connection: Connection = self._engine.connect()
        if not self.take(name):
            raise Unavailable("worker.name_in_use")

    def take(self, name: str) -> bool:
        """Lock the name; False while the worker of that name lives."""
        query = text("SELECT pg_try_advisory_lock(:space, :key)")
        key = zlib.crc32(name.encode()) - 2**31
        return bool(self._connection.execute(query, {"space": LOCK_SPACE, "key": key}).scalar())

    def give_back(self, name: str) -> None:
        query = text("SELECT pg_advisory_unlock(:space, :key)")
        key = zlib.crc32(name.encode()) - 2**31
        self._connection.execute(query, {"space": LOCK_SPACE, "key": key})

    def end(self) -> None:
        with contextlib.suppress(Exception):  # the server may be gone already
            self._connection.close()
        self._engine.dispose()


def _take_over(client: DBOSClient, life: Life) -> None:
    """Finish what workers that have died left running; their locks are free."""
    running = client.list_workflows(status="PENDING", load_input=False)
    for name in {each.executor_id for each in running if each.executor_id} - {life.name}:
        if life.take(name):
            try:
                DBOS._recover_pending_workflows([name])
                log.info("took_over", worker=name)
            finally:
                life.give_back(name)


def _quietly(what: str, work: Callable[[], object]) -> None:
    """A failure of the clockwork is logged and tried again at the next tick."""
    try:
        work()
    except Exception:  # the clockwork must outlive every neighbour's failure
        log.exception("clockwork_failed", what=what)
