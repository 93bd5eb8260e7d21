"""The form of each action: which questions it asks, and what was answered as a wish."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from werkzeug.datastructures import MultiDict

from triage.casework.work import ActionRequest
from triage.core.complaint import Category, Priority
from triage.core.evidence import EvidenceKind
from triage.core.status import Action
from triage.errors import Invalid

Answers = MultiDict[str, str]
_Code = TypeVar("_Code", bound=StrEnum)


class Tone(StrEnum):
    """How much weight a button has on the page."""

    MAIN = "main"  # the usual next step
    PLAIN = "plain"
    GRAVE = "grave"  # hard to take back


@dataclass(frozen=True)
class Question:
    """One field of a form: a field of the wish, and the code of what it is called here."""

    name: str
    ask: str
    needed: bool = False


@dataclass(frozen=True)
class ActionForm:
    action: Action
    questions: tuple[Question, ...] = ()
    tone: Tone = Tone.PLAIN

    @property
    def at_once(self) -> bool:
        """Nothing to ask: the button itself acts."""
        return not self.questions


_WHY = Question("reason", "why", needed=True)
_DECISION = Question("reason", "decision", needed=True)
_MESSAGE = Question("message", "message")
_NOTE = Question("note", "note")
_KINDS = Question("kinds", "kinds", needed=True)
_CATEGORY = Question("category", "category")
_PRIORITY = Question("priority", "priority")

#: In the order of the page. ADD_EVIDENCE is the customer's; files come in through the channels.
FORMS: Mapping[Action, ActionForm] = {
    form.action: form
    for form in (
        ActionForm(Action.CLAIM, tone=Tone.MAIN),
        ActionForm(Action.RESOLVE, (_DECISION, _NOTE), Tone.MAIN),
        ActionForm(Action.REQUEST_EVIDENCE, (Question("kinds", "kinds"), _MESSAGE)),
        ActionForm(Action.WAIT_SELLER, (_NOTE,)),
        ActionForm(Action.ORDER_EXPERTISE, (_NOTE,)),
        ActionForm(Action.OVERRIDE, (_CATEGORY, _PRIORITY, _WHY)),
        ActionForm(Action.WAIVE, (_KINDS, _WHY)),
        ActionForm(Action.ESCALATE, (_WHY,)),
        ActionForm(Action.REJUDGE, (_WHY,)),
        ActionForm(Action.NOTE, (Question("note", "note", needed=True),)),
        ActionForm(Action.RELEASE),
        ActionForm(Action.APPEAL, (Question("reason", "appeal", needed=True),)),
        ActionForm(Action.REJECT, (Question("reason", "refusal", needed=True), _NOTE), Tone.GRAVE),
        ActionForm(Action.MERGE, (Question("into", "into", needed=True), _NOTE), Tone.GRAVE),
        ActionForm(Action.WITHDRAW, (_NOTE,), Tone.GRAVE),
    )
}


def forms_for(actions: Sequence[str]) -> list[ActionForm]:
    """The forms of the actions that are legal now, in the order of the page."""
    return [form for form in FORMS.values() if form.action in actions]


def to_wish(form: ActionForm, answers: Answers) -> ActionRequest:
    """What the person wants, as typed; what is lacking, the action itself says.

    Raises Invalid("page.unknown_value") for a choice that the form does not offer.
    """
    asked = {question.name for question in form.questions}
    texts = {name: answers.get(name, "").strip() or None for name in _TEXTS if name in asked}
    return ActionRequest(
        **texts,
        category=_choice(Category, answers, "category") if "category" in asked else None,
        priority=_choice(Priority, answers, "priority") if "priority" in asked else None,
        kinds=_kinds(answers) if "kinds" in asked else (),
    )


_TEXTS = ("reason", "message", "note", "into")


def _choice(codes: type[_Code], answers: Answers, name: str) -> _Code | None:
    given = answers.get(name, "")
    if not given:
        return None
    try:
        return codes(given)
    except ValueError as error:
        raise Invalid("page.unknown_value", field=name) from error


def _kinds(answers: Answers) -> tuple[EvidenceKind, ...]:
    try:
        return tuple(EvidenceKind(kind) for kind in answers.getlist("kinds"))
    except ValueError as error:
        raise Invalid("page.unknown_value", field="kinds") from error
