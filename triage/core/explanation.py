"""Why each rule of a book applies to a complaint or not: every comparison with its value."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from triage.core.conditions import AllOf, Clause, Condition, Not
from triage.core.decision import categorised
from triage.core.facts import Facts
from triage.core.policy import Rule, RuleBook


class Outcome(StrEnum):
    """What became of a rule. Validity is looked at first: it says more than a comparison."""

    FIRED = "fired"
    NOT_MET = "not_met"
    NOT_YET = "not_yet"  # filed before valid_from
    EXPIRED = "expired"  # filed after valid_to


@dataclass(frozen=True, kw_only=True)
class Trace:
    """A condition as it was asked: ``kind`` is ``fact``, ``all``, ``any`` or ``not``.

    A ``fact`` has ``clause`` and the fact's ``value`` (None: unknown), the others have
    ``parts``. Every part is asked, also where the answer was clear before.
    """

    kind: str
    holds: bool
    clause: Clause | None = None
    value: Any = None
    parts: tuple[Trace, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The trace as plain values; ``threshold`` is there where the book names the number."""
        if self.clause is None:
            parts = [part.to_json() for part in self.parts]
            return {"kind": self.kind, "holds": self.holds, "parts": parts}
        named = {"threshold": self.clause.threshold} if self.clause.threshold else {}
        return {
            "kind": self.kind,
            "holds": self.holds,
            "fact": self.clause.fact,
            "comparison": str(self.clause.comparison),
            "wanted": plain(self.clause.wanted),
            "value": plain(self.value),
            **named,
        }


@dataclass(frozen=True, kw_only=True)
class Explained:
    """One rule and what became of it; ``decisive`` are the comparisons that it hung on.

    For a rule that fired they are those that made it true, else those that kept it from it.
    """

    rule: Rule
    outcome: Outcome
    when: Trace

    @property
    def decisive(self) -> tuple[Trace, ...]:
        return tuple(_decisive(self.when, self.when.holds))

    def to_json(self) -> dict[str, Any]:
        """The explanation as plain values."""
        return {
            "rule": self.rule.id,
            "place": self.rule.place,
            "outcome": str(self.outcome),
            "valid_from": _day(self.rule.valid_from),
            "valid_to": _day(self.rule.valid_to),
            "decisive": [trace.to_json() for trace in self.decisive],
            "when": self.when.to_json(),
        }


def explain(facts: Facts, book: RuleBook) -> tuple[Explained, ...]:
    """Every rule of the book, in its order, as ``judge`` looks at it for these facts."""
    seen = categorised(facts, book)
    return tuple(
        Explained(rule=rule, outcome=_outcome(rule, when, seen.filed_on), when=when)
        for rule in book.rules
        for when in (trace(rule.when, seen),)
    )


def trace(condition: Condition, facts: Facts) -> Trace:
    """The condition with the answer to each of its parts."""
    if isinstance(condition, Clause):
        value = getattr(facts, condition.fact)
        return Trace(kind="fact", holds=condition.holds(facts), clause=condition, value=value)
    if isinstance(condition, Not):
        inner = trace(condition.part, facts)
        return Trace(kind="not", holds=not inner.holds, parts=(inner,))
    parts = tuple(trace(part, facts) for part in condition.parts)
    if isinstance(condition, AllOf):
        return Trace(kind="all", holds=all(part.holds for part in parts), parts=parts)
    return Trace(kind="any", holds=any(part.holds for part in parts), parts=parts)


def plain(value: Any) -> Any:
    """A value of a fact or a comparison as JSON has it; sets in order."""
    if isinstance(value, frozenset):
        return sorted(str(each) for each in value)
    if isinstance(value, Decimal):
        return str(value)
    return str(value) if isinstance(value, StrEnum) else value


def _outcome(rule: Rule, when: Trace, filed_on: date) -> Outcome:
    if filed_on < rule.valid_from:
        return Outcome.NOT_YET
    if filed_on > rule.valid_to:
        return Outcome.EXPIRED
    return Outcome.FIRED if when.holds else Outcome.NOT_MET


def _decisive(found: Trace, holds: bool) -> Iterator[Trace]:
    """The comparisons without which the answer would, or could, have been another."""
    if not found.parts:
        yield found
    elif found.kind == "not":
        yield from _decisive(found.parts[0], found.parts[0].holds)
    else:
        for part in found.parts:
            if part.holds is holds:
                yield from _decisive(part, holds)


def _day(day: date) -> str | None:
    return None if day in (date.min, date.max) else day.isoformat()
