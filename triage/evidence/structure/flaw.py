"""What a walk through a container can find, and what it walks over."""

from __future__ import annotations

import mmap
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

Content = bytes | mmap.mmap
"""A whole file. A mapped one is not copied; a part of it is bytes, as of the other."""


class Fault(StrEnum):
    """How the container disagrees with its own format."""

    CUT = "cut"  # it ends before the end that it announces
    BROKEN = "broken"  # a part that must be there is not, or has an impossible size
    TRAILING = "trailing"  # bytes after its end


@dataclass(frozen=True, kw_only=True)
class Flaw:
    """One disagreement; ``measured`` in bytes: missing after a cut, present after the end.

    ``minor``: what people see is whole, something behind it is not.
    """

    fault: Fault
    measured: int | None = None
    minor: bool = False


class Source(Protocol):
    """Random access to a file of known size without loading it."""

    @property
    def size(self) -> int:
        """In bytes."""

    @property
    def content(self) -> bytes:
        """Everything; for pictures, which fit into memory."""

    def read_at(self, offset: int, length: int) -> bytes:
        """Up to ``length`` bytes; shorter only at the end of the file."""
