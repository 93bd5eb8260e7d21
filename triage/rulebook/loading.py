"""Puts a rule book together from its files, and complains about all of them at once."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

from triage.core.calendar import Calendar
from triage.core.catalogue import EvidenceType
from triage.core.evidence import EvidenceKind
from triage.core.facts import Lists
from triage.core.policy import PriorityScale, Rule, RuleBook
from triage.core.sla import SlaPolicy
from triage.rulebook.catalogues import (
    Problems,
    Shop,
    read_evidence,
    read_goods,
    read_problems,
    read_thresholds,
)
from triage.rulebook.conditions import Words
from triage.rulebook.page import Entry, parse_page, read_text
from triage.rulebook.rules import Shelves, read_rule
from triage.rulebook.terms import SLA_KEYS, read_calendars, read_scale, read_sla
from triage.rulebook.trouble import RuleError, did_you_mean

HUMANE = "humane"
"""The profile that the folder itself holds; any other is a sub-folder that replaces files."""

FILES = (
    "categories.yaml",
    "evidence.yaml",
    "goods.yaml",
    "thresholds.yaml",
    "policy.yaml",
    "priority.yaml",
    "sla.yaml",
    "calendar.yaml",
)
_KEYS = {
    "policy.yaml": ("rules",),
    "priority.yaml": ("levels", "model", "rules"),
    "sla.yaml": (*SLA_KEYS, "rules"),
}
_MAY = {"sla.yaml": ("legal",)}
_T = TypeVar("_T")


def load(folder: Path, profile: str = HUMANE, findings: Collection[str] | None = None) -> RuleBook:
    """The rule book of a folder under one profile.

    ``findings`` closes the list of finding codes; without it any well-formed code is taken.
    Raises RuleError and nothing else; its ``others`` are the further problems of the book.
    """
    tried = _Tried()
    texts = {name: tried(read_text, path, name) for name, path in _paths(folder, profile).items()}
    return _read(texts, profile, findings, tried)


def sources(folder: Path, profile: str = HUMANE) -> Mapping[str, str]:
    """The text of every file of a profile, by its name: what ``bind`` makes the book of.

    Raises RuleError where a file cannot be read; what is written in them is not looked at.
    """
    return {name: read_text(path, name) for name, path in _paths(folder, profile).items()}


def bind(
    texts: Mapping[str, str], profile: str = HUMANE, findings: Collection[str] | None = None
) -> RuleBook:
    """The rule book of texts that ``sources`` gave, as ``load`` would read it from the folder."""
    missing = next((name for name in FILES if name not in texts), None)
    if missing is not None:
        raise RuleError(missing, 1, "this file of the book was not kept")
    return _read({name: texts[name] for name in FILES}, profile, findings, _Tried())


def _read(
    texts: Mapping[str, str | None],
    profile: str,
    findings: Collection[str] | None,
    tried: _Tried,
) -> RuleBook:
    pages = {
        name: page
        for name, text in texts.items()
        if text is not None and (page := tried(parse_page, text, name)) is not None
    }
    tried.raise_problems()
    catalogues = _read_catalogues(pages, tried)
    rules = _read_rules(pages, _shelves(catalogues, findings), tried)
    book = _bound(catalogues, rules, version=_version(profile, texts), profile=profile)
    return replace(book, places=_places(pages))


def profiles(folder: Path) -> tuple[str, ...]:
    """The profiles of a book: ``humane``, which is the folder itself, and its sub-folders."""
    own = (path.name for path in folder.iterdir() if path.is_dir() and path.name[0].isalpha())
    return (HUMANE, *sorted(set(own) - {HUMANE}))


def _paths(folder: Path, profile: str) -> Mapping[str, Path]:
    """Which file stands for each name under a profile."""
    name = folder.name or "rules"
    if not folder.is_dir():
        raise RuleError(name, 1, "there is no such folder")
    known = profiles(folder)
    if profile not in known:
        cure = did_you_mean(profile, known)
        raise RuleError(name, 1, f"there is no profile '{profile[:60]}'", cure)
    own = folder / profile
    return {file: own / file if (own / file).exists() else folder / file for file in FILES}


def _version(profile: str, texts: Mapping[str, str | None]) -> str:
    """16 hexadecimal digits that change whenever a word of the book does."""
    digest = hashlib.sha256(profile.encode())
    for name in sorted(texts):
        digest.update(f"\0{name}\0{texts[name]}".encode())
    return digest.hexdigest()[:16]


class _Tried:
    """Calls readers one after the other and keeps what they complain about."""

    def __init__(self) -> None:
        self._problems: list[RuleError] = []

    def __call__(self, read: Callable[..., _T], *arguments: Any) -> _T | None:
        try:
            return read(*arguments)
        except RuleError as problem:
            self._problems.append(problem)
            return None

    def raise_problems(self) -> None:
        if self._problems:
            first, *others = self._problems
            first.others = tuple(others)
            raise first


@dataclass(frozen=True, kw_only=True)
class _Catalogues:
    """Everything of a book but its rules."""

    problems: Problems
    evidence: tuple[Mapping[EvidenceKind, EvidenceType], frozenset[str]]
    shop: Shop
    thresholds: Mapping[str, int]
    calendars: tuple[Calendar, Mapping[int, Calendar]]
    scale: PriorityScale
    sla: SlaPolicy


def _read_catalogues(pages: Mapping[str, Entry], tried: _Tried) -> _Catalogues:
    read: dict[str, Any] = {
        "problems": tried(read_problems, pages["categories.yaml"]),
        "evidence": tried(read_evidence, pages["evidence.yaml"]),
        "shop": tried(read_goods, pages["goods.yaml"]),
        "thresholds": tried(read_thresholds, pages["thresholds.yaml"]),
        "calendars": tried(read_calendars, pages["calendar.yaml"]),
        "scale": tried(_scale, pages["priority.yaml"]),
        "sla": tried(
            lambda page: read_sla(page.parts(_KEYS["sla.yaml"], _MAY["sla.yaml"])),
            pages["sla.yaml"],
        ),
    }
    tried.raise_problems()
    return _Catalogues(**read)


def _scale(page: Entry) -> PriorityScale:
    keys = page.parts(_KEYS["priority.yaml"])
    return read_scale(keys["levels"], keys["model"])


def _shelves(catalogues: _Catalogues, findings: Collection[str] | None) -> Shelves:
    codes: dict[str, Collection[str]] = {
        "goods": catalogues.shop.goods,
        "lists": catalogues.shop.lists,
        "symptoms": catalogues.problems.symptoms.named,
        "answers": catalogues.problems.answers.named,
    }
    if findings is not None:
        codes["findings"] = findings
    return Shelves(
        words=Words(codes=codes, thresholds=catalogues.thresholds),
        teams=frozenset(catalogues.problems.teams),
        goods=catalogues.shop.goods,
    )


def _read_rules(pages: Mapping[str, Entry], shelves: Shelves, tried: _Tried) -> tuple[Rule, ...]:
    """The rules of all files, in the order of the files; every id is used once."""
    rules: dict[str, Rule] = {}
    for name, known in _KEYS.items():
        keys = tried(pages[name].parts, known, _MAY.get(name, ()))
        for item in (tried(keys["rules"].items) if keys else None) or ():
            rule = tried(read_rule, item, shelves)
            if rule is not None and tried(_is_new, rule, rules, item):
                rules[rule.id] = rule
    tried.raise_problems()
    return tuple(rules.values())


def _is_new(rule: Rule, rules: Mapping[str, Rule], entry: Entry) -> bool:
    if rule.id in rules:
        cure = "Give one of them another id."
        entry.fail(f"the id '{rule.id}' is taken by {rules[rule.id].place}", cure)
    return True


def _places(pages: Mapping[str, Entry]) -> Mapping[str, str]:
    """Where the things are written that a lint may have something to say about."""
    shelves = {
        "problem_types": pages["categories.yaml"].mapping()["problem_types"],
        "teams": pages["categories.yaml"].mapping()["teams"],
        "lists": pages["goods.yaml"].mapping()["lists"],
        "thresholds": pages["thresholds.yaml"],
        "levels": pages["priority.yaml"].mapping()["levels"],
        "classes": pages["sla.yaml"].mapping()["classes"],
    }
    return {
        f"{shelf}/{code}": f"{entry.file}:{entry.line}"
        for shelf, page in shelves.items()
        for code, entry in page.mapping().items()
    }


def _bound(
    catalogues: _Catalogues, rules: tuple[Rule, ...], *, version: str, profile: str
) -> RuleBook:
    problems, shop = catalogues.problems, catalogues.shop
    calendar, calendars = catalogues.calendars
    evidence_types, uncounted = catalogues.evidence
    return RuleBook(
        version=version,
        profile=profile,
        rules=rules,
        by_id={rule.id: rule for rule in rules},
        problem_types=problems.types,
        evidence_types=evidence_types,
        symptoms=problems.symptoms.named,
        answers=problems.answers.named,
        teams=problems.teams,
        goods=shop.goods,
        goods_lists=shop.lists,
        thresholds=catalogues.thresholds,
        priority=catalogues.scale,
        sla=catalogues.sla,
        calendar=calendar,
        calendars=calendars,
        lists=Lists(
            zone=calendar.zone,
            goods=shop.words,
            members={code: goods.lists for code, goods in shop.goods.items()},
            symptoms=problems.symptoms.words,
            answers=problems.answers.words,
            uncounted=uncounted,
        ),
    )
