"""Who does something to a complaint."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What an account or an API key may do. ADMIN includes all the others."""

    INTAKE = "intake"
    AGENT = "agent"
    QA = "qa"
    ADMIN = "admin"


@dataclass(frozen=True, kw_only=True)
class Actor:
    """Whoever asks for a change: written into the history as ``id``.

    ``id`` is ``user:<n>``, ``key:<id>``, ``customer`` or ``system``; ``name`` is what people
    are shown. ``is_person`` is true for a named human being only: a refusal needs one.
    """

    id: str
    name: str
    roles: frozenset[Role] = frozenset()
    is_person: bool = False

    def may(self, role: Role) -> bool:
        """Whether this actor holds the role, directly or as an admin."""
        return role in self.roles or Role.ADMIN in self.roles


SYSTEM = Actor(id="system", name="Triage")
CUSTOMER = Actor(id="customer", name="Customer")
