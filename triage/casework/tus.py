"""The resumable uploads of tus 1.0.0 without HTTP: from what is asked to what is answered.

Core and the extensions of ``EXTENSIONS`` (https://tus.io/protocols/resumable-upload). The pages
and the API put their own senders, addresses and errors around it: docs/decisions/0004 says why.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from email.utils import format_datetime

from triage.casework import uploading
from triage.casework.uploading import Announced, Checksum
from triage.core.evidence import EvidenceKind
from triage.core.people import Actor
from triage.desk import Desk
from triage.errors import Conflict, Invalid, NotFound, Refused, TriageError, Unavailable
from triage.store.drafts import Upload

VERSION = "1.0.0"
EXTENSIONS = "creation,creation-with-upload,termination,expiration,checksum"
ALGORITHMS = ("sha256", "sha1")
BYTES_TYPE = "application/offset+octet-stream"
METHODS = ("HEAD", "PATCH", "DELETE")
MAX_METADATA = 4096  # characters

_WHOLE_NUMBER = re.compile(r"[0-9]{1,15}")
_TYPE = re.compile(r"[a-z0-9!#$&^_.+-]{1,50}/[a-z0-9!#$&^_.+-]{1,49}")
_STATUS = {
    "upload.version": 412,
    "upload.expired": 410,
    "upload.busy": 423,
    "upload.checksum": 460,
    "upload.wrong_type": 415,
    "file.too_large": 413,
}
_OF_FAMILY = {NotFound: 404, Invalid: 400, Conflict: 409, Refused: 403, Unavailable: 503}


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One request. ``header`` finds one in any case; ``pieces`` reads the body, once.

    ``folder`` is the path that uploads are made at, ``name`` makes a name harmless to show.
    """

    method: str
    upload_id: str | None
    header: Callable[[str], str | None]
    has_body: bool
    pieces: Callable[[], Iterator[bytes]]
    actor: Actor
    folder: str
    name: Callable[[str, str], str]


