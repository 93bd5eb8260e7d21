"""From codes to sentences in a reader's language: findings, reasons, steps of a clock, rules."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from triage.core.catalogue import Texts
from triage.core.policy import RuleBook
from triage.languages import say, spoken_day, spoken_sum
from triage.messages.cures import BECAUSE
from triage.messages.findings import FINDINGS
from triage.messages.reasons import CLOCK, REASONS

_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_OF_SUMS = frozenset({"receipt.amount_mismatch"})  # what is measured is money
_WHOLE = re.compile(r"\d{1,12}")
_SUM = re.compile(r"\d{1,12}\.\d\d")


def finding(stored: Mapping[str, Any], language: str) -> dict[str, Any]:
    """A stored finding as it is shown: its sentence and what to do about it."""
    facts = {
        **with_reasons(stored["detail"], language),
        "measured": _measure(stored, "measured", language),
        "limit": _measure(stored, "limit", language),
    }
    sentence, cure = FINDINGS[stored["code"]]
    return {
        "code": stored["code"],
        "level": stored["level"],
        "message": say(sentence, language, facts),
        "cure": say(cure, language, facts),
        "measured": stored["measured"],
        "limit": stored["limit"],
    }


def _measure(stored: Mapping[str, Any], name: str, language: str) -> object:
    value = stored[name]
    is_sum = stored["code"] in _OF_SUMS and isinstance(value, str) and _WHOLE.fullmatch(value)
    return spoken_sum(Decimal(value)) if is_sum else _spoken(value, language)


def reason(stored: Mapping[str, Any], book: RuleBook, language: str) -> dict[str, Any]:
    """A stored reason as it is shown. A rule speaks its own sentence, a check its finding's."""
    return {
        "source": stored["source"],
        "code": stored["code"],
        "message": _reason_sentence(stored, book, language),
        "overruled": stored["overruled"],
    }


def _reason_sentence(stored: Mapping[str, Any], book: RuleBook, language: str) -> str:
    code, facts = stored["code"], stored["detail"]
    rule = book.find_rule(code) if stored["source"] == "rule" else None
    if rule is not None:
        return text(rule.why, language)
    if code in REASONS:
        return say(REASONS[code], language, _named(facts, book, language))
    if code in FINDINGS:
        return say(FINDINGS[code][0], language, with_reasons(facts, language))
    return str(code)


def with_reasons(facts: Mapping[str, Any], language: str) -> dict[str, Any]:
    """The facts of a finding as people read them: moments, and words for its ``because``."""
    facts = {name: _spoken(value, language) for name, value in facts.items()}
    codes = facts.get("because")
    if not isinstance(codes, str):
        return facts
    known = [BECAUSE[code] for code in codes.split(", ") if code in BECAUSE]
    return {**facts, "because": "; ".join(say(each, language) for each in known)}


def _named(facts: Mapping[str, Any], book: RuleBook, language: str) -> dict[str, Any]:
    """The facts with the book's names in place of its codes."""
    named: dict[str, Any] = dict(facts)
    for name, value in facts.items():
        names = book.find_names(value) if isinstance(value, str) else None
        if names is not None:
            named[name] = text(names, language)
    if isinstance(facts.get("confidence"), int | float):
        named["confidence"] = math.floor(facts["confidence"])  # never "100 % sure"
    return named


def step(stored: Mapping[str, Any], language: str) -> dict[str, Any]:
    """One step of a clock's derivation with its sentence; names in the reader's language."""
    facts = {
        key: text(value, language) if isinstance(value, Mapping) else value
        for key, value in stored.items()
    }
    shown = {key: _readable(value) for key, value in facts.items()}
    return {**facts, "message": say(CLOCK[stored["code"]], language, shown)}


def _readable(value: object) -> object:
    """A moment (RFC 3339, local) as people write it; anything else as it is."""
    if isinstance(value, str) and _MOMENT.match(value):
        return value[:16].replace("T", " ")
    return value


def _spoken(value: object, language: str) -> object:
    """A day, a moment or a sum as a sentence of this language has it; anything else as it is."""
    if not isinstance(value, str):
        return value
    if _MOMENT.match(value):
        return f"{spoken_day(date.fromisoformat(value[:10]), language)}, {value[11:16]}"
    if _DAY.fullmatch(value):
        return spoken_day(date.fromisoformat(value), language)
    return spoken_sum(Decimal(value)) if _SUM.fullmatch(value) else value


def text(texts: Texts, language: str) -> str:
    """One of the languages of a text of the rule book."""
    return texts.get(language) or texts["en"]
