"""The rule books at hand: the folder's own, the one in force, and those of earlier days.

The folder's book is in force unless a kept one is pinned in the database; every process looks
there again after LOOK_SECONDS, so that all of them agree without a restart.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker

from triage.core.policy import RuleBook
from triage.errors import TriageError
from triage.store import books

LOOK_SECONDS = 2.0

log = structlog.get_logger(__name__)


@dataclass(frozen=True, kw_only=True)
class Bindery:
    """How a book is made, given by the entry point: only that may read rule files.

    ``read`` gives the texts of a folder and profile, ``bind`` the book of such texts; both
    raise Invalid where they make no sense. ``lint`` gives a sentence for whatever looks like
    a mistake on that day. All three are functions of a module, so that other processes can
    be handed them.
    """

    read: Callable[[Path, str], Mapping[str, str]]
    bind: Callable[[Mapping[str, str], str], RuleBook]
    lint: Callable[[RuleBook, date], Sequence[str]]


@dataclass(frozen=True, kw_only=True)
class BoundBook:
    """A book and the texts that it was made of."""

    book: RuleBook
    sources: Mapping[str, str]


class Shelf:
    """Gives books by their version, each read once. ``own`` is the folder's."""

    def __init__(self, own: BoundBook, bindery: Bindery, sessions: sessionmaker[Session]) -> None:
        self.own = own
        self.bindery = bindery
        self.shadow: BoundBook | None = None  # tried beside the one in force, see casework/shadow
        self._sessions = sessions
        self._read: dict[str, BoundBook | None] = {own.book.version: own}
        self._dated: dict[tuple[str, str], RuleBook] = {}
        self._lock = threading.Lock()  # held by the one who looks; the others go on
        self._looked = 0.0
        self._present = own.book

    def present(self) -> RuleBook:
        """The book in force; it may be LOOK_SECONDS old."""
        late = time.monotonic() - self._looked > LOOK_SECONDS or not self._looked
        if late and self._lock.acquire(blocking=False):
            try:
                self._look()
            finally:
                self._lock.release()
        return self._present

    def look(self) -> RuleBook:
        """The book in force as the database has it now."""
        with self._lock:
            self._look()
        return self._present

    def find(self, version: str) -> RuleBook | None:
        """The book of that version; None where it was never kept or can no longer be read."""
        found = self.find_bound(version)
        return None if found is None else found.book

    def find_bound(self, version: str) -> BoundBook | None:
        """The same, with its texts."""
        if version not in self._read:
            with self._sessions() as session:
                kept = books.find_book(session, version)
            if kept is None:
                return None  # another process may keep it later
            self._read[version] = self._bound(kept)
        return self._read[version]

    def of_case(self, version: str | None) -> RuleBook:
        """The book that a case of that version is judged by: its own rules, today's calendar.

        A holiday that the government moves is moved for everybody. Where the version is not to
        be had, the book in force judges.
        """
        present = self.present()
        kept = None if version in (None, present.version) else self.find(version)
        if kept is None:
            return present
        pair = (kept.version, present.version)
        if pair not in self._dated:
            dated = replace(kept, calendar=present.calendar, calendars=present.calendars)
            self._dated = {**self._dated, pair: dated}
        return self._dated[pair]

    def _bound(self, kept: books.KeptBook) -> BoundBook | None:
        try:
            book = self.bindery.bind(kept.sources, kept.profile)
        except TriageError as error:  # the language of rules has changed since
            log.warning("rulebook_unreadable", rulebook=kept.hash, code=error.code)
            return None
        # The hash was taken when the book was kept; that is the name it has decided under.
        return BoundBook(book=replace(book, version=kept.hash), sources=kept.sources)

    def _look(self) -> None:
        try:
            with self._sessions() as session:
                period = books.find_period(session)
        except SQLAlchemyError:  # no schema yet, or a database that is down: as it was
            self._looked = time.monotonic()
            return
        pinned = self.find(period.rulebook) if period is not None and period.pinned else None
        self._present = pinned or self.own.book
        self._looked = time.monotonic()
