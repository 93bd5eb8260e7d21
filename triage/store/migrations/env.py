"""Alembic's way in: the caller hands over an open connection (``store.db.upgrade``)."""

from alembic import context

from triage.store.tables import Base

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    render_as_batch=True,
    include_schemas=False,
)
with context.begin_transaction():
    context.run_migrations()
