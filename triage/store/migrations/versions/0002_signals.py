"""What a file can be compared by: signals beside its findings."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "evidence",
        sa.Column("signals", sa.JSON(), nullable=False, server_default="{}"),
    )
