"""Rule books over time: keep the one in force, list them, compare them, go back to one."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import structlog
from sqlalchemy.orm import Session

from triage.casework import audit
from triage.casework.audit import By
from triage.core.bookdiff import BookDiff, diff
from triage.core.decision import Decision
from triage.core.people import SYSTEM, Actor
from triage.core.reasons import Reason
from triage.desk import Desk
from triage.errors import Invalid, NotFound
from triage.store import books
from triage.store.shelf import BoundBook

FOLDER = "folder"
"""What stands for the folder's own book, where a version is asked for."""
SHORTEST = 4  # characters of a version that may stand for the whole
GONE = "rulebook.gone"
"""The reason of a decision that the book of the filing could not make any more."""

log = structlog.get_logger(__name__)


def record(desk: Desk) -> None:
    """Keep the folder's book, and note that it is in force from now on where it is news.

    Called when a process that stays starts. A pinned book stays in force.
    """
    with desk.sessions.begin() as session:
        books.wait_for_turn(session)
        _keep_own(desk, session)
        period, own = books.find_period(session), desk.books.own.book.version
        if period is None or (not period.pinned and period.rulebook != own):
            books.add_period(session, own, desk.now(), pinned=False, actor=SYSTEM.id)
            log.info("rulebook_in_force", rulebook=own)
    desk.books.look()


def filed_under(desk: Desk, session: Session) -> str:
    """The version of the book in force, which is kept from then on, for a complaint that comes."""
    book = desk.book
    if book.version == desk.books.own.book.version:
        _keep_own(desk, session)
    return book.version


def use(desk: Desk, wanted: str, actor: Actor) -> str:
    """Put a kept version in force, or the folder's own again (``folder``); the version.

    Every process goes by it within shelf.LOOK_SECONDS. Raises NotFound, or Invalid where the
    book can no longer be read.
    """
    pinned = wanted != FOLDER
    version = find_version(desk, wanted) if pinned else desk.books.own.book.version
    if desk.books.find(version) is None:
        raise Invalid("rulebook.unreadable", rulebook=version)
    with desk.sessions.begin() as session:
        books.wait_for_turn(session)
        _keep_own(desk, session)
        books.add_period(session, version, desk.now(), pinned=pinned, actor=actor.id)
        audit.add(session, desk.now(), By(actor), "rulebook_used", version[:120])
    desk.books.look()
    log.info("rulebook_in_force", rulebook=version, pinned=pinned)
    return version


def versions(desk: Desk) -> list[dict[str, Any]]:
    """Every kept book, the newest first, with the periods in which it was in force.

    ``present`` is the one in force, ``readable`` says whether today's programme can judge by
    it. A period is ``since`` and ``until`` (None: it lasts), ``pinned`` and the ``actor``.
    """
    with desk.reading() as session:
        kept, periods = books.list_books(session), books.list_periods(session)
    ends = [each.since for each in periods[1:]] + [None]
    present = desk.books.look().version
    return [
        {
            "version": each.hash,
            "profile": each.profile,
            "kept_at": each.kept_at,
            "present": each.hash == present,
            "own": each.hash == desk.books.own.book.version,
            "readable": desk.books.find(each.hash) is not None,
            "periods": [
                {
                    "since": period.since,
                    "until": until,
                    "pinned": period.pinned,
                    "actor": period.actor,
                }
                for period, until in zip(periods, ends, strict=True)
                if period.rulebook == each.hash
            ],
        }
        for each in reversed(kept)
    ]


def find_version(desk: Desk, beginning: str) -> str:
    """The whole version of which this is the beginning.

    Raises NotFound where there is none, Invalid where several begin so.
    """
    own = desk.books.own.book.version
    with desk.reading() as session:
        kept = list(books.list_versions_like(session, beginning))
    found = {*kept, *([own] if own.startswith(beginning) else [])}
    if len(beginning) < SHORTEST or not found:
        raise NotFound("rulebook.unknown", rulebook=beginning[:40])
    if len(found) > 1:
        raise Invalid("rulebook.ambiguous", rulebook=beginning[:40])
    return found.pop()


def find_bound(desk: Desk, wanted: str, profile: str | None = None) -> BoundBook:
    """A book to look at or to try: ``folder``, a path of a folder, or (the beginning of) a version.

    A folder is read as it is now, under ``profile`` or that of the settings. Raises NotFound or
    Invalid.
    """
    profile = profile or desk.settings.rules_profile
    path = desk.settings.rules_dir if wanted == FOLDER else Path(wanted)
    if wanted == FOLDER or path.is_dir():
        bindery = desk.books.bindery
        sources = bindery.read(path, profile)
        return BoundBook(book=bindery.bind(sources, profile), sources=sources)
    version = find_version(desk, wanted)
    bound = desk.books.find_bound(version)
    if bound is None:
        raise Invalid("rulebook.unreadable", rulebook=version)
    return bound


def compare(desk: Desk, old: str, new: str) -> BookDiff:
    """What changed from one book to another; see ``find_bound`` for how they are named."""
    return diff(find_bound(desk, old).book, find_bound(desk, new).book)


def with_remark(decision: Decision, wanted: str | None) -> Decision:
    """The decision, with a reason where another book than the wanted one had to judge."""
    if wanted in (None, decision.rulebook):
        return decision
    reason = Reason(source="system", code=GONE, detail={"rulebook": wanted})
    return replace(decision, reasons=(*decision.reasons, reason))


def _keep_own(desk: Desk, session: Session) -> None:
    own = desk.books.own
    books.keep(session, own.book.version, own.book.profile, own.sources, desk.now())
