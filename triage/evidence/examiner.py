"""The one way to have a file looked at: a limited child process for each, answered as Judged."""

from __future__ import annotations

import contextlib
import fcntl
import os
import select
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from triage.core.evidence import EvidenceKind
from triage.evidence import emptiness, ocr
from triage.evidence.codes import CODES
from triage.evidence.item import Item, Judged
from triage.evidence.limits import Limits
from triage.evidence.nursery import Nursery, NurseryClosed
from triage.evidence.sandbox.layers import SECCOMP
from triage.evidence.verdicts import blame, judged, unavailable
from triage.evidence.wire import FILM, FINE, PAGE, Ending, Garbled, Report, Request, extension_of

Watch = Callable[[Item, Ending], None]

_GRACE_SECONDS = 5.0  # what the zygote may take on top of the wall limit to kill and report
_CHUNK_BYTES = 256 * 1024
_PIPE_BYTES = 1024 * 1024  # what Linux lets everybody have
_LONG_KINDS = (EvidenceKind.UNBOXING_VIDEO, EvidenceKind.OTHER)  # what may be a video


@dataclass(frozen=True)
class Film:
    """An MP4 file to watch, how long it is in seconds, and whether that is all of the video."""

    content: bytes
    seconds: int
    is_whole: bool


class Examiner:
    """Built once per process, called from any number of threads.

    ``watch`` is told how each child ended (for metrics and benchmarks). ``checks_module`` is
    for tests of the sandbox: a module whose ``CHECKS`` run in place of the real ones.
    """

    def __init__(
        self,
        limits: Limits | None = None,
        *,
        watch: Watch | None = None,
        checks_module: str | None = None,
    ) -> None:
        self.limits = limits or Limits()
        self._watch = watch
        self._codes = None if checks_module else CODES
        self._nursery = Nursery(self.limits, checks_module)
        self._places = threading.BoundedSemaphore(max(1, self.limits.concurrency))
        self._filming = threading.Lock()

    def start(self) -> None:
        """Start the zygote now instead of with the first file. Never raises; see ``ready``."""
        self.strength()

    def close(self) -> None:
        """End the zygote and whatever it is looking at."""
        self._nursery.close()

    def ready(self) -> bool:
        """Can files be examined under full protection? Starts the zygote if need be."""
        return SECCOMP in self.strength()

    def strength(self) -> tuple[str, ...]:
        """Which layers are on: rlimits, seccomp, network, landlock, uid; none if it is down."""
        try:
            return self._nursery.strength()
        except NurseryClosed:
            return ()

    def examine(self, item: Item, fd: int) -> Judged:
        """Judge the original behind the open, read-only descriptor ``fd``.

        Never raises for a bad file, a killed child or a missing sandbox: each is a finding.
        The descriptor's position is neither used nor moved.
        """
        nothing = Report(preview_bytes=0)
        early = tuple(emptiness.check(item, os.fstat(fd).st_size, self.limits))
        if early:
            return judged(item, nothing, early)
        if not self.ready():
            return judged(item, nothing, (unavailable(),))
        request = self._request(item)
        with self._places:
            report, ending = self._attend(request, fd)
        if self._watch is not None and ending is not None:
            self._watch(item, ending)
        found = judged(item, report or nothing, blame(request, self.limits, ending, report))
        if not self.limits.ocr:
            return found
        with self._places:
            return ocr.reread(found, item, self.limits)

    def film(self, item: Item, fd: int) -> Film | None:
        """A copy of a video that people may watch; None where none can be made.

        One at a time: a film takes as long as judging a hundred photos, and nobody waits for it.
        """
        request = replace(self._request(item), show=FILM, **self._long())
        with self._filming:
            report, ending = self._show(request, fd, film_bytes=self.limits.film_bytes)
        if report is None or report.film is None or not _is_fine(ending):
            return None
        return Film(report.film, report.film_seconds, report.film_is_whole)

    def page(self, item: Item, fd: int, number: int) -> bytes | None:
        """A page of a PDF as a JPEG, the first being 1; None where it cannot be drawn."""
        request = replace(self._request(item), show=PAGE, page=number)
        with self._places:
            report, ending = self._show(request, fd)
        return report.preview if report is not None and _is_fine(ending) else None

    def _show(
        self, request: Request, fd: int, film_bytes: int | None = None
    ) -> tuple[Report | None, Ending | None]:
        return self._attend(request, fd, film_bytes) if self.ready() else (None, None)

    def _long(self) -> dict[str, Any]:
        limits = self.limits
        return {
            "cpu_seconds": limits.video_cpu_seconds,
            "wall_seconds": limits.video_wall_seconds,
        }

    def _request(self, item: Item) -> Request:
        long = item.kind in _LONG_KINDS
        limits = self.limits
        request = Request(
            kind=item.kind,
            extension=extension_of(item),
            declared_type=item.declared_type[:100],
            size=item.size,
            cpu_seconds=limits.cpu_seconds,
            wall_seconds=limits.wall_seconds,
        )
        return replace(request, **self._long()) if long else request

    def _attend(
        self, request: Request, fd: int, film_bytes: int | None = None
    ) -> tuple[Report | None, Ending | None]:
        """Have a child look; once more when it was the zygote that died, not the child."""
        began = time.monotonic()
        report, ending = self._converse(request, fd, self._report(film_bytes))
        if ending is None and time.monotonic() - began < request.wall_seconds:
            report, ending = self._converse(request, fd, self._report(film_bytes))
        return report, ending

    def _report(self, film_bytes: int | None) -> Report:
        preview_bytes = self.limits.preview_bytes
        return Report(preview_bytes=preview_bytes, codes=self._codes, film_bytes=film_bytes)

    def _converse(
        self, request: Request, fd: int, report: Report
    ) -> tuple[Report | None, Ending | None]:
        result, result_end = _wide_pipe()
        status, status_end = os.pipe()
        try:
            try:
                self._nursery.send(request.to_bytes(), (fd, result_end, status_end))
            except NurseryClosed:
                return None, None
            finally:
                os.close(result_end)
                os.close(status_end)
            listening = _Listening(result, status, report)
            if not listening.until(time.monotonic() + request.wall_seconds + _GRACE_SECONDS):
                self._nursery.drop()  # a zygote that does not keep time is none
            return listening.report, listening.ending
        finally:
            os.close(result)
            os.close(status)


