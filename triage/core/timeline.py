"""What happened when in a case, in order, and what in it cannot be."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Step(StrEnum):
    """What a day stands for, in the order in which these things should happen."""

    ORDERED = "ordered"
    PROMISED = "promised"
    DELIVERED = "delivered"
    PHOTO_TAKEN = "photo_taken"  # of the goods, as the camera says
    RETURN_ASKED = "return_asked"
    CLAIM_RECEIVED = "claim_received"
    FILED = "filed"
    DECIDED = "decided"


@dataclass(frozen=True)
class Happened:
    """One step and its day (local); ``photo`` names the file that a camera dated."""

    step: Step
    on: date
    photo: str | None = None


@dataclass(frozen=True)
class Line:
    """A line of the timeline; ``odd`` are the codes of what contradicts another day."""

    happened: Happened
    odd: tuple[str, ...] = ()


#: Of each pair, the first cannot come after the second; the second's line says so.
_BEFORE = (
    (Step.ORDERED, Step.PROMISED, "promised_before_order"),
    (Step.ORDERED, Step.DELIVERED, "delivered_before_order"),
    (Step.ORDERED, Step.PHOTO_TAKEN, "photo_before_order"),
    (Step.DELIVERED, Step.PHOTO_TAKEN, "photo_before_delivery"),
    (Step.ORDERED, Step.RETURN_ASKED, "return_before_order"),
    (Step.ORDERED, Step.CLAIM_RECEIVED, "claim_before_order"),
    (Step.ORDERED, Step.FILED, "filed_before_order"),
    (Step.DELIVERED, Step.FILED, "filed_before_delivery"),
    (Step.RETURN_ASKED, Step.FILED, "filed_before_return"),
)


def in_order(happened: Iterable[Happened]) -> list[Line]:
    """The steps by day, with what is odd about each; of one day, in the usual order."""
    steps = sorted(happened, key=lambda each: (each.on, list(Step).index(each.step)))
    return [Line(each, tuple(_odd(each, steps))) for each in steps]


def late_by(lines: Sequence[Line]) -> int | None:
    """Days from the promised delivery to the delivery; None unless it came later."""
    days = {line.happened.step: line.happened.on for line in lines}
    if Step.PROMISED not in days or Step.DELIVERED not in days:
        return None
    late = (days[Step.DELIVERED] - days[Step.PROMISED]).days
    return late if late > 0 else None


def _odd(each: Happened, steps: Sequence[Happened]) -> Iterable[str]:
    for first, then, code in _BEFORE:
        if each.step is then and any(o.step is first and o.on > each.on for o in steps):
            yield code
