"""Rule books are kept by content hash; a complaint knows the one that it is judged by."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("complaints", sa.Column("rulebook", sa.String(80)))
    op.create_table(
        "rulebooks",
        sa.Column("hash", sa.String(80), nullable=False),
        sa.Column("profile", sa.String(80), nullable=False),
        sa.Column("sources", sa.JSON(), nullable=False),
        sa.Column("kept_at", MOMENT, nullable=False),
        sa.Column("first_in_force_at", MOMENT),
        sa.PrimaryKeyConstraint("hash", name="pk_rulebooks"),
    )
    op.create_table(
        "rulebook_periods",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("rulebook", sa.String(80), nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        sa.Column("pinned", sa.Boolean(), nullable=False),
        sa.Column("actor", sa.String(80), nullable=False),
        sa.ForeignKeyConstraint(
            ["rulebook"], ["rulebooks.hash"], name="fk_rulebook_periods_rulebook_rulebooks"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_rulebook_periods"),
    )
    op.create_table(
        "shadow_decisions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("complaint_id", sa.String(12), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("rulebook", sa.String(80), nullable=False),
        sa.Column("beside", sa.String(80), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("difference", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["complaint_id"],
            ["complaints.id"],
            name="fk_shadow_decisions_complaint_id_complaints",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_shadow_decisions"),
        sa.UniqueConstraint(
            "complaint_id",
            "round",
            "rulebook",
            name="uq_shadow_decisions_complaint_id_round_rulebook",
        ),
    )
    op.create_index("ix_shadow_decisions_rulebook", "shadow_decisions", ["rulebook"])
    op.create_index("ix_complaints_received_at", "complaints", ["received_at"])
