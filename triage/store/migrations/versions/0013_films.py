"""Copies of videos that people watch in the browser; videos from before are to have theirs too."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "films",
        sa.Column("evidence_id", sa.String(32), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True)),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(64)),
        sa.Column("seconds", sa.Integer()),
        sa.Column("is_whole", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["evidence_id"],
            ["evidence.id"],
            name="fk_films_evidence_id_evidence",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("evidence_id", name="pk_films"),
    )
    op.create_index("ix_films_due_at", "films", ["due_at"])
    op.create_index("ix_films_sha256", "films", ["sha256"])
    op.execute(
        "INSERT INTO films (evidence_id, due_at, tries, is_whole) "
        "SELECT id, checked_at, 0, false FROM evidence "
        "WHERE preview IS NOT NULL AND media_type LIKE 'video/%'"
    )
