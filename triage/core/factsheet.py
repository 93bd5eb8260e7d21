"""The closed vocabulary of the rule language: everything that a rule may ask about a complaint.

A rule cannot see the text, a name or a phone number: only the facts below. They are stored with
every assessment, so that a decision can be replayed from them under the same or another book.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from enum import StrEnum
from types import UnionType
from typing import Annotated, Any, Literal, get_args, get_origin, get_type_hints

from triage.core.case import JudgedEvidence, SlaClass
from triage.core.complaint import Category, Channel, Language, Priority, Wish
from triage.core.evidence import EvidenceKind, Finding, Level, Verdict
from triage.core.vocabulary import Word, vocabulary_of

CategorySource = Literal["agent", "customer", "rule", "model"]


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
    model_danger: Annotated[
        Decimal | None,
        Word(
            "how likely the text model thinks it that the text tells of a danger (urgent)",
            unknown="when there is no model, or it was not taught what is urgent",
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
    days_since_claim: Annotated[
        int | None,
        Word(
            "calendar days from the seller's receipt of a formal written claim until today",
            unknown="when no such claim is known",
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

    def to_json(self) -> dict[str, Any]:
        """What is known, as plain values; what is unknown or at its start value is left out."""
        return {
            name: _plain(value)
            for name, start in _STARTS.items()
            if (value := getattr(self, name)) != start
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Facts:
        """The facts that ``to_json`` wrote. What this version does not know is passed over.

        Raises ValueError, TypeError, KeyError or ArithmeticError for what was never written.
        """
        return cls(**{name: _READ[name](stored[name]) for name in _READ if name in stored})


VOCABULARY = vocabulary_of(Facts)
"""Every fact that a rule may ask about, in the order of the handbook."""

_STARTS: Mapping[str, Any] = {each.name: each.default for each in fields(Facts)}


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, frozenset):
        return sorted(str(code) for code in value)
    if isinstance(value, tuple):
        return [_plain_file(file) for file in value]
    return str(value) if isinstance(value, StrEnum) else value


def _plain_file(file: JudgedEvidence) -> dict[str, Any]:
    findings = [
        {
            "code": finding.code,
            "level": finding.level.name.lower(),
            "measured": finding.measured,
            "limit": finding.limit,
            "detail": dict(finding.detail),
        }
        for finding in file.findings
    ]
    return {
        "id": file.id,
        "kind": str(file.kind),
        "verdict": str(file.verdict),
        "findings": findings,
    }


def _read_files(stored: list[dict[str, Any]]) -> tuple[JudgedEvidence, ...]:
    return tuple(
        JudgedEvidence(
            id=file["id"],
            kind=EvidenceKind(file["kind"]),
            verdict=Verdict(file["verdict"]),
            findings=tuple(
                Finding(**{**finding, "level": Level[finding["level"].upper()]})
                for finding in file["findings"]
            ),
        )
        for file in stored
    )


def _reader(declared: Any) -> Callable[[Any], Any]:
    """How a stored value of a declared type is read back."""
    if get_origin(declared) is Annotated:
        return _reader(get_args(declared)[0])
    if get_origin(declared) is UnionType or None.__class__ in get_args(declared):
        return _reader(get_args(declared)[0])
    if get_origin(declared) is frozenset:
        code = get_args(declared)[0]
        return lambda stored: frozenset(map(code, stored))
    if declared is date:
        return date.fromisoformat
    if get_origin(declared) is tuple:
        return _read_files
    return declared if isinstance(declared, type) else str


_READ: Mapping[str, Callable[[Any], Any]] = {
    name: _reader(hint) for name, hint in get_type_hints(Facts, include_extras=True).items()
}
