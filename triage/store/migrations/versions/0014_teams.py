"""Which team and which agent a case is meant for, where the queue can filter by it."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

ORDER: list[str | sa.TextClause] = [sa.text("rank DESC"), "due_at", "id"]
FILTERS = ["category", "channel", "language", "priority", "team"]


def upgrade() -> None:
    for column in (
        sa.Column("team", sa.String(40)),
        sa.Column("assigned_to", sa.String(80)),
        sa.Column("assigned_name", sa.String(200)),
    ):
        op.add_column("complaints", column)
    index_complaints()
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    op.execute(ON_SQLITE if is_sqlite else ON_POSTGRESQL)


def index_complaints() -> None:
    """The team stands behind the queue's order, as all that it is filtered by."""
    op.drop_index("ix_complaints_queue", "complaints")
    op.drop_index("ix_complaints_status", "complaints")
    op.create_index(
        "ix_complaints_queue",
        "complaints",
        ["in_queue", *ORDER, *FILTERS, "status"],
        sqlite_where=sa.text("in_queue = 1"),
        postgresql_where=sa.text("in_queue"),
    )
    op.create_index("ix_complaints_status", "complaints", ["status", *ORDER, *FILTERS])
    meant = sa.text("assigned_to IS NOT NULL")
    op.create_index(
        "ix_complaints_assigned_to",
        "complaints",
        ["assigned_to"],
        sqlite_where=meant,
        postgresql_where=meant,
    )


ON_SQLITE = """
    UPDATE complaints SET team = (
        SELECT json_extract(decision, '$.team') FROM assessments WHERE id = (
            SELECT max(id) FROM assessments a WHERE a.complaint_id = complaints.id))
"""
ON_POSTGRESQL = """
    UPDATE complaints SET team = (
        SELECT decision ->> 'team' FROM assessments WHERE id = (
            SELECT max(id) FROM assessments a WHERE a.complaint_id = complaints.id))
"""
