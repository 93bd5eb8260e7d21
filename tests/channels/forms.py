"""Forms as bytes, bodies in any pieces, and a store that only remembers."""

from __future__ import annotations

import io
from collections.abc import Iterable

from triage.channels.api.body import Body
from triage.channels.api.uploads import Bounds, Upload, read_upload
from triage.core.evidence import EvidenceKind

BOUNDARY = "a-boundary"
TYPE = f"multipart/form-data; boundary={BOUNDARY}"
MIB = 1024 * 1024


class Remembered:
    """A file that has come in: its bytes, and whether it was given up."""

    def __init__(self) -> None:
        self.content = b""
        self.abandoned = False

    def write(self, chunk: bytes | memoryview) -> None:
        assert not self.abandoned
        self.content += bytes(chunk)

    def abandon(self) -> None:
        self.abandoned = True


class Shelf:
    """A store for tests: every file that was opened, in order."""

    def __init__(self) -> None:
        self.opened: list[Remembered] = []

    def receive(self) -> Remembered:
        self.opened.append(Remembered())
        return self.opened[-1]


class Pieces(io.RawIOBase):
    """A stream that hands out given pieces, then ends (or breaks)."""

    def __init__(self, pieces: Iterable[bytes], error: Exception | None = None) -> None:
        self._pieces = iter(pieces)
        self._rest = b""
        self._error = error

    def read(self, size: int = -1) -> bytes:
        if not self._rest:
            self._rest = next(self._pieces, b"")
        if not self._rest and self._error:
            raise self._error
        piece, self._rest = self._rest[:size], self._rest[size:]
        return piece


def part(name: str, content: bytes, *, filename: str | None = None, more: str = "") -> bytes:
    """One part of a form, without the boundary before it."""
    named = "" if filename is None else f'; filename="{filename}"'
    head = f'Content-Disposition: form-data; name="{name}"{named}\r\n{more}\r\n'
    return head.encode() + content + b"\r\n"


def form(*parts: bytes, boundary: str = BOUNDARY) -> bytes:
    line = f"--{boundary}".encode()
    return b"".join(line + b"\r\n" + each for each in parts) + line + b"--\r\n"


def bounds(**changes: int) -> Bounds:
    """10 MB a request, 3 files, 1 MB each, unless changed."""
    given = {"request_bytes": 10 * MIB, "files": 3, "file": MIB, **changes}

    def file_bytes(kind: EvidenceKind) -> int:
        return given["file"]

    return Bounds(request_bytes=given["request_bytes"], files=given["files"], file_bytes=file_bytes)


def read(
    raw: bytes | Pieces, shelf: Shelf, content_type: str = TYPE, **changes: int
) -> Upload[Remembered]:
    """Read a form: whole, or in the pieces of a chunked body."""
    if isinstance(raw, bytes):
        return read_upload(
            Body(io.BytesIO(raw), len(raw)), content_type, shelf.receive, bounds(**changes)
        )
    return read_upload(Body(raw, None), content_type, shelf.receive, bounds(**changes))
