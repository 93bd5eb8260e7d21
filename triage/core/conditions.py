"""The "when" of a rule: closed comparisons of facts, joined by all, any and not.

The logic has two values. A comparison with an unknown fact is not true, except the ones that
say so by their name (``is_not``, ``none_of``, ``lacks``, ``known: false``); ``not`` turns the
answer round. So every comparison is a plain set of values, "unknown" being one more value:
whether two rules overlap or one can ever fire is then a question about sets.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from triage.core.facts import Facts
from triage.core.vocabulary import Shape


class Comparison(StrEnum):
    """Every comparison of the language."""

    IS = "is"
    IS_NOT = "is_not"
    ONE_OF = "one_of"
    NONE_OF = "none_of"
    AT_LEAST = "at_least"
    MORE_THAN = "more_than"
    AT_MOST = "at_most"
    LESS_THAN = "less_than"
    HAS = "has"
    HAS_ANY = "has_any"
    LACKS = "lacks"
    KNOWN = "known"


COMPARISONS: Mapping[Shape, tuple[Comparison, ...]] = MappingProxyType(
    {
        Shape.CHOICE: (
            Comparison.IS,
            Comparison.IS_NOT,
            Comparison.ONE_OF,
            Comparison.NONE_OF,
        ),
        Shape.FLAG: (Comparison.IS, Comparison.IS_NOT),
        Shape.NUMBER: (
            Comparison.IS,
            Comparison.IS_NOT,
            Comparison.AT_LEAST,
            Comparison.MORE_THAN,
            Comparison.AT_MOST,
            Comparison.LESS_THAN,
        ),
        Shape.CODES: (Comparison.HAS, Comparison.HAS_ANY, Comparison.LACKS),
    }
)
"""What fits which shape; ``known`` fits every fact that can be unknown."""

_TESTS: Mapping[Comparison, Callable[[Any, Any], bool]] = {
    Comparison.IS: lambda value, wanted: value is not None and value == wanted,
    Comparison.IS_NOT: lambda value, wanted: value is None or value != wanted,
    Comparison.ONE_OF: lambda value, wanted: value in wanted,
    Comparison.NONE_OF: lambda value, wanted: value not in wanted,
    Comparison.AT_LEAST: lambda value, wanted: value is not None and value >= wanted,
    Comparison.MORE_THAN: lambda value, wanted: value is not None and value > wanted,
    Comparison.AT_MOST: lambda value, wanted: value is not None and value <= wanted,
    Comparison.LESS_THAN: lambda value, wanted: value is not None and value < wanted,
    Comparison.HAS: lambda value, wanted: value is not None and wanted in value,
    Comparison.HAS_ANY: lambda value, wanted: value is not None and not value.isdisjoint(wanted),
    Comparison.LACKS: lambda value, wanted: value is None or wanted not in value,
    Comparison.KNOWN: lambda value, wanted: (value is not None) is wanted,
}


def compare(value: Any, comparison: Comparison, wanted: Any) -> bool:
    """Whether a fact's value (None: unknown) stands the comparison."""
    return _TESTS[comparison](value, wanted)


@dataclass(frozen=True)
class Clause:
    """One fact compared with one value; ``wanted`` is a frozenset for ``*_of`` and ``has_any``.

    ``threshold`` is the name under which the book holds the number, where the rule uses it.
    """

    fact: str
    comparison: Comparison
    wanted: Any
    threshold: str = ""

    def holds(self, facts: Facts) -> bool:
        return self._test(getattr(facts, self.fact), self.wanted)

    @functools.cached_property
    def _test(self) -> Callable[[Any, Any], bool]:
        return _TESTS[self.comparison]


@dataclass(frozen=True)
class AllOf:
    parts: tuple[Condition, ...]

    def holds(self, facts: Facts) -> bool:
        # A loop takes half the time of all() over a generator, and every rule comes here.
        for part in self.parts:  # noqa: SIM110 - see above
            if not part.holds(facts):
                return False
        return True


@dataclass(frozen=True)
class AnyOf:
    parts: tuple[Condition, ...]

    def holds(self, facts: Facts) -> bool:
        for part in self.parts:  # noqa: SIM110 - as in AllOf
            if part.holds(facts):
                return True
        return False


@dataclass(frozen=True)
class Not:
    part: Condition

    def holds(self, facts: Facts) -> bool:
        return not self.part.holds(facts)


Condition = Clause | AllOf | AnyOf | Not


def clauses_of(condition: Condition) -> Iterator[Clause]:
    """Every comparison in a condition, in the order in which it is written."""
    if isinstance(condition, Clause):
        yield condition
        return
    parts = (condition.part,) if isinstance(condition, Not) else condition.parts
    for part in parts:
        yield from clauses_of(part)


def settle(condition: Condition, given: Mapping[str, Any]) -> bool | None:
    """Whether the condition is true or false whatever the other facts are; None: it depends.

    Each comparison is looked at for itself, so None may be said where a closer look at how
    the comparisons hang together would know better.
    """
    if isinstance(condition, Clause):
        if condition.fact not in given:
            return None
        return compare(given[condition.fact], condition.comparison, condition.wanted)
    if isinstance(condition, Not):
        inner = settle(condition.part, given)
        return None if inner is None else not inner
    answers = {settle(part, given) for part in condition.parts}
    decisive = isinstance(condition, AnyOf)  # one true decides "any", one false decides "all"
    if decisive in answers:
        return decisive
    return None if None in answers else not decisive
