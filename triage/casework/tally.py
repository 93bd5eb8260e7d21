"""Counts of what another book changes: how often, from what to what, in which cases."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Tally:
    """Sums up differences (``core.comparison.differences``); tallies of parts are merged.

    ``aspects`` counts changed cases by aspect (``route`` is status or team), ``moves`` what it
    was and would be, ``checklist`` the lines as ``+kind``, ``-kind`` and ``~kind`` (changed),
    ``outcomes`` how people ended the changed cases: their status now. ``agents`` counts what
    people had decided by hand, and how often the other book by itself comes to the same.
    """

    cases: int = 0
    unreadable: int = 0
    ids: list[str] = field(default_factory=list)
    aspects: Counter[str] = field(default_factory=Counter)
    moves: dict[str, Counter[tuple[str, str]]] = field(default_factory=dict)
    checklist: Counter[str] = field(default_factory=Counter)
    outcomes: Counter[str] = field(default_factory=Counter)
    agents: Counter[str] = field(default_factory=Counter)

    def add(self, complaint_id: str, difference: Mapping[str, Any], status: str) -> None:
        """Count one case."""
        self.cases += 1
        if not difference:
            return
        self.ids.append(complaint_id)
        self.outcomes[status] += 1
        self.aspects.update(difference.keys())
        if "status" in difference or "team" in difference:
            self.aspects["route"] += 1
        for aspect, change in difference.items():
            if aspect != "checklist":
                before, after = map(str, change)
                self.moves.setdefault(aspect, Counter())[before, after] += 1
        self._add_lines(difference.get("checklist", {}))

    def _add_lines(self, lines: Mapping[str, Any]) -> None:
        for kind, (before, after) in lines.items():
            sign = "+" if before is None else "-" if after is None else "~"
            self.checklist[f"{sign}{kind}"] += 1

    def merge(self, other: Tally) -> None:
        """Add the counts of another part of the cases."""
        self.cases += other.cases
        self.unreadable += other.unreadable
        self.ids += other.ids
        for aspect, moves in other.moves.items():
            self.moves.setdefault(aspect, Counter()).update(moves)
        for mine, theirs in (
            (self.aspects, other.aspects),
            (self.checklist, other.checklist),
            (self.outcomes, other.outcomes),
            (self.agents, other.agents),
        ):
            mine.update(theirs)

    def to_json(self) -> dict[str, Any]:
        """The counts as plain values; moves as ``{aspect: {before: {after: n}}}``."""
        moves: dict[str, dict[str, dict[str, int]]] = {}
        for aspect, counts in sorted(self.moves.items()):
            for (before, after), n in sorted(counts.items()):
                moves.setdefault(aspect, {}).setdefault(before, {})[after] = n
        return {
            "cases": self.cases,
            "changed": len(self.ids),
            "unreadable": self.unreadable,
            "aspects": dict(self.aspects.most_common()),
            "moves": moves,
            "checklist": dict(self.checklist.most_common()),
            "outcomes": dict(self.outcomes.most_common()),
            "agents": dict(sorted(self.agents.items())),
            "ids": self.ids,
        }
