"""What two decisions about the same complaint differ in, as far as anybody would notice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from triage.core.decision import categorised, outcome_of
from triage.core.facts import Facts
from triage.core.policy import RuleBook

ASPECTS = ("status", "team", "priority", "sla_class", "category")
"""What is compared as one word; the checklist is compared line by line beside them."""

Line = tuple[str, int, str]
"""Level, number of files, state."""


@dataclass(frozen=True, kw_only=True)
class Gist:
    """A decision without its reasons. ``route`` is where it goes: status and team."""

    status: str
    team: str | None
    priority: str
    sla_class: str
    category: str | None
    checklist: Mapping[str, Line]

    def to_json(self) -> dict[str, Any]:
        """The gist as plain values; a line of the checklist as ``level × files: state``."""
        words = {name: getattr(self, name) for name in ASPECTS}
        return {**words, "checklist": {kind: shown(line) for kind, line in self.checklist.items()}}


def gist_of(stored: Mapping[str, Any]) -> Gist:
    """The gist of a decision as ``Decision.to_json`` wrote it."""
    words: dict[str, Any] = {name: stored.get(name) for name in ASPECTS}
    return Gist(
        **words,
        checklist={
            line["kind"]: (line["level"], line["asked"], line["state"])
            for line in stored["checklist"]
        },
    )


def gist_under(facts: Facts, book: RuleBook) -> Gist:
    """What the book would decide on these facts; much faster than ``judge`` with its reasons."""
    facts = categorised(facts, book)
    outcome = outcome_of(facts, book)
    return Gist(
        status="needs_evidence" if outcome.held else "queued",
        team=outcome.team,
        priority=str(outcome.priority),
        sla_class=str(outcome.sla_class),
        category=None if facts.category is None else str(facts.category),
        checklist={
            str(line.kind): (str(line.level), line.asked, str(line.state))
            for line in outcome.checklist
        },
    )


def differences(before: Gist, after: Gist) -> dict[str, Any]:
    """``{aspect: [before, after]}`` of what differs, and ``checklist: {kind: [before, after]}``.

    A line that one of them does not have is None there. Nothing differs: an empty dict.
    """
    if before == after:
        return {}
    found: dict[str, Any] = {
        name: [was, will_be]
        for name in ASPECTS
        if (was := getattr(before, name)) != (will_be := getattr(after, name))
    }
    kinds = [*before.checklist, *(kind for kind in after.checklist if kind not in before.checklist)]
    lines = {
        kind: [shown(was), shown(will_be)]
        for kind in kinds
        if (was := before.checklist.get(kind)) != (will_be := after.checklist.get(kind))
    }
    return {**found, "checklist": lines} if lines else found


def shown(line: Line | None) -> str | None:
    """A line of the checklist in one word for tables and JSON: ``optional x1: missing``."""
    return None if line is None else f"{line[0]} x{line[1]}: {line[2]}"
