"""What a forked child does with its files: lock itself in, run the checks, say what it saw."""

from __future__ import annotations

import gc
import importlib
import os
import warnings
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from triage.evidence import showing
from triage.evidence.examination import Check, examine
from triage.evidence.limits import Limits
from triage.evidence.opened import Opened
from triage.evidence.sandbox.layers import Layers, Unprotected, may_take
from triage.evidence.sandbox.room import Room
from triage.evidence.structure import jpeg
from triage.evidence.wire import FINE, UNPROTECTED, Errand, Request, begin_frame

_LATE_IMPORTS = (
    # What decoders import while they work. A child may be somebody who cannot even read the
    # folder that Python is installed in.
    *("encodings.cp437", "encodings.utf_16_le", "encodings.utf_16_be", "encodings.utf_16"),
    *("encodings.latin_1", "encodings.ascii", "encodings.utf_8_sig", "encodings.cp1252"),
)
_PREPARED = (
    *("filetype", "image", "kind", "fingerprint", "pdf", "receipt", "video", "video_copy"),
    "credentials",
)


@dataclass(frozen=True, kw_only=True)
class Surroundings:
    """What every child of one zygote shares."""

    limits: Limits
    layers: Layers
    checks: tuple[Check, ...]
    zygote: int  # its process id


def prepare() -> None:
    """Load in the zygote whatever a locked-in child could not load any more."""
    for name in _LATE_IMPORTS:
        importlib.import_module(name)
    for name in _PREPARED:
        importlib.import_module(f"triage.evidence.{name}").prepare()


def live(errand: Errand, files: Sequence[int], result: int, around: Surroundings) -> int:
    """Look at one file after the other and report to ``result``; the exit code.

    Called right after the fork. Nothing of a file is read before every layer is on. The child
    ends before its last file when it could not give the next one as much as a fresh child has.
    """
    _keep_only(*files, result, *around.layers.needed_descriptors())
    room = Room(around.limits.memory_bytes)
    try:
        around.layers.enter(
            memory_bytes=around.limits.memory_bytes,
            cpu_seconds=errand.requests[0].cpu_seconds,
            cpu_seconds_in_all=errand.cpu_seconds,
            parent=around.zygote,
        )
    except (Unprotected, OSError, ValueError):
        return UNPROTECTED
    for place, (request, file) in enumerate(zip(errand.requests, files, strict=True)):
        if place and not _is_fresh(room, request):
            break
        os.write(result, begin_frame())
        with warnings.catch_warnings():  # a check changes which of them count
            _look(Opened(request, file, around.limits), result, around, errand)
    return FINE


def _look(opened: Opened, result: int, around: Surroundings, errand: Errand) -> None:
    told = showing.frames(opened, errand) if errand.show else examine(opened, around.checks)
    for frame in told:
        _write_all(result, frame)


def _is_fresh(room: Room, request: Request) -> bool:
    """Forget the file before, also what a circle of references holds; can the next one begin?"""
    jpeg.forget()
    gc.collect()
    return room.is_left() and may_take(request.cpu_seconds)


def _keep_only(*descriptors: int) -> None:
    """Close every other descriptor; the standard three lead to nowhere."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nowhere, standard)
    kept = sorted({2, *descriptors})
    for lower, upper in zip(kept, [*kept[1:], _above_all()], strict=True):
        os.closerange(lower + 1, upper)


def _above_all() -> int:
    return int(os.sysconf("SC_OPEN_MAX"))


def _write_all(fd: int, content: Iterable[int]) -> None:
    left = memoryview(bytes(content))
    while left:
        left = left[os.write(fd, left) :]
