"""Where files live: a folder here, a bucket at scale. The key is the SHA-256 of the bytes.

A file is written once, hashed as it comes in, and durable before anybody is told so: a crash
leaves at most litter for ``triage sweep``, never a complaint without its evidence.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Protocol, Self

from triage.errors import NotFound, Unavailable


@dataclass(frozen=True)
class Blob:
    """Bytes that are durable under their hash."""

    sha256: str
    size: int  # bytes


class Incoming:
    """A file on its way in. It has no name until it is kept, so a crash leaves no trace.

    Abandoned at the end of its ``with`` unless ``keep`` was called.
    """

    def __init__(self, keeper: Keeper, folder: Path) -> None:
        self._keeper = keeper
        self._file, self._path = _nameless(folder)
        self._hash = hashlib.sha256()
        self._kept: Blob | None = None
        self.size = 0

    def write(self, chunk: bytes | memoryview) -> None:
        """Append a chunk. Raises Unavailable when the disk is full."""
        self._hash.update(chunk)
        rest = memoryview(chunk)
        self.size += len(rest)
        try:
            while rest:  # an unbuffered file may take less than it was given
                rest = rest[self._file.write(rest) :]
        except OSError as error:
            raise Unavailable("storage.write_failed") from error

    def sha256(self) -> str:
        """The hash of what was written so far, in hexadecimal."""
        return self._hash.hexdigest()

    def fileno(self) -> int:
        """A readable descriptor of what was written so far; read it with ``os.pread``."""
        return self._file.fileno()

    def keep(self) -> Blob:
        """Make the bytes durable under their hash. Calling it twice does it once."""
        if self._kept is None:
            self._keeper.adopt(self._file, self._path, self.sha256())
            self._kept = Blob(self.sha256(), self.size)
        return self._kept

    def abandon(self) -> None:
        """Forget the bytes, unless they were kept. Safe to call at any time."""
        self._file.close()
        if self._path is not None:
            with contextlib.suppress(FileNotFoundError):
                self._path.unlink()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.abandon()


class Keeper(Protocol):
    """Whoever makes the bytes of a finished Incoming durable."""

    def adopt(self, file: BinaryIO, path: Path | None, sha256: str) -> None: ...


class Blobs(Protocol):
    """A store of files by hash."""

    def receive(self) -> Incoming:
        """A new file to write into."""

    def put(self, content: bytes) -> str:
        """Keep small bytes (a preview); the hash that they are found under."""

    def open(self, sha256: str) -> BinaryIO:
        """A real file with a descriptor. Raises NotFound("blob.unknown")."""

    def exists(self, sha256: str) -> bool: ...

    def remove(self, sha256: str) -> None:
        """Forget the bytes; nothing happens when there are none."""

    def known(self) -> list[str]:
        """The hashes of all kept files that are older than an hour, for ``triage sweep``."""


def _nameless(folder: Path) -> tuple[BinaryIO, Path | None]:
    """A new file of no name in ``folder``; with a temporary name where the disk needs one."""
    try:
        descriptor = os.open(folder, os.O_TMPFILE | os.O_RDWR, 0o600)
        return open(descriptor, "w+b", buffering=0), None
    except OSError:
        descriptor, name = tempfile.mkstemp(dir=folder)
        return open(descriptor, "w+b", buffering=0), Path(name)


def put_through(blobs: Blobs, content: bytes) -> str:
    """Keep small bytes by way of an Incoming."""
    with blobs.receive() as incoming:
        incoming.write(content)
        return incoming.keep().sha256


class LocalBlobs:
    """A folder: ``ab/<sha256>`` below ``root``, half-received files in ``root/incoming``."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._incoming = root / "incoming"
        self._incoming.mkdir(parents=True, exist_ok=True)
        root.chmod(0o700)

    def receive(self) -> Incoming:
        try:
            return Incoming(self, self._incoming)
        except OSError as error:
            raise Unavailable("storage.write_failed") from error

    def put(self, content: bytes) -> str:
        return put_through(self, content)

    def open(self, sha256: str) -> BinaryIO:
        try:
            return self._path(sha256).open("rb")
        except FileNotFoundError as error:
            raise NotFound("blob.unknown") from error

    def exists(self, sha256: str) -> bool:
        return self._path(sha256).exists()

    def remove(self, sha256: str) -> None:
        with contextlib.suppress(FileNotFoundError):
            self._path(sha256).unlink()

    def known(self) -> list[str]:
        young = time.time() - 3600
        return [
            path.name
            for shelf in self.root.iterdir()
            if len(shelf.name) == 2
            for path in shelf.iterdir()
            if path.stat().st_mtime < young
        ]

    def adopt(self, file: BinaryIO, path: Path | None, sha256: str) -> None:
        """Give the file its name and force file and folder onto the disk."""
        target = self._path(sha256)
        try:
            os.fdatasync(file.fileno())
            if not target.parent.exists():
                target.parent.mkdir(exist_ok=True)
                _sync_folder(self.root)
            if path is None:
                _link(file.fileno(), target)
            else:
                os.replace(path, target)
            _sync_folder(target.parent)
        except OSError as error:
            raise Unavailable("storage.write_failed") from error

    def _path(self, sha256: str) -> Path:
        return self.root / sha256[:2] / sha256


def _link(descriptor: int, target: Path) -> None:
    """Name a nameless file; where the same bytes are already kept, they stay."""
    folder = os.open(target.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        # Only with a folder's descriptor does Python 3.11 call linkat, which follows the link.
        source = f"/proc/self/fd/{descriptor}"
        os.link(source, target.name, dst_dir_fd=folder, follow_symlinks=True)
    except FileExistsError:
        pass
    finally:
        os.close(folder)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
