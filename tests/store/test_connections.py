"""Connections: one that has died is replaced, one that has just worked is believed."""

from __future__ import annotations

import pytest
from sqlalchemy import event, literal_column, select, text

from triage.store import db


@pytest.fixture
def engine(postgresql_url):
    engine = db.open_engine(postgresql_url)
    yield engine
    engine.dispose()


def ask(engine):
    with db.reading(engine)() as session:
        return session.execute(text("SELECT pg_backend_pid()")).scalar_one()


def test_a_connection_that_the_server_has_ended_is_replaced(engine, postgresql_url, monkeypatch):
    """As after a restart of the database: nobody sees an error."""
    first = ask(engine)
    other = db.open_engine(postgresql_url)
    with other.connect() as connection:
        connection.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": first})
    other.dispose()
    monkeypatch.setattr(db, "TRUSTED_SECONDS", 0.0)
    assert ask(engine) != first


def test_a_connection_that_has_just_worked_is_not_asked(engine, monkeypatch):
    ask(engine)
    asked = []
    monkeypatch.setattr(engine.dialect, "do_ping", lambda connection: asked.append(1) or True)
    ask(engine)
    assert asked == []
    monkeypatch.setattr(db, "TRUSTED_SECONDS", 0.0)
    ask(engine)
    assert asked == [1]


def test_a_look_opens_no_transaction_and_a_change_does(engine):
    states = []

    @event.listens_for(engine, "after_cursor_execute")
    def note(connection, *_):
        states.append(connection.connection.dbapi_connection.info.transaction_status.name)

    ask(engine)
    with db.writing(engine).begin() as session:
        session.execute(text("SELECT 1"))
    assert states == ["IDLE", "INTRANS"]


def test_what_is_read_piece_by_piece_is_read_in_one_view(engine):
    """Without a transaction PostgreSQL has no cursor; and what is added meanwhile is not seen."""
    numbers = select(literal_column("n")).select_from(text("generate_series(1, 500) n"))
    with db.reading(engine)() as session:
        db.in_one_view(session)
        level = session.execute(text("SHOW transaction_isolation")).scalar_one()
        assert level == "repeatable read"
        assert len(list(session.execute(numbers.execution_options(yield_per=100)))) == 500
    assert ask(engine)
    with db.writing(engine).begin() as session:
        assert session.execute(text("SHOW transaction_isolation")).scalar() == "read committed"
