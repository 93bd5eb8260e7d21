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
