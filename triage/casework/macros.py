"""Ready texts for messages, decisions and notes: data beside the rule book, filled for a case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from string import Formatter
from typing import Any

import yaml

from triage.languages import LANGUAGES
from triage.settings import Settings

FILE = "macros.yaml"
FIELDS = frozenset({"message", "reason", "note"})
PLACEHOLDERS = frozenset({"case", "order_number", "missing", "due", "customer", "seller"})


class MacroError(ValueError):
    """The file of ready texts makes no sense: which text, and what is wrong with it."""


@dataclass(frozen=True, kw_only=True)
class Macro:
    """One ready text: in which field of which actions it is offered, its name, what it says."""

    id: str
    field: str
    actions: tuple[str, ...]  # none: every action that has the field
    names: Mapping[str, str]
    texts: Mapping[str, str]

    def fits(self, action: str, field: str) -> bool:
        return field == self.field and (not self.actions or action in self.actions)

    def filled(self, language: str, facts: Mapping[str, str]) -> str:
        """The text in that language; what is not known becomes a dash."""
        return self.texts[language].format_map(_Known(facts)).strip()


class _Known(dict[str, str]):
    def __missing__(self, name: str) -> str:
        return "–"


def ready_texts(settings: Settings) -> tuple[Macro, ...]:
    """The texts of the rules folder; none where it has no such file. Raises MacroError."""
    path = settings.rules_dir / FILE
    try:
        changed = path.stat().st_mtime_ns
    except FileNotFoundError:
        return ()
    return _read(path, changed)


@lru_cache(maxsize=4)
def _read(path: Path, _changed: int) -> tuple[Macro, ...]:
    try:
        listed = yaml.safe_load(path.read_text(encoding="utf-8"))["macros"]
        macros = tuple(_macro(each) for each in listed)
    except (yaml.YAMLError, KeyError, TypeError, AttributeError) as error:
        raise MacroError(f"{path.name}: {error}") from error
    ids = [macro.id for macro in macros]
    if len(set(ids)) < len(ids):
        raise MacroError(f"{path.name}: two texts have one id")
    return macros


def _macro(given: Mapping[str, Any]) -> Macro:
    macro = Macro(
        id=str(given["id"]),
        field=str(given["field"]),
        actions=tuple(given.get("actions", ())),
        names={language: str(given["name"][language]) for language in LANGUAGES},
        texts={language: str(given["text"][language]) for language in LANGUAGES},
    )
    if macro.field not in FIELDS:
        raise MacroError(f"{FILE}: {macro.id}: field is one of {', '.join(sorted(FIELDS))}")
    for language, text in macro.texts.items():
        unknown = {name for _, name, _, _ in Formatter().parse(text) if name} - PLACEHOLDERS
        if unknown:
            raise MacroError(
                f"{FILE}: {macro.id}.{language}: there is no {{{min(unknown)}}}; "
                f"there are {', '.join(sorted(PLACEHOLDERS))}"
            )
    return macro
