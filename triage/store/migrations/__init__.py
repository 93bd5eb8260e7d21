"""The history of the schema, run by Alembic through ``store.db.upgrade``."""
