"""Everything that may be known about a complaint, as finite sets and intervals for a solver.

Each fact is a whole number: the place of its value in its closed list, 1 and 0 for true and
false, a number in its smallest unit; -1 is "unknown". A finding is a truth value of its own;
the lists of goods follow from the goods. What ``facts_of`` guarantees is guaranteed here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import z3  # type: ignore[import-untyped]  # it has no stubs

from triage.core.complaint import Category
from triage.core.conditions import AllOf, Clause, Comparison, Condition, Not, clauses_of
from triage.core.evidence import EvidenceKind
from triage.core.facts import VOCABULARY
from triage.core.policy import Rule, RuleBook
from triage.core.vocabulary import FactSpec, Shape

UNKNOWN = -1
_LARGEST = 10**12
_FEWEST_DECIMALS = 2  # tenge have tiyn; a probability of the model has one decimal
_USABLE = tuple(f"usable_{kind}" for kind in EvidenceKind)


class World:
    """The facts of one book as variables, and its conditions as formulas over them."""

    def __init__(self, book: RuleBook, today: date, most_files: int) -> None:
        self.context = z3.Context()
        self.book = book
        self.today = today
        self.most_files = most_files
        self.live = tuple(rule for rule in book.rules if rule.valid_to >= today)
        self.clauses = tuple(clause for when in conditions(book) for clause in clauses_of(when))
        self._scale = 10 ** max([_FEWEST_DECIMALS, *map(_decimals, self.clauses)])
        self._choices = {name: _choices(spec, book) for name, spec in VOCABULARY.items()}
        self.facts: Mapping[str, Any] = {
            name: z3.Int(name, self.context)
            for name, spec in VOCABULARY.items()
            if spec.shape is not Shape.CODES
        }
        self.said = z3.Int("said", self.context)  # the category before rules
        codes = {code for c in self.clauses if c.fact == "findings" for code in _several(c.wanted)}
        self.findings: Mapping[str, Any] = {
            code: z3.Bool(f"findings.{code}", self.context) for code in sorted(codes)
        }
        self.filed = z3.Int("filed_on", self.context)

    # ---- formulas ----------------------------------------------------------------------------
    def every(self, parts: Iterable[Any]) -> Any:
        return z3.And([z3.BoolVal(True, self.context), *parts])

    def some(self, parts: Iterable[Any]) -> Any:
        return z3.Or([z3.BoolVal(False, self.context), *parts])

    def whole(self, number: int) -> Any:
        return z3.IntVal(number, self.context)

    def holds(self, condition: Condition) -> Any:
        """The formula that is true exactly where the condition holds."""
        if isinstance(condition, Clause):
            return self._clause(condition)
        if isinstance(condition, Not):
            return z3.Not(self.holds(condition.part))
        parts = [self.holds(part) for part in condition.parts]
        return self.every(parts) if isinstance(condition, AllOf) else self.some(parts)

    def fires(self, rule: Rule) -> Any:
        """Where a rule applies to complaints filed from today on."""
        return z3.And(self.holds(rule.when), self._in_force(rule))

    def known(self, fact: str) -> Any:
        """Where a fact is known; the findings always are, lists with the goods."""
        if VOCABULARY[fact].shape is Shape.CODES:
            return self.every([] if fact == "findings" else [self.known("product_category")])
        return self.facts[fact] != UNKNOWN

    def category_is(self, category: Category | None) -> Any:
        place = UNKNOWN if category is None else list(Category).index(category)
        return self.facts["category"] == place

    def said_by_person(self) -> Any:
        """Whether the category comes from an agent or the customer, so that no rule sets it."""
        by_model = z3.And(self.facts["claimed"] == UNKNOWN, self.facts["predicted"] == self.said)
        return z3.And(self.said != UNKNOWN, z3.Not(by_model))

    def _in_force(self, rule: Rule) -> Any:
        return z3.And(
            self.filed >= rule.valid_from.toordinal(), self.filed <= rule.valid_to.toordinal()
        )

    def _clause(self, clause: Clause) -> Any:
        spec = VOCABULARY[clause.fact]
        if spec.shape is Shape.CODES:
            return self._of_codes(clause)
        value = self.facts[clause.fact]
        if clause.comparison is Comparison.KNOWN:
            return (value != UNKNOWN) == clause.wanted
        if clause.comparison in (Comparison.ONE_OF, Comparison.NONE_OF):
            among = self.some(value == self._number(spec, each) for each in clause.wanted)
            return among if clause.comparison is Comparison.ONE_OF else z3.Not(among)
        wanted = self._number(spec, clause.wanted)
        known = value != UNKNOWN
        return {
            Comparison.IS: lambda: value == wanted,
            Comparison.IS_NOT: lambda: value != wanted,
            Comparison.AT_LEAST: lambda: z3.And(known, value >= wanted),
            Comparison.MORE_THAN: lambda: z3.And(known, value > wanted),
            Comparison.AT_MOST: lambda: z3.And(known, value <= wanted),
            Comparison.LESS_THAN: lambda: z3.And(known, value < wanted),
        }[clause.comparison]()

    def _of_codes(self, clause: Clause) -> Any:
        if clause.comparison is Comparison.KNOWN:
            return (self.facts["product_category"] != UNKNOWN) == clause.wanted
        among = self.some(self._has(clause.fact, str(code)) for code in _several(clause.wanted))
        return z3.Not(among) if clause.comparison is Comparison.LACKS else among

    def _has(self, fact: str, code: str) -> Any:
        if fact == "findings":
            return self.findings[code]
        goods = self._choices["product_category"]
        return self.some(
            self.facts["product_category"] == place
            for place, each in enumerate(goods)
            if code in self.book.goods[each].lists
        )

    def _number(self, spec: FactSpec, value: Any) -> int:
        if spec.shape is Shape.CHOICE:
            return self._choices[spec.name].index(str(value))
        if spec.shape is Shape.FLAG:
            return int(value)
        return int(value) if spec.whole else int(Decimal(value) * self._scale)

    # ---- what is guaranteed --------------------------------------------------------------------
    def axioms(self) -> Sequence[Any]:
        """What holds of every complaint: the domains, and what ``facts_of`` sees to."""
        return (*self._domains(), *self._of_model(), *self._of_category())

    def _domains(self) -> Iterable[Any]:
        for name, value in self.facts.items():
            low, high = self.span(name)
            yield z3.And(value >= low, value <= high)
        yield z3.Sum([self.facts[name] for name in _USABLE]) <= self.most_files
        bounds = [rule.valid_from for rule in self.live] + [rule.valid_to for rule in self.live]
        last = max([self.today, *(day for day in bounds if day < date.max)])
        yield z3.And(
            self.filed >= self.today.toordinal(),
            self.filed <= min(last, date.max - timedelta(days=1)).toordinal() + 1,
        )

    def _of_model(self) -> Iterable[Any]:
        model = self.facts["model_confidence"] != UNKNOWN
        yield (self.facts["model_priority_confidence"] != UNKNOWN) == model
        for name in ("predicted", "model_priority", "model_danger"):
            yield z3.Implies(self.facts[name] != UNKNOWN, model)

    def _of_category(self) -> Iterable[Any]:
        said = self.said
        yield z3.And(said >= UNKNOWN, said < len(Category))
        nobody = z3.And(self.facts["claimed"] == UNKNOWN, self.facts["predicted"] == UNKNOWN)
        yield z3.Implies(said == UNKNOWN, nobody)
        ruled = said
        for rule in reversed(self.live):
            if rule.then.category is not None:
                place = self.whole(list(Category).index(rule.then.category))
                ruled = z3.If(self.fires(rule), place, ruled)
        yield self.facts["category"] == z3.If(self.said_by_person(), said, ruled)

    def span(self, name: str) -> tuple[int, int]:
        """The lowest and highest number that stands for a value of the fact, unknown included."""
        spec = VOCABULARY[name]
        low = UNKNOWN if spec.may_be_unknown else 0
        if spec.shape is Shape.CHOICE:
            return low, len(self._choices[name]) - 1
        if spec.shape is Shape.FLAG:
            return low, 1
        if name in _USABLE:
            return low, self.most_files
        high = _LARGEST if spec.word.high is None else spec.word.high
        return low, high if spec.whole else high * self._scale

    # ---- back to the words of the book -----------------------------------------------------------
    def start(self, name: str) -> int:
        """The number that a fact has when nothing is said about it."""
        if VOCABULARY[name].may_be_unknown:
            return UNKNOWN
        return 0

    def plain(self, name: str, number: int) -> Any:
        """The number of a fact as its value in an example."""
        spec = VOCABULARY[name]
        if spec.shape is Shape.CHOICE:
            return self._choices[name][number]
        if spec.shape is Shape.FLAG:
            return bool(number)
        if spec.whole:
            return number
        value = (Decimal(number) / self._scale).normalize()
        return int(value) if value == value.to_integral_value() else str(value)

    def near(self, name: str) -> Sequence[int]:
        """The numbers at the borders that the book draws for a fact: good ones for a witness."""
        spec = VOCABULARY[name]
        if spec.shape is not Shape.NUMBER:
            return ()
        wanted = {c.wanted for c in self.clauses if c.fact == name and not _is_flag(c.wanted)}
        unit = 1 if spec.whole else self._scale
        borders = {self._number(spec, each) for each in wanted}
        around = {border + step for border in borders for step in (0, unit, -unit)}
        low, high = self.span(name)
        return sorted(number for number in around if low < number <= high)


def conditions(book: RuleBook) -> Iterable[Condition]:
    """Every condition of the book, those of substitutes too."""
    for rule in book.rules:
        yield rule.when
        for require in rule.then.require:
            yield from (each.when for each in require.instead if each.when is not None)


def _choices(spec: FactSpec, book: RuleBook) -> Sequence[str]:
    listed: Mapping[str, Iterable[str]] = {
        "goods": book.goods,
        "symptoms": book.symptoms,
        "answers": book.answers,
    }
    return tuple(map(str, listed.get(spec.word.listed, spec.values)))


def _decimals(clause: Clause) -> int:
    if not isinstance(clause.wanted, Decimal):
        return 0
    exponent = clause.wanted.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def _several(wanted: Any) -> frozenset[Any]:
    if isinstance(wanted, frozenset):
        return wanted
    return frozenset() if _is_flag(wanted) else frozenset({wanted})


def _is_flag(value: Any) -> bool:
    return isinstance(value, bool)
