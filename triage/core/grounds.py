"""Every reason for a decision, also of what was overruled, in the order in which one asks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from triage.core.case import SlaClass
from triage.core.checklist import Requirement, RequirementState
from triage.core.complaint import Priority
from triage.core.evidence import EvidenceKind, Level
from triage.core.facts import Facts
from triage.core.policy import Effect, Rule, RuleBook, Supplier
from triage.core.reasons import Reason, Source


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What was decided, so that its reasons can be told; ``held``: waits for evidence."""

    fired: Sequence[Rule]
    checklist: Sequence[Requirement]
    held: bool
    priority: Priority
    points: int
    sla_class: SlaClass
    team: str | None


def reasons_for(facts: Facts, outcome: Outcome, book: RuleBook) -> tuple[Reason, ...]:
    """All reasons: files, category, evidence, rules, priority, SLA class."""
    return (
        *_of_checks(facts),
        *_of_category(facts),
        *_of_evidence(facts, outcome),
        *(_of_rule(rule, facts, outcome) for rule in outcome.fired),
        *_of_priority(facts, outcome, book),
        *_of_sla(outcome),
    )


def _of_checks(facts: Facts) -> Iterator[Reason]:
    """What the checks found, from WEAK upwards; a note needs nobody's attention."""
    for file in facts.files:
        for finding in file.findings:
            if finding.level >= Level.WEAK:
                detail = {
                    **finding.detail,
                    "evidence": file.id,
                    "kind": str(file.kind),
                    "level": finding.level.name.lower(),
                    "measured": finding.measured,
                    "limit": finding.limit,
                }
                yield Reason(source="check", code=finding.code, detail=detail)
    if any(f.level is Level.DANGEROUS for file in facts.files for f in file.findings):
        yield Reason(source="system", code="evidence.dangerous")


def _of_category(facts: Facts) -> Iterator[Reason]:
    if facts.category_override is not None:
        yield _category("agent", "category.chosen", facts.category_override, facts)
    if facts.claimed is not None:
        yield _category("customer", "category.claimed", facts.claimed, facts)
    yield _of_model(facts)
    if facts.claimed and facts.predicted and facts.claimed is not facts.predicted:
        detail = {"claimed": str(facts.claimed), "predicted": str(facts.predicted)}
        yield Reason(source="model", code="category.disagreement", detail=detail)
    if facts.category is None:
        yield Reason(source="system", code="category.unknown")


def _category(source: Source, code: str, category: str, facts: Facts) -> Reason:
    detail = {"category": str(category)}
    return Reason(source=source, code=code, detail=detail, overruled=category != facts.category)


def _of_model(facts: Facts) -> Reason:
    if facts.model_best is None:
        return Reason(source="model", code="model.missing")
    confidence = None if facts.model_confidence is None else float(facts.model_confidence)
    detail = {"category": facts.model_best, "confidence": confidence}
    if facts.predicted is None:
        return Reason(source="model", code="model.abstained", detail=detail)
    overruled = facts.predicted is not facts.category
    return Reason(source="model", code="model.predicted", detail=detail, overruled=overruled)


def _of_evidence(facts: Facts, outcome: Outcome) -> Iterator[Reason]:
    for line in outcome.checklist:
        detail = {"kind": str(line.kind), "asked": line.asked, "have": line.have}
        if line.kind in facts.waived:
            yield Reason(source="agent", code="evidence.waived", detail=detail)
        elif line.open and line.unchecked:
            yield Reason(source="check", code="evidence.unchecked", detail=detail)
        elif line.open and line.supplier is Supplier.OPERATOR:
            yield Reason(source="system", code="evidence.arranged", detail=detail)
        elif line.open:
            yield Reason(
                source="system",
                code=f"evidence.{line.state}",
                detail=detail,
                overruled=not outcome.held,
            )
    if facts.evidence_grace_over and any(line.owed_by_customer for line in outcome.checklist):
        yield Reason(source="system", code="evidence.grace_over")


