"""What another rule book would change, as lines for people: of a back-test, of a shadow."""

from __future__ import annotations

from typing import Any

import click

_SHOWN_IDS = 20


def print_report(found: dict[str, Any]) -> None:
    """Print the counts of ``casework.tally``, with the ``book`` and, if known, ``seconds``."""
    share = 100 * found["changed"] / max(1, found["cases"])
    click.echo(f"rule book {found['book']}: {found['cases']:,} cases judged")
    click.echo(f"{found['changed']:,} would be decided otherwise ({share:.1f} %)")
    if found["unreadable"]:
        click.echo(f"{found['unreadable']:,} could not be read and are left out")
    for aspect, count in found["aspects"].items():
        click.echo(f"  {aspect}: {count:,}")
        _print_moves(found, aspect)
    _print_people(found)
    _print_ids(found["ids"])
    if "seconds" in found:
        click.echo(f"{found['seconds']} s")


def _print_moves(found: dict[str, Any], aspect: str) -> None:
    lines = found["checklist"].items() if aspect == "checklist" else ()
    for line, n in lines:
        click.echo(f"    {line}: {n:,}")
    for before, afters in found["moves"].get(aspect, {}).items():
        for after, n in afters.items():
            click.echo(f"    {before} -> {after}: {n:,}")


def _print_ids(ids: list[str]) -> None:
    if ids:
        more = f" and {len(ids) - _SHOWN_IDS:,} more" if len(ids) > _SHOWN_IDS else ""
        click.echo(f"cases: {' '.join(ids[:_SHOWN_IDS])}{more}")


def _print_people(found: dict[str, Any]) -> None:
    if found["outcomes"]:
        ends = ", ".join(f"{status} {n:,}" for status, n in found["outcomes"].items())
        click.echo(f"how the changed cases stand now: {ends}")
    for name, what in (("priority_set", "priority"), ("waived", "waiver")):
        if made := found["agents"].get(name):
            agrees = found["agents"].get(f"{name.removesuffix('_set')}_agrees", 0)
            click.echo(f"agents' own {what}: the book by itself agrees in {agrees:,} of {made:,}")
