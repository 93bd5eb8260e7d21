"""What customers do themselves: when one last wrote unread; when a complaint was erased."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    for name in ("wrote_at", "erased_at"):
        op.add_column("complaints", sa.Column(name, MOMENT, nullable=True))
