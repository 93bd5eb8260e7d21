"""Reads what the book names: problem types, symptoms, answers, teams, evidence, goods, numbers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from triage.core.catalogue import EvidenceType, Goods, GoodsList, Named, ProblemType
from triage.core.complaint import Category
from triage.core.evidence import EvidenceKind
from triage.core.facts import fold
from triage.core.policy import Basis
from triage.rulebook.page import Entry

_CODE = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
_LARGEST = 10**12

OTHER_ANSWER = "other"
"""The code of a seller's answer that is none of the listed ones; the book must name it."""


@dataclass(frozen=True, kw_only=True)
class Coded:
    """Codes with their names, and every word under which one of them is found (folded)."""

    named: Mapping[str, Named]
    words: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Problems:
    """What categories.yaml holds."""

    types: Mapping[Category, ProblemType]
    symptoms: Coded
    answers: Coded
    teams: Mapping[str, Named]


@dataclass(frozen=True, kw_only=True)
class Shop:
    """What goods.yaml holds."""

    goods: Mapping[str, Goods]
    words: Mapping[str, str]
    lists: Mapping[str, GoodsList]


def read_problems(page: Entry) -> Problems:
    keys = page.parts(("problem_types", "symptoms", "answers", "teams"))
    types = keys["problem_types"].parts(list(Category))
    answers = _coded(keys["answers"])
    if OTHER_ANSWER not in answers.named:
        keys["answers"].fail(f"the answer '{OTHER_ANSWER}' is missing", "Any other words mean it.")
    return Problems(
        types={
            category: ProblemType(category=category, names=types[category].texts())
            for category in Category
        },
        symptoms=_coded(keys["symptoms"]),
        answers=answers,
        teams={code: Named(code=code, names=e.texts()) for code, e in _by_code(keys["teams"])},
    )


def read_evidence(page: Entry) -> tuple[Mapping[EvidenceKind, EvidenceType], frozenset[str]]:
    """The kinds of evidence, and the finding codes that keep a file from counting."""
    keys = page.parts(("kinds",), ("not_counted",))
    kinds = keys["kinds"].parts(list(EvidenceKind))
    uncounted = keys["not_counted"].items() if "not_counted" in keys else ()
    return {kind: _kind(kind, kinds[kind]) for kind in EvidenceKind}, frozenset(
        item.text() for item in uncounted
    )


def _kind(kind: EvidenceKind, entry: Entry) -> EvidenceType:
    keys = entry.parts(("name", "hint"), ("accepts",))
    accepts = keys["accepts"].items() if "accepts" in keys else ()
    return EvidenceType(
        kind=kind,
        names=keys["name"].texts(),
        hint=keys["hint"].texts(),
        accepts=tuple(item.texts() for item in accepts),
    )


def read_goods(page: Entry) -> Shop:
    keys = page.parts(("goods", "lists"))
    coded = _coded(keys["goods"])
    lists = {code: _list(code, e, coded.named) for code, e in _by_code(keys["lists"])}
    goods = {
        code: Goods(
            code=code,
            names=named.names,
            lists=frozenset(each.code for each in lists.values() if code in each.members),
        )
        for code, named in coded.named.items()
    }
    return Shop(goods=goods, words=coded.words, lists=lists)


def _list(code: str, entry: Entry, goods: Mapping[str, Named]) -> GoodsList:
    keys = entry.parts(("name", "basis", "source", "goods"))
    return GoodsList(
        code=code,
        names=keys["name"].texts(),
        basis=keys["basis"].code(list(Basis), "basis"),
        source=keys["source"].text(),
        members=keys["goods"].codes(goods, "goods category"),
    )


def read_thresholds(page: Entry) -> Mapping[str, int]:
    """Numbers by name, each with its meaning and source; rules use the name."""
    found = {}
    for name, entry in _by_code(page):
        keys = entry.parts(("value", "about", "source"))
        keys["about"].text()
        keys["source"].text()
        found[name] = keys["value"].whole(0, _LARGEST)
    return found


def _coded(entry: Entry) -> Coded:
    """Codes with ``name`` in every language and further words (``also``) that mean them."""
    named: dict[str, Named] = {}
    words: dict[str, str] = {}
    for code, item in _by_code(entry):
        keys = item.parts(("name",), ("also",))
        named[code] = Named(code=code, names=keys["name"].texts())
        also = keys["also"].items() if "also" in keys else ()
        synonyms = [(each.text(), each) for each in also]
        own: Iterable[tuple[str, Entry]] = [
            (code, item),
            *((name, keys["name"]) for name in named[code].names.values()),
        ]
        for word, place in (*own, *synonyms):
            meaning = words.setdefault(fold(word), code)
            if meaning != code:
                place.fail(f"the word '{word[:60]}' already means '{meaning}'")
    return Coded(named=named, words=words)


def _by_code(entry: Entry) -> Iterable[tuple[str, Entry]]:
    for code, item in entry.mapping().items():
        if not _CODE.fullmatch(code) or len(code) > 60:
            item.fail(f"'{code[:60]}' is no code", "Write small letters and '_': wrong_item.")
        yield code, item
