"""The triage decision: a pure function from what is known to what happens next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from triage.core.case import CaseFile, SlaClass
from triage.core.checklist import Requirement, RequirementState, checklist_of
from triage.core.complaint import Category, Priority
from triage.core.evidence import Level
from triage.core.facts import Facts, facts_of
from triage.core.grounds import Outcome, reasons_for
from triage.core.policy import PriorityScale, RequirementLevel, Rule, RuleBook, Supplier, matching
from triage.core.prediction import Prediction
from triage.core.reasons import Reason

__all__ = [
    "Decision",
    "Reason",
    "Requirement",
    "RequirementLevel",
    "RequirementState",
    "Supplier",
    "decide",
    "judge",
]


@dataclass(frozen=True, kw_only=True)
class Decision:
    """Where the complaint goes, how urgently, what to ask for, and every reason for it.

    ``warnings`` and ``questions`` are ids of the rules whose ``warn`` or ``ask`` the customer
    is shown. ``category`` None: nobody knows, a person chooses. ``rulebook`` and ``model`` are
    the versions that decided.
    """

    status: Literal["needs_evidence", "queued"]
    category: Category | None
    category_source: Literal["model", "customer", "agent", "rule"] | None
    priority: Priority
    points: int
    sla_class: SlaClass
    checklist: tuple[Requirement, ...] = ()
    reasons: tuple[Reason, ...] = ()
    warnings: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()
    team: str | None = None
    rulebook: str = ""
    model: str = ""

    def to_json(self) -> dict[str, object]:
        """The decision as plain values, as it is stored and compared."""
        return {
            "status": self.status,
            "category": None if self.category is None else str(self.category),
            "category_source": self.category_source,
            "priority": str(self.priority),
            "points": self.points,
            "sla_class": str(self.sla_class),
            "checklist": [line.to_json() for line in self.checklist],
            "reasons": [reason.to_json() for reason in self.reasons],
            "warnings": list(self.warnings),
            "questions": list(self.questions),
            "team": self.team,
            "rulebook": self.rulebook,
            "model": self.model,
        }


def decide(case: CaseFile, prediction: Prediction, book: RuleBook, now: datetime) -> Decision:
    """Judge one complaint under one rule book, as it stands at ``now`` (aware).

    The precedence of ``judge`` applies. Who wants to replay the decision later stores
    ``facts_of(case, prediction, book.calendar.local_date(now), book.lists)`` beside it.
    """
    today = book.calendar.local_date(now)
    return judge(facts_of(case, prediction, today, book.lists), book)


def judge(facts: Facts, book: RuleBook) -> Decision:
    """The decision that follows from the facts; the same facts and book give the same one.

    Precedence, first one wins; what lost is among the reasons as overruled:

    * category: an agent, the customer, a rule, a model that did not abstain, else unknown;
    * priority: an agent; else the highest of the points of all rules, the floors of rules
      (``at_least``) and the text model if it is sure enough, or thinks a danger likely enough:
      the model never lowers;
    * SLA class: the highest that a rule, an earlier triage or an agent asked for;
    * team: the first rule in the book that names one;
    * status: a dangerous file, or the end of the time for sending evidence, brings the
      complaint to a person; else evidence that the customer owes holds it; else a person.
      A file that could not be checked never counts as evidence and never holds the complaint.
    """
    facts = categorised(facts, book)
    outcome = outcome_of(facts, book)
    return Decision(
        status="needs_evidence" if outcome.held else "queued",
        category=facts.category,
        category_source=facts.category_source,
        priority=outcome.priority,
        points=outcome.points,
        sla_class=outcome.sla_class,
        checklist=tuple(outcome.checklist),
        reasons=reasons_for(facts, outcome, book),
        warnings=tuple(rule.id for rule in outcome.fired if rule.then.warn),
        questions=tuple(rule.id for rule in outcome.fired if rule.then.ask),
        team=outcome.team,
        rulebook=book.version,
        model=facts.model,
    )


def outcome_of(facts: Facts, book: RuleBook) -> Outcome:
    """What is decided, without its reasons; the facts are ``categorised``."""
    fired = matching(book.rules_for(facts.category), facts)
    points = sum(rule.then.points for rule in fired)
    checklist = checklist_of(fired, facts)
    return Outcome(
        fired=fired,
        checklist=checklist,
        held=_held(facts, checklist),
        priority=_priority(facts, fired, points, book.priority),
        points=points,
        sla_class=_sla_class(facts, fired),
        team=next((rule.then.team for rule in fired if rule.then.team), None),
    )


def categorised(facts: Facts, book: RuleBook) -> Facts:
    """The facts with a rule's category, where neither an agent nor the customer gave one."""
    if facts.category_source in ("agent", "customer"):
        return facts
    for rule in book.categorising:
        if rule.matches(facts):
            return replace(facts, category=rule.then.category, category_source="rule")
    return facts


def _held(facts: Facts, checklist: Sequence[Requirement]) -> bool:
    """Whether the complaint waits for the customer's evidence."""
    dangerous = any(
        finding.level is Level.DANGEROUS for file in facts.files for finding in file.findings
    )
    if dangerous or facts.evidence_grace_over:
        return False
    return any(line.owed_by_customer for line in checklist)


def _priority(facts: Facts, fired: Sequence[Rule], points: int, scale: PriorityScale) -> Priority:
    if facts.priority_override is not None:
        return facts.priority_override
    wanted = [scale.of(points), *(rule.then.at_least for rule in fired if rule.then.at_least)]
    if facts.model_priority is not None and scale.trusts(facts):
        wanted.append(facts.model_priority)
    if scale.alarmed(facts):
        wanted.append(Priority.URGENT)
    return max(wanted, key=lambda priority: priority.rank)


def _sla_class(facts: Facts, fired: Sequence[Rule]) -> SlaClass:
    wanted = [SlaClass.STANDARD, *(rule.then.sla for rule in fired if rule.then.sla)]
    if facts.sla_override is not None:
        wanted.append(facts.sla_override)
    return max(wanted, key=lambda sla_class: sla_class.rank)
