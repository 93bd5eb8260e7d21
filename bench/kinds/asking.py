"""Asks the check itself: the same decode and the same models as in a child, without the child."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from triage.core.evidence import EvidenceKind, Finding
from triage.evidence import filetype, image, kind, screen
from triage.evidence.limits import Limits
from triage.evidence.opened import Opened
from triage.evidence.wire import Request

SLOTS = (EvidenceKind.DAMAGE_PHOTO, EvidenceKind.CHAT_SCREENSHOT, EvidenceKind.EXPERT_REPORT)
LIMITS = Limits()
FEATURES = (
    *("plain", "drawn", "grain", "palette", "second", "ruled", "rhythm", "status"),
    *("known", "tall", "moire", "fringes", "print", "paper"),
)


class Unseen(Exception):
    """The picture cannot be decoded, so there is no kind to tell."""


_prepared = cache(image.prepare)


@contextmanager
def decoded(content: bytes) -> Iterator[Opened]:
    """The file as ``kind.check`` gets it; raises Unseen."""
    _prepared()
    with tempfile.TemporaryFile() as file:
        file.write(content)
        file.flush()
        request = Request(
            kind=EvidenceKind.DAMAGE_PHOTO,
            extension="",
            declared_type="",
            size=len(content),
            cpu_seconds=LIMITS.cpu_seconds,
            wall_seconds=LIMITS.wall_seconds,
        )
        opened = Opened(request, os.dup(file.fileno()), LIMITS)
        try:
            list(filetype.check(opened))
            list(image.check(opened))
            if opened.shown is None:
                raise Unseen
            yield opened
        finally:
            os.close(opened._fd)


def found(opened: Opened, slot: EvidenceKind) -> tuple[list[Finding], float]:
    """What the check says of this picture in this slot, and its cost in milliseconds of CPU."""
    opened.kind = slot
    began = time.process_time()
    findings = list(kind.check(opened))
    return findings, (time.process_time() - began) * 1000


def features_of(opened: Opened) -> dict[str, float]:
    """Every feature, for fitting."""
    assert opened.shown is not None
    size = (opened.facts["width"], opened.facts["height"])
    look = screen.Look(opened.shown, size)
    return {name: float(getattr(look, name)) for name in FEATURES}
