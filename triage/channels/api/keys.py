"""Who is asking: the API key of a request, checked before a byte of its body is read."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

from triage.casework.staff import actor_of_key
from triage.channels.api.refusals import OutOfScope, TooMany, Unauthorised
from triage.core.people import Actor, Role
from triage.desk import Desk

if TYPE_CHECKING:
    from limits.strategies import RateLimiter

MAX_KEY = 500  # characters; ours have less than 70


def actor_of(desk: Desk, authorization: str | None, scopes: Sequence[Role]) -> Actor:
    """Whoever holds the key of ``Authorization: Bearer …`` with one of the scopes.

    Raises Unauthorised without a good key, OutOfScope where the key may not do this.
    """
    scheme, _, key = (authorization or "").strip().partition(" ")
    if scheme.lower() != "bearer" or not key.strip():
        raise Unauthorised("key.missing", field="Authorization")
    actor = actor_of_key(desk, key.strip()) if len(key) <= MAX_KEY else None
    if actor is None:
        raise Unauthorised("key.wrong", field="Authorization")
    if not any(actor.may(role) for role in scopes):
        raise OutOfScope("key.out_of_scope", scopes=", ".join(scopes))
    return actor


class Pace:
    """How many requests a minute each key may send; counted in this process."""

    def __init__(self, per_minute: int) -> None:
        self._per_minute = per_minute
        self._limiter: RateLimiter | None = None
        if per_minute:
            from limits.storage import MemoryStorage
            from limits.strategies import MovingWindowRateLimiter

            self._limiter = MovingWindowRateLimiter(MemoryStorage())

    def check(self, actor: Actor) -> None:
        """Count one request. Raises TooMany, which says when the next one may come."""
        if self._limiter is None:
            return
        from limits import RateLimitItemPerMinute

        limit = RateLimitItemPerMinute(self._per_minute)
        if self._limiter.hit(limit, actor.id):
            return
        reset = self._limiter.get_window_stats(limit, actor.id).reset_time
        seconds = max(1, math.ceil(reset - time.time()))
        raise TooMany("key.too_fast", limit=self._per_minute, seconds=seconds)
