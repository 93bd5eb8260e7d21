"""Whether complaints can get anywhere: evidence that can be met, priorities and teams reached."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import z3  # type: ignore[import-untyped]  # it has no stubs

from triage.core.case import SlaClass
from triage.core.complaint import Category, Priority
from triage.core.decision import judge
from triage.core.evidence import EvidenceKind
from triage.core.facts import Facts
from triage.core.policy import RuleBook
from triage.rulebook.lint.asking import Asking, Undecided
from triage.rulebook.lint.notes import Level, Note
from triage.rulebook.lint.outcome import Outcome
from triage.rulebook.lint.witness import Witness

_ROUNDS = 25
_FILES = tuple(f"usable_{kind}" for kind in EvidenceKind)
_Files = Mapping[str, int]


# ---- evidence that can be met ----------------------------------------------------------------
def check_problem_type(asking: Asking, outcome: Outcome, category: Category) -> Iterator[Note]:
    """A problem type that no files can satisfy, or complaints of it that none can."""
    here = asking.world.category_is(category)
    if not asking.possible(here):
        return
    held = outcome.held()
    place = asking.book.places.get(f"problem_types/{category}", "categories.yaml:1")
    if not asking.possible(here, z3.Not(held)):
        each = asking.world.most_files // len(_FILES)
        plenty = [asking.world.facts[name] == each for name in _FILES]
        yield Note(
            code="category.unsatisfiable",
            level=Level.ERROR,
            place=place,
            sentence=f"nobody can satisfy the problem type '{category}': whatever is sent, "
            "evidence stays missing",
            cure="Look at what the rules require of it, and at what does instead.",
            witness=asking.find(here, *plenty, proof=lambda facts: _waits(asking.book, facts)),
        )
        return
    stuck = _dead_end(asking, here, held)
    if stuck is not None:
        yield Note(
            code="category.dead_end",
            level=Level.WARNING,
            place=place,
            sentence=f"some complaints of the type '{category}' can never be complete, whatever "
            f"files are sent (at most {asking.world.most_files})",
            cure="Give the requirement a substitute, or narrow one of the rules.",
            witness=stuck,
        )


def _dead_end(asking: Asking, here: Any, held: Any) -> Witness | None:
    """A complaint that is held with any files: found by trying files against complaints.

    Each round looks for a complaint that all files so far leave open, then for files that
    complete it. No files: a dead end. Raises Undecided when the rounds run out.
    """
    tried: list[_Files] = [dict.fromkeys(_FILES, 0)]
    for _ in range(_ROUNDS):
        numbers = asking.numbers(here, *(_with_files(asking, held, files) for files in tried))
        if numbers is None:
            return None
        known = asking.fixed(numbers, but=("usable_",))
        better = asking.numbers(known, z3.Not(held))
        if better is None:
            return _proved_dead_end(asking, numbers, tried)
        tried.append({name: better[name] for name in _FILES})
    raise Undecided


def _with_files(asking: Asking, formula: Any, files: _Files) -> Any:
    facts = asking.world.facts
    return z3.substitute(
        formula, *((facts[name], asking.world.whole(count)) for name, count in files.items())
    )


def _proved_dead_end(
    asking: Asking, numbers: Mapping[str, int], tried: Sequence[_Files]
) -> Witness:
    """The complaint with the files it was tried with, each of which the evaluator refuses."""
    witnesses = [asking.witness({**numbers, **files}) for files in tried]
    proved = [asking.proved(each, lambda facts: _waits(asking.book, facts)) for each in witnesses]
    return proved[-1]


def _waits(book: RuleBook, facts: Facts) -> bool:
    return judge(facts, book).status == "needs_evidence"


# ---- what can be produced ----------------------------------------------------------------------
def check_priorities(asking: Asking, outcome: Outcome) -> Iterator[Note]:
    """Priorities that rules alone give to no complaint."""
    reached = {p: asking.possible(outcome.priority_is(p)) for p in Priority}
    for priority in (p for p in Priority if not reached[p]):
        near = min((p for p in Priority if reached[p]), key=lambda p: abs(p.rank - priority.rank))
        yield Note(
            code="priority.impossible",
            level=Level.WARNING,
            place=asking.book.places.get(f"levels/{priority}", "priority.yaml:1"),
            sentence=f"no complaint gets the priority '{priority}' from the rules; the nearest "
            f"that one gets is '{near}'",
            cure="Look at the points of the rules and at those from which it is reached.",
            witness=asking.find(outcome.priority_is(near), proof=_priority_is(asking.book, near)),
        )


def _priority_is(book: RuleBook, priority: Priority) -> Any:
    return lambda facts: judge(facts, book).priority is priority


def check_classes(asking: Asking) -> Iterator[Note]:
    """SLA classes that no rule gives: an agent may still raise a case to them."""
    world = asking.world
    for each in SlaClass:
        givers = [rule for rule in world.live if rule.then.sla is each]
        place = asking.book.places.get(f"classes/{each}", "sla.yaml:1")
        if each is SlaClass.STANDARD:
            raisers = [rule for rule in world.live if rule.then.sla not in (None, each)]
            if raisers and not asking.possible(*(z3.Not(world.fires(r)) for r in raisers)):
                yield _class_never(asking, each, place)
        elif not givers:
            sentence = f"no rule asks for the SLA class '{each}': only an agent can give it"
            yield Note(code="sla.by_agents", level=Level.HINT, place=place, sentence=sentence)
        elif not asking.possible(_class_is(asking, each)):
            yield _class_never(asking, each, place)


def _class_is(asking: Asking, wanted: SlaClass) -> Any:
    world = asking.world
    rules = [rule for rule in world.live if rule.then.sla]
    givers = [world.fires(r) for r in rules if r.then.sla is wanted]
    higher = [world.fires(r) for r in rules if r.then.sla and r.then.sla.rank > wanted.rank]
    return z3.And(world.some(givers), z3.Not(world.some(higher)))


def _class_never(asking: Asking, wanted: SlaClass, place: str) -> Note:
    asked = [asking.world.fires(r) for r in asking.world.live if r.then.sla is wanted]
    show = [asking.world.some(asked)] if asked else []
    show = show if asking.possible(*show) else []
    return Note(
        code="sla.impossible",
        level=Level.WARNING,
        place=place,
        sentence=f"no complaint gets the SLA class '{wanted}', whatever is known about it",
        cure="Narrow the rules that ask for a higher class.",
        witness=asking.find(
            *show, proof=lambda facts: judge(facts, asking.book).sla_class is not wanted
        ),
    )


def check_teams(asking: Asking, outcome: Outcome) -> Iterator[Note]:
    """Teams that a rule names and that still never get a complaint."""
    for team in sorted({rule.then.team for rule in asking.world.live if rule.then.team}):
        if asking.possible(outcome.team_is(team)):
            continue
        givers = [r for r in asking.world.live if r.then.team == team]
        fires = asking.world.some(map(asking.world.fires, givers))
        witness = asking.find(fires, proof=_other_team(asking.book, team))
        yield Note(
            code="team.impossible",
            level=Level.WARNING,
            place=asking.book.places.get(f"teams/{team}", givers[0].place),
            sentence=f"the team '{team}' never gets a complaint",
            cure="Put a rule that names it before the rules that name other teams.",
            witness=witness,
        )


def _other_team(book: RuleBook, team: str) -> Any:
    return lambda facts: judge(facts, book).team != team
