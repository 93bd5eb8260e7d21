"""How far a proof may be from the order before somebody is told: the operator's own numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields


@dataclass(frozen=True, kw_only=True)
class Bounds:
    """Numbers of ``thresholds.yaml`` that the comparisons use, and what holds without them.

    No rule has to name them. Money is in tenge, time in calendar days; the page gives each its
    basis. None of them refuses anything: beyond a bound there is a finding for a person.
    """

    receipt_tolerance: int = 1
    receipt_early: int = 1
    receipt_late: int = 30
    camera_tolerance: int = 1

    @classmethod
    def of(cls, thresholds: Mapping[str, int]) -> Bounds:
        """The book's numbers where it has them."""
        return cls(**{name: thresholds[name] for name in NAMES if name in thresholds})


NAMES = frozenset(each.name for each in fields(Bounds))
"""What the book may hold though no rule asks for it."""
