"""Receipts by what tells them apart: which other cases rest on the same one."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "receipts",
        sa.Column("evidence_id", sa.String(32), nullable=False),
        sa.Column("mark", sa.String(40), nullable=False),
        sa.ForeignKeyConstraint(
            ["evidence_id"],
            ["evidence.id"],
            name="fk_receipts_evidence_id_evidence",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("evidence_id", "mark", name="pk_receipts"),
    )
    op.create_index("ix_receipts_mark", "receipts", ["mark"])
