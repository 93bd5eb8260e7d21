"""Figures for Prometheus: requests as they happen, complaints as the database has them."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from flask import Response, g, request
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Histogram,
    ProcessCollector,
    generate_latest,
)
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from triage import __version__
from triage.core.status import CLOSED, OPEN, Status
from triage.desk import Desk
from triage.store.tables import Complaint, Evidence

CLOSED_SECONDS = 300.0  # counting a million takes a fifth of a second
#: Seconds: a page in hundredths, an upload with its triage in seconds, a video in a minute.
BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)


class Measures:
    """One registry a desk, so that two applications in one process do not mix their figures."""

    content_type = CONTENT_TYPE_LATEST

    def __init__(self, desk: Desk) -> None:
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "triage_http_requests",
            "Answered requests.",
            ("method", "route", "status"),
            registry=self._registry,
        )
        self._seconds = Histogram(
            "triage_http_request_seconds",
            "From the request's headers to its answer, with the upload and the wait for triage.",
            ("method", "route"),
            registry=self._registry,
            buckets=BUCKETS,
        )
        ProcessCollector(registry=self._registry)
        self._registry.register(Stock(desk))

    def begin(self) -> None:
        """Start the clock of a request."""
        g.began = time.perf_counter()

    def end(self, response: Response) -> Response:
        """Count a request under its route, never under its address: an address may be a secret."""
        route = request.url_rule.rule if request.url_rule else "none"
        method = request.method if request.method in _METHODS else "other"
        self._requests.labels(method, route, response.status_code).inc()
        if "began" in g:
            self._seconds.labels(method, route).observe(time.perf_counter() - g.began)
        return response

    def text(self) -> bytes:
        """All figures in the format of Prometheus."""
        return generate_latest(self._registry)


_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class Stock(Collector):
    """What lies in the database and how the desk stands, read when somebody asks."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._closed: tuple[float, dict[str, int]] | None = None

    def describe(self) -> Iterable[GaugeMetricFamily]:
        return ()  # a registry would otherwise read the database to learn the names

    def collect(self) -> Iterator[GaugeMetricFamily]:
        desk = self._desk
        yield _labelled("triage_build", "Version and rules in force.", {
            (__version__, desk.book.version): 1.0,
        }, ("version", "rulebook"))  # fmt: skip
        yield _one("triage_model_loaded", "1 with a text model.", desk.classifier is not None)
        yield _one("triage_checks_ready", "1 when files can be examined.", desk.examiner.ready())
        try:
            with desk.reading() as session:
                found = [self._by_status(session), *_of_database(session, desk)]
        except SQLAlchemyError:
            found = []
        yield _one("triage_database_up", "1 when the database answers.", bool(found))
        yield from found

    def _by_status(self, session: Session) -> GaugeMetricFamily:
        """Open ones as they are; of the closed ones, which are nearly all, some minutes ago."""
        now = time.monotonic()
        if self._closed is None or now - self._closed[0] > CLOSED_SECONDS:
            self._closed = (now, _counted(session, CLOSED))
        counts = _counted(session, OPEN) | self._closed[1]
        by_status = {(str(status),): float(counts.get(status, 0)) for status in Status}
        return _labelled(
            "triage_complaints", "Complaints by status; closed ones up to 5 minutes old.",
            by_status, ("status",),
        )  # fmt: skip


def _counted(session: Session, statuses: frozenset[Status]) -> dict[str, int]:
    query = select(Complaint.status, func.count()).where(Complaint.status.in_(sorted(statuses)))
    rows = session.execute(query.group_by(Complaint.status))
    return {str(status): int(count) for status, count in rows}


def _of_database(session: Session, desk: Desk) -> Iterator[GaugeMetricFamily]:
    by_priority = session.execute(
        select(Complaint.priority, func.count())
        .where(Complaint.in_queue, Complaint.lease_holder.is_(None))
        .group_by(Complaint.priority)
    )
    waiting = {(str(priority),): float(count) for priority, count in by_priority}
    yield _labelled("triage_queue", "Complaints that await an agent.", waiting, ("priority",))
    still_open = Complaint.status.in_(OPEN)
    late = select(func.count()).where(still_open, Complaint.due_at < desk.now())
    yield _one("triage_overdue", "Open complaints past their due time.", session.scalar(late) or 0)
    promised = select(func.count()).where(Complaint.triaged_round < Complaint.round)
    if desk.scanner is not None:
        scans = {(name,): 0.0 for name in ("clean", "found", "not_scanned", "none")}
        rows = session.execute(select(Evidence.scan, func.count()).group_by(Evidence.scan))
        scans |= {(name or "none",): float(count) for name, count in rows}
        yield _labelled("triage_scans", "Files by their malware scan.", scans, ("result",))
    yield _one("triage_promised", "Triages not concluded yet.", session.scalar(promised) or 0)


def _one(name: str, says: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, says, value=float(value))


def _labelled(
    name: str, says: str, values: Mapping[Any, float], labels: tuple[str, ...]
) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, says, labels=labels)
    for words, value in values.items():
        family.add_metric(words, value)
    return family
