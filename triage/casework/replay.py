"""A stored decision made again from what is stored, and why each rule applied to it or not."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from triage.casework.books import GONE, with_remark
from triage.core.case import CaseFile
from triage.core.complaint import Channel
from triage.core.decision import judge
from triage.core.explanation import Explained, explain
from triage.core.facts import Facts, facts_of
from triage.core.policy import RuleBook
from triage.core.prediction import Prediction
from triage.desk import Desk
from triage.errors import NotFound
from triage.store.tables import Assessment, Complaint

_OF_MODEL = (
    "model", "model_best", "model_confidence", "model_priority", "model_priority_confidence",
    "model_danger",
)  # fmt: skip
_OF_PREDICTION = (
    "category", "confidence", "abstained", "priority", "priority_confidence", "danger", "model",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Replay:
    """One round, judged again. ``differences`` name what is not as it was stored; none: the same.

    ``book`` None: the book that decided can no longer be read, so there is nothing to compare
    and no rule to explain.
    """

    complaint_id: str
    round: int
    rounds: tuple[int, ...]
    rulebook: str
    book: RuleBook | None
    rules: tuple[Explained, ...]
    differences: tuple[str, ...]

    @property
    def same(self) -> bool:
        return self.book is not None and not self.differences

    def to_json(self) -> dict[str, Any]:
        """The replay as plain values."""
        return {
            "id": self.complaint_id,
            "round": self.round,
            "rounds": list(self.rounds),
            "rulebook": self.rulebook,
            "readable": self.book is not None,
            "same": self.same,
            "differences": list(self.differences),
            "rules": [each.to_json() for each in self.rules],
        }


def replay(desk: Desk, complaint_id: str, round: int | None = None) -> Replay:
    """Make the decision of a round (default: the last) again. Raises NotFound."""
    with desk.reading() as session:
        if session.get(Complaint, complaint_id) is None:
            raise NotFound("complaint.unknown")
        query = select(Assessment).filter_by(complaint_id=complaint_id).order_by(Assessment.round)
        made = session.scalars(query).all()
    found = next((each for each in reversed(made) if round in (None, each.round)), None)
    if found is None:
        raise NotFound("assessment.unknown", round=round)
    book = desk.books.find(found.rulebook)
    facts = Facts.from_json(found.facts)
    return Replay(
        complaint_id=complaint_id,
        round=found.round,
        rounds=tuple(each.round for each in made),
        rulebook=found.rulebook,
        book=book,
        rules=() if book is None else explain(facts, book),
        differences=() if book is None else tuple(_differences(found, facts, book)),
    )


def _differences(found: Assessment, facts: Facts, book: RuleBook) -> list[str]:
    """The parts of the decision, and the model's facts, that come out otherwise today."""
    again = judge(facts, book)
    made = plain(with_remark(again, _wanted(found.decision)).to_json())
    stored = plain(found.decision)
    names = [*stored, *(name for name in made if name not in stored)]
    said = _facts_of_model(found.prediction, facts, book)
    wrong = [name for name in _OF_MODEL if getattr(said, name) != getattr(facts, name)]
    return [
        *(f"decision.{name}" for name in names if stored.get(name) != made.get(name)),
        *(f"prediction.{name}" for name in wrong),
    ]


def _facts_of_model(stored: Mapping[str, Any], facts: Facts, book: RuleBook) -> Facts:
    """What the stored prediction says in terms of facts."""
    said: dict[str, Any] = {name: stored[name] for name in _OF_PREDICTION if name in stored}
    filed_at = book.calendar.end_of_day(facts.filed_on)
    case = CaseFile(channel=Channel.APP, filed_at=filed_at)
    return facts_of(case, Prediction(**said), facts.filed_on, book.lists)


def _wanted(decision: Mapping[str, Any]) -> str | None:
    """The book that should have judged, where the decision says that another one had to."""
    remark = next((each for each in decision["reasons"] if each["code"] == GONE), None)
    return None if remark is None else str(remark["detail"]["rulebook"])


def plain(value: Any) -> Any:
    """A value as it comes back from a JSON column."""
    return json.loads(json.dumps(value))
