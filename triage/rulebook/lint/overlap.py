"""Pairs of rules that both fire and disagree, or say the same thing twice."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import combinations

import z3  # type: ignore[import-untyped]  # it has no stubs

from triage.core.decision import Decision, judge
from triage.core.evidence import EvidenceKind
from triage.core.facts import Facts
from triage.core.policy import Require, Rule, RuleBook
from triage.rulebook.lint.asking import Asking
from triage.rulebook.lint.notes import Level, Note
from triage.rulebook.lint.witness import Witness

_Looker = Callable[[Asking, Rule, Rule], Iterator[Note]]


def check_pair(asking: Asking, first: Rule, second: Rule) -> Iterator[Note]:
    """What two rules, the first of which stands before the second, do to each other."""
    if _alike(first, second) and _always_together(asking, first, second):
        yield _duplicate(asking, first, second)
        return
    for look in _LOOKERS:
        yield from look(asking, first, second)


def pairs(rules: tuple[Rule, ...]) -> Iterator[tuple[Rule, Rule]]:
    return combinations(rules, 2)


def _both(asking: Asking, first: Rule, second: Rule) -> list[object]:
    return [asking.world.fires(first), asking.world.fires(second)]


def _note(code: str, first: Rule, second: Rule, text: str, witness: Witness | None) -> Note:
    sentence = f"rules '{first.id}' ({first.place}) and '{second.id}' both fire: {text}"
    hint = code in _HINTS
    return Note(
        code=code,
        level=Level.HINT if hint else Level.WARNING,
        place=second.place,
        sentence=sentence,
        cure=_CURES[code],
        witness=witness,
    )


_CURES = {
    "overlap.category": "Let their conditions exclude each other.",
    "overlap.evidence": "Let their conditions exclude each other, or make one of them stricter.",
    "overlap.count": "Write one rule that asks for both, if both are meant.",
    "overlap.waived": "Narrow one of them if the evidence is still wanted.",
    "overlap.points": "Take one of them out, or narrow one.",
    "overlap.text": "Say it in one of them.",
}
_HINTS = frozenset({"overlap.count", "overlap.waived"})


# ---- the same rule twice ---------------------------------------------------------------------
def _alike(first: Rule, second: Rule) -> bool:
    return first.then == second.then


def _always_together(asking: Asking, first: Rule, second: Rule) -> bool:
    """Whether one of them fires exactly where the other does, within the time of both."""
    a, b = _both(asking, first, second)
    holds = asking.world.holds
    differ = z3.Xor(holds(first.when), holds(second.when))
    return asking.possible(a, b) and not asking.possible(differ)


def _duplicate(asking: Asking, first: Rule, second: Rule) -> Note:
    witness = asking.find(
        *_both(asking, first, second), proof=lambda facts: _fire(asking.book, facts, first, second)
    )
    return Note(
        code="rule.duplicate",
        level=Level.WARNING,
        place=second.place,
        sentence=f"rule '{second.id}' is '{first.id}' ({first.place}) again: the same condition "
        "and the same effects",
        cure="Take one of them out.",
        witness=witness,
    )


# ---- effects that disagree -------------------------------------------------------------------
def _category(asking: Asking, first: Rule, second: Rule) -> Iterator[Note]:
    if first.then.category in (None, second.then.category) or second.then.category is None:
        return
    open_case = z3.Not(asking.world.said_by_person())
    witness = asking.find(
        open_case,
        *_both(asking, first, second),
        proof=lambda facts: _depends_on_order(asking.book, facts, lambda made: made.category),
    )
    if witness is not None:
        text = f"whether it is {first.then.category} or {second.then.category}, order alone decides"
        yield _note("overlap.category", first, second, text, witness)


def _evidence(asking: Asking, first: Rule, second: Rule) -> Iterator[Note]:
    for one in first.then.require:
        for other in second.then.require:
            if one.kind is other.kind and one != other:
                yield from _requirements(asking, (first, one), (second, other))


def _requirements(
    asking: Asking, first: tuple[Rule, Require], second: tuple[Rule, Require]
) -> Iterator[Note]:
    (rule, one), (other_rule, other) = first, second
    both = _both(asking, rule, other_rule)
    kind = one.kind
    if (one.level, one.count) == (other.level, other.count):
        # Another rule may ask still more strictly: then their order decides nothing.
        witness = asking.find(
            *both,
            *_nobody_stricter(asking, kind, one, (rule, other_rule)),
            proof=lambda facts: _depends_on_order(asking.book, facts, _line_of(kind)),
        )
        code, text = "overlap.evidence", f"they differ on {kind}, and their order alone decides"
    elif (one.level.rank - other.level.rank) * (one.count - other.count) < 0:
        fewer, more = sorted((one.count, other.count))
        witness = asking.find(
            *both, proof=lambda facts: _fire(asking.book, facts, rule, other_rule)
        )
        code = "overlap.count"
        text = f"the stricter level wins for {kind}, so {fewer} are asked for and not {more}"
    else:
        return
    if witness is not None:
        yield _note(code, rule, other_rule, text, witness)


def _nobody_stricter(
    asking: Asking, kind: EvidenceKind, one: Require, but: tuple[Rule, Rule]
) -> Iterator[object]:
    own = (one.level.rank, one.count)
    for rule in asking.world.live:
        asked = [each for each in rule.then.require if each.kind is kind]
        strict = any((each.level.rank, each.count) >= own for each in asked)
        if kind in rule.then.waive or (strict and rule not in but):
            yield z3.Not(asking.world.fires(rule))


def _waived(asking: Asking, first: Rule, second: Rule) -> Iterator[Note]:
    for waiving, wanting in ((first, second), (second, first)):
        for require in wanting.then.require:
            if require.kind not in waiving.then.waive:
                continue
            witness = asking.find(
                *_both(asking, first, second),
                proof=lambda facts: _fire(asking.book, facts, first, second),
            )
            if witness is not None:
                text = f"'{waiving.id}' waives {require.kind}, which '{wanting.id}' asks for"
                yield _note("overlap.waived", first, second, text, witness)


def _points(asking: Asking, first: Rule, second: Rule) -> Iterator[Note]:
    points = first.then.points
    if not points or points != -second.then.points or not _always_together(asking, first, second):
        return
    witness = asking.find(
        *_both(asking, first, second), proof=lambda facts: _fire(asking.book, facts, first, second)
    )
    yield _note("overlap.points", first, second, "their points always cancel out", witness)


def _texts(asking: Asking, first: Rule, second: Rule) -> Iterator[Note]:
    for effect in ("warn", "ask"):
        said = getattr(first.then, effect)
        if not said or said["en"] != getattr(second.then, effect).get("en"):
            continue
        witness = asking.find(
            *_both(asking, first, second),
            proof=lambda facts: _fire(asking.book, facts, first, second),
        )
        if witness is not None:
            text = f"the customer reads the same '{effect}' twice"
            yield _note("overlap.text", first, second, text, witness)


_LOOKERS: tuple[_Looker, ...] = (_category, _evidence, _waived, _points, _texts)


# ---- proofs ------------------------------------------------------------------------------------
def _fire(book: RuleBook, facts: Facts, *rules: Rule) -> bool:
    said = {reason.code for reason in judge(facts, book).reasons if reason.source == "rule"}
    return said.issuperset(rule.id for rule in rules)


def _depends_on_order(book: RuleBook, facts: Facts, look: Callable[[Decision], object]) -> bool:
    """Whether the answer is another one when the rules stand the other way round."""
    turned = replace(book, rules=tuple(reversed(book.rules)))
    return look(judge(facts, book)) != look(judge(facts, turned))


def _line_of(kind: EvidenceKind) -> Callable[[Decision], object]:
    return lambda made: next((line for line in made.checklist if line.kind is kind), None)
