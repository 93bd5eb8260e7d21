"""Asks the solver, and turns its answer into a small input that the evaluator has confirmed."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from typing import Any

import z3  # type: ignore[import-untyped]  # it has no stubs

from triage.core.facts import Facts
from triage.core.policy import RuleBook
from triage.rulebook.lint.witness import Unproved, Witness
from triage.rulebook.lint.world import UNKNOWN, World

Proof = Callable[[Facts], bool]
"""Whether the fault shows on these facts, by the real evaluator."""

_MILLISECONDS = 2000
_SECONDS = 60


class Undecided(Exception):
    """The solver did not answer in its time."""


class Asking:
    """One conversation with the solver about one book.

    A question has 2 s, all of them together 60 s: a shipped book takes 2 s as a whole, and a
    page that lints a strange one must not hang.
    """

    def __init__(self, world: World, seconds: float = _SECONDS) -> None:
        self.world = world
        self._solver = z3.Solver(ctx=world.context)
        self._solver.set("timeout", _MILLISECONDS)
        self._solver.set("random_seed", 1)
        self._solver.add(*world.axioms())
        self._until = time.monotonic() + seconds

    @property
    def book(self) -> RuleBook:
        return self.world.book

    def possible(self, *formulas: Any) -> bool:
        """Whether some complaint fits all formulas. Raises Undecided."""
        with self._supposing(*formulas):
            return self._check()

    def find(self, *formulas: Any, proof: Proof) -> Witness | None:
        """The smallest input that fits, confirmed by ``proof``; None: there is none.

        Raises Undecided, and Unproved when the evaluator disagrees.
        """
        numbers = self.numbers(*formulas)
        if numbers is None:
            return None
        return self.proved(self.witness(numbers), proof)

    def proved(self, witness: Witness, proof: Proof) -> Witness:
        """The witness, once the evaluator has confirmed it."""
        if not proof(witness.facts(self.book)):
            raise Unproved(f"the evaluator does not agree with the solver on {witness}")
        return witness

    def numbers(self, *formulas: Any) -> Mapping[str, int] | None:
        """Values of all variables that fit, as few as possible other than unknown or zero."""
        with self._supposing(*formulas):
            if not self._check():
                return None
            found: dict[str, int] = {}
            model = self._solver.model()
            for name, variable in self._variables():
                number = _value(model, variable)
                for better in self._better(name):
                    if better == number:
                        break
                    with self._supposing(_equal(variable, better)):
                        if self._check():
                            number, model = better, self._solver.model()
                            break
                found[name] = number
                self._solver.add(_equal(variable, number))
            return found

    def fixed(self, numbers: Mapping[str, int], but: tuple[str, ...] = ()) -> Any:
        """The formula that all variables but those have these values."""
        return self.world.every(
            _equal(variable, numbers[name])
            for name, variable in self._variables()
            if not name.startswith(but or ("\0",))
        )

    def witness(self, numbers: Mapping[str, int]) -> Witness:
        world = self.world
        given: dict[str, Any] = {}
        for name in world.facts:
            number = numbers["said" if name == "category" else name]
            if number != world.start(name):
                given[name] = world.plain(name, number)
        findings = [code for code in world.findings if numbers[f"findings.{code}"]]
        if findings:
            given["findings"] = findings
        return Witness(given, date.fromordinal(numbers["filed_on"]))

    def _variables(self) -> Iterator[tuple[str, Any]]:
        """The day first, then the category, then the rest: what is settled first stays simple."""
        yield "filed_on", self.world.filed
        yield "said", self.world.said
        yield from self.world.facts.items()
        yield from ((f"findings.{code}", each) for code, each in self.world.findings.items())

    def _better(self, name: str) -> tuple[int, ...]:
        """The values that are tried before whatever the solver came up with."""
        if name == "filed_on":
            return (self.world.today.toordinal(),)
        if name == "said":
            return (UNKNOWN,)
        if name.startswith("findings."):
            return (0,)
        return (self.world.start(name), *self.world.near(name))

    @contextmanager
    def _supposing(self, *formulas: Any) -> Iterator[None]:
        self._solver.push()
        try:
            self._solver.add(*formulas)
            yield
        finally:
            self._solver.pop()

    def _check(self) -> bool:
        if time.monotonic() > self._until:
            raise Undecided
        answer = self._solver.check()
        if answer == z3.unknown:
            raise Undecided
        return bool(answer == z3.sat)


def _value(model: Any, variable: Any) -> int:
    value = model.eval(variable, model_completion=True)
    return int(z3.is_true(value)) if z3.is_bool(variable) else int(value.as_long())


def _equal(variable: Any, number: int) -> Any:
    return variable == bool(number) if z3.is_bool(variable) else variable == number
