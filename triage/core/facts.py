"""How the facts about a complaint are made from its case file and the model's answer."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, tzinfo
from decimal import Decimal
from enum import StrEnum
from typing import Any, TypeVar

from triage.core.case import CaseFile, JudgedEvidence
from triage.core.complaint import Category, Priority
from triage.core.evidence import EvidenceKind, Level, Verdict
from triage.core.factsheet import VOCABULARY, CategorySource, Facts
from triage.core.prediction import Prediction

__all__ = ["VOCABULARY", "Facts", "Lists", "facts_of", "fold", "under"]

USABLE = frozenset({Verdict.ACCEPTED, Verdict.FLAGGED})

_COUNTED = {kind: f"usable_{kind}" for kind in EvidenceKind}
_Code = TypeVar("_Code", bound=StrEnum)


@dataclass(frozen=True, kw_only=True)
class Lists:
    """The rule book's own closed lists, as far as facts are made with them.

    ``goods``, ``symptoms`` and ``answers`` lead from a folded word (``fold``) to its code;
    ``members`` from a goods category to the lists that it is on. ``uncounted`` are the finding
    codes that keep a file from counting (a second copy of the same photo). ``zone`` is where
    the days begin.
    """

    zone: tzinfo
    goods: Mapping[str, str] = field(default_factory=dict)
    members: Mapping[str, frozenset[str]] = field(default_factory=dict)
    symptoms: Mapping[str, str] = field(default_factory=dict)
    answers: Mapping[str, str] = field(default_factory=dict)
    uncounted: frozenset[str] = frozenset()


def fold(word: str) -> str:
    """The spelling under which a label or synonym is looked up: lower case, single spaces."""
    return " ".join(word.replace("_", " ").casefold().replace("ё", "е").split())


def facts_of(case: CaseFile, prediction: Prediction, today: date, lists: Lists) -> Facts:
    """The facts about a complaint as they stand on ``today`` (a date in ``lists.zone``).

    Days since order and receipt are counted to the filing, so that the checklist does not
    move while the customer completes it; a date after that day is impossible and so unknown.
    """
    filed_on = case.filed_at.astimezone(lists.zone).date()
    goods = _coded(lists.goods, case.product_category)
    predicted = None if prediction.abstained else _known(Category, prediction.category)
    category, source = _category(case, predicted)
    answer = _coded(lists.answers, case.return_answer)
    return Facts(
        channel=case.channel,
        language=case.language,
        category=category,
        category_source=source,
        claimed=case.claimed,
        predicted=predicted,
        order_number_given=bool(case.order_number),
        seller_given=bool(case.seller),
        product_category=goods,
        lists=None if goods is None else lists.members.get(goods, frozenset()),
        amount=case.amount,
        days_since_order=_days(case.order_date, filed_on),
        days_since_receipt=_days(case.received_on, filed_on),
        days_since_return_request=_days(case.return_requested_on, today),
        days_since_claim=_days(case.claim_received_on, today),
        days_overdue=_overdue(case, today),
        wish=case.wish,
        return_answer=answer or ("other" if case.return_answer else None),
        symptom=_coded(lists.symptoms, case.symptom),
        contacted_outside=case.contacted_outside,
        safety_risk=case.safety_risk,
        appeal=case.appeal,
        seller_complaints=case.seller_complaints,
        hardship_declared=case.hardship_declared,
        on_credit=case.on_credit,
        reminders_unanswered=case.reminders_unanswered,
        sla_used=case.sla_used,
        filed_on=filed_on,
        files=case.evidence,
        findings=frozenset(
            finding.code
            for file in case.evidence
            for finding in file.findings
            if finding.level > Level.OK
        ),
        category_override=case.overrides.category,
        priority_override=case.overrides.priority,
        sla_override=case.overrides.sla_class,
        waived=case.overrides.waived,
        evidence_grace_over=case.overrides.evidence_grace_over,
        **_of_model(prediction),
        **_usable(case.evidence, lists.uncounted),
    )


def _category(
    case: CaseFile, predicted: Category | None
) -> tuple[Category | None, CategorySource | None]:
    """The first who said it; a rule's word comes between the customer's and the model's."""
    if case.overrides.category is not None:
        return case.overrides.category, "agent"
    if case.claimed is not None:
        return case.claimed, "customer"
    return (None, None) if predicted is None else (predicted, "model")


def _of_model(prediction: Prediction) -> Mapping[str, Any]:
    if prediction.category is None:
        return {}
    return {
        "model": prediction.model,
        "model_best": prediction.category,
        "model_confidence": per_cent(prediction.confidence),
        "model_priority": _known(Priority, prediction.priority),
        "model_priority_confidence": per_cent(prediction.priority_confidence),
        "model_danger": None if prediction.danger is None else per_cent(prediction.danger),
    }


def _usable(files: tuple[JudgedEvidence, ...], uncounted: frozenset[str]) -> Mapping[str, Any]:
    counts = dict.fromkeys(_COUNTED.values(), 0)
    for file in files:
        spoiled = any(finding.code in uncounted for finding in file.findings)
        if file.verdict in USABLE and not spoiled:
            counts[_COUNTED[file.kind]] += 1
    return counts


def _overdue(case: CaseFile, today: date) -> int | None:
    if case.promised_on is None:
        return None
    until = min(case.received_on or today, today)
    return max(0, (until - case.promised_on).days)


def _days(since: date | None, until: date) -> int | None:
    return None if since is None or since > until else (until - since).days


def _coded(synonyms: Mapping[str, str], word: str | None) -> str | None:
    return synonyms.get(fold(word)) if word else None


def _known(kind: type[_Code], word: str | None) -> _Code | None:
    """A label as its enumeration knows it; a model trained on other labels says nothing here."""
    return None if word is None or word not in _codes_of(kind) else kind(word)


@functools.cache
def _codes_of(kind: type[StrEnum]) -> frozenset[str]:
    return frozenset(kind)


def per_cent(probability: float) -> Decimal:
    """A probability 0..1 in hundredths, with one digit: what rules compare and reasons tell."""
    return Decimal(str(round(probability * 100, 1)))


def under(facts: Facts, lists: Lists) -> Facts:
    """Stored facts as another book would have made them, as far as they tell.

    The goods lists and the count of usable files follow the other book; what its synonyms
    would have made of the customer's own words is not known from facts.
    """
    goods = facts.product_category
    made: dict[str, Any] = {
        "lists": None if goods is None else lists.members.get(goods, frozenset()),
        **_usable(facts.files, lists.uncounted),
    }
    if all(getattr(facts, name) == value for name, value in made.items()):
        return facts
    return replace(facts, **made)
