"""The desk's search, saved views, who looks at which case; indexes in the queue's own order."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import TSVECTOR

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def by_letter(length: int) -> sa.String:
    """Compared letter by letter on both databases."""
    return sa.String(length).with_variant(sa.String(length, collation="C"), "postgresql")


def upgrade() -> None:
    sort_the_queue()
    make_search()
    op.create_table(
        "saved_views",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("owner", sa.String(80), nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("query", sa.String(500), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_saved_views"),
        sa.UniqueConstraint("owner", "name", name="uq_saved_views_owner_name"),
    )
    op.create_table(
        "viewers",
        sa.Column("complaint_id", sa.String(12), nullable=False),
        sa.Column("actor", sa.String(80), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("seen_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["complaint_id"],
            ["complaints.id"],
            name="fk_viewers_complaint_id_complaints",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("complaint_id", "actor", name="pk_viewers"),
    )


def sort_the_queue() -> None:
    """Urgent first, then by due time: as it is read, so that nothing has to be sorted."""
    order: list[str | sa.TextClause] = [sa.text("rank DESC"), "due_at", "id"]
    op.drop_index("ix_complaints_queue", "complaints")
    op.drop_index("ix_complaints_status", "complaints")
    op.create_index("ix_complaints_queue", "complaints", ["in_queue", *order])
    op.create_index("ix_complaints_status", "complaints", ["status", *order])
    op.create_index("ix_complaints_lease_holder", "complaints", ["lease_holder"])


def make_search() -> None:
    words = sa.Text().with_variant(TSVECTOR(), "postgresql")
    op.create_table(
        "search_entries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("complaint_id", sa.String(12), nullable=False),
        sa.Column("words", words),
        sa.Column("seller", by_letter(200)),
        sa.Column("phone", by_letter(32)),
        sa.ForeignKeyConstraint(
            ["complaint_id"],
            ["complaints.id"],
            name="fk_search_entries_complaint_id_complaints",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_search_entries"),
        sa.UniqueConstraint("complaint_id", name="uq_search_entries_complaint_id"),
    )
    op.create_index("ix_search_entries_seller", "search_entries", ["seller", "id"])
    op.create_index("ix_search_entries_phone", "search_entries", ["phone", "id"])
    where = sa.text("words IS NULL")
    op.create_index(
        "ix_search_entries_unread",
        "search_entries",
        ["id"],
        sqlite_where=where,
        postgresql_where=where,
    )
    # Whoever is here already is read by the worker, a few at a time.
    op.execute(
        "INSERT INTO search_entries (complaint_id) SELECT id FROM complaints ORDER BY received_at"
    )
    if op.get_bind().dialect.name == "postgresql":
        op.create_index(
            "ix_search_entries_words", "search_entries", ["words"], postgresql_using="gin"
        )
    else:
        index_words_in_sqlite()


def index_words_in_sqlite() -> None:
    """An FTS5 index that keeps no copy of the words; triggers keep it up."""
    op.execute(
        "CREATE VIRTUAL TABLE search_words USING fts5("
        "words, content='search_entries', content_rowid='id', prefix='3 4 5', "
        "detail='none', tokenize='unicode61 remove_diacritics 0')"
    )
    forget = "INSERT INTO search_words (search_words, rowid, words) VALUES ('delete', old.id, {});"
    learn = "INSERT INTO search_words (rowid, words) VALUES (new.id, new.words);"
    unlearn = forget.format("old.words")
    op.execute(
        "CREATE TRIGGER search_entries_added AFTER INSERT ON search_entries "
        f"WHEN new.words IS NOT NULL BEGIN {learn} END"
    )
    op.execute(
        "CREATE TRIGGER search_entries_gone AFTER DELETE ON search_entries "
        f"WHEN old.words IS NOT NULL BEGIN {unlearn} END"
    )
    op.execute(
        "CREATE TRIGGER search_entries_unlearnt AFTER UPDATE OF words ON search_entries "
        f"WHEN old.words IS NOT NULL BEGIN {unlearn} END"
    )
    op.execute(
        "CREATE TRIGGER search_entries_learnt AFTER UPDATE OF words ON search_entries "
        f"WHEN new.words IS NOT NULL BEGIN {learn} END"
    )
