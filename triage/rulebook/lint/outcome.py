"""What ``core.decision`` makes of the rules, as formulas: who wins, what holds a complaint."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import z3  # type: ignore[import-untyped]  # it has no stubs

from triage.core.complaint import Priority
from triage.core.evidence import EvidenceKind
from triage.core.policy import Require, RequirementLevel, Rule, Supplier
from triage.rulebook.lint.world import World


class Outcome:
    """The decision of one book as formulas over its world, agents and the model left aside."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._fires = {rule.id: world.fires(rule) for rule in world.live}
        self.points = z3.Sum(
            [
                world.whole(0),
                *(
                    z3.If(self._fires[rule.id], rule.then.points, world.whole(0))
                    for rule in world.live
                    if rule.then.points
                ),
            ]
        )

    # ---- evidence ------------------------------------------------------------------------------
    def asking(self, kind: EvidenceKind) -> Iterator[tuple[Rule, Require]]:
        """The rules that ask for a kind, in the order of the book."""
        for rule in self.world.live:
            for require in rule.then.require:
                if require.kind is kind:
                    yield rule, require

    def wins(self, rule: Rule, require: Require) -> Any:
        """Where no rule asks more strictly, none as strictly stands before, and none waives it."""
        own = (require.level.rank, require.count)
        stronger: list[Any] = []
        before = True
        for other, asked in self.asking(require.kind):
            if other is rule:
                before = False
                continue
            theirs = (asked.level.rank, asked.count)
            if theirs > own or (theirs == own and before):
                stronger.append(self._fires[other.id])
        return z3.Not(self.world.some([*stronger, self.waived(require.kind)]))

    def waived(self, kind: EvidenceKind) -> Any:
        waiving = (self._fires[r.id] for r in self.world.live if kind in r.then.waive)
        return self.world.some(waiving)

    def held(self) -> Any:
        """Where the complaint waits for evidence that the customer owes."""
        return self.world.some(
            z3.And(self._fires[rule.id], self.wins(rule, require), z3.Not(self.met(require)))
            for kind in EvidenceKind
            for rule, require in self.asking(kind)
            if require.level is not RequirementLevel.OPTIONAL
            and require.supplier is Supplier.CUSTOMER
        )

    def met(self, require: Require) -> Any:
        ways = [self.world.facts[f"usable_{require.kind}"] >= require.count]
        for each in require.instead:
            if each.when is not None:
                ways.append(self.world.holds(each.when))
            else:
                ways.append(self.world.facts[f"usable_{each.kind}"] >= each.count)
        return self.world.some(ways)

    # ---- priority and route ----------------------------------------------------------------------
    def reaches(self, priority: Priority, but: Rule | None = None) -> Any:
        """Where the points, or the floor of a rule other than ``but``, give at least this."""
        scale = self.world.book.priority
        if priority is Priority.LOW:
            return self.world.every([])
        least = {
            Priority.URGENT: scale.urgent,
            Priority.HIGH: scale.high,
            Priority.NORMAL: scale.normal,
        }[priority]
        floors = (
            self._fires[rule.id]
            for rule in self.world.live
            if rule is not but and rule.then.at_least and rule.then.at_least.rank >= priority.rank
        )
        return self.world.some([self.points >= least, *floors])

    def below(self, priority: Priority, but: Rule) -> Any:
        """Where the priority would be lower without the floor of a rule.

        A floor of the same height by another rule is no reason to call this one useless.
        """
        higher = next((p for p in Priority if p.rank == priority.rank + 1), None)
        scale = self.world.book.priority
        least = {
            Priority.URGENT: scale.urgent,
            Priority.HIGH: scale.high,
            Priority.NORMAL: scale.normal,
        }.get(priority, 0)
        above = z3.BoolVal(False, self.world.context)
        if higher is not None:
            above = self.reaches(higher, but)
        return z3.And(self.points < least, z3.Not(above))

    def priority_is(self, priority: Priority) -> Any:
        """Where rules alone give exactly this; the text model and agents are left aside."""
        higher = next((p for p in Priority if p.rank == priority.rank + 1), None)
        silent = z3.And(
            self.world.facts["model_priority"] == -1, self.world.facts["model_danger"] == -1
        )
        parts = [silent, self.reaches(priority)]
        if higher is not None:
            parts.append(z3.Not(self.reaches(higher)))
        return self.world.every(parts)

    def routes(self, rule: Rule) -> Any:
        """Where a rule is the first that names a team."""
        before = self.world.live[: self.world.live.index(rule)]
        return z3.Not(self.world.some(self._fires[r.id] for r in before if r.then.team))

    def team_is(self, team: str | None) -> Any:
        """Where the first rule that names a team names this one."""
        found: Any = z3.BoolVal(team is None, self.world.context)
        for rule in reversed(self.world.live):
            if rule.then.team is not None:
                same = z3.BoolVal(rule.then.team == team, self.world.context)
                found = z3.If(self._fires[rule.id], same, found)
        return found
