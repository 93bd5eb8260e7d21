"""Policy as data: what a rule is, what it may ask for, and the book that holds the rules."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from triage.core.calendar import Calendar
from triage.core.case import SlaClass
from triage.core.catalogue import EvidenceType, Goods, GoodsList, Named, ProblemType, Texts
from triage.core.complaint import Category, Priority
from triage.core.conditions import Condition, settle
from triage.core.evidence import EvidenceKind
from triage.core.facts import Facts, Lists
from triage.core.sla import SlaPolicy


class RequirementLevel(StrEnum):
    """How badly a piece of evidence is needed; ``rank`` grows with the need."""

    REQUIRED_AT_INTAKE = "required_at_intake"
    REQUIRED_FOR_DECISION = "required_for_decision"
    OPTIONAL = "optional"

    @property
    def rank(self) -> int:
        """0 for optional up to 2 for required at intake: the strictest of two rules counts."""
        return _NEED[self]


_NEED = {each: len(RequirementLevel) - 1 - n for n, each in enumerate(RequirementLevel)}


class Supplier(StrEnum):
    """Who has to bring a piece of evidence; only the customer can be sent back for it."""

    CUSTOMER = "customer"
    OPERATOR = "operator"


class Basis(StrEnum):
    LAW = "law"
    OPERATOR_DEFAULT = "operator default"


@dataclass(frozen=True, kw_only=True)
class Substitute:
    """What does instead of the evidence: so many files of another kind, or a condition."""

    kind: EvidenceKind | None = None
    count: int = 1
    when: Condition | None = None

    def serves(self, facts: Facts) -> bool:
        if self.when is not None:
            return self.when.holds(facts)
        return int(getattr(facts, f"usable_{self.kind}")) >= self.count


@dataclass(frozen=True, kw_only=True)
class Require:
    """So many usable files of a kind, or any one of the substitutes."""

    kind: EvidenceKind
    level: RequirementLevel
    count: int = 1
    instead: tuple[Substitute, ...] = ()
    supplier: Supplier = Supplier.CUSTOMER


@dataclass(frozen=True, kw_only=True)
class Effect:
    """What a matching rule asks for. An empty field asks for nothing.

    ``points`` add to the priority score, ``at_least`` is a floor under the priority, ``sla``
    a floor under the class. ``warn`` tells the customer something, ``ask`` asks them.
    """

    require: tuple[Require, ...] = ()
    waive: frozenset[EvidenceKind] = frozenset()
    points: int = 0
    at_least: Priority | None = None
    sla: SlaClass | None = None
    category: Category | None = None
    team: str | None = None
    warn: Texts = field(default_factory=dict)
    ask: Texts = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Example:
    """Facts under which the rule must match, or must not; ``line`` is where it is written."""

    given: Facts
    match: bool
    line: int = 0


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One sentence of policy that carries its own proof.

    It is in force for complaints filed from ``valid_from`` to ``valid_to``, both included.
    ``place`` is ``file:line``; ``why`` is what customers and agents are told.
    """

    id: str
    when: Condition
    then: Effect
    why: Texts
    basis: Basis
    source: str
    valid_from: date = date.min
    valid_to: date = date.max
    examples: tuple[Example, ...] = ()
    place: str = ""

    def matches(self, facts: Facts) -> bool:
        return self.when.holds(facts) and self.valid_from <= facts.filed_on <= self.valid_to


def matching(rules: Iterable[Rule], facts: Facts) -> tuple[Rule, ...]:
    """The rules that apply, in the order of the rule book."""
    return tuple(rule for rule in rules if rule.matches(facts))


