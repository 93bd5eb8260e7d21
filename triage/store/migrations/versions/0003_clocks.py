"""What the clocks need: a formal claim, stated circumstances, the moment of the next alert."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name, kind in (
        ("hardship_declared", sa.Boolean()),
        ("on_credit", sa.Boolean()),
        ("claim_received_on", sa.Date()),
        ("alert_at", sa.DateTime(timezone=True)),
    ):
        op.add_column("complaints", sa.Column(name, kind, nullable=True))
    op.create_index("ix_complaints_alert_at", "complaints", ["alert_at"])
