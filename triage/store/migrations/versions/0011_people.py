"""Sessions of people, the second step at sign-in, identity providers, and the audit log."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
WHY = "the audit log is only added to"


def upgrade() -> None:
    op.drop_column("users", "epoch")
    op.add_column("users", sa.Column("one_time_until", MOMENT))
    op.add_column("users", sa.Column("signed_in_at", MOMENT))
    op.add_column("users", sa.Column("totp_secret", sa.String(255)))
    op.add_column("users", sa.Column("totp_since", MOMENT))
    op.add_column("users", sa.Column("totp_step", sa.Integer()))
    op.add_column(
        "users", sa.Column("totp_recovery", sa.JSON(), nullable=False, server_default="[]")
    )
    op.add_column(
        "users", sa.Column("totp_required", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.add_column("api_keys", sa.Column("used_at", MOMENT))
    op.create_index("ix_events_after", "events", ["after", "at"])
    op.create_index("ix_evidence_verdict", "evidence", ["verdict", "added_at"])
    _sittings()
    _identities()
    _audit()


def _sittings() -> None:
    op.create_table(
        "sittings",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("seen_at", MOMENT, nullable=False),
        sa.Column("network", sa.String(45), nullable=False),
        sa.Column("agent", sa.String(80), nullable=False),
        sa.Column("proven", sa.Boolean(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name="fk_sittings_user_id_users", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_sittings"),
    )
    op.create_index("ix_sittings_user_id", "sittings", ["user_id"])
    op.create_index("ix_sittings_seen_at", "sittings", ["seen_at"])


def _identities() -> None:
    op.create_table(
        "identities",
        sa.Column("issuer", sa.String(255), nullable=False),
        sa.Column("subject", sa.String(255), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name="fk_identities_user_id_users", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("issuer", "subject", name="pk_identities"),
    )
    op.create_index("ix_identities_user_id", "identities", ["user_id"])


def _audit() -> None:
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("actor", sa.String(80), nullable=False),
        sa.Column("actor_name", sa.String(200), nullable=False),
        sa.Column("verb", sa.String(40), nullable=False),
        sa.Column("target", sa.String(120), nullable=False),
        sa.Column("network", sa.String(45), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit"),
    )
    op.create_index("ix_audit_at", "audit", ["at"])
    op.create_index("ix_audit_actor", "audit", ["actor"])
    op.create_index("ix_audit_target", "audit", ["target", "verb", "at"])
    if op.get_bind().dialect.name == "sqlite":
        for deed in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER audit_no_{deed.lower()} BEFORE {deed} ON audit "
                f"BEGIN SELECT RAISE(ABORT, '{WHY}'); END"
            )
    else:
        op.execute(
            "CREATE FUNCTION audit_is_kept() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{WHY}'; END $$"
        )
        op.execute(
            "CREATE TRIGGER audit_is_kept BEFORE UPDATE OR DELETE ON audit "
            "FOR EACH ROW EXECUTE FUNCTION audit_is_kept()"
        )
