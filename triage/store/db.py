"""Opens the database: SQLite (WAL, every commit on the disk) or PostgreSQL."""

from __future__ import annotations

import sqlite3
import time
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.orm import Session, sessionmaker

MIGRATIONS = Path(__file__).parent / "migrations"
BUSY_MS = 30_000  # how long a writer waits for another before "database is locked"
TRUSTED_SECONDS = 1.0  # a connection that just worked is not asked whether it lives


def open_engine(url: str, *, pool_size: int = 40) -> Engine:
    """An engine for ``url``; threads may share it. The folder of a SQLite file is made."""
    if not url.startswith("sqlite"):
        engine = create_engine(url, pool_size=pool_size, max_overflow=8, hide_parameters=True)
        _ask_only_the_idle(engine)
        return engine
    engine = _sqlite(url, pool_size)
    event.listen(engine, "connect", _leave_transactions_to_us)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def open_job_engine(url: str) -> Engine:
    """An engine for the job engine's own connections, to the same database."""
    if not url.startswith("sqlite"):
        return open_engine(url, pool_size=8)
    engine = _sqlite(url, 8)
    event.listen(engine, "connect", _wait_at_begin)
    return engine


def _sqlite(url: str, pool_size: int) -> Engine:
    Path(url.removeprefix("sqlite:///")).parent.mkdir(parents=True, exist_ok=True)
    # An error of the database must not carry what a customer wrote into a log.
    engine = create_engine(url, pool_size=pool_size, max_overflow=8, hide_parameters=True)
    event.listen(engine, "connect", _prepare_sqlite)
    return engine


def _ask_only_the_idle(engine: Engine) -> None:
    """Ask a connection whether it still lives, but not one that has only just worked.

    SQLAlchemy's own ``pool_pre_ping`` asks each time, and a page takes several connections.
    """

    @event.listens_for(engine, "checkin")
    def note(_connection: Any, record: Any) -> None:
        record.info["worked"] = time.monotonic()

    @event.listens_for(engine, "checkout")
    def ask(connection: Any, record: Any, _proxy: Any) -> None:
        worked = record.info.get("worked")
        if worked is None or time.monotonic() - worked < TRUSTED_SECONDS:
            return
        try:
            engine.dialect.do_ping(connection)
        except connection.DatabaseError as error:
            raise DisconnectionError from error  # the pool drops it and opens another


def _prepare_sqlite(connection: sqlite3.Connection, _record: Any) -> None:
    for pragma in (
        f"busy_timeout={BUSY_MS}",
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _leave_transactions_to_us(connection: sqlite3.Connection, _record: Any) -> None:
    # The driver's own habit is to begin at the first write, after the reads that it rests on.
    connection.isolation_level = None


def _begin_sqlite(connection: Connection) -> None:
    # IMMEDIATE: whoever will write waits here for the writer before, instead of failing later.
    writes = connection.get_execution_options().get("writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _wait_at_begin(connection: sqlite3.Connection, _record: Any) -> None:
    connection.isolation_level = "IMMEDIATE"


def writing(engine: Engine) -> sessionmaker[Session]:
    """Sessions for changes: on SQLite, one writer at a time from the first statement on."""
    return sessionmaker(engine.execution_options(writes=True), expire_on_commit=False)


def reading(engine: Engine) -> sessionmaker[Session]:
    """Sessions for looking: they never wait for a writer.

    PostgreSQL gives each statement its own view of the data in a transaction as well (READ
    COMMITTED), so there is none: its beginning and its end would be half of all that is said.
    What is read piece by piece needs one: ``in_one_view``.
    """
    if engine.dialect.name == "postgresql":
        engine = engine.execution_options(isolation_level="AUTOCOMMIT")
    return sessionmaker(engine, expire_on_commit=False)


def in_one_view(session: Session) -> None:
    """Let a session of ``reading`` see the data as they are now until its end.

    To be called before it asks for anything.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})


def upgrade(engine: Engine) -> None:
    """Bring the schema up to date; safe to run at every start and by several processes."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with engine.execution_options(writes=True).begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("SELECT pg_advisory_xact_lock(7421)")
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
