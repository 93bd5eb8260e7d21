"""The closed vocabulary of the rule language: everything that a rule may ask about a complaint.

A rule cannot see the text, a name or a phone number: only the facts below. They are stored with
every assessment, so that a decision can be replayed from them under the same or another book.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, tzinfo
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, Literal, TypeVar

from triage.core.case import CaseFile, JudgedEvidence, SlaClass
from triage.core.complaint import Category, Channel, Language, Priority, Wish
from triage.core.evidence import EvidenceKind, Level, Verdict
from triage.core.prediction import Prediction
from triage.core.vocabulary import Word, vocabulary_of

CategorySource = Literal["agent", "customer", "rule", "model"]

USABLE = frozenset({Verdict.ACCEPTED, Verdict.FLAGGED})

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


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What is known about one complaint on the day that it is judged.

    None is "unknown" and stays so: a comparison with it is simply not true. The fields after
    ``findings`` are not part of the rule language; the decision itself needs them, so that it
    can be replayed from stored facts alone.
    """

    channel: Annotated[Channel, Word("how the complaint came in")] = Channel.APP
    language: Annotated[
        Language | None, Word("language of the text", unknown="when it cannot be told")
    ] = None
    category: Annotated[
        Category | None,
        Word(
            "problem type in force: said by an agent, else the customer, else a rule, else the "
            "text model",
            unknown="when nobody said and the model is missing or unsure",
        ),
    ] = None
    claimed: Annotated[
        Category | None,
        Word("problem type that the customer chose", unknown="when none was chosen"),
    ] = None
    predicted: Annotated[
        Category | None,
        Word(
            "problem type that the text model is sure of",
            unknown="when the model is missing or unsure",
        ),
    ] = None
    model_confidence: Annotated[
        Decimal | None,
        Word(
            "how sure the text model is of its likeliest problem type",
            unknown="when there is no model",
            unit="per cent",
            high=100,
        ),
    ] = None
    model_priority: Annotated[
        Priority | None,
        Word("priority that the text model suggests", unknown="when there is no model"),
    ] = None
    model_priority_confidence: Annotated[
        Decimal | None,
        Word(
            "how sure the text model is of that priority",
            unknown="when there is no model",
            unit="per cent",
            high=100,
        ),
    ] = None
    order_number_given: Annotated[bool, Word("whether an order number was given")] = False
    seller_given: Annotated[bool, Word("whether the seller was named")] = False
    product_category: Annotated[
        str | None,
        Word(
            "goods category of goods.yaml",
            unknown="when not given or not recognised",
            listed="goods",
        ),
    ] = None
    lists: Annotated[
        frozenset[str] | None,
        Word(
            "lists of goods.yaml that the goods category is on",
            unknown="when the goods category is unknown",
            listed="lists",
        ),
    ] = None
    amount: Annotated[
        Decimal | None, Word("price of the order", unknown="when not given", unit="tenge")
    ] = None
    days_since_order: Annotated[
        int | None,
        Word(
            "calendar days from the order to the filing",
            unknown="when the order date is not known",
            unit="days",
        ),
    ] = None
    days_since_receipt: Annotated[
        int | None,
        Word(
            "calendar days from receiving the goods to the filing",
            unknown="when the goods were not received, or nobody said when",
            unit="days",
        ),
    ] = None
    days_since_return_request: Annotated[
        int | None,
        Word(
            "calendar days from asking the seller for a return until today",
            unknown="when no return was asked for",
            unit="days",
        ),
    ] = None
    days_overdue: Annotated[
        int | None,
        Word(
            "calendar days from the promised delivery date to the receipt, or until today",
            unknown="when the promised date is not known",
            unit="days",
        ),
    ] = None
    wish: Annotated[Wish | None, Word("what the customer wants", unknown="when not said")] = None
    return_answer: Annotated[
        str | None,
        Word(
            "how the seller answered the return request (answers of categories.yaml)",
            unknown="when not said",
            listed="answers",
        ),
    ] = None
    symptom: Annotated[
        str | None,
        Word(
            "what exactly is wrong (symptoms of categories.yaml)",
            unknown="when not said or not recognised",
            listed="symptoms",
        ),
    ] = None
    contacted_outside: Annotated[
        bool | None,
        Word("whether the seller led the customer out of the marketplace", unknown="when not said"),
    ] = None
    safety_risk: Annotated[
        bool | None, Word("whether somebody may be hurt", unknown="when not said")
    ] = None
    appeal: Annotated[
        int, Word("which repeat appeal this is, 0 for the first filing", unit="appeals")
    ] = 0
    seller_complaints: Annotated[
        int | None,
        Word(
            "other complaints about the same seller in the 7 days before",
            unknown="when the seller is not known",
            unit="complaints",
        ),
    ] = None
    hardship_declared: Annotated[
        bool | None,
        Word(
            "whether the customer stated a hardship (disability, pension, large or low-income "
            "family, medical need); never inferred",
            unknown="when not said",
        ),
    ] = None
    on_credit: Annotated[
        bool | None,
        Word(
            "whether the goods were bought on credit whose payments run", unknown="when not known"
        ),
    ] = None
    reminders_unanswered: Annotated[
        int, Word("reminders that stayed unanswered", unit="reminders")
    ] = 0
    sla_used: Annotated[
        int | None,
        Word(
            "share of the service time that is used up",
            unknown="at the first triage",
            unit="per cent",
        ),
    ] = None
    usable_damage_photo: Annotated[int, Word("usable photos of the damage", unit="files")] = 0
    usable_chat_screenshot: Annotated[
        int, Word("usable screenshots of the correspondence", unit="files")
    ] = 0
    usable_unboxing_video: Annotated[int, Word("usable unboxing videos", unit="files")] = 0
    usable_purchase_proof: Annotated[int, Word("usable proofs of purchase", unit="files")] = 0
    usable_expert_report: Annotated[int, Word("usable expert reports", unit="files")] = 0
    usable_other: Annotated[int, Word("usable files of another kind", unit="files")] = 0
    findings: Annotated[
        frozenset[str],
        Word("what the checks found in the files, from a note upwards", listed="findings"),
    ] = frozenset()

    filed_on: date = date.min
    category_source: CategorySource | None = None
    model_best: str | None = None  # the model's likeliest label, sure of it or not
    model: str = ""
    files: tuple[JudgedEvidence, ...] = ()
    category_override: Category | None = None
    priority_override: Priority | None = None
    sla_override: SlaClass | None = None
    waived: frozenset[EvidenceKind] = frozenset()
    evidence_grace_over: bool = False


VOCABULARY = vocabulary_of(Facts)


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
        "model_confidence": _per_cent(prediction.confidence),
        "model_priority": _known(Priority, prediction.priority),
        "model_priority_confidence": _per_cent(prediction.priority_confidence),
    }


def _usable(files: tuple[JudgedEvidence, ...], uncounted: frozenset[str]) -> Mapping[str, Any]:
    counts = dict.fromkeys((f"usable_{kind}" for kind in EvidenceKind), 0)
    for file in files:
        spoiled = any(finding.code in uncounted for finding in file.findings)
        if file.verdict in USABLE and not spoiled:
            counts[f"usable_{file.kind}"] += 1
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
    return kind(word) if word in frozenset(kind) else None


def _per_cent(probability: float) -> Decimal:
    return Decimal(str(round(probability * 100, 1)))
