"""The one way to have files looked at: by limited child processes, answered as Judged.

The files of one sender share a child, one after another: whoever takes it over with one of them
can lie about his own others only, and could as well have sent those as they should be. A file
that ends its child is blamed only if it was the first in it; else it is looked at again, as the
first in a fresh one. So what is said of a file never depends on those before it.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from triage.core.evidence import EvidenceKind, Finding
from triage.evidence import emptiness, ocr
from triage.evidence.codes import CODES
from triage.evidence.conversation import Conversation
from triage.evidence.item import Item, Judged
from triage.evidence.limits import Limits
from triage.evidence.nursery import Nursery, NurseryClosed
from triage.evidence.sandbox.layers import SECCOMP
from triage.evidence.verdicts import blame, is_sound, judged, unavailable
from triage.evidence.wire import (
    FILM,
    PAGE,
    PREVIEW,
    TOGETHER,
    Ending,
    Errand,
    Report,
    Reports,
    Request,
    extension_of,
)

Watch = Callable[[tuple[Item, ...], Ending], None]

_LONG_KINDS = (EvidenceKind.UNBOXING_VIDEO, EvidenceKind.OTHER)  # what may be a video


class NobodyLooked(Exception):
    """The sandbox is missing, or the machine has too much else to do: ask again later."""


@dataclass(frozen=True)
class Film:
    """An MP4 file to watch, how long it is in seconds, and whether that is all of the video."""

    content: bytes
    seconds: int
    is_whole: bool


@dataclass(frozen=True)
class _File:
    """One that a child can be given."""

    item: Item
    fd: int


class Examiner:
    """Built once per process, called from any number of threads.

    ``watch`` is told how each child ended, and which files it was given (for benchmarks).
    ``checks_module`` is for tests of the sandbox: a module whose ``CHECKS`` run in place of the
    real ones.
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
        self._filming = threading.BoundedSemaphore(1)

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
        return self.examine_together([(item, fd)])[0]

    def examine_together(self, files: Sequence[tuple[Item, int]]) -> list[Judged]:
        """The same for files of one sender, in their order. Never give it those of several."""
        found: dict[int, Judged] = {}
        wanted: dict[int, _File] = {}
        ready = None
        for place, (item, fd) in enumerate(files):
            early = tuple(emptiness.check(item, os.fstat(fd).st_size, self.limits))
            if not early and ready is None:
                ready = self.ready()
            if early or not ready:
                found[place] = judged(item, _nothing(), early or (unavailable(),))
            else:
                wanted[place] = _File(item, fd)
        groups = list(_groups(wanted))
        if len(groups) < 2:
            answers = [self._judged(group) for group in groups]
        else:
            with ThreadPoolExecutor(min(len(groups), self.limits.concurrency)) as pool:
                answers = list(pool.map(self._judged, groups))
        for answer in answers:
            found |= answer
        return [self._reread(found[place], *files[place]) for place in range(len(files))]

    def preview(self, item: Item, fd: int) -> bytes | None:
        """A re-encoded JPEG without any metadata of the original, for people to look at.

        At most ``Limits.preview_bytes`` long. For a file that was judged ``showable``; None when
        none can be made of it after all. Raises NobodyLooked.
        """
        report = self._shown(Errand(requests=(self._request(item),), show=PREVIEW), item, fd)
        return report.preview if report is not None else None

    def film(self, item: Item, fd: int) -> Film | None:
        """A copy of a video that people may watch; None where none can be made.

        One at a time: a film takes as long as judging a hundred photos, and nobody waits for it.
        Raises NobodyLooked.
        """
        request = self._request(item, may_be_long=True)
        report = self._shown(Errand(requests=(request,), show=FILM), item, fd)
        if report is None or report.film is None:
            return None
        return Film(report.film, report.film_seconds, report.film_is_whole)

    def page(self, item: Item, fd: int, number: int) -> bytes | None:
        """A page of a PDF as a JPEG, the first being 1; None where it cannot be drawn.

        Raises NobodyLooked.
        """
        errand = Errand(requests=(self._request(item),), show=PAGE, page=number)
        report = self._shown(errand, item, fd)
        return report.preview if report is not None else None

    def _shown(self, errand: Errand, item: Item, fd: int) -> Report | None:
        """What a child sent of the copy that it was asked for; None when it did not end well."""
        if not self.ready():
            raise NobodyLooked
        talk = self._attend(errand, [_File(item, fd)])
        waited = talk.ending is not None and talk.ending.timed_out  # for others: no decoder sleeps
        if waited or unavailable() in self._blame(errand, talk):
            raise NobodyLooked
        return talk.reports.heard[0] if _done(talk) else None

    def _judged(self, group: dict[int, _File]) -> dict[int, Judged]:
        """By as many children as it takes."""
        found: dict[int, Judged] = {}
        while group:
            places, files = list(group), list(group.values())
            errand = Errand(requests=tuple(self._request(each.item) for each in files))
            talk = self._attend(errand, files)
            if talk.garbled and len(group) > 1:  # nothing of it is believed: each by itself
                for place, each in group.items():
                    found |= self._judged({place: each})
                break
            done = _done(talk)
            for place, report in zip(places, talk.reports.heard[:done], strict=False):
                found[place] = judged(group.pop(place).item, report, ())
            if not done:
                said = talk.reports.heard[0] if talk.reports.heard else _nothing()
                blamed = self._blame(errand, talk)
                item = group.pop(places[0]).item
                found[places[0]] = judged(item, _nothing() if talk.garbled else said, blamed)
        return found

    def _blame(self, errand: Errand, talk: Conversation) -> tuple[Finding, ...]:
        heard = talk.reports.heard
        report = None if talk.garbled else heard[0] if heard else _nothing()
        return blame(errand, self.limits, talk.ending, report)

    def _reread(self, found: Judged, item: Item, fd: int) -> Judged:
        """By its print, where that is switched on and nothing else told what it says."""
        if not self.limits.ocr or not ocr.is_wanted(found, item):
            return found
        try:
            shown = self.preview(item, fd)
        except NobodyLooked:
            return found
        with self._places:
            return ocr.reread(found, item, shown, self.limits) if shown else found

    def _request(self, item: Item, *, may_be_long: bool = False) -> Request:
        long = may_be_long or item.kind in _LONG_KINDS
        limits = self.limits
        return Request(
            kind=item.kind,
            extension=extension_of(item),
            declared_type=item.declared_type[:100],
            size=item.size,
            cpu_seconds=limits.video_cpu_seconds if long else limits.cpu_seconds,
            wall_seconds=limits.video_wall_seconds if long else limits.wall_seconds,
        )

    def _attend(self, errand: Errand, files: Sequence[_File]) -> Conversation:
        """Have a child look; once more when it was the zygote that died, not the child."""
        with self._filming if errand.show == FILM else self._places:
            talk = self._converse(errand, files)
            if talk.ending is None and not talk.stuck:
                talk = self._converse(errand, files)
        if self._watch is not None and talk.ending is not None:
            self._watch(tuple(each.item for each in files), talk.ending)
        return talk

    def _converse(self, errand: Errand, files: Sequence[_File]) -> Conversation:
        limits = self.limits
        reports = Reports(
            most=len(files),
            preview_bytes=limits.preview_bytes,
            film_bytes=limits.film_bytes if errand.show == FILM else None,
            codes=self._codes,
        )
        with Conversation(errand, reports) as talk:
            try:
                self._nursery.send(errand.to_bytes(), [*(each.fd for each in files), *talk.ends()])
            except NurseryClosed:
                return talk
            talk.hand_over()
            talk.listen()
            if talk.stuck:
                self._nursery.drop()  # a zygote that does not end its children is none
            return talk


def _nothing() -> Report:
    return Report(preview_bytes=0)


def _groups(files: dict[int, _File]) -> Iterator[dict[int, _File]]:
    """What shares a child. What may be a film has one of its own, beside the others."""
    brief = [place for place, each in files.items() if each.item.kind not in _LONG_KINDS]
    for start in range(0, len(brief), TOGETHER):
        yield {place: files[place] for place in brief[start : start + TOGETHER]}
    for place, each in files.items():
        if place not in brief:
            yield {place: each}


def _done(talk: Conversation) -> int:
    """Of how many files all was said; not of the last one, when the child did not end well."""
    heard = talk.reports.heard
    if is_sound(talk.ending) and not talk.garbled:
        return sum(each.complete for each in heard)
    return max(0, len(heard) - 1)
