"""Files that come in piece by piece: begun, continued after any interruption, staged when whole.

The bytes so far lie in ``DATA_DIR/uploads/<id>``. What ``received`` says is on the disk: a crash
costs at most the last SYNC_BYTES, and whoever continues is told from where.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import hmac
import os
import secrets
import shutil
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, BinaryIO

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from triage.casework import answer
from triage.casework.assess import look_at, record_look
from triage.casework.submit import evidence_row
from triage.core.complaint import Attachment
from triage.core.evidence import EvidenceKind
from triage.core.people import Actor
from triage.desk import Desk
from triage.errors import Conflict, Invalid, NotFound, Unavailable
from triage.store.drafts import KEPT, Draft, Upload
from triage.store.tables import Evidence

MIB = 1024 * 1024
HOURS = 24  # how long an upload may take
SYNC_BYTES = 8 * MIB  # after so many the disk is waited for
FREE_BYTES = 512 * MIB  # that an upload must leave on the disk


@dataclass(frozen=True, kw_only=True)
class Announced:
    """What a sender says about a file before its bytes come."""

    kind: EvidenceKind
    filename: str
    declared_type: str
    size: int  # bytes


@dataclass(frozen=True, kw_only=True)
class Checksum:
    """What the bytes of one piece must hash to."""

    algorithm: str  # of hashlib
    digest: bytes


def begin(desk: Desk, announced: Announced, actor: Actor) -> Upload:
    """Make room for a file. Raises Invalid("file.too_large") and Unavailable for a full disk."""
    most = desk.examiner.limits.max_bytes(announced.kind)
    if announced.size > most:
        raise Invalid("file.too_large", **_too_large(announced.kind, announced.size, most))
    folder = _folder(desk)
    if shutil.disk_usage(folder).free < announced.size + FREE_BYTES:
        raise Unavailable("storage.write_failed")
    now = desk.now()
    row = Upload(
        id=secrets.token_hex(16),
        owner=actor.id,
        kind=announced.kind,
        filename=announced.filename,
        declared_type=announced.declared_type,
        size=announced.size,
        received=0,
        made_at=now,
        expires_at=now + timedelta(hours=HOURS),
    )
    with desk.sessions.begin() as session:
        make_room(desk, session, actor.id, row.size)
        session.add(row)
        (folder / row.id).touch(mode=0o600)  # a crash here leaves an empty file, for the sweep
    return row if row.size else see(desk, row.id, actor)


def see(desk: Desk, upload_id: str, actor: Actor) -> Upload:
    """The upload as it stands; one that is whole is staged now, should a crash have come between.

    Raises NotFound for another's upload too, Conflict("upload.expired") when its time is over.
    """
    row = _find(desk, upload_id, actor)
    if row.evidence_id is None and row.received == row.size:
        with _writing(desk, row) as file:
            return _stage(desk, _find(desk, upload_id, actor), file, actor)
    return row


def append(
    desk: Desk,
    upload_id: str,
    actor: Actor,
    offset: int,
    pieces: Iterable[bytes],
    checksum: Checksum | None = None,
) -> Upload:
    """Write what comes from ``offset`` on; whatever came before an interruption stays.

    With a ``checksum`` all of it is kept or nothing. Raises Conflict("upload.wrong_offset",
    "upload.busy" while another one writes, "upload.checksum"), Invalid("file.too_large").
    """
    row = _find(desk, upload_id, actor)
    with _writing(desk, row) as file:
        row = _find(desk, upload_id, actor)  # another writer may have just gone
        if offset != row.received:
            raise Conflict("upload.wrong_offset", measured=offset, limit=row.received)
        if row.evidence_id is not None:
            return row
        _Writer(desk, row, file).write(pieces, checksum)
        if row.received == row.size:
            return _stage(desk, row, file, actor)
    return row


def remove(desk: Desk, upload_id: str, actor: Actor) -> None:
    """Forget the upload and, unless a complaint has it already, the staged file."""
    row = _find(desk, upload_id, actor)
    with desk.sessions.begin() as session:
        kept = session.get(Upload, row.id)
        if kept is not None:
            session.delete(kept)
        session.flush()
        staged = session.get(Evidence, row.evidence_id) if row.evidence_id else None
        if staged is not None and staged.complaint_id is None:
            session.delete(staged)
    _path(desk, row).unlink(missing_ok=True)


def list_open(desk: Desk, owner: str) -> list[Upload]:
    """Uploads of that owner that are not whole yet, the oldest first."""
    query = select(Upload).where(
        Upload.owner == owner, Upload.evidence_id.is_(None), Upload.expires_at > desk.now()
    )
    with desk.reading() as session:
        return list(session.scalars(query.order_by(Upload.made_at, Upload.id)))


def make_room(desk: Desk, session: Session, owner: str, size: int) -> None:
    """Refuse one file more than a draft may hold, also of two that come at the same moment.

    Raises Invalid("submission.too_many_files" or "upload.too_much"). An API key, whose files are
    those of many complaints, is bounded by the disk alone.
    """
    draft = session.scalar(select(Draft).filter_by(owner=owner).with_for_update())
    if draft is None:
        return
    draft.expires_at = desk.now() + KEPT
    count = 1
    for query in (
        select(func.count(), func.sum(Upload.size)).where(
            Upload.owner == owner, Upload.evidence_id.is_(None), Upload.expires_at > desk.now()
        ),
        select(func.count(), func.sum(Evidence.size)).where(
            Evidence.added_by == owner, Evidence.complaint_id.is_(None)
        ),
    ):
        files, octets = session.execute(query).one()
        count, size = count + files, size + int(octets or 0)
    most = desk.settings.max_files
    if count > most:
        raise Invalid("submission.too_many_files", field="evidence", limit=most, measured=count)
    most = desk.settings.max_request_bytes
    if size > most:
        facts = {"limit": most, "measured": size, "limit_mb": most // MIB}
        raise Invalid("upload.too_much", field="evidence", **facts)


def clear(desk: Desk) -> int:
    """Remove files of bytes that no upload names, older than an hour; for ``triage sweep``."""
    with desk.reading() as session:
        known = set(session.scalars(select(Upload.id)))
    litter = [path for path in _folder(desk).iterdir() if path.name not in known and _is_old(path)]
    for path in litter:
        path.unlink(missing_ok=True)
    return len(litter)


def _is_old(path: Path) -> bool:
    return path.stat().st_mtime < time.time() - 3600


def judge(desk: Desk, evidence_id: str) -> None:
    """Have a staged file looked at, unless it was: no transaction is open meanwhile."""
    with desk.reading() as session:
        row = session.get(Evidence, evidence_id)
    if row is None or row.checked_at is not None:
        return
    seen = look_at(desk, row)
    with desk.sessions.begin() as session:
        kept = session.get(Evidence, evidence_id)
        if kept is not None:
            record_look(desk, kept, seen)


def shown(desk: Desk, row: Upload, language: str, *, whole: bool) -> dict[str, Any]:
    """The upload for its sender; a whole one with what the checks say, for which this waits.

    Not ``whole``: without the findings that are for staff.
    """
    found: dict[str, Any] = {
        "id": row.id,
        "kind": row.kind,
        "filename": row.filename,
        "size": row.size,
        "offset": row.received,
        "expires_at": answer.moment(row.expires_at),
        "evidence": None,
    }
    if row.evidence_id is not None:
        judge(desk, row.evidence_id)
        with desk.reading() as session:
            file = session.get(Evidence, row.evidence_id)
        if file is None:
            raise NotFound("upload.unknown")
        found["evidence"] = answer.evidence(file, language, whole=whole)
    return found


def expire(desk: Desk) -> int:
    """Forget uploads whose time is over; what became evidence stays. How many were unfinished."""
    over = select(Upload).where(Upload.expires_at <= desk.now())
    with desk.reading() as session:
        old = session.scalars(over).all()
    if not old:
        return 0
    with desk.sessions.begin() as session:
        for row in session.scalars(over):
            session.delete(row)
    for row in old:
        _path(desk, row).unlink(missing_ok=True)
    return sum(row.evidence_id is None for row in old)


class _Writer:
    """Appends to one upload, and says in the database how much is surely on the disk."""

    def __init__(self, desk: Desk, row: Upload, file: BinaryIO) -> None:
        self._desk, self._row, self._file = desk, row, file
        self._start = self._at = row.received

    def write(self, pieces: Iterable[bytes], checksum: Checksum | None) -> None:
        self._file.truncate(self._start)  # what a crash left behind the last sync
        self._file.seek(self._start)
        digest = hashlib.new(checksum.algorithm) if checksum else None
        try:
            self._take(pieces, digest.update if digest else None)
        except BaseException:
            self._keep(0 if checksum else self._at - self._start)
            raise
        if checksum and digest and not hmac.compare_digest(digest.digest(), checksum.digest):
            self._keep(0)
            raise Conflict("upload.checksum")
        self._keep(self._at - self._start)

    def _take(self, pieces: Iterable[bytes], update: Callable[[bytes], None] | None) -> None:
        synced = self._start
        for piece in pieces:
            if self._at + len(piece) > self._row.size:
                self._at = self._start  # it is another file than was announced
                kind, most = EvidenceKind(self._row.kind), self._row.size
                raise Invalid("file.too_large", **_too_large(kind, most + 1, most))
            try:
                self._file.write(piece)
            except OSError as error:
                raise Unavailable("storage.write_failed") from error
            self._at += len(piece)
            if update:
                update(piece)
            elif self._at - synced >= SYNC_BYTES:
                self._keep(self._at - self._start)
                synced = self._at

    def _keep(self, count: int) -> None:
        """Make the first ``count`` bytes of this piece durable, and then say so."""
        at = self._start + count
        try:
            self._file.flush()
            self._file.truncate(at)
            os.fsync(self._file.fileno())
        except OSError as error:
            raise Unavailable("storage.write_failed") from error
        with self._desk.sessions.begin() as session:
            row = session.get(Upload, self._row.id)
            if row is None:  # removed meanwhile
                raise NotFound("upload.unknown")
            row.received = self._row.received = at


def _stage(desk: Desk, row: Upload, file: BinaryIO, actor: Actor) -> Upload:
    """Make a whole file evidence; the bytes are durable under their hash before its row."""
    if row.evidence_id is not None:
        return row
    file.seek(0)
    with desk.blobs.receive() as incoming:
        while chunk := file.read(MIB):
            incoming.write(chunk)
        if incoming.size != row.size:  # the disk has lost what it had promised
            raise Unavailable("storage.read_failed")
        blob = incoming.keep()
    attachment = Attachment(
        kind=EvidenceKind(row.kind),
        filename=row.filename,
        declared_type=row.declared_type,
        sha256=blob.sha256,
        size=blob.size,
    )
    with desk.sessions.begin() as session:
        kept = session.get(Upload, row.id)
        if kept is None:
            raise NotFound("upload.unknown")
        evidence = evidence_row(attachment, actor, desk.now())
        session.add(evidence)
        session.flush()
        kept.evidence_id = evidence.id
    _path(desk, row).unlink(missing_ok=True)
    return kept


def _find(desk: Desk, upload_id: str, actor: Actor) -> Upload:
    with desk.reading() as session:
        row = session.get(Upload, upload_id)
    if row is None or not hmac.compare_digest(row.owner.encode(), actor.id.encode()):
        raise NotFound("upload.unknown")
    if row.expires_at <= desk.now():
        raise Conflict("upload.expired", limit=HOURS)
    return row


@contextlib.contextmanager
def _writing(desk: Desk, row: Upload) -> Iterator[BinaryIO]:
    """The file of the bytes so far, for one writer at a time, of all processes.

    The lock is the kernel's: it ends with its holder, whatever happens to that.
    """
    if row.evidence_id is not None:
        with open(os.devnull, "rb") as nothing:  # it is whole: nothing more will be written
            yield nothing
        return
    try:
        file = _path(desk, row).open("r+b")
    except FileNotFoundError as error:
        raise NotFound("upload.unknown") from error
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Conflict("upload.busy") from error
        yield file


def _folder(desk: Desk) -> Path:
    folder = desk.settings.data_dir / "uploads"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def _path(desk: Desk, row: Upload) -> Path:
    return _folder(desk) / row.id


def _too_large(kind: EvidenceKind, size: int, most: int) -> dict[str, object]:
    megabytes = {"limit_mb": round(most / MIB, 1), "measured_mb": round(size / MIB, 1)}
    return {"field": kind.value, "limit": most, "measured": size, **megabytes}
