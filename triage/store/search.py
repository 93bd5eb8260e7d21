"""Find complaints by what is written in them, by seller and by phone, however many there are.

One row a complaint, beside it and kept up in the same transaction. SQLite searches the words in
an FTS5 index that triggers keep up, PostgreSQL in a ``tsvector`` with a GIN index. Whoever calls
gives the words already folded to their base spelling: this module compares letters, no more.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from sqlalchemy import (
    ColumnElement,
    ForeignKey,
    Index,
    Integer,
    Select,
    String,
    Text,
    and_,
    column,
    delete,
    func,
    insert,
    literal_column,
    select,
    table,
    text,
    update,
)
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import InstrumentedAttribute, Mapped, Session, mapped_column

from triage.store.tables import Base, Complaint

MOST = 1000  # complaints that one search looks among; beyond, the newest
FTS_TABLES = "search_words"  # SQLite's index and its own tables, whose names begin so
_LONGEST_WORD = 60  # letters; what is longer is no word
_LONGEST_TEXT = 24_000  # characters of folded words: PostgreSQL's vector takes a megabyte
_PREFIX = 3  # letters from which the beginning of a word finds it: forms differ at their ends
_LAST = "\U0010ffff"

#: Compared letter by letter: a range over the index finds what begins alike, on both databases.
_BY_LETTER = String(200).with_variant(String(200, collation="C"), "postgresql")


class SearchEntry(Base):
    """What one complaint is found by; ``words`` is null until somebody has folded them."""

    __tablename__ = "search_entries"
    __table_args__ = (
        Index("ix_search_entries_seller", "seller", "id"),
        Index("ix_search_entries_phone", "phone", "id"),
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


class Written(NamedTuple):
    """What a complaint is to be found by: base spellings, and the digits of the phone."""

    complaint_id: str
    words: Sequence[str]
    seller: str | None
    phone: str | None


def keep(session: Session, written: Written) -> None:
    """Make a complaint findable; it is in the session or the database already."""
    session.flush()
    row = {"complaint_id": written.complaint_id, **_columns(session, written)}
    session.execute(insert(SearchEntry).values(**row))


def refresh(session: Session, written: Written) -> None:
    """Write down anew what a complaint is found by."""
    session.execute(
        update(SearchEntry)
        .where(SearchEntry.complaint_id == written.complaint_id)
        .values(**_columns(session, written))
        .execution_options(synchronize_session=False)
    )


def unread(session: Session, limit: int) -> list[Complaint]:
    """Complaints of the time before there was a search, whose words nobody has folded yet."""
    wanted = (
        select(Complaint)
        .join(SearchEntry, SearchEntry.complaint_id == Complaint.id)
        .where(SearchEntry.words.is_(None))
        .order_by(SearchEntry.id.desc())
        .limit(limit)
    )
    return list(session.scalars(wanted))


def _columns(session: Session, written: Written) -> dict[str, object]:
    kept = [word for word in written.words if len(word) <= _LONGEST_WORD]
    words: object = " ".join(kept)[:_LONGEST_TEXT]
    if _is_postgresql(session):
        words = func.to_tsvector("simple", words)
    phone = _reversed_digits(written.phone or "")[:32]
    return {"words": words, "seller": (written.seller or "")[:200] or None, "phone": phone or None}


def having_words(
    session: Session, words: Sequence[Sequence[str]], seller: str | None = None
) -> tuple[list[str], bool]:
    """Complaints with a word of every one of ``words`` (spellings of one word), newest first.

    A word of three letters and more stands for all that begin with it. What ``seller`` (folded)
    begins counts too. The second value says whether there are more than ``MOST``.
    """
    cleaned = [_clean(spellings) for spellings in words]
    found = [] if not cleaned or not all(cleaned) else _entries(session, _match(session, cleaned))
    if seller:
        found += _entries(session, _begins(SearchEntry.seller, seller))
    newest = sorted(dict(found).items(), reverse=True)
    return [complaint_id for _, complaint_id in newest[:MOST]], len(newest) > MOST


def having_phone(session: Session, digits: str) -> list[str]:
    """Complaints whose customer's phone ends with these digits, newest first."""
    found = _entries(session, _begins(SearchEntry.phone, digits[::-1]))
    return [complaint_id for _, complaint_id in sorted(found, reverse=True)[:MOST]]


def of_phone(phone: str) -> Select[str]:
    """The ids of complaints with this very phone, however it is written; newest first."""
    tail = _reversed_digits(phone)[:10]  # 8 701… and +7 701… are one
    return (
        select(SearchEntry.complaint_id)
        .where(_begins(SearchEntry.phone, tail))
        .order_by(SearchEntry.id.desc())
    )


def of_order(session: Session, number: str) -> list[str]:
    """Complaints about this order, newest first."""
    wanted = select(Complaint.id).where(Complaint.order_number == number)
    return list(session.scalars(wanted.order_by(Complaint.received_at.desc()).limit(MOST)))


def forget(session: Session, complaint_id: str) -> None:
    """Nothing that was written in this complaint is found any more."""
    session.execute(
        delete(SearchEntry)
        .where(SearchEntry.complaint_id == complaint_id)
        .execution_options(synchronize_session=False)
    )


def digits_of(phone: str) -> str:
    """Only the digits of a phone number."""
    return "".join(each for each in phone if each.isdecimal() and each.isascii())


def _reversed_digits(phone: str) -> str:
    return digits_of(phone)[::-1]


def _clean(spellings: Iterable[str]) -> list[str]:
    return [each for each in spellings if re.fullmatch(r"[^\W_]+", each)][:4]


def _begins(column: InstrumentedAttribute[str | None], start: str) -> ColumnElement[bool]:
    return and_(column >= start, column < start + _LAST)


def _entries(session: Session, wanted: ColumnElement[bool]) -> list[tuple[int, str]]:
    """Entry and complaint of up to one more than ``MOST``: all of them, or the newest."""
    query = select(SearchEntry.id, SearchEntry.complaint_id).where(wanted)
    if _is_postgresql(session):
        # The index knows no order: few are sorted here, of many the newest are walked to.
        some = session.execute(query.limit(MOST + 1)).all()
        if len(some) <= MOST:
            return [(entry, complaint_id) for entry, complaint_id in some]
    rows = session.execute(query.order_by(SearchEntry.id.desc()).limit(MOST + 1))
    return [(entry, complaint_id) for entry, complaint_id in rows]


def _match(session: Session, words: Sequence[Sequence[str]]) -> ColumnElement[bool]:
    if _is_postgresql(session):
        asked = " & ".join(_any_of(each, "{}:*", "{}", "|") for each in words)
        return SearchEntry.words.op("@@")(func.to_tsquery("simple", asked))
    asked = " AND ".join(_any_of(each, '"{}"*', '"{}"', "OR") for each in words)
    index = table(FTS_TABLES, column("rowid", Integer))
    newest = (
        select(index.c.rowid)
        .where(literal_column(FTS_TABLES).op("MATCH")(asked))
        .order_by(index.c.rowid.desc())
        .limit(MOST + 1)
    )
    return SearchEntry.id.in_(newest)


def _any_of(spellings: Sequence[str], beginning: str, whole: str, sign: str) -> str:
    """One word in its spellings, in the databases' own language of queries."""
    said = [(beginning if len(each) >= _PREFIX else whole).format(each) for each in spellings]
    return f"({f' {sign} '.join(said)})"


def _is_postgresql(session: Session) -> bool:
    return session.get_bind().dialect.name == "postgresql"
