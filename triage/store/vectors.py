"""Words on PostgreSQL: the newest complaints that have them all, in bounded time.

The index gives all places of a word, in no order, and a common word has hundreds of thousands;
the newest first is a walk over the table, which a rare word makes endless. Which of the two it
is to be, how far back the index has to be asked at all, and with which of the words, follows
from how common the words are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod

from sqlalchemy import ColumnElement, func, select, true
from sqlalchemy.orm import Session

from triage.store.entries import MOST, Entries, SearchEntry, any_of, stands_for_more
from triage.store.frequencies import Frequencies, frequencies

WALK = 0.012  # a share of complaints from which walking finds enough soon: one in 80
INDEXED = 0.1  # words together as common as this are worth the index; of more, the rarest
MANY = 5000  # rows; of fewer that fit, all are looked up
SPARE = 2  # times the rows that are looked for, in the part that is expected to have them


@dataclass(frozen=True)
class _Plan:
    """``asked`` of the index and ``checked`` row by row, in the newest ``window`` or in all."""

    asked: Sequence[str]
    checked: Sequence[str]
    window: int | None = None


def newest(session: Session, words: Sequence[Sequence[str]]) -> Entries:
    """Up to one more than ``MOST`` with one of the spellings of every word."""
    known = frequencies(session)
    plan = _plan(words, known)
    found = _run(session, plan, known.top)
    if plan.window is not None and len(found) <= MOST:  # rarer together than each by itself
        found = _run(session, _Plan(plan.asked, plan.checked), known.top)
    return found


def _plan(words: Sequence[Sequence[str]], known: Frequencies) -> _Plan:
    shares = sorted((_share(each, known), _said(each)) for each in words)
    together = prod(share for share, _ in shares)
    everything = [said for _, said in shares]
    if together >= WALK:
        return _Plan((), everything)
    count = 1
    while count < len(shares) and sum(share for share, _ in shares[: count + 1]) <= INDEXED:
        count += 1
    expected = together * known.top
    window = int(SPARE * MOST / together) if expected > MANY else None
    return _Plan(everything[:count], everything[count:], window)


def _share(spellings: Sequence[str], known: Frequencies) -> float:
    return sum(known.of(each, beginning=stands_for_more(each)) for each in spellings)


def _said(spellings: Sequence[str]) -> str:
    return any_of(spellings, "{}:*", "{}", "|")


def _run(session: Session, plan: _Plan, top: int) -> Entries:
    query = select(SearchEntry.id, SearchEntry.complaint_id)
    if plan.window is not None:
        query = query.where(SearchEntry.id > top - plan.window)
    if plan.checked:
        # What is compared with a truth is not looked up in an index.
        query = query.where(_has(plan.checked).is_(true()))
    if plan.asked:
        # A sum is in no index's order: nobody walks from the newest on to save the sorting.
        query = query.where(_has(plan.asked)).order_by((SearchEntry.id + 0).desc())
    else:
        query = query.order_by(SearchEntry.id.desc())
    return [(entry, complaint_id) for entry, complaint_id in session.execute(query.limit(MOST + 1))]


def _has(words: Sequence[str]) -> ColumnElement[bool]:
    return SearchEntry.words.op("@@", is_comparison=True)(
        func.to_tsquery("simple", " & ".join(words))
    )
