"""What a million complaints need: indexes that answer alone, briefs, sums of days; attempts."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
ORDER: list[str | sa.TextClause] = [sa.text("rank DESC"), "due_at", "id"]
FILTERS = ["category", "channel", "language", "priority"]


def upgrade() -> None:
    op.add_column("complaints", sa.Column("brief", sa.JSON()))
    index_complaints()
    index_search()
    op.create_table(
        "daily_tallies",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("sums", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("day", name="pk_daily_tallies"),
    )
    op.create_table(
        "attempts",
        sa.Column("mark", sa.String(64), nullable=False),
        sa.Column("span", sa.Integer(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("over_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("mark", "span", name="pk_attempts"),
    )
    op.create_index("ix_attempts_over_at", "attempts", ["over_at"])


def index_complaints() -> None:
    """The queue has its own small index; what is filtered by stands behind its order."""
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
    # Without statistics SQLite preferred these two, which narrow down next to nothing.
    op.drop_index("ix_complaints_category", "complaints")
    op.drop_index("ix_complaints_lease_holder", "complaints")
    held = sa.text("lease_holder IS NOT NULL")
    op.create_index(
        "ix_complaints_lease_holder",
        "complaints",
        ["lease_holder"],
        sqlite_where=held,
        postgresql_where=held,
    )
    promised = sa.text("triaged_round < round")
    op.create_index(
        "ix_complaints_promised",
        "complaints",
        ["updated_at"],
        sqlite_where=promised,
        postgresql_where=promised,
    )


def index_search() -> None:
    """With the complaint beside the entry, no row is looked up for it."""
    for name in ("seller", "phone"):
        op.drop_index(f"ix_search_entries_{name}", "search_entries")
        op.create_index(f"ix_search_entries_{name}", "search_entries", [name, "id", "complaint_id"])
