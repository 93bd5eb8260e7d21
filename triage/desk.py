"""The desk: everything the shell needs, built once per process and passed by hand."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Engine
from sqlalchemy.orm import Session, sessionmaker

from triage.classifier.loading import Given, ModelInForce, Reader
from triage.core.policy import RuleBook
from triage.evidence import Clamd, Examiner
from triage.settings import Settings
from triage.store.blobs import Blobs
from triage.store.jobs import Jobs
from triage.store.shelf import Shelf


class Bell:
    """Rung when a triage is concluded, so that those who wait need not ask the database."""

    def __init__(self) -> None:
        self._condition = threading.Condition()

    def ring(self) -> None:
        with self._condition:
            self._condition.notify_all()

    def wait(self, seconds: float) -> None:
        """Until the next ring, or so long at most."""
        with self._condition:
            self._condition.wait(seconds)


@dataclass(frozen=True, kw_only=True)
class Desk:
    """``sessions`` are for changes, ``reading`` for looking (it never waits for a writer).

    ``secret`` signs sessions and status links.
    """

    settings: Settings
    engine: Engine
    sessions: sessionmaker[Session]
    reading: sessionmaker[Session]
    blobs: Blobs
    books: Shelf
    examiner: Examiner
    model: ModelInForce | Given
    jobs: Jobs
    secret: bytes
    now: Callable[[], datetime]
    scanner: Clamd | None = None  # of malware, where one is set up
    bell: Bell = field(default_factory=Bell)

    @property
    def book(self) -> RuleBook:
        """The rule book in force."""
        return self.books.present()

    def book_of(self, version: str | None) -> RuleBook:
        """The book that a complaint is judged by; the one in force where that is not to be had."""
        return self.books.of_case(version)

    @property
    def classifier(self) -> Reader | None:
        """The text model, once it is loaded; None where none could be."""
        return self.model.classifier()

    @property
    def model_trouble(self) -> str | None:
        """The code that says why there is no text model; None where there is one."""
        return self.model.trouble()
