"""multipart/form-data in one pass: every file is hashed and written as its bytes arrive.

Flask's own form parser spools a file to a temporary copy first, which costs more than all the
rest of an upload (research/performance.md). Here the parser is fed with what the socket gives
and hands slices of the same buffer to the store.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Generic, Protocol, Self, TypeVar

from triage.channels.api.body import MIB, Body
from triage.channels.api.dispositions import file_name, parameters
from triage.channels.api.multipart import Malformed, Parser
from triage.channels.api.refusals import TooLarge, Unreadable
from triage.core.evidence import EvidenceKind
from triage.errors import Invalid

#: A text of 20,000 characters has up to 80,000 bytes; browsers send a line end as two.
FIELD_BYTES = 96 * 1024
MAX_PARTS = 100
COUNTED_BYTES = 32 * MIB  # of a file that is too large, to tell its sender how large it is
MAX_NAME = 60  # characters of a field's name that are repeated in an answer
_TYPE = re.compile(r"[a-z0-9!#$&^_.+-]{1,50}/[a-z0-9!#$&^_.+-]{1,49}")
_UNKNOWN_TYPE = "application/octet-stream"
_AS_IT_IS = (b"binary", b"8bit", b"7bit")
_KINDS = {kind.value: kind for kind in EvidenceKind}


class Incoming(Protocol):
    """A file on its way into the store, as far as an upload needs to know."""

    def write(self, chunk: bytes | memoryview, /) -> None: ...

    def abandon(self) -> None: ...


_Place = TypeVar("_Place", bound=Incoming)


@dataclass(frozen=True, kw_only=True)
class Bounds:
    """What one request may hold. ``file_bytes`` tells the most bytes of a file of a kind."""

    request_bytes: int
    files: int
    file_bytes: Callable[[EvidenceKind], int]


@dataclass(frozen=True, kw_only=True)
class ReceivedFile(Generic[_Place]):
    """One file of an upload; ``incoming`` holds its bytes, its size and its hash."""

    kind: EvidenceKind
    filename: str
    declared_type: str
    incoming: _Place


@dataclass
class Upload(Generic[_Place]):
    """The fields and files of one form. Whatever was not kept is gone at the end of ``with``."""

    fields: dict[str, str] = field(default_factory=dict)
    files: list[ReceivedFile[_Place]] = field(default_factory=list)

    def close(self) -> None:
        """Abandon every file that was not kept."""
        for file in self.files:
            file.incoming.abandon()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def read_upload(
    body: Body, content_type: str, receive: Callable[[], _Place], bounds: Bounds
) -> Upload[_Place]:
    """Read a whole form from ``body``; ``receive`` opens the place for one file's bytes.

    Raises Unreadable for a form that cannot be parsed, TooLarge and Invalid (with the field)
    for one that breaks a bound; nothing of it is left behind then. Close the answer.
    """
    boundary = _boundary(content_type)
    body.expect(bounds.request_bytes)
    upload = Upload[_Place]()
    try:
        _parse(body, boundary, _Reader(upload, receive, bounds))
    except BaseException:
        upload.close()
        raise
    return upload


def _parse(body: Body, boundary: bytes, reader: _Reader[_Place]) -> None:
    parser = Parser(boundary, reader)
    try:
        while chunk := body.read(reader.bounds.request_bytes):
            parser.feed(chunk)
    except Malformed as error:
        raise Unreadable("upload.malformed" if parser.started else "upload.no_start") from error
    if not parser.ended:
        raise Unreadable("upload.no_end" if parser.started else "upload.no_start")


def _boundary(content_type: str) -> bytes:
    boundary = parameters(content_type.encode("latin-1", errors="replace"))[1].get("boundary", "")
    if not boundary or not boundary.isascii() or len(boundary) > 200:
        raise Unreadable("upload.no_boundary", field="Content-Type")
    return boundary.encode("ascii")


class _Text(Generic[_Place]):
    """A part that is a plain field."""

    def __init__(self, name: str, upload: Upload[_Place]) -> None:
        self._name, self._upload = name, upload
        self._bytes = bytearray()

    def write(self, chunk: memoryview) -> None:
        self._bytes += chunk
        if len(self._bytes) > FIELD_BYTES:
            raise TooLarge("field.too_large", field=self._name[:MAX_NAME], limit=FIELD_BYTES)

    def finish(self) -> None:
        name = self._name[:MAX_NAME]
        try:
            text = self._bytes.decode("utf-8")
        except UnicodeDecodeError as error:
            raise Unreadable("field.not_utf8", field=name) from error
        if self._name in self._upload.fields:
            raise Invalid("field.repeated", field=name)
        self._upload.fields[self._name] = text


class _NoFile:
    """A part that should be a file and is plain text: somebody forgot the @ of curl."""

    def __init__(self, name: str) -> None:
        self._name = name

    def write(self, chunk: memoryview) -> None:
        raise Invalid("evidence.not_a_file", field=self._name)

    def finish(self) -> None:
        """Empty, as browsers send a field that nobody filled in."""


class _File(Generic[_Place]):
    """A part whose name is a kind of evidence: its bytes go straight into the store."""

    def __init__(
        self, kind: EvidenceKind, filename: str, declared_type: str, reader: _Reader[_Place]
    ) -> None:
        self._kind, self._name, self._type, self._reader = kind, filename, declared_type, reader
        self._limit = reader.bounds.file_bytes(kind)
        self._size = 0
        self._incoming: _Place | None = None

    def write(self, chunk: memoryview) -> None:
        incoming = self._incoming or self._open()
        self._size += len(chunk)
        if self._size <= self._limit:
            incoming.write(chunk)
            return
        incoming.abandon()  # the rest is only counted, so that the answer can tell the size
        if self._size > self._limit + COUNTED_BYTES:
            self._refuse()

    def finish(self) -> None:
        if self._size > self._limit:
            self._refuse()
        if self._incoming is None and self._name:
            self._open()  # a named file of no bytes is for the checks to judge

    def _open(self) -> _Place:
        upload, most = self._reader.upload, self._reader.bounds.files
        if len(upload.files) >= most:
            raise Invalid("submission.too_many_files", field=self._kind.value, limit=most)
        self._incoming = self._reader.receive()
        upload.files.append(
            ReceivedFile(
                kind=self._kind,
                filename=file_name(self._name, otherwise=self._kind.value),
                declared_type=self._type,
                incoming=self._incoming,
            )
        )
        return self._incoming

    def _refuse(self) -> None:
        sizes = {"limit": self._limit, "measured": self._size}
        shown = {"limit_mb": self._limit // MIB, "measured_mb": round(self._size / MIB, 1)}
        raise TooLarge("file.too_large", field=self._kind.value, **sizes, **shown)


class _Reader(Generic[_Place]):
    """What the parser hands parts to: from their headers to fields and files."""

    def __init__(
        self, upload: Upload[_Place], receive: Callable[[], _Place], bounds: Bounds
    ) -> None:
        self.upload, self.receive, self.bounds = upload, receive, bounds
        self._parts = 0
        self._part: _Text[_Place] | _File[_Place] | _NoFile

    def begin(self, headers: Mapping[bytes, bytes]) -> None:
        """Open a field or a file, as the part's headers say."""
        self._parts += 1
        if self._parts > MAX_PARTS:
            raise TooLarge("upload.too_many_parts", limit=MAX_PARTS)
        word, given = parameters(headers.get(b"content-disposition", b""))
        name = given.get("name", "")
        if word != "form-data" or not name:
            raise Unreadable("upload.part_without_name")
        if headers.get(b"content-transfer-encoding", b"binary").lower() not in _AS_IT_IS:
            raise Unreadable("upload.transfer_encoding", field=name[:MAX_NAME])
        kind = _KINDS.get(name)
        if kind and ("filename" in given or not _is_text(headers)):
            self._part = _File(kind, given.get("filename", ""), _declared_type(headers), self)
        elif kind:
            self._part = _NoFile(name)
        elif "filename" in given:
            raise Invalid("evidence.unknown_kind", field=name[:MAX_NAME], allowed=", ".join(_KINDS))
        else:
            self._part = _Text(name, self.upload)

    def write(self, content: memoryview) -> None:
        """The next bytes of the open part."""
        self._part.write(content)

    def finish(self) -> None:
        """The open part is whole."""
        self._part.finish()


def _is_text(headers: Mapping[bytes, bytes]) -> bool:
    return headers.get(b"content-type", b"text/plain").lower().startswith(b"text/plain")


def _declared_type(headers: Mapping[bytes, bytes]) -> str:
    header = headers.get(b"content-type", b"").decode("latin-1")
    essence = header.partition(";")[0].strip().lower()
    return essence if _TYPE.fullmatch(essence) else _UNKNOWN_TYPE