@dataclass(frozen=True, kw_only=True)
class PriorityScale:
    """Points from which a priority is reached, and how sure (%) the model must be to raise one.

    ``model_danger`` is the probability (%) of a danger from which the model makes a complaint
    urgent: a missed danger is the worst error, so it is lower than ``model_confidence``.
    """

    urgent: int
    high: int
    normal: int
    model_confidence: int
    model_danger: int
    names: Mapping[Priority, Texts] = field(default_factory=dict)

    def of(self, points: int) -> Priority:
        """The priority that a score comes to."""
        for priority, least in (
            (Priority.URGENT, self.urgent),
            (Priority.HIGH, self.high),
            (Priority.NORMAL, self.normal),
        ):
            if points >= least:
                return priority
        return Priority.LOW

    def trusts(self, facts: Facts) -> bool:
        """Whether the text model is sure enough of its priority to be heard."""
        confidence = facts.model_priority_confidence
        return confidence is not None and confidence >= self.model_confidence

    def alarmed(self, facts: Facts) -> bool:
        """Whether the text model thinks a danger likely enough for a person to look at once."""
        return facts.model_danger is not None and facts.model_danger >= self.model_danger


@dataclass(frozen=True, kw_only=True)
class RuleBook:
    """Everything that operators own. ``version`` is a hash of the files' content and the profile.

    ``calendars`` are by the length of the working week (5 or 6 days); ``calendar`` is the one
    that the service itself works by. ``places`` tell where a thing that is no rule is written:
    ``lists/technically_complex`` → ``goods.yaml:123``.
    """

    version: str
    profile: str
    rules: tuple[Rule, ...]
    problem_types: Mapping[Category, ProblemType]
    evidence_types: Mapping[EvidenceKind, EvidenceType]
    symptoms: Mapping[str, Named]
    answers: Mapping[str, Named]
    teams: Mapping[str, Named]
    goods: Mapping[str, Goods]
    goods_lists: Mapping[str, GoodsList]
    thresholds: Mapping[str, int]
    priority: PriorityScale
    sla: SlaPolicy
    calendar: Calendar
    calendars: Mapping[int, Calendar]
    lists: Lists
    by_id: Mapping[str, Rule] = field(default_factory=dict)
    places: Mapping[str, str] = field(default_factory=dict)

    def find_rule(self, rule_id: str) -> Rule | None:
        return self.by_id.get(rule_id)

    def rules_for(self, category: Category | None) -> tuple[Rule, ...]:
        """The rules that may match a complaint of that problem type, in the book's order.

        Those left out say of the problem type alone that they do not: two thirds of a book need
        not be asked.
        """
        return self._rules_for[category]

    @functools.cached_property
    def categorising(self) -> tuple[Rule, ...]:
        """The rules that set the problem type, in the book's order."""
        return tuple(rule for rule in self.rules if rule.then.category is not None)

    @functools.cached_property
    def _rules_for(self) -> Mapping[Category | None, tuple[Rule, ...]]:
        return {
            category: tuple(
                rule
                for rule in self.rules
                if settle(rule.when, {"category": category}) is not False
            )
            for category in (None, *Category)
        }

    def find_names(self, code: str) -> Texts | None:
        """The name of anything that the book calls by a code, in every language."""
        if code in self.priority.names:
            return self.priority.names[Priority(code)]
        shelves: tuple[Mapping[Any, Any], ...] = (
            self.problem_types,
            self.evidence_types,
            self.sla.classes,
            self.symptoms,
            self.answers,
            self.teams,
            self.goods,
            self.goods_lists,
        )
        found = next((shelf[code] for shelf in shelves if code in shelf), None)
        return None if found is None else dict(found.names)


@dataclass(frozen=True, kw_only=True)
class Prospect:
    """Evidence that a problem type may be asked for; ``always`` whatever else is known."""

    require: Require
    always: bool
    rule: Rule


def prospects(book: RuleBook, category: Category, on: date) -> Iterator[Prospect]:
    """What evidence complaints of this type, filed on that day, are or may be asked for.

    For a form that tells people beforehand; what one complaint is asked for, ``decide`` says.
    """
    for rule in book.rules:
        answer = settle(rule.when, {"category": category})
        if answer is False or not rule.valid_from <= on <= rule.valid_to:
            continue
        for require in rule.then.require:
            yield Prospect(require=require, always=answer is True, rule=rule)
