"""Has the same file been put into one complaint twice?"""

from __future__ import annotations

from collections.abc import Iterable

from triage.core.evidence import EvidenceKind, Finding, Level
from triage.evidence.item import Item


def same_file_twice(items: Iterable[Item]) -> tuple[Finding | None, ...]:
    """One entry per item, in order: ``None``, or ``duplicate.same_complaint`` for a repeat.

    The first copy is never blamed. A repeat in the same kind is a NOTE (it adds nothing), one
    file that is to serve as two kinds of evidence is WEAK (an agent should look).
    """
    first: dict[str, EvidenceKind] = {}
    found: list[Finding | None] = []
    for item in items:
        if item.sha256 in first:
            found.append(_repeat(item, first[item.sha256]))
        else:
            first[item.sha256] = item.kind
            found.append(None)
    return tuple(found)


def _repeat(item: Item, first_kind: EvidenceKind) -> Finding:
    return Finding(
        code="duplicate.same_complaint",
        level=Level.NOTE if item.kind is first_kind else Level.WEAK,
        sha256=item.sha256,
        measured=first_kind.value,
    )
