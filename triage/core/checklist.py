"""Which evidence a complaint needs, and how far what was sent meets it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from triage.core.catalogue import Texts
from triage.core.evidence import EvidenceKind, Verdict
from triage.core.facts import Facts
from triage.core.policy import Require, RequirementLevel, Rule, Supplier


class RequirementState(StrEnum):
    MET = "met"
    MISSING = "missing"
    UNUSABLE = "unusable"  # files came, none of them is usable
    WAIVED = "waived"


@dataclass(frozen=True, kw_only=True)
class Requirement:
    """One line of the checklist: what is asked for, by which rule, and how it stands.

    ``asked`` and ``have`` count files of the kind itself; a substitute meets the line with
    fewer. ``unchecked`` says that it would be met if every file that could not be checked yet
    turned out well: then a person looks, and the customer is not sent back.
    """

    kind: EvidenceKind
    level: RequirementLevel
    state: RequirementState
    rule: str
    why: Texts
    asked: int
    have: int
    unchecked: bool = False
    supplier: Supplier = Supplier.CUSTOMER

    @property
    def open(self) -> bool:
        """Whether something that is required has not been met."""
        required = self.level is not RequirementLevel.OPTIONAL
        return required and self.state in (RequirementState.MISSING, RequirementState.UNUSABLE)

    @property
    def owed_by_customer(self) -> bool:
        """Whether the customer can be asked for it: no other one holds the complaint up."""
        return self.open and self.supplier is Supplier.CUSTOMER and not self.unchecked

    def to_json(self) -> dict[str, object]:
        """The line as plain values."""
        return {
            "kind": str(self.kind),
            "level": str(self.level),
            "state": str(self.state),
            "rule": self.rule,
            "why": dict(self.why),
            "asked": self.asked,
            "have": self.have,
            "unchecked": self.unchecked,
            "supplier": str(self.supplier),
        }


def checklist_of(fired: Sequence[Rule], facts: Facts) -> tuple[Requirement, ...]:
    """One line for each kind of evidence that the rules ask for, in the order of the kinds.

    Where several rules ask for the same kind, the strictest level counts, then the larger
    number of files, then the rule that stands first in the book.
    """
    waived = facts.waived.union(*[rule.then.waive for rule in fired if rule.then.waive])
    strictest: dict[EvidenceKind, tuple[Rule, Require]] = {}
    for rule in fired:
        for require in rule.then.require:
            known = strictest.get(require.kind)
            if known is None or _need(require) > _need(known[1]):
                strictest[require.kind] = rule, require
    return tuple(
        [
            _line(*strictest[kind], facts, waived=kind in waived)
            for kind in EvidenceKind
            if kind in strictest
        ]
    )


def _need(require: Require) -> tuple[int, int]:
    return require.level.rank, require.count


def _line(rule: Rule, require: Require, facts: Facts, *, waived: bool) -> Requirement:
    state = RequirementState.WAIVED if waived else _state(require, facts)
    short = state in (RequirementState.MISSING, RequirementState.UNUSABLE)
    return Requirement(
        kind=require.kind,
        level=require.level,
        state=state,
        rule=rule.id,
        why=rule.why,
        asked=require.count,
        have=usable(facts, require.kind),
        unchecked=short and _might_be_met(require, facts),
        supplier=require.supplier,
    )


def _state(require: Require, facts: Facts) -> RequirementState:
    have = usable(facts, require.kind)
    if have >= require.count or any(each.serves(facts) for each in require.instead):
        return RequirementState.MET
    came = any(file.kind is require.kind for file in facts.files)
    return RequirementState.UNUSABLE if came and not have else RequirementState.MISSING


def _might_be_met(require: Require, facts: Facts) -> bool:
    """Whether files that could not be checked are all that is lacking."""
    if not any(file.verdict is Verdict.PENDING for file in facts.files):
        return False
    return any(
        _pending(facts, kind) and usable(facts, kind) + _pending(facts, kind) >= count
        for kind, count in _ways(require)
    )


def _ways(require: Require) -> Iterator[tuple[EvidenceKind, int]]:
    yield require.kind, require.count
    for each in require.instead:
        if each.kind is not None:
            yield each.kind, each.count


def usable(facts: Facts, kind: EvidenceKind) -> int:
    """How many usable files of a kind there are."""
    return int(getattr(facts, _COUNTED[kind]))


_COUNTED = {kind: f"usable_{kind}" for kind in EvidenceKind}


def _pending(facts: Facts, kind: EvidenceKind) -> int:
    return sum(file.kind is kind and file.verdict is Verdict.PENDING for file in facts.files)
