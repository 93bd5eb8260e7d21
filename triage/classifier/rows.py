"""Labelled texts: JSON lines with ``text`` and labels, read with the line named on error."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from triage.errors import Invalid, NotFound

Row = dict[str, str]
"""``text`` and every other string field of its line."""

_TWO_HEADS = ("category", "priority")
_USUAL_LABELS = ("label", "intent")


def read_rows(path: Path) -> list[Row]:
    """Every row of a file; empty lines are skipped.

    Raises NotFound ``rows.no_file``, Invalid ``rows.bad_line`` (file, line, problem).
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        raise NotFound("rows.no_file", file=path.name) from error
    except (UnicodeDecodeError, IsADirectoryError) as error:
        raise Invalid("rows.not_text", file=path.name) from error
    return list(parse_rows(text.split("\n"), source=path.name))


def parse_rows(lines: Iterable[str], *, source: str, first: int = 1) -> Iterator[Row]:
    """Rows of lines as they come, ``first`` being the number of the first line."""
    for number, line in enumerate(lines, start=first):
        if line.strip():
            yield _row(line, source=source, number=number)


def _row(line: str, *, source: str, number: int) -> Row:
    try:
        value = json.loads(line)
    except ValueError as error:
        raise Invalid("rows.bad_line", file=source, line=number, problem="not JSON") from error
    if not isinstance(value, dict) or not isinstance(value.get("text"), str):
        problem = "no object with a string 'text'"
        raise Invalid("rows.bad_line", file=source, line=number, problem=problem)
    return {name: field for name, field in value.items() if isinstance(field, str)}


def labels_to_learn(rows: Sequence[Row], label: str | None) -> tuple[str, ...]:
    """The fields to train on: the one asked for, else category and priority, else label, intent.

    Raises Invalid ``rows.no_label`` when a row lacks the field or no field will do.
    """
    if label is not None:
        return (_complete(rows, label),)
    both = tuple(field for field in _TWO_HEADS if any(field in row for row in rows))
    if both:
        return tuple(_complete(rows, field) for field in both)
    for field in _USUAL_LABELS:
        if any(field in row for row in rows):
            return (_complete(rows, field),)
    raise Invalid("rows.no_label", field=" or ".join(_TWO_HEADS + _USUAL_LABELS), row=1)


def _complete(rows: Sequence[Row], field: str) -> str:
    missing = next((number for number, row in enumerate(rows, 1) if not row.get(field)), None)
    if missing is not None:
        raise Invalid("rows.no_label", field=field, row=missing)
    return field
