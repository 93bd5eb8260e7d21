"""From what a child said and how it ended to findings: a killed child is never a pass."""

from __future__ import annotations

import signal
from dataclasses import replace

from triage.core.evidence import Finding, Level, verdict_of
from triage.evidence.item import Item, Judged
from triage.evidence.limits import Limits
from triage.evidence.wire import FINE, UNPROTECTED, Ending, Errand, Report

_FATAL = (signal.SIGSEGV, signal.SIGABRT, signal.SIGBUS, signal.SIGILL, signal.SIGTRAP)
_FULL = 0.5  # of the memory limit: a native crash beyond it is taken for a failed allocation


def unavailable() -> Finding:
    """Nobody looked: the sandbox is missing, incomplete or overwhelmed."""
    return Finding(code="check.unavailable", level=Level.UNKNOWN)


def is_sound(ending: Ending | None) -> bool:
    """Did the child end by itself, content with what it did?"""
    return ending is not None and ending.exit_code == FINE and not ending.timed_out


def blame(
    errand: Errand, limits: Limits, ending: Ending | None, report: Report | None
) -> tuple[Finding, ...]:
    """What to add to what the child said of its first file; None when that was garbled."""
    if ending is None or ending.exit_code == UNPROTECTED:
        return (unavailable(),)
    if is_sound(ending) and report is not None and report.complete:
        return ()
    if report is None:
        return (Finding(code="check.crashed", level=Level.UNKNOWN, measured=_how(ending)),)
    if _ran_out_of_time(ending, errand):
        first = errand.requests[0]
        seconds = first.wall_seconds if ending.timed_out else first.cpu_seconds
        return (Finding(code="check.timed_out", level=Level.UNKNOWN, limit=seconds),)
    if _ran_out_of_memory(ending, limits):
        mebibytes = limits.memory_bytes // 2**20
        return (Finding(code="check.out_of_memory", level=Level.UNKNOWN, limit=mebibytes),)
    return (Finding(code="check.crashed", level=Level.UNKNOWN, measured=_how(ending)),)


def _ran_out_of_time(ending: Ending, errand: Errand) -> bool:
    killed = ending.signal == signal.SIGKILL and ending.cpu_seconds >= errand.cpu_seconds
    return ending.timed_out or ending.signal == signal.SIGXCPU or killed


def _ran_out_of_memory(ending: Ending, limits: Limits) -> bool:
    """SIGKILL from nobody of ours is the kernel's: its own out-of-memory killer."""
    full = ending.peak_memory >= limits.memory_bytes * _FULL
    return ending.signal == signal.SIGKILL or (ending.signal in _FATAL and full)


def _how(ending: Ending) -> str:
    if ending.signal is not None:
        return signal.Signals(ending.signal).name
    return f"exit {ending.exit_code}"


def judged(item: Item, report: Report, added: tuple[Finding, ...]) -> Judged:
    """The answer to whoever asked, every finding marked with the file's hash."""
    findings = tuple(replace(each, sha256=item.sha256) for each in (*report.findings, *added))
    return Judged(
        media_type=report.media_type,
        findings=findings,
        verdict=verdict_of(findings),
        preview=report.preview,
        showable=report.showable,
        signals=report.signals,
        **report.facts,
    )
