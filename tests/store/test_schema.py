"""The migrations make exactly the schema that the tables describe, on both databases."""

from __future__ import annotations

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect

from triage.store import db
from triage.store.search import FTS_TABLES
from triage.store.tables import Base

#: Sorted downwards in one column, which Alembic cannot compare.
DOWNWARDS = {"ix_complaints_queue", "ix_complaints_status"}
FILTERS = ["category", "channel", "language", "priority"]
#: Only PostgreSQL has it; SQLite keeps its word index in tables that nothing else reads.
WORD_INDEX = "ix_search_entries_words"


def test_migrations_and_tables_agree(database_url):
    engine = db.open_engine(database_url)
    db.upgrade(engine)
    options = {"include_name": _is_described, "include_object": _is_comparable}
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, Base.metadata) == []
    engine.dispose()


def _is_described(name, kind, _parents):
    return kind != "table" or not name.startswith(FTS_TABLES)


def _is_comparable(_thing, name, kind, _reflected, _other):
    return kind != "index" or name not in {*DOWNWARDS, WORD_INDEX}


def test_the_queue_and_the_search_have_indexes(database_url):
    engine = db.open_engine(database_url)
    db.upgrade(engine)
    with engine.connect() as connection:
        found = {each["name"]: each for each in inspect(connection).get_indexes("complaints")}
        for name in DOWNWARDS:
            columns = found[name].get("expressions", found[name]["column_names"])
            assert columns[2:8] == ["due_at", "id", *FILTERS], name
        if engine.dialect.name == "postgresql":
            indexes = inspect(connection).get_indexes("search_entries")
            assert WORD_INDEX in {each["name"] for each in indexes}
        else:
            assert inspect(connection).has_table(FTS_TABLES)
    engine.dispose()


def test_sqlite_keeps_every_commit_on_the_disk(sqlite_url):
    engine = db.open_engine(sqlite_url)
    with engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
    engine.dispose()
