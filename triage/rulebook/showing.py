"""A condition in the words in which the book writes it, so that a note can name the part."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from triage.core.conditions import AllOf, Clause, Condition, Not

Path = tuple[int, ...]


def shown(condition: Condition) -> str:
    """The condition on one line of YAML."""
    if isinstance(condition, Clause):
        wanted = condition.threshold or _plain(condition.wanted)
        if condition.threshold:
            wanted = f"{_plain(condition.wanted)} ({condition.threshold})"
        return f"{{fact: {condition.fact}, {condition.comparison}: {wanted}}}"
    if isinstance(condition, Not):
        return f"{{not: {shown(condition.part)}}}"
    join = "all" if isinstance(condition, AllOf) else "any"
    return f"{{{join}: [{', '.join(map(shown, condition.parts))}]}}"


def parts_of(condition: Condition, path: Path = ()) -> Iterator[tuple[Path, Condition, Condition]]:
    """Every part that stands in a list: its path, itself, and the list that it stands in."""
    if isinstance(condition, Clause):
        return
    if isinstance(condition, Not):
        yield from parts_of(condition.part, (*path, 0))
        return
    for place, part in enumerate(condition.parts):
        yield (*path, place), part, condition
        yield from parts_of(part, (*path, place))


def without(condition: Condition, path: Path) -> Condition:
    """The condition without the part at that path; a list may become empty."""
    if isinstance(condition, Clause):
        return condition
    place, *rest = path
    if isinstance(condition, Not):
        return Not(without(condition.part, tuple(rest)))
    parts = list(condition.parts)
    if rest:
        parts[place] = without(parts[place], tuple(rest))
    else:
        del parts[place]
    return replace(condition, parts=tuple(parts))


def _plain(wanted: Any) -> str:
    if isinstance(wanted, bool):
        return "true" if wanted else "false"
    if isinstance(wanted, frozenset):
        return f"[{', '.join(sorted(map(str, wanted)))}]"
    return str(wanted)
