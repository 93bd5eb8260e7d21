"""Is this process alive, can it do its work, and how much of it is there: for machines."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any, Generic, TypeVar

import structlog
from flask import Blueprint, Response, jsonify
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from triage.casework import scanning
from triage.core.status import OPEN
from triage.desk import Desk
from triage.errors import TriageError
from triage.store.tables import Complaint
from triage.web.metrics import Measures

OK, DEGRADED, FAILED = "ok", "degraded", "failed"
FRESH_SECONDS = 2.0  # anybody may ask, so the answer is kept so long
LATE = timedelta(seconds=90)  # a triage takes seconds; later than this nobody is working
log = structlog.get_logger(__name__)
_Found = TypeVar("_Found")
State = tuple[str, str | None]  # and a code that says why, where it is not "ok"


class Fresh(Generic[_Found]):
    """Remembers what a look has found for a moment, however many ask at once."""

    def __init__(self, look: Callable[[], _Found], seconds: float = FRESH_SECONDS) -> None:
        self._look, self._seconds = look, seconds
        self._lock = threading.Lock()
        self._found: tuple[float, _Found] | None = None

    def get(self) -> _Found:
        with self._lock:
            now = time.monotonic()
            if self._found is None or now - self._found[0] > self._seconds:
                self._found = (now, self._look())
            return self._found[1]


def health(desk: Desk) -> Blueprint:
    """``/health/live``, ``/health/ready`` and ``/metrics``; open to all, no personal data.

    Ready answers 200 while complaints can be taken in durably, also when something is degraded
    (named in ``checks``), and 503 when they cannot.
    """
    blueprint = Blueprint("health", __name__)
    states = Fresh(lambda: readiness(desk))
    measures = Measures(desk)
    measured = Fresh(measures.text)

    @blueprint.get("/health/live")
    def live() -> Response:
        return _plain(jsonify(status="alive"))

    @blueprint.get("/health/ready")
    def ready() -> Response:
        checks = states.get()
        worst = max((state for state, _ in checks.values()), key=(OK, DEGRADED, FAILED).index)
        word = {OK: "ready", DEGRADED: "degraded", FAILED: "unavailable"}[worst]
        shown = {name: _shown(state) for name, state in checks.items()}
        response = _plain(jsonify(status=word, checks=shown))
        response.status_code = 503 if worst == FAILED else 200
        return response

    @blueprint.get("/metrics")
    def metrics() -> Response:
        return _plain(Response(measured.get(), content_type=measures.content_type))

    blueprint.before_app_request(measures.begin)
    blueprint.after_app_request(measures.end)
    return blueprint


def readiness(desk: Desk) -> Mapping[str, State]:
    """Every neighbour's state. Failed: nothing can be taken in. Degraded: people do more."""
    states = {
        "database": _database(desk),
        "files": _files(desk),
        "checks": (OK, None) if desk.examiner.ready() else (DEGRADED, "sandbox.not_ready"),
        "model": (DEGRADED, desk.model_trouble) if desk.classifier is None else (OK, None),
        "triage": _work(desk),
    }
    return states if desk.scanner is None else {**states, "scanner": _scanner(desk)}


def _database(desk: Desk) -> State:
    try:
        with desk.reading() as session:
            session.execute(select(1))
    except SQLAlchemyError as error:
        log.error("database_not_ready", kind=type(error).__name__)
        return FAILED, "database.unreachable"
    return OK, None


def _files(desk: Desk) -> State:
    try:
        with desk.blobs.receive() as incoming:
            incoming.write(b"ready?")
    except TriageError as error:
        return FAILED, error.code
    return OK, None


def _scanner(desk: Desk) -> State:
    """Files come in without it; which of them it is not asked about is no fault, but said."""
    trouble = scanning.trouble(desk)
    if trouble is not None:
        return DEGRADED, trouble
    return OK, None if scanning.is_for_all_sizes(desk) else "scanner.not_for_large_files"


def _work(desk: Desk) -> State:
    try:
        with desk.reading() as session:
            late = _late(session, desk)
    except SQLAlchemyError:
        return FAILED, "database.unreachable"
    return (DEGRADED, "triage.behind") if late else (OK, None)


def _late(session: Session, desk: Desk) -> int:
    """Complaints whose promised triage should long be concluded."""
    query = select(func.count()).where(
        Complaint.triaged_round < Complaint.round,
        Complaint.status.in_(OPEN),
        Complaint.updated_at < desk.now() - LATE,
    )
    return session.scalar(query) or 0


def _shown(state: State) -> dict[str, Any]:
    word, code = state
    return {"status": word, "code": code} if code else {"status": word}


def _plain(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
