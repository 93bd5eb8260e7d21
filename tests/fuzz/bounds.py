"""What every target is held to, whatever the bytes: time, memory, and reads inside of the file."""

from __future__ import annotations

import contextlib
import resource
import time
from collections.abc import Iterator

CPU_SECONDS = 2.0  # for one input of at most 64 KiB, instrumented, on a busy machine
GROWTH = 256 * 2**20  # bytes that one input may add to the process
READ_BYTES = 64 * 2**20  # that one input may ask for in all
_KIB = 1024


class BrokenBound(AssertionError):
    """A parser took too much, or looked outside of its file."""


class WatchedSource:
    """A file in memory that counts what is read from it; a ``Source`` for every walk."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        self.size = len(content)
        self._read = 0

    def read_at(self, offset: int, length: int) -> bytes:
        """As a file would answer: nothing behind its end. Raises BrokenBound."""
        if offset < 0:
            raise BrokenBound(f"read at {offset}")
        part = self.content[offset : offset + max(0, length)] if offset < self.size else b""
        self._read += len(part)
        if self._read > READ_BYTES:
            raise BrokenBound(f"{self._read} bytes read of a file with {self.size}")
        return part


@contextlib.contextmanager
def bounds() -> Iterator[None]:
    """Raises BrokenBound when the block took more CPU time or memory than it may."""
    began, peak = time.process_time(), _peak_memory()
    yield
    seconds, growth = time.process_time() - began, _peak_memory() - peak
    if seconds > CPU_SECONDS:
        raise BrokenBound(f"{seconds:.1f} s of CPU")
    if growth > GROWTH:
        raise BrokenBound(f"{growth // 2**20} MiB more")


def within(offset: int | None, size: int) -> None:
    """Raises BrokenBound unless the offset is one of the file, its end included."""
    if offset is not None and not 0 <= offset <= size:
        raise BrokenBound(f"offset {offset} of a file with {size} bytes")


def _peak_memory() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _KIB
