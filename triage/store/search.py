"""Find complaints by what is written in them, by seller and by phone, however many there are.

Whoever calls gives the words already folded to their base spelling: this module compares
letters, no more. The rows that are searched are those of ``store/entries.py``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Integer,
    Select,
    String,
    and_,
    any_,
    cast,
    column,
    delete,
    func,
    insert,
    literal_column,
    select,
    table,
    union_all,
    update,
)
from sqlalchemy.orm import InstrumentedAttribute, Session

from triage.store import vectors
from triage.store.entries import MOST as MOST
from triage.store.entries import Entries, SearchEntry, any_of
from triage.store.tables import Complaint

FTS_TABLES = "search_words"  # SQLite's index and its own tables, whose names begin so
_LONGEST_WORD = 60  # letters; what is longer is no word
_LONGEST_TEXT = 24_000  # characters of folded words: PostgreSQL's vector takes a megabyte
_LAST = "\U0010ffff"


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

    A word of three letters and more stands for all that begin with it. What is about ``seller``
    (folded) counts too, and about all sellers whose names begin so. The second value says
    whether there are more than ``MOST``.
    """
    found = _of_seller(session, seller) if seller else []
    cleaned = [_clean(spellings) for spellings in words]
    if len(found) <= MOST and cleaned and all(cleaned):
        found += _newest(session, cleaned)
    newest = sorted(dict(found).items(), reverse=True)
    return [complaint_id for _, complaint_id in newest[:MOST]], len(newest) > MOST


def _of_seller(session: Session, name: str) -> Entries:
    """The newest of this very seller; of those whose names only begin so, as the index has them."""
    entries = select(SearchEntry.id, SearchEntry.complaint_id)
    newest = entries.where(SearchEntry.seller == name).order_by(SearchEntry.id.desc())
    begun = entries.where(_begins(SearchEntry.seller, name), SearchEntry.seller != name)
    both = (select(each.limit(MOST + 1).subquery()) for each in (newest, begun))
    return _read(session, union_all(*both))


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


def among(session: Session, ids: Sequence[str]) -> ColumnElement[bool]:
    """The complaints with these ids; hundreds of them are one parameter to PostgreSQL."""
    if _is_postgresql(session):
        return Complaint.id == any_(cast(list(ids), ARRAY(String)))
    return Complaint.id.in_(ids)


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


def _entries(session: Session, wanted: ColumnElement[bool]) -> Entries:
    """Up to one more than ``MOST`` by an index, in its order: all of them, or too many."""
    query = select(SearchEntry.id, SearchEntry.complaint_id).where(wanted)
    return _read(session, query.limit(MOST + 1))


def _read(session: Session, query: Any) -> Entries:
    return [(entry, complaint_id) for entry, complaint_id in session.execute(query)]


def _newest(session: Session, words: Sequence[Sequence[str]]) -> Entries:
    """The newest with all of the words, up to one more than ``MOST``."""
    if _is_postgresql(session):
        return vectors.newest(session, words)
    asked = " AND ".join(any_of(each, '"{}"*', '"{}"', "OR") for each in words)
    index = table(FTS_TABLES, column("rowid", Integer))
    rows = (
        select(index.c.rowid)
        .where(literal_column(FTS_TABLES).op("MATCH")(asked))
        .order_by(index.c.rowid.desc())
        .limit(MOST + 1)
    )
    return _entries(session, SearchEntry.id.in_(rows))


def _is_postgresql(session: Session) -> bool:
    return session.get_bind().dialect.name == "postgresql"
