"""What a forked child does with its one file: lock itself in, run the checks, say what it saw."""

from __future__ import annotations

import importlib
import os
from collections.abc import Iterable
from dataclasses import dataclass

from triage.evidence import showing
from triage.evidence.examination import Check, examine
from triage.evidence.limits import Limits
from triage.evidence.opened import Opened
from triage.evidence.sandbox.layers import Layers, Unprotected
from triage.evidence.wire import FINE, UNPROTECTED, Request

_LATE_IMPORTS = (
    # What decoders import while they work. A child may be somebody who cannot even read the
    # folder that Python is installed in.
    *("encodings.cp437", "encodings.utf_16_le", "encodings.utf_16_be", "encodings.utf_16"),
    *("encodings.latin_1", "encodings.ascii", "encodings.utf_8_sig", "encodings.cp1252"),
)
_PREPARED = (
    *(
        "filetype",
        "image",
        "kind",
        "fingerprint",
        "pdf",
        "receipt",
        "video",
        "video_copy",
        "credentials",
    ),
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


def live(request: Request, evidence: int, result: int, around: Surroundings) -> int:
    """Examine the file behind ``evidence``, report to ``result``; the exit code.

    Called right after the fork. Nothing of the file is read before every layer is on.
    """
    _keep_only(evidence, result, *around.layers.needed_descriptors())
    try:
        around.layers.enter(
            memory_bytes=around.limits.memory_bytes,
            cpu_seconds=request.cpu_seconds,
            parent=around.zygote,
        )
    except (Unprotected, OSError, ValueError):
        return UNPROTECTED
    opened = Opened(request, evidence, around.limits)
    told = showing.frames(opened, request) if request.show else examine(opened, around.checks)
    for frame in told:
        _write_all(result, frame)
    return FINE


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
