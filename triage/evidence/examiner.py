"""The one way to have a file looked at: a limited child process for each, answered as Judged."""

from __future__ import annotations

from triage.evidence.item import Item, Judged
from triage.evidence.limits import Limits


class Examiner:
    """Built once per process, called from any number of threads."""

    def __init__(self, limits: Limits | None = None) -> None:
        self.limits = limits or Limits()

    def start(self) -> None:
        """Start the zygote now instead of with the first file."""
        raise NotImplementedError

    def close(self) -> None:
        """End the zygote and whatever it is looking at."""
        raise NotImplementedError

    def ready(self) -> bool:
        """Can files be examined under full protection?"""
        raise NotImplementedError

    def strength(self) -> tuple[str, ...]:
        """Which layers are on: rlimits, seccomp, network namespace, landlock, uid."""
        raise NotImplementedError

    def examine(self, item: Item, fd: int) -> Judged:
        """Judge the original behind the open, read-only descriptor ``fd``; never raises."""
        raise NotImplementedError
