"""Explanations of rules in a reader's language: conditions and what the facts were."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from triage.casework.words import text
from triage.core.conditions import Clause, Comparison, Condition
from triage.core.explanation import Explained, Outcome, Trace
from triage.core.policy import Rule, RuleBook
from triage.languages import say, translate
from triage.messages.findings import FINDINGS
from triage.messages.labels import LABELS
from triage.messages.rulebook import COMPARISONS, JOINTS, RULE_FACTS, RULE_OUTCOMES, VALUES

_PLACEHOLDER = re.compile(r"{\w+}")


def explained(each: Explained, book: RuleBook, language: str) -> dict[str, Any]:
    """One rule as a page shows it: its sentence, what became of it, and the tree of conditions.

    ``conditions`` is a line or a joint: ``{"holds", "sentence", "value", "decisive",
    "parts"}``; ``value`` None at a joint.
    """
    decisive = each.decisive if each.outcome in (Outcome.FIRED, Outcome.NOT_MET) else ()
    return {
        **rule_head(each.rule, language),
        "outcome": str(each.outcome),
        "outcome_name": translate(RULE_OUTCOMES[each.outcome], language),
        "conditions": _line(each.when, book, language, decisive),
    }


def rule_head(rule: Rule, language: str) -> dict[str, Any]:
    """What a rule says and where it is from."""
    return {
        "id": rule.id,
        "why": text(rule.why, language),
        "place": rule.place,
        "basis": str(rule.basis),
        "source": rule.source,
        "valid_from": None if rule.valid_from == date.min else rule.valid_from,
        "valid_to": None if rule.valid_to == date.max else rule.valid_to,
    }


def condition_tree(condition: Condition, book: RuleBook, language: str) -> dict[str, Any]:
    """A condition without a case: the same shape, without values."""
    if isinstance(condition, Clause):
        return {"sentence": condition_sentence(condition, book, language), "parts": []}
    parts = condition.parts if hasattr(condition, "parts") else (condition.part,)
    joint = {"AllOf": "all", "AnyOf": "any", "Not": "not"}[type(condition).__name__]
    return {
        "sentence": translate(JOINTS[joint], language),
        "parts": [condition_tree(part, book, language) for part in parts],
    }


def condition_sentence(clause: Clause, book: RuleBook, language: str) -> str:
    """One comparison: ``price, ₸: 100000 or more``."""
    code = str(clause.comparison)
    if clause.comparison is Comparison.KNOWN and not clause.wanted:
        code = "unknown"
    facts = {
        "fact": translate(RULE_FACTS[clause.fact], language),
        "wanted": value_words(clause.fact, clause.wanted, book, language),
    }
    return say(COMPARISONS[code], language, facts)


def value_words(fact: str, value: Any, book: RuleBook, language: str) -> str:
    """A fact's value, or several, as they are called; numbers as they are."""
    if value is None:
        return translate(VALUES["unknown"], language)
    if isinstance(value, bool):
        return translate(VALUES["yes" if value else "no"], language)
    if isinstance(value, frozenset):
        several = sorted(_code_words(fact, str(each), book, language) for each in value)
        return ", ".join(several) or translate(VALUES["none"], language)
    return _code_words(fact, str(value), book, language)


def finding_name(code: str, language: str) -> str:
    """A finding as such: which number was measured is one file's own."""
    if code not in FINDINGS:
        return code
    return _PLACEHOLDER.sub("…", translate(FINDINGS[code][0], language))


def _code_words(fact: str, code: str, book: RuleBook, language: str) -> str:
    if fact in ("channel", "language", "wish"):
        return translate(LABELS[fact].get(code, code), language)
    if fact == "findings" and code in FINDINGS:
        return f"«{finding_name(code, language)}»"
    names = book.find_names(code)
    return code if names is None else text(names, language)


def _line(
    trace: Trace, book: RuleBook, language: str, decisive: tuple[Trace, ...]
) -> dict[str, Any]:
    if trace.clause is None:
        return {
            "holds": trace.holds,
            "sentence": translate(JOINTS[trace.kind], language),
            "value": None,
            "decisive": False,
            "parts": [_line(part, book, language, decisive) for part in trace.parts],
        }
    return {
        "holds": trace.holds,
        "sentence": condition_sentence(trace.clause, book, language),
        "value": value_words(trace.clause.fact, trace.value, book, language),
        "decisive": any(trace is each for each in decisive),
        "parts": [],
    }
