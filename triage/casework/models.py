"""The text models that are there, as an admin sees them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from triage.classifier import registry
from triage.desk import Desk
from triage.errors import TriageError


def shelf(desk: Desk) -> list[Mapping[str, Any]]:
    """The card of every model, the newest first, with ``current``: named to be in force.

    A card that cannot be read has a ``name`` and the ``trouble``'s code alone.
    """
    folder = desk.settings.models_dir
    current = _current(desk)
    cards: list[Mapping[str, Any]] = []
    for name in reversed(registry.list_names(folder)):
        try:
            card: Mapping[str, Any] = registry.read_card(folder / name)
        except TriageError as error:
            card = {"name": name, "trouble": error.code}
        cards.append({**card, "current": name == current})
    return cards


def _current(desk: Desk) -> str | None:
    try:
        return registry.find_current_name(desk.settings.models_dir)
    except TriageError:
        return None
