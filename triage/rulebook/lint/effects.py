"""Effects that can never count, because another rule always gets its way."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import z3  # type: ignore[import-untyped]  # it has no stubs

from triage.core.case import SlaClass
from triage.core.checklist import RequirementState
from triage.core.complaint import Priority
from triage.core.decision import Decision, judge
from triage.core.facts import Facts
from triage.core.policy import Effect, Rule, RuleBook
from triage.rulebook.lint.asking import Asking
from triage.rulebook.lint.notes import Level, Note
from triage.rulebook.lint.outcome import Outcome


@dataclass(frozen=True, kw_only=True)
class Idle:
    """One effect of a rule: where it counts, what the rule is without it, and why it may not."""

    name: str
    counts: Any
    without: Effect
    reason: str


def check_effects(asking: Asking, outcome: Outcome, rule: Rule) -> Iterator[Note]:
    """The effects of one rule that change nothing on any complaint. The rule can fire."""
    fires = asking.world.fires(rule)
    for effect in (*_on_evidence(outcome, rule), *_on_route(outcome, rule)):
        if asking.possible(fires, effect.counts):
            continue
        lesser = replace(rule, then=effect.without)
        proof = partial(_same, asking.book, rule, lesser)
        witness = asking.find(fires, proof=proof)
        yield Note(
            code="effect.never_counts",
            level=Level.WARNING,
            place=rule.place,
            sentence=f"rule '{rule.id}': '{effect.name}' never counts: {effect.reason}",
            cure="Take it out, narrow the other rule, or put this one first.",
            witness=witness,
        )


def _same(book: RuleBook, rule: Rule, lesser: Rule, facts: Facts) -> bool:
    """Whether the decision is the same when the rule does not have the effect."""
    rules = tuple(lesser if each is rule else each for each in book.rules)
    decisions = judge(facts, book), judge(facts, replace(book, rules=rules))
    return _result(decisions[0]) == _result(decisions[1])


def _result(made: Decision) -> object:
    lines = tuple(each for each in made.checklist if each.state is not RequirementState.WAIVED)
    return made.status, made.category, made.priority, made.sla_class, made.team, lines


def _on_evidence(outcome: Outcome, rule: Rule) -> Iterator[Idle]:
    then = rule.then
    for require in then.require:
        rest = tuple(each for each in then.require if each is not require)
        yield Idle(
            name=f"require {require.kind}",
            counts=outcome.wins(rule, require),
            without=replace(then, require=rest),
            reason="wherever the rule fires, another one asks more strictly or waives it",
        )
    for kind in sorted(then.waive):
        asked = [each for each, _ in outcome.asking(kind)]
        yield Idle(
            name=f"waive {kind}",
            counts=outcome.world.some(map(outcome.world.fires, asked)),
            without=replace(then, waive=then.waive - {kind}),
            reason="no rule asks for that evidence where this one fires",
        )


def _on_route(outcome: Outcome, rule: Rule) -> Iterator[Idle]:
    then, world = rule.then, outcome.world
    if then.sla is not None:
        higher = [r for r in world.live if r.then.sla and r.then.sla.rank > then.sla.rank]
        lowest = then.sla is SlaClass.STANDARD
        yield Idle(
            name=f"sla {then.sla}",
            counts=world.every([not lowest, *(z3.Not(world.fires(each)) for each in higher)]),
            without=replace(then, sla=None),
            reason="every complaint has it anyway" if lowest else _ANOTHER.format("higher class"),
        )
    if then.at_least is not None:
        lowest = then.at_least is Priority.LOW
        yield Idle(
            name=f"at_least {then.at_least}",
            counts=world.every([not lowest, outcome.below(then.at_least, but=rule)]),
            without=replace(then, at_least=None),
            reason="every complaint has it anyway"
            if lowest
            else "wherever the rule fires, points or another rule give as much",
        )
    if then.team is not None:
        yield Idle(
            name=f"team {then.team}",
            counts=outcome.routes(rule),
            without=replace(then, team=None),
            reason="wherever the rule fires, one that stands before it names a team",
        )
    if then.category is not None:
        yield Idle(
            name=f"category {then.category}",
            counts=z3.And(z3.Not(world.said_by_person()), world.category_is(then.category)),
            without=replace(then, category=None),
            reason="wherever the rule fires, one that stands before it sets a category",
        )


_ANOTHER = "wherever the rule fires, another one gives a {}"
