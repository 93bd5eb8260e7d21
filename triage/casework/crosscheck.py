"""Compare the files of a complaint with each other, with its order and with other cases.

Runs inside the transaction of every round, on what is stored: no file is opened. The findings
of the round before are dropped first, because an order may have been corrected and a
neighbour's case may have come or gone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import chain
from typing import Any

from sqlalchemy.orm import Session

from triage.casework import casefile, recycled, story
from triage.core.bounds import Bounds
from triage.core.evidence import EvidenceKind, Finding
from triage.evidence import Item, same_file_twice
from triage.evidence.codes import ACROSS
from triage.store.tables import Complaint, Evidence

Compare = Callable[[Session, Complaint], Iterator[tuple[Evidence, Finding]]]


def apply(session: Session, row: Complaint, bounds: Bounds) -> None:
    """Replace what was found across files by what is found now; verdicts follow.

    ``bounds`` are the operator's, for what is held against the order.
    """
    found: dict[str, list[dict[str, Any]]] = {}
    compared = [*(compare(session, row) for compare in COMPARISONS)]
    for evidence, finding in chain(*compared, story.compare(session, row, bounds)):
        found.setdefault(evidence.id, []).append(casefile.finding_to_json(finding))
    for evidence in row.evidence:
        own = [each for each in evidence.findings if each["code"] not in ACROSS]
        findings = [*own, *found.get(evidence.id, ())]
        if findings != evidence.findings:
            evidence.findings = findings
            evidence.verdict = casefile.verdict_of_row(evidence)


def item_of(row: Evidence) -> Item:
    """The stored file as the examiner wants it."""
    return Item(
        kind=EvidenceKind(row.kind),
        filename=row.filename,
        declared_type=row.declared_type,
        size=row.size,
        sha256=row.sha256,
    )


def _repeats(session: Session, row: Complaint) -> Iterator[tuple[Evidence, Finding]]:
    """The same bytes twice in this complaint."""
    repeats = same_file_twice([item_of(evidence) for evidence in row.evidence])
    for evidence, repeat in zip(row.evidence, repeats, strict=True):
        if repeat is not None:
            yield evidence, repeat


COMPARISONS: tuple[Compare, ...] = (_repeats, recycled.compare)
"""Every comparison, in the order in which an agent reads the findings."""
