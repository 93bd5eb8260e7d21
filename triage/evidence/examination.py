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
from triage.evidence.preview import encoded
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
    """Run the checks until one finds the file unusable; a frame for what is new after each.

    What is known is told at once, so that a decoder that dies takes nothing with it.
    """
    told: object = None
    for check in checks:
        findings = _run(check, opened)
        showable = opened.visible is not None
        known = (opened.media_type, dict(opened.facts), dict(opened.signals), showable)
        if findings or known != told:
            yield part_frame(
                opened.media_type, findings, opened.facts, opened.signals, showable=showable
            )
            told = known
        if any(each.level >= Level.UNUSABLE for each in findings):
            break
    if opened.preview is not None:
        yield preview_frame(opened.preview)
    yield end_frame()


def show(opened: Opened) -> Iterator[bytes]:
    """The copy for people, and nothing else, of a picture or a document that was judged before.

    What it may not be any more (its type was switched off since) is not decoded again.
    """
    if all(each.level < Level.UNUSABLE for each in _run(filetype.check, opened)):
        for look in (image.check, pdf.draw):
            _run(look, opened)
    if opened.visible is not None:
        yield preview_frame(encoded(opened.visible, opened.limits))
    yield end_frame()


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
