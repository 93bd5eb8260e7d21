"""How often a stranger may try: counted for an address and for what is tried at."""

from __future__ import annotations

import ipaddress

from flask import request

from triage.casework import attempts
from triage.casework.attempts import Limit
from triage.desk import Desk
from triage.errors import Refused


class TooOften(Refused):
    """Refused for now; ``seconds`` says for how long."""


def count(desk: Desk, limit: Limit, *what: str) -> None:
    """Count one more attempt. Raises TooOften when there were too many already."""
    seconds = attempts.wait(desk, limit, *what)
    if seconds:
        raise TooOften("page.too_often", seconds=seconds)


def is_free(desk: Desk, limit: Limit) -> bool:
    """Count one more attempt of this request's sender; False when there were too many already."""
    return attempts.wait(desk, limit, sender()) == 0


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
