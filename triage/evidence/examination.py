"""The checks in running order and how they are run inside a child."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from triage.core.evidence import Finding, Level
from triage.evidence import (
    credentials,
    docx,
    filetype,
    fingerprint,
    image,
    integrity,
    kind,
    metadata,
    pdf,
    polyglot,
    quality,
    receipt,
    video,
)
from triage.evidence.opened import Opened
from triage.evidence.wire import end_frame, part_frame, preview_frame

Check = Callable[[Opened], Iterator[Finding]]

CHECKS: tuple[Check, ...] = (
    filetype.check,
    integrity.check,
    polyglot.check,
    image.check,
    metadata.check,
    quality.check,
    kind.check,
    video.check,
    fingerprint.check,
    pdf.check,
    docx.check,
    receipt.check,
    credentials.check,
)


def examine(opened: Opened, checks: Iterable[Check]) -> Iterator[bytes]:
    """Run the checks until one finds the file unusable, and tell what they say.

    A type and a finding are told at once, so that a decoder that dies takes none of them with
    it; facts and signals, which are worth nothing without a verdict, at the latest with the end.
    """
    told = ""
    for check in checks:
        findings = _run(check, opened)
        if findings or opened.media_type != told:
            told = opened.media_type
            yield _part(opened, findings)
        if any(each.level >= Level.UNUSABLE for each in findings):
            break
    last = preview_frame(opened.preview) if opened.preview is not None else b""
    yield _part(opened, []) + last + end_frame()


def _part(opened: Opened, findings: list[Finding]) -> bytes:
    showable = opened.visible is not None
    return part_frame(opened.media_type, findings, opened.facts, opened.signals, showable=showable)


def _run(check: Check, opened: Opened) -> list[Finding]:
    """A check that breaks is itself a finding, not a silence."""
    findings: list[Finding] = []
    try:
        findings.extend(check(opened))
    except MemoryError:
        limit = opened.limits.memory_bytes // 2**20
        findings.append(Finding(code="check.out_of_memory", level=Level.UNKNOWN, limit=limit))
    except Exception as error:
        kind = type(error).__name__
        findings.append(Finding(code="check.crashed", level=Level.UNKNOWN, measured=kind))
    return findings
