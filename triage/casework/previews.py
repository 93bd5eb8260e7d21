"""The copies that people are shown: made when somebody first wants to see one, then kept.

Judging a file does not make it, for most of what it costs would be for nobody. Whatever happens
on the way, the next view makes it again; what cannot be shown after all is remembered as such.
"""

from __future__ import annotations

from typing import BinaryIO

from sqlalchemy import select

from triage.casework import erase
from triage.casework.assess import get_complaint
from triage.casework.crosscheck import item_of
from triage.desk import Desk
from triage.errors import NotFound
from triage.evidence import NobodyLooked
from triage.store.tables import NOT_MADE, Evidence


def open_preview(desk: Desk, evidence_id: str) -> tuple[BinaryIO, str]:
    """The re-encoded copy of a file and its media type. Raises NotFound."""
    with desk.reading() as session:
        row = session.get(Evidence, evidence_id)
    if row is None or row.preview is None:
        raise NotFound("evidence.no_preview")
    copy = _made(desk, row) if row.preview == NOT_MADE else row.preview
    if copy is None:
        raise NotFound("evidence.no_preview")
    return desk.blobs.open(copy), "image/jpeg"


def make_all(desk: Desk, complaint_id: str) -> None:
    """Make the copies of a complaint's files that nobody has wanted to see yet."""
    wanted = select(Evidence).filter_by(complaint_id=complaint_id, preview=NOT_MADE)
    with desk.reading() as session:
        rows = session.scalars(wanted).all()
    for row in rows:
        _made(desk, row)


def _made(desk: Desk, row: Evidence) -> str | None:
    """Make and keep it; None where there is none (any more), or nobody can look at present."""
    try:
        with desk.blobs.open(row.sha256) as file:
            jpeg = desk.examiner.preview(item_of(row), file.fileno())
    except NobodyLooked:
        return None
    copy = desk.blobs.put(jpeg) if jpeg is not None else None
    if _is_recorded(desk, row, copy):
        return copy
    erase.remove_unnamed(desk, [copy] if copy else [])
    return None


def _is_recorded(desk: Desk, row: Evidence, copy: str | None) -> bool:
    """Not where the file was erased meanwhile, which holds the complaint as this does."""
    with desk.sessions.begin() as session:
        if row.complaint_id is not None:
            get_complaint(session, row.complaint_id)
        kept = session.get(Evidence, row.id)
        if kept is not None and kept.preview == NOT_MADE:  # nobody else was faster
            kept.preview = copy
        return kept is not None