def _of_rule(rule: Rule, facts: Facts, outcome: Outcome) -> Reason:
    """The rule with each of its effects; overruled when none of them got its way."""
    effects = tuple(_effects(rule, facts, outcome))
    overruled = bool(effects) and all(effect["overruled"] for effect in effects)
    return Reason(source="rule", code=rule.id, detail={"effects": effects}, overruled=overruled)


def _effects(rule: Rule, facts: Facts, outcome: Outcome) -> list[dict[str, object]]:
    then = rule.then
    effects: list[dict[str, object]] = [
        {
            "effect": "require",
            "kind": str(require.kind),
            "level": str(require.level),
            "overruled": not _in_force(require.kind, rule, outcome),
        }
        for require in then.require
    ]
    effects += [
        {"effect": "waive", "kind": str(kind), "overruled": False} for kind in sorted(then.waive)
    ]
    effects += _effects_on_priority(then, facts)
    effects += _effects_on_route(then, facts, outcome)
    if then.warn:
        effects.append({"effect": "warn", "overruled": False})
    if then.ask:
        effects.append({"effect": "ask", "overruled": False})
    return effects


def _effects_on_priority(then: Effect, facts: Facts) -> Iterator[dict[str, object]]:
    by_agent = facts.priority_override is not None
    if then.points:
        yield {"effect": "points", "points": then.points, "overruled": by_agent}
    if then.at_least is not None:
        yield {"effect": "at_least", "priority": str(then.at_least), "overruled": by_agent}


def _effects_on_route(then: Effect, facts: Facts, outcome: Outcome) -> Iterator[dict[str, object]]:
    if then.sla is not None:
        lower = then.sla.rank < outcome.sla_class.rank
        yield {"effect": "sla", "sla_class": str(then.sla), "overruled": lower}
    if then.category is not None:
        other = then.category is not facts.category
        yield {"effect": "category", "category": str(then.category), "overruled": other}
    if then.team is not None:
        yield {"effect": "team", "team": then.team, "overruled": then.team != outcome.team}


def _in_force(kind: EvidenceKind, rule: Rule, outcome: Outcome) -> bool:
    """Whether it is this rule that the checklist's line of that kind goes by."""
    line = next(line for line in outcome.checklist if line.kind is kind)
    return line.rule == rule.id and line.state is not RequirementState.WAIVED


def _of_priority(facts: Facts, outcome: Outcome, book: RuleBook) -> Iterator[Reason]:
    scored = book.priority.of(outcome.points)
    yield Reason(
        source="system",
        code="priority.points",
        detail={"points": outcome.points, "priority": str(scored)},
        overruled=scored is not outcome.priority,
    )
    if facts.model_priority is not None:
        yield _of_model_priority(facts, outcome, book)
    if book.priority.alarmed(facts) and facts.model_danger is not None:
        yield Reason(
            source="model",
            code="model.danger",
            detail={"danger": int(facts.model_danger), "limit": book.priority.model_danger},
            overruled=outcome.priority is not Priority.URGENT,
        )
    if facts.priority_override is not None:
        detail: dict[str, object] = {"priority": str(facts.priority_override)}
        yield Reason(source="agent", code="priority.chosen", detail=detail)


def _of_model_priority(facts: Facts, outcome: Outcome, book: RuleBook) -> Reason:
    """The model's word on the priority: it counts if it is sure, and only upwards."""
    suggested = facts.model_priority
    confidence = facts.model_priority_confidence
    trusted = book.priority.trusts(facts)
    return Reason(
        source="model",
        code="model.priority" if trusted else "model.priority_unsure",
        detail={
            "priority": str(suggested),
            "confidence": None if confidence is None else float(confidence),
            "limit": book.priority.model_confidence,
        },
        overruled=not trusted or suggested is not outcome.priority,
    )


def _of_sla(outcome: Outcome) -> Iterator[Reason]:
    """Says so where the class is higher than any rule asks for: it was raised before."""
    asked = [rule.then.sla.rank for rule in outcome.fired if rule.then.sla]
    if outcome.sla_class.rank > max(asked, default=0):
        detail = {"sla_class": str(outcome.sla_class)}
        yield Reason(source="system", code="sla.kept", detail=detail)
