"""Has a file been sent before: twice with one complaint, or with another one?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from triage.core.evidence import EvidenceKind, Finding, Level
from triage.evidence.item import Item

_NAMED = 3  # cases that a finding names


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


def same_file_elsewhere(cases: Sequence[str], *, strangers: bool) -> Finding:
    """``duplicate.other_complaint`` for the bytes that came with these cases, too.

    WEAK (an agent should look) where a stranger's case is among them; what the same customer or
    the same order brings again is a NOTE. Never worse: two people may well send one picture.
    """
    return Finding(
        code="duplicate.other_complaint",
        level=Level.WEAK if strangers else Level.NOTE,
        measured=len(cases),
        detail=_named(cases),
    )


def like_picture_elsewhere(
    cases: Sequence[str], *, strangers: bool, distance: int, limit: int
) -> Finding:
    """``duplicate.similar_picture``; ``distance`` is the nearest one's, in bits of the hash."""
    return Finding(
        code="duplicate.similar_picture",
        level=Level.WEAK if strangers else Level.NOTE,
        measured=distance,
        limit=limit,
        detail=_named(cases),
    )


def _named(cases: Sequence[str]) -> dict[str, object]:
    return {"cases": ", ".join(cases[:_NAMED]), "count": len(cases)}
