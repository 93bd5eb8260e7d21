"""Where everything meets: builds the desk, and the web application upon it."""

from __future__ import annotations

import os
import secrets
from datetime import UTC, date, datetime
from pathlib import Path

from flask import Flask, Response, request
from sqlalchemy.orm import Session, sessionmaker
from werkzeug.exceptions import HTTPException

from triage import rulebook
from triage.casework.equipment import limits_of, scanner_of
from triage.channels.api import answer_error, api
from triage.classifier.loading import ModelInForce
from triage.core.policy import RuleBook
from triage.desk import Desk
from triage.evidence import Examiner
from triage.messages.findings import FINDINGS
from triage.settings import Settings
from triage.store import db
from triage.store.blobs import Blobs, LocalBlobs
from triage.store.jobs import DurableJobs
from triage.store.shelf import Bindery, BoundBook, Shelf
from triage.web import pages
from triage.web.errors import error_page
from triage.web.health import health


def build_desk(settings: Settings) -> Desk:
    """Everything that the shell needs. Raises RuleError or SettingError where it makes no sense.

    A model that is missing or broken is no obstacle: people sort by hand, and readiness says so.
    """
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    engine = db.open_engine(settings.database)
    return Desk(
        settings=settings,
        engine=engine,
        sessions=db.writing(engine),
        reading=db.reading(engine),
        blobs=open_blobs(settings),
        books=open_shelf(settings, db.reading(engine)),
        examiner=Examiner(limits_of(settings)),
        scanner=scanner_of(settings),
        model=ModelInForce(settings.models_dir),
        jobs=DurableJobs(db.open_job_engine(settings.database)),
        secret=_secret(settings),
        now=lambda: datetime.now(UTC),
    )


def remarks(book: RuleBook, today: date) -> list[str]:
    """Whatever looks like a mistake in a book that loads: place, cure and witness of each."""
    from triage.rulebook.lint import lint  # its solver takes a while to import

    return [str(note) for note in lint(book, today, FINDINGS)]


BINDERY = Bindery(read=rulebook.sources, bind=rulebook.bind, lint=remarks)


def open_shelf(settings: Settings, sessions: sessionmaker[Session]) -> Shelf:
    """The folder's rule book, and the way to those of earlier days. Raises RuleError."""
    sources = rulebook.sources(settings.rules_dir, settings.rules_profile)
    # What no check says is a slip of the pen here; books of earlier days may still ask for it.
    book = rulebook.bind(sources, settings.rules_profile, FINDINGS)
    own = BoundBook(book=book, sources=sources)
    return Shelf(own, BINDERY, sessions)


def create_app(desk: Desk) -> Flask:
    """The web application: the API for programs and the pages for people."""
    app = Flask("triage", static_folder=None)
    app.secret_key = desk.secret
    app.register_blueprint(api(desk))
    app.register_blueprint(health(desk))
    app.register_blueprint(pages(desk))
    app.register_error_handler(HTTPException, _answer_nobody)
    return app


def _answer_nobody(error: HTTPException) -> Response:
    """For addresses of nobody, and methods that an address does not know."""
    return answer_error(error) if request.path.startswith("/api/") else error_page(error)


def open_blobs(settings: Settings) -> Blobs:
    """The folder or the bucket that files are kept in."""
    if settings.blobs_url.startswith("s3://"):
        from triage.store.bucket import BucketBlobs  # needs obstore, which the folder does not

        return BucketBlobs(settings, settings.data_dir / "incoming")
    folder = settings.blobs_url.removeprefix("file://")
    return LocalBlobs(Path(folder) if folder else settings.data_dir / "evidence")


def _secret(settings: Settings) -> bytes:
    """The signing secret: given, or made once and kept in a file that only we may read."""
    if settings.secret_key:
        return settings.secret_key.encode()
    path = settings.data_dir / "secret_key"
    try:
        descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        return path.read_bytes()
    with os.fdopen(descriptor, "wb") as file:
        file.write(secrets.token_hex(32).encode())
        file.flush()
        os.fsync(file.fileno())
    return path.read_bytes()
