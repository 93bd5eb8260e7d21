"""Is a child's memory still what a fresh one would have?"""

from __future__ import annotations

import contextlib
import os
import resource

from triage.evidence.sandbox import kernel

_KEPT = 1 / 16  # of the limit: what the heap of a library may hold back for later
_PEAK = 1 / 4  # of the limit


class Room:
    """The address space of this process as it was before its first file."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._fd = -1
        with contextlib.suppress(OSError):  # without /proc no child gets a second file
            self._fd = os.open("/proc/self/statm", os.O_RDONLY)
        self._before = self._taken()

    def is_left(self) -> bool:
        """For another file as much as for the first, and was there never much taken?

        The peak is never forgotten, and a native crash beyond half of the limit is taken for
        a want of memory; so what one file took must not be read as another's.
        """
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
        if self._fd < 0 or peak > self._most * _PEAK:
            return False
        if self._taken() - self._before > self._most * _KEPT:
            kernel.trim_heap()
        return self._taken() - self._before <= self._most * _KEPT

    def _taken(self) -> int:
        if self._fd < 0:
            return 0
        pages = int(os.pread(self._fd, 64, 0).split()[0])
        return pages * resource.getpagesize()
