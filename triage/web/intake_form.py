"""The phone operator's form: from what was typed to a submission, or to what must be corrected."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from werkzeug.datastructures import MultiDict

from triage.core.complaint import Category, Channel, Contact, Submission, Wish
from triage.core.phone import find_phone
from triage.core.policy import RuleBook
from triage.errors import Invalid

Answers = MultiDict[str, str]
Reader = Callable[[str, str], object]
"""The field's name and what was typed (trimmed, not empty), to a value. Raises Invalid."""

# The bounds of the contract, the same as the API's.
EARLIEST, LATEST = date(2000, 1, 1), date(2099, 12, 31)
MAX_AMOUNT = Decimal(10**9)  # tenge
LONGEST: Mapping[str, int] = {"seller": 200, "product": 500, "contact_name": 200}  # characters

_ISO_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_DAY_FIRST = re.compile(r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})")
_AMOUNT = re.compile(r"([0-9]{1,20})(?:[.,]([0-9]{1,20}))?")


def read(typed: Answers, book: RuleBook, today: date) -> tuple[Submission, dict[str, Invalid]]:
    """What the caller said, as far as it can be understood, and what is wrong by its field.

    ``today`` is the day in Kazakhstan. What must be there at all, ``casework.submit`` says.
    """
    values, wrong = understand(typed, readers(book, today))
    return _to_submission(values), wrong


def understand(
    typed: Mapping[str, str], readers: Mapping[str, Reader]
) -> tuple[dict[str, Any], dict[str, Invalid]]:
    """What was typed as values, in the order of the readers, and what is wrong by its field."""
    values: dict[str, Any] = {}
    wrong: dict[str, Invalid] = {}
    for name, reader in readers.items():
        written = typed.get(name, "").replace("\r\n", "\n").strip()
        if not written:
            continue
        try:
            values[name] = reader(name, written)
        except Invalid as error:
            wrong[name] = error
    return values, wrong


def _to_submission(values: dict[str, Any]) -> Submission:
    contact = Contact(
        name=values.pop("contact_name", None), phone=values.pop("contact_phone", None)
    )
    text = values.pop("text", "")
    return Submission(text=text, channel=Channel.PHONE, contact=contact, **values)


def readers(book: RuleBook, today: date) -> Mapping[str, Reader]:
    """In the order of the page, so that what is wrong is listed as one meets it there."""
    past = _day(today)
    return {
        "text": _words,
        "problem_type": choice(book.problem_types, Category),
        "symptom": choice(book.symptoms, str),
        "safety_risk": _tick,
        "hardship_declared": _tick,
        "on_credit": _tick,
        "order_number": _order_number,
        "seller": _line,
        "amount": _amount,
        "order_date": past,
        "product": _line,
        "promised_on": _day(None),
        "received_on": past,
        "return_requested_on": past,
        "claim_received_on": past,
        "wish": choice(list(Wish), Wish),
        "contact_name": _line,
        "contact_phone": _phone,
    }


def _words(name: str, written: str) -> str:
    if "\0" in written:  # no database keeps it
        raise Invalid("field.bad_character", field=name)
    return written


def _line(name: str, written: str) -> str:
    line = " ".join(_words(name, written).split())
    if len(line) > LONGEST[name]:
        raise Invalid("field.too_long", field=name, limit=LONGEST[name], measured=len(line))
    return line


def _tick(name: str, written: str) -> bool:
    """A box that is not ticked sends nothing: nobody said that there is no danger."""
    return True


def choice(codes: Collection[str], to_value: Callable[[str], object]) -> Reader:
    def read_choice(name: str, written: str) -> object:
        if written not in codes:
            raise Invalid("page.unknown_value", field=name)
        return to_value(written)

    return read_choice


def _order_number(name: str, written: str) -> str:
    digits = re.sub(r"[\s№#\-\u2010-\u2014]", "", written)
    if not re.fullmatch(r"[0-9]{8,11}", digits):
        raise Invalid("field.not_an_order_number", field=name, low=8, limit=11)
    return digits


def _amount(name: str, written: str) -> Decimal:
    """``14 990,50 ₸`` as people write it. A comma before three digits is refused, not guessed."""
    found = _AMOUNT.fullmatch(re.sub(r"[\s₸]", "", written))
    if found is None:
        raise Invalid("field.not_an_amount", field=name)
    whole, tiyn = found[1], found[2] or "0"
    if len(tiyn) > 2:
        raise Invalid("field.too_many_decimals", field=name, limit=2)
    amount = Decimal(f"{whole}.{tiyn}")
    if not 0 < amount <= MAX_AMOUNT:
        raise Invalid("field.amount_out_of_range", field=name, limit=int(MAX_AMOUNT))
    return round(amount, 2)


def _day(last: date | None) -> Reader:
    """An ISO date, which date fields send, or ``22.11.2026``, which people type without them."""

    def read_day(name: str, written: str) -> date:
        found = _parsed(written)
        if found is None:
            raise Invalid("field.not_a_date", field=name)
        if not EARLIEST <= found <= LATEST:
            raise Invalid("field.date_out_of_range", field=name, low=EARLIEST, limit=LATEST)
        if last is not None and found > last:
            raise Invalid("field.in_future", field=name, limit=last)
        return found

    return read_day


def _parsed(written: str) -> date | None:
    iso, spoken = _ISO_DATE.fullmatch(written), _DAY_FIRST.fullmatch(written)
    if iso is None and spoken is None:
        return None
    numbers = iso.groups() if iso else spoken.groups()[::-1] if spoken else ()
    try:
        return date(*map(int, numbers))
    except ValueError:
        return None


def _phone(name: str, written: str) -> str:
    found = find_phone(written)
    if found is None:
        raise Invalid("field.not_a_phone", field=name)
    return found