def _is_fine(ending: Ending | None) -> bool:
    return ending is not None and ending.exit_code == FINE


def _wide_pipe() -> tuple[int, int]:
    """With room for a whole preview where that may be had: the child need not wait for us."""
    ends = os.pipe()
    with contextlib.suppress(OSError):  # more than the user may have in all pipes together
        fcntl.fcntl(ends[0], fcntl.F_SETPIPE_SZ, _PIPE_BYTES)
    return ends


class _Listening:
    """Hears out one child and, at the end, the zygote about it."""

    def __init__(self, result: int, status: int, report: Report) -> None:
        self.report: Report | None = report
        self.ending: Ending | None = None
        self._hear = {result: self._from_child, status: self._from_zygote}
        self._poll = select.poll()
        for pipe in self._hear:
            self._poll.register(pipe, select.POLLIN)

    def until(self, deadline: float) -> bool:
        """Both pipes to their end; False when that took longer than until ``deadline``."""
        while self._hear:
            left = deadline - time.monotonic()
            if left <= 0:
                return False
            for pipe, _ in self._poll.poll(left * 1000):
                received = os.read(pipe, _CHUNK_BYTES)
                if received:
                    self._hear[pipe](received)
                else:
                    self._poll.unregister(pipe)
                    del self._hear[pipe]
        return True

    def _from_child(self, received: bytes) -> None:
        if self.report is not None:
            try:
                self.report.feed(received)
            except Garbled:
                self.report = None  # read on, so that the child ends, and believe nothing

    def _from_zygote(self, received: bytes) -> None:
        self.ending = Ending.from_bytes(received)
