"""A book tried on history: what it would have decided otherwise, in every case of the past.

The stored facts of each complaint are judged anew; nothing is written. A large history is read
and judged by several processes, each of which reads its own share from the database.
"""

from __future__ import annotations

import json
import multiprocessing
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, Text, cast, func, select

from triage.casework.tally import Tally
from triage.core.comparison import Gist, differences, gist_of, gist_under
from triage.core.facts import Facts, under
from triage.core.policy import RuleBook
from triage.desk import Desk
from triage.store.db import open_engine
from triage.store.shelf import BoundBook
from triage.store.tables import Assessment, Complaint

SHARE = 500  # cases that a process takes at a time
FEW = 2_000  # up to here, starting processes takes longer than it saves
MOST_REMEMBERED = 20_000  # decisions a process keeps, for cases whose facts are equal
_IDS = re.compile(r'"id": ?"[^"]*"')  # of files: no rule sees them

Progress = Callable[[int, int], None]
"""Told how many cases of how many are done."""


@dataclass(frozen=True, kw_only=True)
class Span:
    """Which cases: received since a moment (None: all), the newest ``limit`` of them at most.

    ``first``: their first assessment, as they came in, in place of the last one.
    """

    since: datetime | None = None
    limit: int | None = None
    first: bool = False


@dataclass(frozen=True, kw_only=True)
class _Plan:
    """What another process needs to know. The functions are handed over by their names."""

    url: str
    bind: Callable[[Mapping[str, str], str], RuleBook]
    sources: Mapping[str, str]
    profile: str


def backtest(
    desk: Desk,
    tried: BoundBook,
    span: Span,
    *,
    processes: int = 2,
    progress: Progress | None = None,
) -> dict[str, Any]:
    """What changes under ``tried``: the counts of ``Tally`` and the ``book``'s version.

    ``agents`` has ``priority_set`` and ``waived`` (decided by hand) and, of these,
    ``priority_agrees`` and ``waived_agrees``, where the book by itself comes to the same.
    """
    ids = _assessments(desk.engine, span)
    shares = [ids[start : start + SHARE] for start in range(0, len(ids), SHARE)]
    total, done = Tally(), 0
    for share in _tallies(desk, tried, shares, processes if len(ids) > FEW else 1):
        total.merge(share)
        done += share.cases + share.unreadable
        if progress is not None:
            progress(done, len(ids))
    return {"book": tried.book.version, "profile": tried.book.profile, **total.to_json()}


def count_cases(desk: Desk, span: Span) -> int:
    """How many cases a back-test would go through."""
    return len(_assessments(desk.engine, span))


def _assessments(engine: Engine, span: Span) -> Sequence[int]:
    """The ids of the assessments to look at, the newest first."""
    which = func.min(Assessment.id) if span.first else func.max(Assessment.id)
    query = select(which.label("id")).group_by(Assessment.complaint_id)
    if span.since is not None:
        query = query.join(Complaint, Complaint.id == Assessment.complaint_id)
        query = query.where(Complaint.received_at >= span.since)
    newest = query.order_by(which.desc()).limit(span.limit)
    with engine.connect() as connection:
        return connection.scalars(newest).all()


def _tallies(
    desk: Desk, tried: BoundBook, shares: Sequence[Sequence[int]], processes: int
) -> Iterator[Tally]:
    if processes == 1:
        judging = _Judging(tried.book)
        yield from (judging.tally(desk.engine, share) for share in shares)
        return
    plan = _Plan(
        url=desk.settings.database,
        bind=desk.books.bindery.bind,
        sources=tried.sources,
        profile=tried.book.profile,
    )
    # Not forked: a copy of this process would hold its threads' locks for ever.
    fresh = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes, fresh, initializer=_begin, initargs=(plan,)) as pool:
        yield from pool.map(_share, shares)


class _Judging:
    """Judges cases under one book, and equal facts once."""

    def __init__(self, book: RuleBook) -> None:
        self._book = book
        self._known: dict[str, tuple[Gist, Mapping[str, int]]] = {}

    def tally(self, engine: Engine, ids: Sequence[int]) -> Tally:
        query = (
            select(
                Assessment.complaint_id,
                cast(Assessment.facts, Text),
                cast(Assessment.decision, Text),
                Complaint.status,
            )
            .join(Complaint, Complaint.id == Assessment.complaint_id)
            .where(Assessment.id.in_(ids))
            .order_by(Assessment.id.desc())
        )
        tally = Tally()
        with engine.connect() as connection:
            for complaint_id, facts, decision, status in connection.execute(query):
                try:
                    gist, agents = self._judged(facts)
                    found = differences(gist_of(json.loads(decision)), gist)
                except (ValueError, TypeError, KeyError, ArithmeticError):
                    tally.unreadable += 1  # written by another version of the programme
                    continue
                tally.add(complaint_id, found, status)
                tally.agents.update(agents)
        return tally

    def _judged(self, stored: str) -> tuple[Gist, Mapping[str, int]]:
        key = _IDS.sub('""', stored)
        if key in self._known:
            return self._known[key]
        facts = under(Facts.from_json(json.loads(stored)), self._book.lists)
        answer = gist_under(facts, self._book), _agreement(facts, self._book)
        if len(self._known) < MOST_REMEMBERED:
            self._known[key] = answer
        return answer


def _agreement(facts: Facts, book: RuleBook) -> Mapping[str, int]:
    """Where people decided by hand: whether the book by itself comes to the same."""
    if facts.priority_override is None and not facts.waived:
        return {}
    alone = gist_under(replace(facts, priority_override=None, waived=frozenset()), book)
    found = {"waived": len(facts.waived)} if facts.waived else {}
    unasked = [kind for kind in facts.waived if _not_asked(alone, kind)]
    if unasked:
        found["waived_agrees"] = len(unasked)
    if facts.priority_override is not None:
        found["priority_set"] = 1
        if alone.priority == facts.priority_override:
            found["priority_agrees"] = 1
    return found


def _not_asked(gist: Gist, kind: str) -> bool:
    line = gist.checklist.get(str(kind))
    return line is None or line[0] == "optional" or line[2] == "waived"


_engine: Engine | None = None
_judging: _Judging | None = None


def _begin(plan: _Plan) -> None:
    """What each process does first: its own connection, its own copy of the book."""
    global _engine, _judging
    _engine = open_engine(plan.url, pool_size=1)
    _judging = _Judging(plan.bind(plan.sources, plan.profile))


def _share(ids: Sequence[int]) -> Tally:
    assert _engine is not None
    assert _judging is not None
    return _judging.tally(_engine, ids)
