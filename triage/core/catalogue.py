"""The things that a rule book names: problem types, kinds of evidence, goods, teams."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from triage.core.complaint import Category
from triage.core.evidence import EvidenceKind

Texts = Mapping[str, str]
"""One sentence or name in every language: ``ru``, ``kk`` and ``en``."""


@dataclass(frozen=True, kw_only=True)
class Named:
    """A code with its name in every language: a team, a symptom, a seller's answer."""

    code: str
    names: Texts


@dataclass(frozen=True, kw_only=True)
class ProblemType:
    category: Category
    names: Texts


@dataclass(frozen=True, kw_only=True)
class EvidenceType:
    """A kind of evidence: its name, how to make it well, and what does as such evidence."""

    kind: EvidenceKind
    names: Texts
    hint: Texts
    accepts: tuple[Texts, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Goods:
    """A goods category. ``lists`` are the codes of the lists that it is on."""

    code: str
    names: Texts
    lists: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True)
class GoodsList:
    """A list of goods categories, such as the technically complex ones, and where it is from."""

    code: str
    names: Texts
    basis: str  # "law" or "operator default"
    source: str
    members: frozenset[str]
