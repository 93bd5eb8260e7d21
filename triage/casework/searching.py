"""What a complaint is found by, and what somebody who types into the search field means.

Words are compared in the classifier's base spelling, so Kazakh in Russian letters, Russian in
Latin ones and their proper spelling find each other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy.orm import Session

from triage.classifier.letters import fold, plain, script_of, to_cyrillic
from triage.desk import Desk
from triage.store import search
from triage.store.tables import Complaint

AT_ONCE = 200  # complaints of before whose words one tick folds
LEAST_DIGITS = 4  # of a phone's end
_WORDS = 8  # of a question; more narrow nothing down
_STEM = 5  # letters that are left of a word at the least
_WORD = re.compile(r"[^\W_]+")
_NUMBER = re.compile(r"[\d\s()+.-]+")
_ID = re.compile(r"[0-9A-Z]{4,12}")
_ORDER = re.compile(r"\d{8,11}")


@dataclass(frozen=True)
class Found:
    """Complaints that a question may mean, newest first; ``more`` than these where there are."""

    ids: list[str]
    more: bool = False


def keep(session: Session, row: Complaint) -> None:
    """Make a new complaint findable, in the transaction that stores it."""
    search.keep(session, written_of(row))


def catch_up(desk: Desk) -> int:
    """Fold the words of some complaints of before there was a search; how many."""
    with desk.sessions.begin() as session:
        rows = search.unread(session, AT_ONCE)
        for row in rows:
            search.refresh(session, written_of(row))
    return len(rows)


def written_of(row: Complaint) -> search.Written:
    """Everything that the complaint may be found by."""
    parts = (row.text, row.product, row.seller, row.contact_name, row.external_id)
    words = dict.fromkeys(word for part in parts if part for word in _spellings_in(part))
    seller = " ".join(_spelling(word) for word in _WORD.findall(row.seller or ""))
    return search.Written(row.id, list(words), seller or None, row.contact_phone)


def find(session: Session, asked: str) -> Found:
    """The complaints that fit a number, a phone's last digits, words of the text or a seller.

    A number of 4 digits and more is an order's or the end of a phone; anything else is words, all
    of which must be there (in any form, as the beginning of a word).
    """
    number = "".join(asked.split()).upper()
    if _ID.fullmatch(number) and session.get(Complaint, number) is not None:
        return Found([number])
    if _NUMBER.fullmatch(asked):
        return _by_number(session, search.digits_of(asked))
    written = _WORD.findall(asked)[:_WORDS]
    words = [list(dict.fromkeys(map(_stem, _ways(word)))) for word in written]
    seller = " ".join(_spelling(word) for word in written)
    ids, more = search.having_words(session, words, seller if len(seller) > 2 else None)
    return Found(ids, more)


def _by_number(session: Session, digits: str) -> Found:
    found: dict[str, None] = {}
    if _ORDER.fullmatch(digits):
        found |= dict.fromkeys(search.of_order(session, digits))
    if len(digits) >= LEAST_DIGITS:
        found |= dict.fromkeys(search.having_phone(session, _local(digits)))
    if digits:
        ids, more = search.having_words(session, [[digits]])
        return Found([*dict.fromkeys([*found, *ids])][: search.MOST], more)
    return Found(list(found))


def _local(digits: str) -> str:
    """A whole number without the code of the country: 8 701 … and +7 701 … are one."""
    return digits[-10:] if len(digits) == 11 and digits[0] in "78" else digits


def _spellings_in(text: str) -> Iterator[str]:
    for match in _WORD.finditer(text):
        yield from _ways(match.group())


def _ways(word: str) -> Iterator[str]:
    """A word in its base spelling and, if it is Latin, in Cyrillic letters as well."""
    base = plain(word)
    yield fold(base)
    if script_of(base) == "latin":
        yield fold(to_cyrillic(base))


def _stem(word: str) -> str:
    """A word without the two letters in which its forms mostly differ; short ones stay whole."""
    return word[: max(_STEM, len(word) - 2)] if word.isalpha() else word


def _spelling(word: str) -> str:
    return next(_ways(word))
