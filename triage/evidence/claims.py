"""Does a proof fit what was said about the order? Pure comparisons of signals with the story.

Each answer is a signal for a person, never a refusal: an order may hold several products and
come in several receipts, a camera may have lost its clock, a date may be remembered wrongly.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal

from triage.core.bounds import Bounds
from triage.core.evidence import Finding, Level
from triage.core.receipt import ALMATY_NOW, moment
from triage.evidence.paper import UNSURE

_OLDEST = 2005  # before it, no phone took a picture that anybody would send
_RESET_DAYS = 7  # a clock that lost its time starts on 1 January and runs on
_SHOWN_CASES = 5


@dataclass(frozen=True, kw_only=True)
class Story:
    """What the order and the complaint say: dates as in Almaty, the amount in tenge.

    ``until`` is the day on which the file came in.
    """

    amount: Decimal | None
    order_date: date | None
    received_on: date | None
    until: date


@dataclass(frozen=True, kw_only=True)
class Proof:
    """What one receipt says; ``mark`` is unique for a receipt, empty where it was not read.

    ``sure`` is false where letters were recognised in a picture: then a mismatch is a note.
    """

    mark: str
    amount: Decimal | None
    issued_at: datetime | None
    sure: bool = True


def proofs_of(receipts: str, printed: str) -> tuple[Proof, ...]:
    """The receipts of one file from its signals; what is printed counts where no code was read."""
    read = [_proof(*entry.split("|")[1:]) for entry in receipts.split(";") if entry]
    if not read and printed:
        sign, till, amount, issued_at, *further = printed.split("|")
        read = [replace(_proof(till, sign, amount, issued_at), sure=UNSURE not in further)]
    return tuple(read)


def _proof(till: str, sign: str, amount: str, issued_at: str) -> Proof:
    return Proof(
        mark=mark_of(till, sign),
        amount=Decimal(amount) if amount else None,
        issued_at=moment(issued_at),
    )


def mark_of(till: str, sign: str) -> str:
    """What tells a receipt from every other one; empty unless both numbers are known."""
    return f"{till}:{sign}" if till and sign else ""


def amount(proofs: Sequence[Proof], story: Story, bounds: Bounds) -> Finding | None:
    """All receipts of a complaint together against the price of the order.

    More is only a note: the receipt is of everything that was bought at once.
    """
    if story.amount is None or not proofs or any(each.amount is None for each in proofs):
        return None
    by_mark = {each.mark or str(place): each for place, each in enumerate(proofs)}
    total = sum((each.amount or Decimal(0) for each in by_mark.values()), Decimal(0))
    if abs(total - story.amount) <= bounds.receipt_tolerance:
        return None
    is_short = total < story.amount and all(each.sure for each in proofs)
    return Finding(
        code="receipt.amount_mismatch",
        level=Level.WEAK if is_short else Level.NOTE,
        measured=_money(total),
        limit=_money(story.amount),
    )


def _money(tenge: Decimal) -> str:
    return f"{tenge:.2f}".removesuffix(".00")


def issue(proof: Proof, story: Story, bounds: Bounds) -> Finding | None:
    """Was the receipt issued between the order and what followed it?

    Late is a note (tills are slow, and cash on delivery is paid late) unless it is later than
    the file itself, which no receipt can be.
    """
    if proof.issued_at is None:
        return None
    day = local_day(proof.issued_at)
    first = story.order_date and _moved(story.order_date, -bounds.receipt_early)
    last = _moved(story.until, 1)
    if (first is not None and day < first) or day > last:
        return _issue(day, first, last, Level.WEAK if proof.sure else Level.NOTE)
    if story.received_on is not None:
        late = _moved(story.received_on, bounds.receipt_late)
        if late < day:
            return _issue(day, first, late, Level.NOTE)
    return None


def _issue(day: date, first: date | None, last: date, level: Level) -> Finding:
    return Finding(
        code="receipt.time_mismatch",
        level=level,
        measured=day.isoformat(),
        detail={"earliest": first.isoformat() if first else "…", "latest": last.isoformat()},
    )


def taken(taken_at: str, story: Story, bounds: Bounds) -> Finding | None:
    """Was the picture taken between the order and its arrival here?

    A clock that lost its time says nothing, see ``camera_day``.
    """
    day = camera_day(taken_at, story.order_date)
    if day is None:
        return None
    if story.order_date is not None and day < _moved(story.order_date, -bounds.camera_tolerance):
        return Finding(
            code="metadata.taken_before_order",
            level=Level.WEAK,
            measured=day.isoformat(),
            limit=story.order_date.isoformat(),
        )
    if day > _moved(story.until, bounds.camera_tolerance):
        return Finding(
            code="metadata.taken_after_filing",
            level=Level.NOTE,
            measured=day.isoformat(),
            limit=story.until.isoformat(),
        )
    return None


def camera_day(taken_at: str, order_date: date | None) -> date | None:
    """The day on the camera's clock; None when that clock cannot be believed.

    An empty battery takes a clock back to 1 January of some year, from where it runs on: the
    first week of an earlier year than the order's is more likely that than a lie.
    """
    try:
        when = datetime.fromisoformat(taken_at)
    except ValueError:
        return None
    day = when.date() if when.tzinfo is None else local_day(when)
    earlier = order_date is not None and day.year < order_date.year
    was_reset = earlier and day.month == 1 and day.day <= _RESET_DAYS
    return None if day.year < _OLDEST or was_reset else day


def local_day(when: datetime) -> date:
    """The day in Almaty; at both ends of the calendar the day that was written."""
    try:
        return when.astimezone(ALMATY_NOW).date()
    except OverflowError:
        return when.date()


def reused(cases: Sequence[str], *, strangers: bool) -> Finding | None:
    """The receipt proves something in other cases too.

    One purchase may give several complaints: of the same customer or order it is a note.
    """
    if not cases:
        return None
    shown = ", ".join(cases[:_SHOWN_CASES])
    return Finding(
        code="receipt.reused",
        level=Level.WEAK if strangers else Level.NOTE,
        measured=len(cases),
        detail={"cases": shown, "count": len(cases)},
    )


def _moved(day: date, days: int) -> date:
    try:
        return day + timedelta(days=days)
    except OverflowError:
        return date.max if days > 0 else date.min
