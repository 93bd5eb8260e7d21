"""Rules that never fire or always do, and parts of conditions that decide nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

import z3  # type: ignore[import-untyped]  # it has no stubs

from triage.core.conditions import AllOf, AnyOf, Clause, Condition, clauses_of
from triage.core.decision import judge
from triage.core.facts import Facts
from triage.core.policy import Require, Rule, RuleBook, Substitute
from triage.rulebook.lint.asking import Asking
from triage.rulebook.lint.notes import Level, Note
from triage.rulebook.lint.witness import Witness
from triage.rulebook.showing import parts_of, shown, without


def check_reach(asking: Asking, rule: Rule) -> Iterator[Note]:
    """What is wrong with the condition of one rule that is or will be in force."""
    world = asking.world
    fires = world.fires(rule)
    if not asking.possible(fires):
        yield _unreachable(asking, rule)
        return
    if not asking.possible(z3.Not(world.holds(rule.when))):
        witness = asking.find(fires, proof=lambda facts: fired(asking.book, rule, facts))
        yield Note(
            code="rule.always",
            level=Level.WARNING,
            place=rule.place,
            sentence=f"rule '{rule.id}' fires for every complaint: its condition is always true",
            cure="Say for which complaints it is meant.",
            witness=witness,
        )
        return
    yield from _parts(asking, rule)
    for require in rule.then.require:
        for substitute in require.instead:
            yield from _substitute(asking, rule, require, substitute)


def fired(book: RuleBook, rule: Rule, facts: Facts) -> bool:
    """Whether the real decision about these facts names the rule."""
    reasons = judge(facts, book).reasons
    return any(reason.source == "rule" and reason.code == rule.id for reason in reasons)


# ---- a rule that never fires --------------------------------------------------------------------
def _unreachable(asking: Asking, rule: Rule) -> Note:
    world = asking.world
    listed = rule.when.parts if isinstance(rule.when, AllOf) else (rule.when,)
    if asking.possible(world.holds(rule.when)):
        witness = asking.find(
            world.holds(rule.when), proof=lambda facts: not fired(asking.book, rule, facts)
        )
        within = f"filed from {rule.valid_from} to {rule.valid_to}"
        return _never(rule, f"no complaint {within} fits its condition", witness)
    core = _core(asking, listed)
    *others, last = core
    witness = asking.find(
        *map(world.holds, others), proof=partial(_shows_gap, rule, tuple(others), last)
    )
    if others:
        texts = " and ".join(shown(part) for part in core)
        return _never(rule, f"{texts} exclude each other", witness)
    return _never(rule, f"{shown(last)} is never true", witness)


def _never(rule: Rule, reason: str, witness: Witness | None) -> Note:
    return Note(
        code="rule.unreachable",
        level=Level.ERROR,
        place=rule.place,
        sentence=f"rule '{rule.id}' can never fire: {reason}",
        cure="Mend the condition, or join the parts with 'any'.",
        witness=witness,
    )


def _core(asking: Asking, parts: Sequence[Condition]) -> list[Condition]:
    """The fewest parts that already exclude each other."""
    core = list(parts)
    for part in parts:
        rest = [each for each in core if each is not part]
        if rest and not asking.possible(*map(asking.world.holds, rest)):
            core = rest
    return core


def _shows_gap(rule: Rule, others: Sequence[Condition], last: Condition, facts: Facts) -> bool:
    """Whether everything but the last part holds, and the rule does not."""
    held = all(part.holds(facts) for part in others)
    return held and not last.holds(facts) and not rule.when.holds(facts)


# ---- parts that decide nothing -------------------------------------------------------------------
def _parts(asking: Asking, rule: Rule) -> Iterator[Note]:
    odd: set[Clause] = set()
    for clause in dict.fromkeys(clauses_of(rule.when)):
        note = _clause(asking, rule, clause)
        if note is not None:
            odd.add(clause)
            yield note
    whole = asking.world.holds(rule.when)
    for path, part, around in parts_of(rule.when):
        if odd.intersection(clauses_of(part)) or len(getattr(around, "parts", ())) < 2:
            continue
        rest = asking.world.holds(without(rule.when, path))
        if not asking.possible(z3.Xor(whole, rest)):
            yield _idle(asking, rule, part, around)


def _clause(asking: Asking, rule: Rule, clause: Clause) -> Note | None:
    """A comparison that is never or always true by itself: its number is outside the domain."""
    formula = asking.world.holds(clause)
    never = not asking.possible(formula)
    if not never and asking.possible(z3.Not(formula)):
        return None
    known = asking.world.known(clause.fact)
    witness = asking.find(
        *([known] if asking.possible(known) else []),
        proof=lambda facts: clause.holds(facts) is not never,
    )
    word = "never" if never else "always"
    return Note(
        code=f"comparison.{word}",
        level=Level.WARNING,
        place=rule.place,
        sentence=f"in rule '{rule.id}', {shown(clause)} is {word} true",
        cure="Look at the values that the fact can have (triage rules handbook).",
        witness=witness,
    )


def _idle(asking: Asking, rule: Rule, part: Condition, around: Condition) -> Note:
    """A part that could be left out: the rule fires for the same complaints without it."""
    world = asking.world
    branch = isinstance(around, AnyOf)
    others = [each for each in getattr(around, "parts", ()) if each is not part]
    alone = [world.holds(part), z3.Not(world.some(map(world.holds, others)))] if branch else []
    show = [world.holds(part if branch else rule.when)]
    if not asking.possible(*show):
        show = []  # a branch that is never true
    if alone and asking.possible(*alone):
        show = alone  # the branch is true alone, and the rule says no or would say yes anyhow
    shorter = _shorter(rule, part, around)
    witness = asking.find(
        *show,
        proof=lambda facts: rule.when.holds(facts) is shorter.holds(facts),
    )
    return Note(
        code="branch.dead" if branch else "part.idle",
        level=Level.WARNING if branch else Level.HINT,
        place=rule.place,
        sentence=f"in rule '{rule.id}', {shown(part)} decides nothing: the rule fires for the "
        "same complaints without it",
        cure="Leave it out, or mend what was meant.",
        witness=witness,
    )


def _shorter(rule: Rule, part: Condition, around: Condition) -> Condition:
    for path, each, within in parts_of(rule.when):
        if each is part and within is around:
            return without(rule.when, path)
    return rule.when


# ---- what does instead ---------------------------------------------------------------------------
def _substitute(
    asking: Asking, rule: Rule, require: Require, substitute: Substitute
) -> Iterator[Note]:
    world = asking.world
    fires = world.fires(rule)
    kind = require.kind
    if substitute.when is None:
        if substitute.kind is kind:
            number = substitute.count
            witness = asking.find(
                fires,
                world.facts[f"usable_{kind}"] == number,
                proof=lambda facts: rule.matches(facts) and substitute.serves(facts),
            )
            yield _of_substitute(rule, f"{number} {kind} instead of {require.count}", witness)
        return
    serves = world.holds(substitute.when)
    if not asking.possible(fires, serves):
        when = substitute.when
        witness = asking.find(fires, proof=lambda facts: not when.holds(facts))
        yield _of_substitute(rule, f"{shown(when)} is never true where the rule fires", witness)
    elif not asking.possible(fires, z3.Not(serves)):
        witness = asking.find(fires, proof=substitute.serves)
        text = f"{shown(substitute.when)} is always true where the rule fires, so {kind} is never"
        yield _of_substitute(rule, f"{text} asked for", witness)


def _of_substitute(rule: Rule, text: str, witness: Witness | None) -> Note:
    return Note(
        code="substitute.senseless",
        level=Level.WARNING,
        place=rule.place,
        sentence=f"rule '{rule.id}' takes a substitute that makes no sense: {text}",
        cure="Leave the substitute out, or mend what was meant.",
        witness=witness,
    )
