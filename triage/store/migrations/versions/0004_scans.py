"""What the malware scanner said about a file, and when it is asked again."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for column in (
        sa.Column("scan", sa.String(12)),
        sa.Column("scanned_at", sa.DateTime(timezone=True)),
        sa.Column("scanner", sa.String(120)),
        sa.Column("scan_tries", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("scan_retry_at", sa.DateTime(timezone=True)),
    ):
        op.add_column("evidence", column)
    op.create_index("ix_evidence_scan", "evidence", ["scan", "scanned_at"])
