"""The index of pictures that look alike."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "pictures",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("evidence_id", sa.String(32), nullable=False),
        sa.Column("pdq", sa.LargeBinary(32), nullable=False),
        sa.ForeignKeyConstraint(
            ["evidence_id"],
            ["evidence.id"],
            name="fk_pictures_evidence_id_evidence",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_pictures"),
        sa.UniqueConstraint("evidence_id", name="uq_pictures_evidence_id"),
    )
    op.create_table(
        "picture_bands",
        sa.Column("bucket", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("picture_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["picture_id"],
            ["pictures.id"],
            name="fk_picture_bands_picture_id_pictures",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("bucket", "picture_id", name="pk_picture_bands"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_picture_bands_picture_id", "picture_bands", ["picture_id"])
    op.create_table(
        "likenesses",
        sa.Column("evidence_id", sa.String(32), nullable=False),
        sa.Column("other_id", sa.String(32), nullable=False),
        sa.Column("distance", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["evidence_id"],
            ["evidence.id"],
            name="fk_likenesses_evidence_id_evidence",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["other_id"],
            ["evidence.id"],
            name="fk_likenesses_other_id_evidence",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("evidence_id", "other_id", name="pk_likenesses"),
    )
    op.create_index("ix_likenesses_other_id", "likenesses", ["other_id"])
