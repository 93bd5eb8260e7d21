"""How often strangers may try, by whatever process their attempts come in.

The count is of a moving window, estimated from two spans: those of this span, and of the span
before as large a share as still lies within the window. It needs one row a span, not one an
attempt. What is refused is not counted and writes nothing.
"""

from __future__ import annotations

import hashlib
import hmac
import math
from dataclasses import dataclass
from datetime import UTC, datetime

from triage.desk import Desk
from triage.store import attempts
from triage.store.attempts import Attempt


@dataclass(frozen=True, kw_only=True)
class Limit:
    """At most ``most`` attempts in ``seconds``; ``name`` keeps one kind's count from another's."""

    name: str
    most: int
    seconds: int


def wait(desk: Desk, limit: Limit, *who: str) -> int:
    """Count one more attempt; 0 when it was free, else the seconds after which to try again."""
    at = desk.now().timestamp()
    span, within = divmod(at, limit.seconds)
    mark = _mark(desk, limit, who)
    with desk.reading() as session:
        before, now = attempts.counted(session, mark, int(span))
    carried = before * (1 - within / limit.seconds)
    below = math.ceil(limit.most - carried)  # of this span alone
    if now < below:
        attempt = Attempt(mark=mark, span=int(span), over_at=_end(limit, span + 2))
        with desk.sessions.begin() as session:
            if attempts.add(session, attempt, below):
                return 0
    return _seconds_left(limit, before, now, within)


def forget(desk: Desk) -> int:
    """Remove counts that are over; how many."""
    with desk.reading() as session:
        if not attempts.any_over(session, desk.now()):
            return 0
    with desk.sessions.begin() as session:
        return attempts.forget(session, desk.now())


def _mark(desk: Desk, limit: Limit, who: tuple[str, ...]) -> str:
    """Each part has its length before it, so that no two senders come to one text."""
    said = "".join(f"{len(part)}:{part}" for part in ("attempt", limit.name, *who))
    return hmac.new(desk.secret, said.encode(), hashlib.sha256).hexdigest()


def _end(limit: Limit, span: float) -> datetime:
    return datetime.fromtimestamp(span * limit.seconds, UTC)


def _seconds_left(limit: Limit, before: int, now: int, within: float) -> int:
    """Until so little of the span before lies in the window that one more attempt fits."""
    if now < limit.most and before:
        fits_at = limit.seconds * (1 - (limit.most - now) / before)
        return max(1, math.ceil(fits_at - within))
    return max(1, math.ceil(limit.seconds - within))
