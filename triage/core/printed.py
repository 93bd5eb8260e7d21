"""What is printed on a fiscal receipt, found in its text: sign, till, sum and time.

Labels in Russian, Kazakh and English as tills print them. The text itself is never kept: only
these fields, and whether what a QR code says is printed there at all.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from triage.core.receipt import Receipt, moment

LONGEST = 20_000
"""Characters that are looked at: a till roll of five metres."""


@dataclass(frozen=True, kw_only=True)
class Printed:
    """Fields as printed; None where there is none. ``amount`` in tenge, ``issued_at`` aware."""

    fiscal_sign: str | None = None
    till: str | None = None
    amount: Decimal | None = None
    issued_at: datetime | None = None

    @property
    def is_receipt(self) -> bool:
        """Are both numbers there that every fiscal receipt has?"""
        return self.fiscal_sign is not None and self.till is not None


def _label(*names: str) -> str:
    """Any of the names as whole words, or two of them side by side, as on bilingual receipts."""
    one = "(?:" + "|".join(names) + r")(?!\w)\.?"
    return rf"(?<!\w){one}(?:[ ]?[/(][ ]?{one}[ ]?\)?)?"


_SIGN = _label(
    *("ФП", "ФБ", "ФПД", "FP", "фискальный признак", "фиск(?:альный|\\.) ?признак"),
    *("фискалды[қк] белгі(?:сі)?", "фискалдык белгi(?:ci)?", "fiscal sign", "fiscal mark"),
)
_TILL = _label(
    *("РНМ", "КТН", "РНК", "RNM", "рег(?:истрационный|\\.) ?номер(?: ?(?:ККМ|кассы|машины))?"),
    *("кассаны[ңн] тіркеу н[өо]мірі", "тіркеу н[өо]мірі", "till registration number"),
    *("registration number", "reg\\.? ?no"),
)
_TOTAL = _label(
    *("итого", "итог", "всего", "барлы[ғг]ы", "жиыны", "жиынты[ғг]ы", "жалпы сома"),
    *("(?<!sub )(?<!sub-)total", "amount due", "к оплате", "т[өо]леуге", "т[өо]лемге"),
)
_PAID = _label(
    *("оплата совершена", "платеж успешно совершен", "платёж успешно совершён"),
    *("т[өо]лем жасалды", "т[өо]лем с[әа]тті [өо]тті", "payment (?:completed|successful)"),
)
_BETWEEN = r"[\s:№#.=_-]{0,12}"
_DIGITS = r"(?<!\d)({})(?!\d)"
_SIGN_AT = re.compile(_SIGN + _BETWEEN + _DIGITS.format("[0-9]{9,12}"), re.IGNORECASE)
_TILL_AT = re.compile(_TILL + _BETWEEN + _DIGITS.format("[0-9]{12}"), re.IGNORECASE)
_TOTAL_AT = re.compile(_TOTAL, re.IGNORECASE)
_PAID_AT = re.compile(_PAID, re.IGNORECASE)
_TAX = re.compile(r"(?<!\w)(?:НДС|ҚҚС|VAT)(?!\w)", re.IGNORECASE)
_MONEY = re.compile(
    r"(?<![\d.,])([0-9]{1,3}(?:[ '.,][0-9]{3}){1,3}|[0-9]{1,10})(?:[.,]([0-9]{1,2}))?(?![\d%])"
    r"(?![.,]\d)[ ]?(₸|тг|тенге|теңге|KZT)?",
    re.IGNORECASE,
)
_WHEN = re.compile(
    r"(?<!\d)(?:(?P<d>[0-9]{2})[./-](?P<m>[0-9]{2})[./-](?P<y>[0-9]{4})"
    r"|(?P<Y>[0-9]{4})-(?P<M>[0-9]{2})-(?P<D>[0-9]{2}))"
    r"[^\d]{1,24}(?P<h>[0-9]{2}):(?P<n>[0-9]{2})(?::(?P<s>[0-9]{2}))?(?!\d)"
)
_DIGIT = re.compile(r"[0-9]")
_RUN = re.compile(r"[0-9]{9,12}")
_SPACES = re.compile(r"[^\S\n]")
_SECOND_LINES = 2  # a sum may stand under its label; further down it is something else's


def read(text: str) -> Printed:
    """The fields of one receipt. Where a field is printed twice, the first counts."""
    text = _plain(text)
    return Printed(
        fiscal_sign=_first(_SIGN_AT, text),
        till=_first(_TILL_AT, text),
        amount=_amount(text),
        issued_at=next(_moments(text), None),
    )


def differing(text: str, printed: Printed, receipt: Receipt) -> tuple[str, ...]:
    """What the QR code says otherwise than the paper: letters of its fields, ``i f s t``.

    Only where the paper has such a field and what the code says stands nowhere on it: a line
    of a receipt may be read wrongly, but a true sum is printed somewhere.
    """
    text = _plain(text)
    runs = set(_RUN.findall(text))
    sums = {amount for amount, _ in _amounts(text)}
    minutes = {_minute(when) for when in _moments(text)}
    claims = (
        ("i", printed.fiscal_sign, receipt.fiscal_sign, receipt.fiscal_sign in runs),
        ("f", printed.till, receipt.till, receipt.till in runs),
        ("s", printed.amount, receipt.amount, receipt.amount in sums),
        ("t", printed.issued_at, receipt.issued_at, _minute(receipt.issued_at) in minutes),
    )
    return tuple(
        letter
        for letter, here, said, stands in claims
        if here is not None and said is not None and not stands
    )


def _plain(text: str) -> str:
    """Bounded, with every kind of blank as a space."""
    return _SPACES.sub(" ", text[:LONGEST].replace("\r\n", "\n").replace("\r", "\n"))


def _first(pattern: re.Pattern[str], text: str) -> str | None:
    found = pattern.search(text)
    return found[1] if found else None


def _amount(text: str) -> Decimal | None:
    """Beside a word for the total: the largest, because taxes and parts are totalled too."""
    for label in (_TOTAL_AT, _PAID_AT):
        sums = [each for found in label.finditer(text) if (each := _beside(text, found.end()))]
        if sums:
            return max(sums)
    return None


def _beside(text: str, place: int) -> Decimal | None:
    """The sum on the rest of a line, or on the next ones if that holds none."""
    for line in text[place : place + 200].split("\n")[: 1 + _SECOND_LINES]:
        if _TAX.search(_DIGIT.split(line, maxsplit=1)[0]):
            return None
        found = list(_amounts(line))
        if found:  # with its currency, else the last: a number of articles stands before it
            return next((amount for amount, marked in found if marked), found[-1][0])
    return None


def _amounts(text: str) -> Iterator[tuple[Decimal, bool]]:
    """Every number that may be a sum of money, and whether its currency stands beside it."""
    for found in _MONEY.finditer(text):
        whole, fraction, currency = found.groups(default="")
        amount = Decimal(re.sub(r"\D", "", whole) + "." + (fraction or "0"))
        if amount:
            yield amount, bool(currency)


def _moments(text: str) -> Iterator[datetime]:
    """Every date with a time, on the clocks of Almaty."""
    for found in _WHEN.finditer(text):
        year, month, day = (found[small] or found[small.upper()] for small in "ymd")
        clock = f"{found['h']}{found['n']}{found['s'] or '00'}"
        when = moment(f"{year}{month}{day}T{clock}")
        if when is not None:
            yield when


def _minute(when: datetime | None) -> int | None:
    """Receipts print no seconds, or not always."""
    return None if when is None else int(when.timestamp()) // 60
