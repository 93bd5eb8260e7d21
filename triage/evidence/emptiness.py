"""Is there a file at all, and is it of a size that is taken? Needs no look inside."""

from __future__ import annotations

from collections.abc import Iterator

from triage.core.evidence import Finding, Level
from triage.evidence.item import Item
from triage.evidence.limits import MIB, Limits


def check(item: Item, size: int, limits: Limits) -> Iterator[Finding]:
    """``size`` is what the store really holds, in bytes."""
    most = limits.max_bytes(item.kind)
    if size != item.size:
        # What was hashed is not what is here: a fault of ours, not of the sender.
        yield Finding(code="file.changed", level=Level.UNKNOWN, measured=size, limit=item.size)
    elif size == 0:
        yield Finding(code="file.empty", level=Level.UNUSABLE, measured=0)
    elif size > most:
        yield too_large(size, most)


def too_large(size: int, most: int) -> Finding:
    """Both in bytes; people are told mebibytes."""
    measured = round(size / MIB, 1)
    return Finding(
        code="file.too_large", level=Level.UNUSABLE, measured=measured, limit=most // MIB
    )
