"""What the lint says: a remark with its place, its cure and an input that shows it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from triage.rulebook.lint.witness import Witness


class Level(StrEnum):
    """How bad it is. Only ``hint`` leaves the exit code of ``triage rules check`` at 0."""

    ERROR = "error"  # a rule or a problem type does not work at all
    WARNING = "warning"  # the book says something other than it seems to say
    HINT = "hint"  # it may well be meant


_E, _W, _H = Level.ERROR, Level.WARNING, Level.HINT
CODES: Mapping[str, tuple[Level, str]] = {
    "rule.unreachable": (_E, "the rule can never fire: its condition contradicts itself"),
    "category.unsatisfiable": (_E, "whatever is sent, evidence for this problem type is missing"),
    "category.dead_end": (_W, "some complaints of this type can never be complete"),
    "rule.always": (_W, "the rule fires for every complaint"),
    "rule.duplicate": (_W, "the same condition and effects as another rule, in other words too"),
    "rule.expired": (_W, "its time is over"),
    "comparison.never": (_W, "a comparison that no value of the fact stands"),
    "comparison.always": (_W, "a comparison that every value of the fact stands"),
    "branch.dead": (_W, "a branch of `any` that changes nothing"),
    "substitute.senseless": (_W, "a substitute that never serves, always does, or asks for less"),
    "effect.never_counts": (_W, "wherever the rule fires, another one gets its way"),
    "overlap.category": (_W, "two rules set different problem types; their order alone decides"),
    "overlap.evidence": (_W, "two rules ask for the same in different ways; order alone decides"),
    "overlap.points": (_W, "the points of two rules always cancel out"),
    "overlap.text": (_W, "the customer reads the same words twice"),
    "priority.impossible": (_W, "no complaint gets this priority from the rules"),
    "sla.impossible": (_W, "no complaint gets this SLA class, though a rule names it"),
    "team.impossible": (_W, "the team never gets a complaint, though a rule names it"),
    "list.unused": (_W, "no rule asks for the list (a hint in a profile)"),
    "threshold.unused": (_W, "neither a rule nor a check uses the number (a hint in a profile)"),
    "team.unused": (_W, "no rule names the team (a hint in a profile)"),
    "finding.unknown": (_W, "no check says this finding"),
    "law.no_article": (_W, "the basis is law, and the source names no article"),
    "text.untranslated": (_W, "a text is not in its language"),
    "overlap.count": (_H, "of two rules the stricter level wins with fewer files"),
    "overlap.waived": (_H, "one rule waives what another one asks for"),
    "part.idle": (_H, "a part of `all` that follows from the others"),
    "example.far": (_H, "no example nearly matches, so they prove little"),
    "rule.later": (_H, "not in force yet"),
    "rule.ends_soon": (_H, "its time is over within 30 days"),
    "sla.by_agents": (_H, "no rule names the class: only an agent gives it"),
    "fact.unused": (_H, "facts that no rule asks for"),
    "lint.undecided": (_H, "not decided within the time of the solver"),
}
"""Everything that the lint may say, with its level and meaning, the worst first."""


@dataclass(frozen=True, kw_only=True)
class Note:
    """One remark: ``code`` for programs, ``sentence`` and ``cure`` for people.

    ``place`` is ``file:line``. ``witness`` is an input on which the fault shows; it has been
    tried with the real evaluator before the note is made.
    """

    code: str
    level: Level
    place: str
    sentence: str
    cure: str = ""
    witness: Witness | None = None

    @property
    def serious(self) -> bool:
        return self.level is not Level.HINT

    def __str__(self) -> str:
        parts = [f"{self.place}: {self.level}: {self.sentence}"]
        if self.cure:
            parts.append(f"    cure: {self.cure}")
        if self.witness is not None:
            parts.append(f"    witness: {self.witness}")
        return "\n".join(parts)

    def to_json(self) -> Mapping[str, Any]:
        """The note as plain values."""
        return {
            "code": self.code,
            "level": str(self.level),
            "serious": self.serious,
            "place": self.place,
            "message": self.sentence,
            "cure": self.cure,
            "witness": None if self.witness is None else json.loads(self.witness.to_text()),
        }