@dataclass(frozen=True, kw_only=True)
class Answered:
    """The answer without a body, or with an error for the edge to put into words."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    error: TriageError | None = None


def answer(desk: Desk, asked: Asked) -> Answered:
    """Do what is asked. Errors of ours become answers; those of reading the body pass."""
    if asked.method == "OPTIONS":
        return Answered(status=204, headers=abilities(desk))
    try:
        if asked.header("Tus-Resumable") != VERSION:
            raise Conflict("upload.version", limit=VERSION)
        done = _VERBS[asked.method](desk, asked)
    except tuple(_OF_FAMILY) as error:
        done = Answered(status=status_of(error), error=error)
        if error.code == "upload.version":
            done = Answered(status=412, headers={"Tus-Version": VERSION}, error=error)
    return Answered(
        status=done.status,
        headers={"Tus-Resumable": VERSION, "Cache-Control": "no-store", **done.headers},
        error=done.error,
    )


def status_of(error: TriageError) -> int:
    """What an error is in this protocol."""
    family = next(_OF_FAMILY[each] for each in type(error).__mro__ if each in _OF_FAMILY)
    return _STATUS.get(error.code, family)


def abilities(desk: Desk) -> dict[str, str]:
    """What this server can do, as OPTIONS tells it."""
    limits = desk.examiner.limits
    return {
        "Tus-Resumable": VERSION,
        "Tus-Version": VERSION,
        "Tus-Extension": EXTENSIONS,
        "Tus-Checksum-Algorithm": ",".join(ALGORITHMS),
        "Tus-Max-Size": str(max(limits.max_bytes(kind) for kind in EvidenceKind)),
    }


def _create(desk: Desk, asked: Asked) -> Answered:
    announced, checksum = _announced(asked), _checksum(asked.header("Upload-Checksum"))
    if asked.has_body:
        _check_type(asked)
    row = uploading.begin(desk, announced, asked.actor)
    headers = {"Location": f"{asked.folder}/{row.id}"}
    if asked.has_body and announced.size:
        row = uploading.append(desk, row.id, asked.actor, 0, asked.pieces(), checksum)
    return Answered(status=201, headers={**headers, **_state(row)})


def _look(desk: Desk, asked: Asked) -> Answered:
    row = uploading.see(desk, asked.upload_id or "", asked.actor)
    about = {"Upload-Length": str(row.size), "Upload-Metadata": _metadata_of(row)}
    return Answered(status=200, headers={**_state(row), **about})


def _continue(desk: Desk, asked: Asked) -> Answered:
    _check_type(asked)
    offset = _number(asked.header("Upload-Offset"), "Upload-Offset")
    checksum = _checksum(asked.header("Upload-Checksum"))
    row = uploading.append(
        desk, asked.upload_id or "", asked.actor, offset, asked.pieces(), checksum
    )
    return Answered(status=204, headers=_state(row))


def _end(desk: Desk, asked: Asked) -> Answered:
    uploading.remove(desk, asked.upload_id or "", asked.actor)
    return Answered(status=204)


_VERBS: Mapping[str, Callable[[Desk, Asked], Answered]] = {
    "POST": _create,
    "HEAD": _look,
    "PATCH": _continue,
    "DELETE": _end,
}


def _state(row: Upload) -> dict[str, str]:
    expires = format_datetime(row.expires_at, usegmt=True)
    return {"Upload-Offset": str(row.received), "Upload-Expires": expires}


def _announced(asked: Asked) -> Announced:
    said = _metadata(asked.header("Upload-Metadata") or "")
    size = _number(asked.header("Upload-Length"), "Upload-Length")
    kinds = {str(kind): kind for kind in EvidenceKind}
    if said.get("kind") not in kinds:
        allowed = ", ".join(kinds)
        raise Invalid("upload.unknown_kind", field="Upload-Metadata", allowed=allowed)
    kind = kinds[said["kind"]]
    declared = said.get("filetype", "").partition(";")[0].strip().lower()
    return Announced(
        kind=kind,
        filename=asked.name(said.get("filename", ""), kind.value),
        declared_type=declared if _TYPE.fullmatch(declared) else "application/octet-stream",
        size=size,
    )


def _metadata(header: str) -> dict[str, str]:
    """``filename Ym94LmpwZw==,kind b3RoZXI=`` as the names and texts that it stands for."""
    if len(header) > MAX_METADATA:
        raise Invalid("upload.bad_metadata", field="Upload-Metadata")
    found = {}
    for pair in filter(None, (each.strip() for each in header.split(","))):
        name, _, encoded = pair.partition(" ")
        try:
            found[name] = base64.b64decode(encoded.strip(), validate=True).decode("utf-8")
        except (binascii.Error, ValueError) as error:
            raise Invalid("upload.bad_metadata", field="Upload-Metadata") from error
    return found


def _metadata_of(row: Upload) -> str:
    said = {"kind": row.kind, "filename": row.filename, "filetype": row.declared_type}
    return ",".join(f"{name} {base64.b64encode(v.encode()).decode()}" for name, v in said.items())


def _check_type(asked: Asked) -> None:
    if (asked.header("Content-Type") or "").partition(";")[0].strip().lower() != BYTES_TYPE:
        raise Invalid("upload.wrong_type", field="Content-Type", allowed=BYTES_TYPE)


def _number(header: str | None, name: str) -> int:
    if header is None or not _WHOLE_NUMBER.fullmatch(header):
        raise Invalid("upload.no_number", field=name)
    return int(header)


def _checksum(header: str | None) -> Checksum | None:
    if header is None:
        return None
    algorithm, _, encoded = header.strip().partition(" ")
    if algorithm not in ALGORITHMS:
        raise Invalid(
            "upload.checksum_unknown", field="Upload-Checksum", allowed=", ".join(ALGORITHMS)
        )
    try:
        return Checksum(algorithm=algorithm, digest=base64.b64decode(encoded, validate=True))
    except binascii.Error as error:
        raise Invalid("upload.bad_checksum", field="Upload-Checksum") from error
