"""A whole desk for tests: real rules, real checks, a stopped clock and a one-word classifier."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from triage import rulebook
from triage.app import BINDERY
from triage.casework.assess import conclude, examine
from triage.classifier.loading import Given
from triage.core.people import Actor, Role
from triage.core.policy import RuleBook
from triage.core.prediction import Alternative, Prediction
from triage.desk import Desk
from triage.evidence import Examiner
from triage.messages.findings import FINDINGS
from triage.settings import Settings
from triage.store import db
from triage.store.blobs import LocalBlobs
from triage.store.shelf import BoundBook, Shelf

RULES = Path(__file__).parents[1] / "rules"
MONDAY = datetime(2026, 11, 23, 5, tzinfo=UTC)  # 10:00 in Almaty, an ordinary working week

INTAKE = Actor(id="key:intake", name="The app", roles=frozenset({Role.INTAKE}))
AIGUL = Actor(id="user:1", name="Aigul", roles=frozenset({Role.AGENT}), is_person=True)
BERIK = Actor(id="user:2", name="Berik", roles=frozenset({Role.AGENT}), is_person=True)
ROBOT = Actor(id="key:robot", name="A script", roles=frozenset({Role.AGENT}))


@functools.cache
def shipped_book() -> RuleBook:
    """The rule book that we ship, read once."""
    return rulebook.load(RULES, findings=FINDINGS)


class Clock:
    """A clock that goes on only when it is told to."""

    def __init__(self, at: datetime = MONDAY) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def forward(self, **time: float) -> None:
        self.at += timedelta(**time)


WORDS = {"broken": "defective", "late": "late_delivery", "refund": "refund_refused"}


class OneWord:
    """A classifier that knows one word a category; of anything else it says that it is unsure."""

    name = "one-word"

    def predict(self, text: str, language: str | None = None) -> Prediction:
        found = next((c for word, c in WORDS.items() if word in text.lower()), None)
        return Prediction(
            category=found or "other",
            confidence=0.97 if found else 0.2,
            abstained=found is None,
            alternatives=(Alternative(category="not_as_described", confidence=0.02),),
            priority="urgent" if "smoke" in text.lower() else "normal",
            priority_confidence=0.99,
            model=self.name,
            language=language,
        )


class PromisesKept:
    """Jobs that are kept at once when asked, in the order in which they were promised."""

    def __init__(self) -> None:
        self.promised: list[tuple[str, int]] = []

    def promise(self, session: Session, complaint_id: str, round: int) -> None:
        self.promised.append((complaint_id, round))

    def keep(self, desk: Desk) -> None:
        """Triage everything that was promised."""
        while self.promised:
            complaint_id, round = self.promised.pop(0)
            examine(desk, complaint_id)
            conclude(desk, complaint_id, round)


def shelf(engine: Engine, sources: Mapping[str, str] | None = None) -> Shelf:
    """The shipped book, or one of given texts, as the folder's own."""
    if sources is None:
        own = BoundBook(book=shipped_book(), sources=rulebook.sources(RULES))
    else:
        own = BoundBook(book=rulebook.bind(sources), sources=sources)
    return Shelf(own, BINDERY, db.reading(engine))


def open_desk(
    folder: Path, database_url: str, examiner: Examiner, clock: Clock | None = None
) -> Iterator[Desk]:
    """A desk on that database, with its schema made; closed afterwards."""
    engine = db.open_engine(database_url)
    db.upgrade(engine)
    settings = Settings(data_dir=folder, database_url=database_url)
    yield Desk(
        settings=settings,
        engine=engine,
        sessions=db.writing(engine),
        reading=db.reading(engine),
        blobs=LocalBlobs(folder / "evidence"),
        books=shelf(engine),
        examiner=examiner,
        model=Given(OneWord()),
        jobs=PromisesKept(),
        secret=b"a secret for tests",
        now=clock or Clock(),
    )
    engine.dispose()


def without_model(desk: Desk) -> Desk:
    """The same desk where no model could be loaded."""
    return replace(desk, model=Given(None, "model.missing"))
