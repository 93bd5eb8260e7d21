"""What is wrong with a rule book: where, why and how to mend it."""

from __future__ import annotations

import difflib
from collections.abc import Collection

from triage.errors import Invalid

_MOST_CHOICES = 15


class RuleError(Invalid):
    """A rule book that makes no sense: ``policy.yaml:12: there is no fact 'categry'. Did …``.

    ``others`` are further problems found in the same reading, each with its own place.
    """

    def __init__(self, file: str, line: int, problem: str, cure: str = "") -> None:
        super().__init__("rulebook.broken", file=file, line=line, problem=problem, cure=cure)
        self.file = file
        self.line = line
        self.problem = problem
        self.cure = cure
        self.others: tuple[RuleError, ...] = ()

    def __str__(self) -> str:
        sentence = f"{self.file}:{self.line}: {self.problem}."
        return f"{sentence} {self.cure}" if self.cure else sentence


def did_you_mean(word: str, choices: Collection[str]) -> str:
    """The cure for a word that does not exist: the nearest one, or all of a few."""
    near = difflib.get_close_matches(word[:80], [str(choice) for choice in choices], n=1)
    if near:
        return f"Did you mean '{near[0]}'?"
    if not choices:
        return "There is none to choose from."
    if len(choices) > _MOST_CHOICES:
        return ""
    return f"Choose one of: {', '.join(sorted(choices))}."
