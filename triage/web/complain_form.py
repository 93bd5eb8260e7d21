"""The customer's form: which questions belong to a problem type; from answers to a submission."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from triage.casework.submit import MAX_TEXT
from triage.core.complaint import Category, Channel, Contact, Submission
from triage.core.email_address import is_email
from triage.core.policy import RuleBook
from triage.errors import Invalid
from triage.web.intake_form import Reader, choice, readers, understand

Typed = Mapping[str, str]
"""What was typed, by field, as it was typed."""

CONTACT = ("contact_name", "contact_phone", "contact_email")
ORDER = ("order_number", "seller", "amount", "order_date")

_GOODS = ("product", "product_category", "received_on")
_CIRCUMSTANCES = ("hardship_declared", "on_credit")


@dataclass(frozen=True, kw_only=True)
class Questions:
    """What is asked about one problem type, part by part in the order of the page."""

    first: tuple[str, ...] = ()  # before all else: a danger cannot wait
    what: tuple[str, ...] = ("text",)
    goods: tuple[str, ...] = ("product", "product_category")
    wish: tuple[str, ...] = ("wish",)
    circumstances: tuple[str, ...] = _CIRCUMSTANCES

    @property
    def names(self) -> tuple[str, ...]:
        """All of its fields; those of the order are asked about always."""
        return (*self.first, *self.what, *ORDER, *self.goods, *self.wish, *self.circumstances)


#: A danger is asked about where the goods are in somebody's hands.
QUESTIONS: Mapping[Category, Questions] = {
    Category.DEFECTIVE: Questions(
        first=("safety_risk",),
        what=("symptom", "text", "return_requested_on", "return_answer"),
        goods=_GOODS,
    ),
    Category.NOT_AS_DESCRIBED: Questions(
        first=("safety_risk",), what=("symptom", "text"), goods=_GOODS
    ),
    Category.LATE_DELIVERY: Questions(goods=("product", "promised_on", "received_on")),
    Category.REFUND_REFUSED: Questions(
        what=("text", "return_requested_on", "return_answer", "claim_received_on"), goods=_GOODS
    ),
    Category.SELLER_FRAUD: Questions(
        what=("symptom", "text", "contacted_outside"), goods=("product", "received_on")
    ),
    Category.OTHER: Questions(
        first=("safety_risk",), what=("text", "contacted_outside"), goods=_GOODS
    ),
}
_DANGERS = ("fire_or_smoke", "injury")
_SYMPTOMS: Mapping[Category, tuple[str, ...]] = {
    Category.DEFECTIVE: ("not_working", "visible_damage", "stopped_later", "expired", *_DANGERS),
    Category.NOT_AS_DESCRIBED: (
        "wrong_item", "missing_parts", "wrong_size", "wrong_colour", "counterfeit",
        "differs_from_chat", "empty_box", *_DANGERS,
    ),
    Category.SELLER_FRAUD: (
        "paid_outside", "code_given", "unauthorised_debit", "empty_box", "counterfeit",
    ),
}  # fmt: skip


def symptoms(book: RuleBook, category: Category) -> list[str]:
    """The symptoms to choose from; one that the operator has added is offered with every type."""
    known = {code for codes in _SYMPTOMS.values() for code in codes}
    wanted = _SYMPTOMS.get(category, ())
    return [code for code in book.symptoms if code in wanted or code not in known]


def category_of(typed: Typed, book: RuleBook) -> Category | None:
    """The problem type that was chosen, if it is one of the book's."""
    chosen = typed.get("problem_type", "")
    return next((each for each in book.problem_types if each == chosen), None)


def read(typed: Typed, book: RuleBook, today: date) -> tuple[Submission, dict[str, Invalid]]:
    """The complaint as far as it can be understood, and what is wrong by its field.

    Answers to questions of another problem type, which was chosen before, are no part of it.
    """
    category = category_of(typed, book)
    asked = QUESTIONS[category].names if category else ()
    known = {
        name: reader for name, reader in _readers(book, today).items() if name in (*asked, *CONTACT)
    }
    values, wrong = understand(typed, known)
    if category is not None:
        values["problem_type"] = category
    if category and values.get("symptom") not in symptoms(book, category):
        values.pop("symptom", None)  # of the problem type that was chosen before
    wrong = {**_missing(values, wrong, category), **wrong}
    return _to_submission(values), wrong


def _missing(
    values: Mapping[str, Any], wrong: Mapping[str, Invalid], category: Category | None
) -> dict[str, Invalid]:
    found = {}
    if category is None:
        found["problem_type"] = Invalid("page.no_problem_type", field="problem_type")
    if "text" not in wrong and not values.get("text"):
        found["text"] = Invalid("submission.no_text", field="text")
    by_hand = all(name in values for name in ("seller", "amount", "order_date"))
    if "order_number" not in values and not by_hand and not any(name in wrong for name in ORDER):
        found["order_number"] = Invalid("submission.order_unknown", field="order_number")
    return found


def _readers(book: RuleBook, today: date) -> Mapping[str, Reader]:
    more = {
        "text": _text,
        "safety_risk": _yes_or_no,
        "product_category": choice(book.goods, str),
        "return_answer": choice(book.answers, str),
        "contacted_outside": _tick,
        "contact_email": _email,
    }
    return {**readers(book, today), **more}


def _to_submission(values: dict[str, Any]) -> Submission:
    contact = Contact(**{name.removeprefix("contact_"): values.pop(name, None) for name in CONTACT})
    known = {each.name for each in fields(Submission)}
    said = {name: value for name, value in values.items() if name in known}
    text = said.pop("text", "")
    return Submission(text=text, channel=Channel.WEB, contact=contact, **said)


def _text(name: str, written: str) -> str:
    if "\0" in written:  # no database keeps it
        raise Invalid("field.bad_character", field=name)
    if len(written) > MAX_TEXT:
        raise Invalid("submission.text_too_long", field=name, limit=MAX_TEXT, measured=len(written))
    return written


def _yes_or_no(name: str, written: str) -> bool:
    if written not in ("yes", "no"):
        raise Invalid("page.unknown_value", field=name)
    return written == "yes"


def _tick(name: str, written: str) -> bool:
    """A box that is not ticked sends nothing: nobody said that it was not so."""
    return True


def _email(name: str, written: str) -> str:
    if not is_email(written):
        raise Invalid("field.not_an_email", field=name)
    return written
