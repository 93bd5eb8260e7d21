"""Clears away what crashes leave behind: files that no row names, uploads that nobody used."""

from __future__ import annotations

import contextlib
import time
from datetime import timedelta

from sqlalchemy import exists, or_, select

from triage.casework import drafts, uploading
from triage.desk import Desk
from triage.store.drafts import Draft
from triage.store.films import Film
from triage.store.tables import Evidence

STAGED_HOURS = 24  # how long an upload waits for its complaint


def sweep(desk: Desk) -> dict[str, int]:
    """Remove unused uploads of yesterday, unreferenced files and half-received ones.

    Only what is older than an hour: a file is durable some moments before its row.
    """
    drafts.expire(desk)
    unfinished = uploading.expire(desk)
    with desk.sessions.begin() as session:
        old = session.scalars(
            select(Evidence).where(
                Evidence.complaint_id.is_(None),
                Evidence.added_at < desk.now() - timedelta(hours=STAGED_HOURS),
                # A draft of a complaint keeps its files as long as it lives.
                ~exists().where(Draft.owner == Evidence.added_by),
            )
        ).all()
        for row in old:
            session.delete(row)
    unnamed = [sha256 for sha256 in desk.blobs.known() if not is_named(desk, sha256)]
    for sha256 in unnamed:
        desk.blobs.remove(sha256)
    half = unfinished + uploading.clear(desk) + _half_received(desk)
    return {"uploads": len(old), "files": len(unnamed), "half_received": half}


def is_named(desk: Desk, sha256: str) -> bool:
    """Whether any file, its preview or its film has these bytes."""
    with desk.reading() as session:
        named = or_(Evidence.sha256 == sha256, Evidence.preview == sha256)
        if session.scalar(select(Evidence.id).where(named).limit(1)) is not None:
            return True
        film = select(Film.evidence_id).where(Film.sha256 == sha256).limit(1)
        return session.scalar(film) is not None


def _half_received(desk: Desk) -> int:
    """Files with temporary names, from disks that know no nameless ones."""
    removed = 0
    for folder in (
        desk.settings.data_dir / "evidence" / "incoming",
        desk.settings.data_dir / "incoming",
    ):
        for path in folder.glob("*"):
            with contextlib.suppress(FileNotFoundError):
                if path.stat().st_mtime < time.time() - 3600:
                    path.unlink()
                    removed += 1
    return removed
