"""Which team and which agent a case is meant for, where the queue can filter by it."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for column in (
        sa.Column("team", sa.String(40)),
        sa.Column("assigned_to", sa.String(80)),
        sa.Column("assigned_name", sa.String(200)),
    ):
        op.add_column("complaints", column)
    op.create_index("ix_complaints_assigned_to", "complaints", ["assigned_to"])
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    op.execute(ON_SQLITE if is_sqlite else ON_POSTGRESQL)


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
