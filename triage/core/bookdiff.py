"""What two rule books differ in: rules field by field, thresholds, lists and terms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any

from triage.core.conditions import AllOf, AnyOf, Clause, Condition, Not
from triage.core.explanation import plain
from triage.core.policy import Example, Rule, RuleBook

Change = tuple[Any, Any]
"""Before and after, as plain values; None: was not there."""


@dataclass(frozen=True, kw_only=True)
class BookDiff:
    """What changed from one book to another.

    ``changed`` leads from a rule's id to its changed fields, ``settings`` from a dotted name
    (``thresholds.expensive``, ``goods_lists.complex.members``) to what it was and is. ``moved``
    are the rules that are the same and stand in another order, where the order decides.
    """

    added: tuple[str, ...]
    removed: tuple[str, ...]
    changed: Mapping[str, Mapping[str, Change]]
    settings: Mapping[str, Change]
    moved: tuple[str, ...] = ()

    @property
    def empty(self) -> bool:
        return not (self.added or self.removed or self.changed or self.settings or self.moved)

    def to_json(self) -> dict[str, Any]:
        """The difference as plain values."""
        return {
            "added": list(self.added),
            "removed": list(self.removed),
            "moved": list(self.moved),
            "changed": {
                rule: {name: list(change) for name, change in found.items()}
                for rule, found in self.changed.items()
            },
            "settings": {name: list(change) for name, change in self.settings.items()},
        }


def diff(old: RuleBook, new: RuleBook) -> BookDiff:
    """Everything that differs; where a rule stands in its file is no difference."""
    was, will_be = _rules(old), _rules(new)
    kept_before = [rule for rule in was if rule in will_be]
    kept_after = [rule for rule in will_be if rule in was]
    changed = {rule: _changes(was[rule], will_be[rule]) for rule in kept_after}
    return BookDiff(
        added=tuple(rule for rule in will_be if rule not in was),
        removed=tuple(rule for rule in was if rule not in will_be),
        changed={rule: found for rule, found in changed.items() if found},
        settings=_changes(_settings(old), _settings(new)),
        moved=tuple(
            rule for rule, other in zip(kept_after, kept_before, strict=True) if rule != other
        ),
    )


def rule_json(rule: Rule) -> dict[str, Any]:
    """A rule as plain values, without its place."""
    return {
        "when": condition_json(rule.when),
        "then": _plain(rule.then),
        "why": dict(rule.why),
        "basis": str(rule.basis),
        "source": rule.source,
        "valid_from": None if rule.valid_from == date.min else rule.valid_from.isoformat(),
        "valid_to": None if rule.valid_to == date.max else rule.valid_to.isoformat(),
        "examples": [_example(each) for each in rule.examples],
    }


def condition_json(condition: Condition) -> dict[str, Any]:
    """A condition as the rule files write it; a threshold by its name and number."""
    if isinstance(condition, Clause):
        wanted = plain(condition.wanted)
        named = {"threshold": condition.threshold} if condition.threshold else {}
        return {"fact": condition.fact, str(condition.comparison): wanted, **named}
    if isinstance(condition, Not):
        return {"not": condition_json(condition.part)}
    name = "all" if isinstance(condition, AllOf) else "any"
    return {name: [condition_json(part) for part in condition.parts]}


def _rules(book: RuleBook) -> dict[str, dict[str, Any]]:
    return {rule.id: _flat(rule_json(rule)) for rule in book.rules}


def _example(example: Example) -> dict[str, Any]:
    return {"given": example.given.to_json(), "match": example.match}


def _settings(book: RuleBook) -> dict[str, Any]:
    """Everything of a book but its rules, as dotted names."""
    own = ("version", "rules", "by_id", "lists")  # lists: made of the others
    return _flat(
        {each.name: _plain(getattr(book, each.name)) for each in fields(book)
         if each.name not in own}
    )  # fmt: skip


def _changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Change]:
    names = [*old, *(name for name in new if name not in old)]
    return {
        name: (old.get(name), new.get(name)) for name in names if old.get(name) != new.get(name)
    }


def _flat(value: Any, name: str = "") -> dict[str, Any]:
    """Nested mappings as one, with dotted names; conditions and lists stay whole."""
    if not isinstance(value, Mapping) or name in ("when", "then.require"):
        return {name: value}
    found: dict[str, Any] = {}
    for key, part in value.items():
        found.update(_flat(part, f"{name}.{key}" if name else str(key)))
    return found


def _plain(value: Any) -> Any:
    """Any value of a book as JSON has it."""
    if isinstance(value, Clause | AllOf | AnyOf | Not):
        return condition_json(value)
    if is_dataclass(value) and not isinstance(value, type):
        return {each.name: _plain(getattr(value, each.name)) for each in fields(value)}
    if isinstance(value, Mapping):
        return {str(_plain(key)): _plain(part) for key, part in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(part) for part in value]
    if isinstance(value, frozenset | set):
        return sorted(str(part) for part in value)
    return _word(value)


def _word(value: Any) -> Any:
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, StrEnum | Decimal | timedelta):
        return str(value)
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
