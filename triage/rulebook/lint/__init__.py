"""Looks a rule book through: what cannot be meant, decided over the closed vocabulary.

Only here, a solver (z3) is imported. Every fault that it finds is shown on an input on which the
real evaluator agrees; what it cannot decide in its time is called so and not guessed.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from datetime import date

from triage.core.complaint import Category
from triage.core.policy import Rule, RuleBook
from triage.rulebook.lint.asking import Asking, Undecided
from triage.rulebook.lint.effects import check_effects
from triage.rulebook.lint.ends import (
    check_classes,
    check_priorities,
    check_problem_type,
    check_teams,
)
from triage.rulebook.lint.near import check_examples
from triage.rulebook.lint.notes import Level, Note
from triage.rulebook.lint.outcome import Outcome
from triage.rulebook.lint.overlap import check_pair, pairs
from triage.rulebook.lint.reach import check_reach
from triage.rulebook.lint.shelf import check_shelves
from triage.rulebook.lint.witness import Unproved, Witness
from triage.rulebook.lint.wording import check_lists, check_wording
from triage.rulebook.lint.world import World

__all__ = ["Level", "Note", "Unproved", "Witness", "lint"]

MOST_FILES = 30
"""How many files a complaint has at most, unless the caller says so (TRIAGE_MAX_FILES)."""


def lint(
    book: RuleBook, today: date, findings: Collection[str], most_files: int = MOST_FILES
) -> Iterator[Note]:
    """Everything that looks like a mistake in a book that loads.

    ``findings`` are the codes that the checks can say today; ``today`` says which rules are or
    will be in force. Raises Unproved when the lint itself is wrong.
    """
    yield from check_shelves(book, findings)
    yield from check_lists(book)
    for rule in book.rules:
        yield from check_wording(book, rule, today)
        yield from check_examples(book, rule)
    yield from _decided(Asking(World(book, today, most_files)))


def _decided(asking: Asking) -> Iterator[Note]:
    """What the solver finds: rule by rule, pair by pair, then the book as a whole."""
    world = asking.world
    outcome = Outcome(world)
    reachable: list[Rule] = []
    for rule in world.live:
        found = list(_tried(rule.place, f"rule '{rule.id}'", check_reach, asking, rule))
        yield from found
        if not any(note.code == "rule.unreachable" for note in found):
            reachable.append(rule)
    for rule in reachable:
        yield from _tried(rule.place, f"rule '{rule.id}'", check_effects, asking, outcome, rule)
    for first, second in pairs(tuple(reachable)):
        what = f"rules '{first.id}' and '{second.id}'"
        yield from _tried(second.place, what, check_pair, asking, first, second)
    for category in Category:
        what = f"problem type '{category}'"
        yield from _tried("categories.yaml:1", what, check_problem_type, asking, outcome, category)
    yield from _tried("priority.yaml:1", "priorities", check_priorities, asking, outcome)
    yield from _tried("sla.yaml:1", "SLA classes", check_classes, asking)
    yield from _tried("categories.yaml:1", "teams", check_teams, asking, outcome)


def _tried(
    place: str, what: str, check: Callable[..., Iterator[Note]], *arguments: object
) -> Iterator[Note]:
    """The notes of a check, and one more where the solver ran out of time."""
    try:
        yield from check(*arguments)
    except Undecided:
        yield Note(
            code="lint.undecided",
            level=Level.HINT,
            place=place,
            sentence=f"{what}: not decided within the time of the solver",
        )
