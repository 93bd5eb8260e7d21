"""What the API answers, as models for its description; the answers themselves are made in
``casework/answer.py``. More fields than these may come, so a client ignores what it does not know.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from triage.core.case import SlaClass
from triage.core.complaint import Category, Channel, Language, Priority
from triage.core.evidence import EvidenceKind, Level, Verdict
from triage.core.status import Action, Status

Moment = Annotated[str, Field(json_schema_extra={"format": "date-time"})]
Share = Annotated[float, Field(ge=0, le=1)]
Sha256 = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
LevelName = Literal["ok", "note", "weak", "unknown", "unusable", "dangerous"]
assert set(LevelName.__args__) == {level.name.lower() for level in Level}  # type: ignore[attr-defined]  # typing has no name for the words of a Literal


class Answer(BaseModel):
    """What every answer's model shares."""

    model_config = ConfigDict(extra="allow")


class Finding(Answer):
    """One statement of one check about one file."""

    code: str
    level: LevelName
    message: str
    cure: str
    measured: float | int | str | None
    limit: float | int | str | None


class Use(Answer):
    """Another complaint that brought the same file (``distance`` null) or a picture like it."""

    case: str
    evidence: str
    received_at: Moment
    relation: Literal["nothing", "customer", "order"]
    distance: int | None
    preview: bool


class Evidence(Answer):
    """One file and what the checks found; ``id`` is null for a file that is not stored.

    ``elsewhere`` is for keys of the desk (agent, qa) that ask for one case.
    """

    id: str | None
    kind: EvidenceKind
    filename: str
    size: Annotated[int, Field(ge=0)]
    sha256: Sha256
    media_type: str | None
    verdict: Verdict
    findings: list[Finding]
    elsewhere: list[Use] = []


class Upload(Answer):
    """A file that comes in pieces. ``evidence`` is there from when it is whole and was judged."""

    id: str
    kind: EvidenceKind
    filename: str
    size: Annotated[int, Field(ge=0)]
    offset: Annotated[int, Field(ge=0)]
    expires_at: Moment
    evidence: Evidence | None


class CheckedEvidence(Answer):
    """Files that were judged and not stored."""

    evidence: list[Evidence]


class Alternative(Answer):
    category: str
    confidence: Share


class Term(Answer):
    """A word of the text and how far it pushed the text to the category.

    ``spans`` are where it stands: its first character and the one behind its last, from 0.
    """

    term: str
    weight: float
    spans: list[tuple[int, int]] = []


class Prediction(Answer):
    """What the text model says. With ``abstained``, nobody should act on it."""

    category: str | None
    confidence: Share
    abstained: bool
    alternatives: list[Alternative]
    priority: str | None
    priority_confidence: Share
    danger: Share | None = None
    terms: list[Term]
    model: str | None


class Sla(Answer):
    """By when the complaint is due, and how that was reckoned."""

    model_config = ConfigDict(extra="allow", populate_by_name=True)

    sla_class: Annotated[SlaClass, Field(alias="class")]
    due_at: Moment
    paused: bool
    derivation: list[dict[str, Any]]


class ChecklistLine(Answer):
    """One item of evidence: whether it is needed, there and usable, and which rule asks."""

    kind: EvidenceKind
    level: Literal["required_at_intake", "required_for_decision", "optional"]
    state: Literal["met", "missing", "unusable", "waived"]
    rule: str | None
    why: str


class Reason(Answer):
    """One reason of the decision, also when another one overruled it."""

    source: Literal["rule", "check", "model", "agent", "customer", "system"]
    code: str
    message: str


class Complaint(Answer):
    """A complaint as it stands. Before its triage, what triage finds is null or empty.

    ``access_code`` opens the status page beside the complaint's ``id``: to be given to the
    customer. Only the key that filed the complaint is told it, the same each time; it is null
    for others and from when the customer was given another code.
    """

    id: str
    status: Status
    appeal: Annotated[int, Field(ge=0)]
    channel: Channel
    language: Language
    problem_type: Category | None
    category: Category | None
    category_source: Literal["model", "customer", "agent", "rule"] | None
    prediction: Prediction | None
    priority: Priority | None
    sla: Sla | None
    checklist: list[ChecklistLine]
    evidence: list[Evidence]
    reasons: list[Reason]
    rulebook: str | None
    actions: list[Action]
    status_url: str
    access_code: str | None = None


class Lease(Answer):
    """Who works on a complaint, and until when."""

    holder: str
    name: str | None
    until: Moment
    mine: bool


class Case(Complaint):
    """A complaint. The fields from ``text`` on are for keys of the desk (agent, qa) only."""

    text: str = ""
    order: dict[str, Any] = {}
    contact: dict[str, str | None] = {}
    history: list[dict[str, Any]] = []
    lease: Lease | None = None
    desk_actions: list[Action] = []


class QueueItem(Answer):
    """One line of the queue."""

    id: str
    status: Status
    priority: Priority | None
    category: Category | None
    claimed: Category | None
    predicted: str | None
    confidence: Share | None
    due_at: Moment | None
    received_at: Moment
    channel: Channel
    language: Language
    amount: str | None
    missing: list[EvidenceKind]
    lease: Lease | None


class QueuePage(Answer):
    """A page of the queue; ``next`` is the cursor of the page after, null at the end.

    ``total`` counts to 1,000; ``more_than_total`` says that there are more cases than it.
    """

    items: list[QueueItem]
    next: str | None
    total: Annotated[int, Field(ge=0)]
    more_than_total: bool


class Word(Answer):
    """A word of a closed list, with its name in the caller's language."""

    code: str
    name: str


class AskedFor(Answer):
    """Evidence that a problem type is (``always``) or may be asked for."""

    kind: EvidenceKind
    level: Literal["required_at_intake", "required_for_decision", "optional"]
    count: int
    always: bool
    rule: str
    why: str


class ProblemType(Word):
    code: Category
    evidence: list[AskedFor]


class EvidenceKindOfPolicy(Answer):
    """How to make a kind of evidence well, and what of it is accepted."""

    kind: EvidenceKind
    name: str
    hint: str
    accepts: list[str]
    media_types: list[str]
    extensions: list[str]
    max_bytes: Annotated[int, Field(ge=1)]


class Policy(Answer):
    """What a client needs to build its form, in the caller's language."""

    rulebook: str
    language: Language
    problem_types: list[ProblemType]
    evidence_kinds: list[EvidenceKindOfPolicy]
    product_categories: list[Word]
    symptoms: list[Word]
    return_answers: list[Word]
    wishes: list[Word]
    sla: list[dict[str, Any]]
    limits: dict[str, int]


class FieldProblem(Answer):
    """One field to mend."""

    code: str
    detail: str
    cure: str
    field: str = ""


class Problem(Answer):
    """RFC 9457. ``code`` is stable, ``detail`` and ``cure`` are in the caller's language."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    cure: str = ""
    field: str | None = None
    limit: float | int | str | None = None
    measured: float | int | str | None = None
    actions: list[str] = []
    errors: list[FieldProblem] = []
