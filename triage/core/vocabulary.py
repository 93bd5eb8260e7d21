"""How a fact is declared for the rule language, and what its declaration says to others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType, NoneType, UnionType
from typing import Any, get_args, get_origin, get_type_hints


class Shape(StrEnum):
    """What kind of value a fact has, and so which comparisons fit it."""

    CHOICE = "choice"  # one code of a closed list
    FLAG = "flag"  # true or false
    NUMBER = "number"
    CODES = "codes"  # a set of codes


@dataclass(frozen=True)
class Word:
    """Says in a field's type what the fact means; only such fields belong to the language.

    ``unknown`` says when the fact is unknown (empty: never). ``listed`` names the closed list
    of the rule book that the codes come from. ``high`` bounds a number; the low bound is 0.
    """

    about: str
    unknown: str = ""
    unit: str = ""
    listed: str = ""
    high: int | None = None


@dataclass(frozen=True, kw_only=True)
class FactSpec:
    """One fact as rule authors, the loader and the lint see it.

    A choice is closed by ``values``, or by the book's list that ``listed`` names (``goods``,
    ``symptoms``, ``answers``, ``lists``, ``findings``). ``whole`` numbers have no fraction.
    """

    name: str
    shape: Shape
    word: Word
    values: tuple[str, ...] = ()
    whole: bool = True

    @property
    def may_be_unknown(self) -> bool:
        return bool(self.word.unknown)


def vocabulary_of(kind: type[Any]) -> Mapping[str, FactSpec]:
    """The facts that a dataclass declares with ``Annotated[<type>, Word(...)]``, in its order."""
    specs = {}
    for name, hint in get_type_hints(kind, include_extras=True).items():
        word = next((part for part in get_args(hint) if isinstance(part, Word)), None)
        if word is not None:
            specs[name] = _spec(name, get_args(hint)[0], word)
    return MappingProxyType(specs)


def _spec(name: str, declared: Any, word: Word) -> FactSpec:
    kind = _without_none(declared)
    if get_origin(kind) is frozenset:
        return FactSpec(name=name, shape=Shape.CODES, word=word)
    if kind is bool:
        return FactSpec(name=name, shape=Shape.FLAG, word=word)
    if kind in (int, Decimal):
        return FactSpec(name=name, shape=Shape.NUMBER, word=word, whole=kind is int)
    values = () if kind is str else tuple(kind)
    return FactSpec(name=name, shape=Shape.CHOICE, word=word, values=values)


def _without_none(declared: Any) -> Any:
    """The one type of ``X | None``, or the type itself."""
    if get_origin(declared) is not UnionType:
        return declared
    return next(part for part in get_args(declared) if part is not NoneType)
