"""How often a stranger may try: counted for an address and for what is tried at."""

from __future__ import annotations

import ipaddress

from flask import request
from limits import RateLimitItem
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from triage.errors import Refused


class TooOften(Refused):
    """Refused for now; ``seconds`` says for how long."""


class Rates:
    """Counts attempts in moving windows of time.

    The count is of this process; before several of them a reverse proxy counts for all.
    """

    def __init__(self) -> None:
        self._window = MovingWindowRateLimiter(MemoryStorage())

    def count(self, limit: RateLimitItem, *what: str) -> None:
        """Count one more attempt. Raises TooOften when there were too many already."""
        if not self._window.hit(limit, *what):
            raise TooOften("page.too_often", seconds=limit.get_expiry())


def sender() -> str:
    """Who sent this request, as far as its address tells."""
    return neighbourhood(request.remote_addr or "")


def neighbourhood(address: str) -> str:
    """An IPv6 network counts as one: whoever has one address of it has all of them."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    if found.version == 6:
        return str(ipaddress.ip_network((found, 64), strict=False))
    return str(found)
