"""What each complaint is found by: one row beside it, kept up in the same transaction.

SQLite searches the words in an FTS5 index that triggers keep up, PostgreSQL in a ``tsvector``
with a GIN index.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from triage.store.tables import Base

MOST = 200  # complaints that one search looks among; beyond, the newest
PREFIX = 3  # letters from which the beginning of a word finds it: forms differ at their ends

#: An entry and its complaint.
Entries = list[tuple[int, str]]

#: Compared letter by letter: a range over the index finds what begins alike, on both databases.
_BY_LETTER = String(200).with_variant(String(200, collation="C"), "postgresql")


class SearchEntry(Base):
    """What one complaint is found by; ``words`` is null until somebody has folded them."""

    __tablename__ = "search_entries"
    __table_args__ = (
        Index("ix_search_entries_seller", "seller", "id", "complaint_id"),
        Index("ix_search_entries_phone", "phone", "id", "complaint_id"),
        Index(
            "ix_search_entries_unread",
            "id",
            sqlite_where=text("words IS NULL"),
            postgresql_where=text("words IS NULL"),
        ),
        Index("ix_search_entries_words", "words", postgresql_using="gin").ddl_if(
            dialect="postgresql"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)  # later complaints have greater ones
    complaint_id: Mapped[str] = mapped_column(
        ForeignKey("complaints.id", ondelete="CASCADE"), unique=True
    )
    words: Mapped[str | None] = mapped_column(Text().with_variant(TSVECTOR(), "postgresql"))
    seller: Mapped[str | None] = mapped_column(_BY_LETTER)  # folded
    phone: Mapped[str | None] = mapped_column(  # digits, the last one first
        String(32).with_variant(String(32, collation="C"), "postgresql")
    )


def stands_for_more(word: str) -> bool:
    """Whether a word finds all that begin with it: no number does, nor hardly a word."""
    return len(word) >= PREFIX and not word.isdecimal()


def any_of(spellings: Sequence[str], beginning: str, whole: str, sign: str) -> str:
    """One word in its spellings, in the databases' own language of queries."""
    said = [(beginning if stands_for_more(each) else whole).format(each) for each in spellings]
    return f"({f' {sign} '.join(said)})"
