"""Copies of evidence to look at in the browser: a video to watch, the pages of a PDF.

The original stays sealed: what is shown was encoded anew by a locked-in child. A page is drawn
when somebody asks for it; a film takes too long for that and is made beforehand (``make_due``).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import BinaryIO

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session, object_session

from triage.casework.crosscheck import item_of
from triage.desk import Desk
from triage.errors import NotFound
from triage.evidence import NobodyLooked
from triage.store.films import Film
from triage.store.tables import Evidence

HELD = timedelta(minutes=15)  # a film that a worker took and did not bring back is free again
TRIES = 3  # of a film whose worker did not come back

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Shown:
    """What there is to see of one file: pages of a PDF, or a film and how long its copy is."""

    pages: int = 0
    seconds: float | None = None
    film: bool = False
    film_seconds: int | None = None
    film_is_whole: bool = False
    film_is_coming: bool = False


def promise(row: Evidence, now: datetime) -> None:
    """Have a film made of a file that was just looked at, if it is a video that can be seen."""
    session = object_session(row)
    assert session is not None, "the row is being written"
    if row.preview is not None and row.media_type.startswith("video/"):
        session.add(Film(evidence_id=row.id, due_at=now, tries=0, is_whole=False))


def make_due(desk: Desk) -> str | None:
    """Make the film that waits longest; whose it is, None when none waits.

    Raises NobodyLooked; then it is tried again when its time is over.
    """
    taken = _take(desk)
    if taken is None:
        return None
    with desk.blobs.open(taken.sha256) as file:
        film = desk.examiner.film(item_of(taken), file.fileno())
    kept = desk.blobs.put(film.content) if film else None
    with desk.sessions.begin() as session:
        row = session.get(Film, taken.id)
        if row is not None:  # the case may have been erased meanwhile: its film goes with a sweep
            row.due_at, row.sha256 = None, kept
            row.seconds = film.seconds if film else None
            row.is_whole = film is not None and film.is_whole
    log.info("film", evidence=taken.id, made=kept is not None)
    return taken.id


def _take(desk: Desk) -> Evidence | None:
    """The next video, held so that no other worker takes it too."""
    with desk.sessions.begin() as session:
        wanted = select(Film).where(Film.due_at <= desk.now()).order_by(Film.due_at)
        row = session.scalar(wanted.limit(1).with_for_update(skip_locked=True))
        if row is None:
            return None
        row.tries += 1
        row.due_at = desk.now() + HELD if row.tries < TRIES else None
        return session.get(Evidence, row.evidence_id)


def shown(session: Session, rows: Iterable[Evidence]) -> dict[str, Shown]:
    """What there is to see of each of these files, by its id."""
    files = {row.id: row for row in rows}
    made = session.scalars(select(Film).where(Film.evidence_id.in_(files)))
    films = {each.evidence_id: each for each in made}
    return {id: _shown(row, films.get(id)) for id, row in files.items()}


def _shown(row: Evidence, film: Film | None) -> Shown:
    seconds = row.signals.get("seconds")
    return Shown(
        pages=int(row.signals.get("pages", 0)) if row.preview is not None else 0,
        seconds=float(seconds) if seconds else None,
        film=film is not None and film.sha256 is not None,
        film_seconds=film.seconds if film else None,
        film_is_whole=film is not None and film.is_whole,
        film_is_coming=film is not None and film.due_at is not None and film.sha256 is None,
    )


def hashes(session: Session, rows: Iterable[Evidence]) -> set[str]:
    """Of the films of these files."""
    wanted = select(Film.sha256).where(Film.evidence_id.in_([row.id for row in rows]))
    return {each for each in session.scalars(wanted) if each}


def open_film(desk: Desk, evidence_id: str) -> BinaryIO:
    """The MP4 file to watch. Raises NotFound."""
    with desk.reading() as session:
        row = session.get(Film, evidence_id)
    if row is None or row.sha256 is None:
        raise NotFound("evidence.no_film")
    return desk.blobs.open(row.sha256)


def draw_page(desk: Desk, evidence_id: str, number: int) -> bytes:
    """One page of a PDF as a JPEG, the first being 1. Raises NotFound."""
    with desk.reading() as session:
        row = session.get(Evidence, evidence_id)
    if row is None or not 1 <= number <= min(_shown(row, None).pages, most_pages(desk)):
        raise NotFound("evidence.no_page")
    try:
        with desk.blobs.open(row.sha256) as file:
            page = desk.examiner.page(item_of(row), file.fileno(), number)
    except NobodyLooked:
        page = None
    if page is None:
        raise NotFound("evidence.no_page")
    return page


def most_pages(desk: Desk) -> int:
    """How many pages of a PDF are shown at the most."""
    return desk.examiner.limits.shown_pages
