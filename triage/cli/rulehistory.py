"""``triage rules`` over time: why a case was judged so, versions, back-test and shadow."""

from __future__ import annotations

import json
import sys
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import click

from triage.cli.rulereport import print_report
from triage.cli.start import opened_desk, read_settings

if TYPE_CHECKING:
    from triage.casework.backtest import Progress
    from triage.core.bookdiff import BookDiff
    from triage.core.explanation import Explained, Trace

_HERE = ZoneInfo("Asia/Almaty")
_JSON = click.option("--json", "as_json", is_flag=True, help="One JSON object.")


@click.command()
@click.argument("complaint_id", metavar="ID")
@click.option("--round", "round_", type=int, help="Which round of triage; by default the last.")
@_JSON
def explain(complaint_id: str, round_: int | None, as_json: bool) -> None:
    """Say of every rule why it applied to case ID or not, and judge the case again.

    Exit code 0: the stored facts, book and prediction give the stored decision, 1: they do not.
    """
    from triage.casework.replay import replay

    with opened_desk(read_settings()) as desk:
        found = replay(desk, complaint_id.upper(), round_)
    if as_json:
        _print_json(found.to_json())
    else:
        click.echo(f"case {found.complaint_id}, round {found.round}, rule book {found.rulebook}")
        for each in found.rules:
            _print_rule(each)
        _print_verdict(found.book is not None, found.differences)
    raise SystemExit(0 if found.same else 1)


def _print_rule(each: Explained) -> None:
    click.echo(f"{each.outcome.replace('_', ' '):8} {each.rule.id} ({each.rule.place})")
    for trace in each.decisive if each.outcome in ("fired", "not_met") else ():
        click.echo(f"{'':8}   {comparison_line(trace)}")


def comparison_line(trace: Trace) -> str:
    """A comparison in the words of the rule files, with what the fact was."""
    asked = trace.to_json()
    wanted = asked["threshold"] + f" ({asked['wanted']})" if "threshold" in asked else None
    value = "unknown" if asked["value"] is None else _word(asked["value"])
    condition = f"{asked['fact']} {asked['comparison']} {wanted or _word(asked['wanted'])}"
    return f"{condition}: {'yes' if trace.holds else 'no'}, it is {value}"


def _word(value: Any) -> str:
    if isinstance(value, list):
        return "[" + ", ".join(map(str, value)) + "]"
    return str(value).lower() if isinstance(value, bool) else str(value)


def _print_verdict(readable: bool, differences: tuple[str, ...]) -> None:
    if not readable:
        click.echo("The book that decided can no longer be read: nothing to compare.")
    elif differences:
        click.echo(f"Judged again, this differs from what is stored: {', '.join(differences)}.")
    else:
        click.echo("Judged again, the decision is the stored one.")


@click.command()
@_JSON
def versions(as_json: bool) -> None:
    """List the kept rule books and when each was in force, the newest first."""
    from triage.casework import books

    with opened_desk(read_settings()) as desk:
        found = books.versions(desk)
    if as_json:
        _print_json(found)
        return
    for each in found:
        marks = [name for name in ("present", "own") if each[name]]
        marks = ["in force" if mark == "present" else "the folder's" for mark in marks]
        marks += [] if each["readable"] else ["cannot be read any more"]
        click.echo(f"{each['version']}  {each['profile']:12} {', '.join(marks)}".rstrip())
        for period in each["periods"]:
            until = _moment(period["until"]) if period["until"] else "now"
            by = f", pinned by {period['actor']}" if period["pinned"] else ""
            click.echo(f"{'':18}in force {_moment(period['since'])} to {until}{by}")
    if not found:
        click.echo("No rule book is kept yet: 'triage serve' keeps the first.")


@click.command()
@click.argument("old")
@click.argument("new")
@_JSON
def diff(old: str, new: str, as_json: bool) -> None:
    """Say what changed from book OLD to book NEW: rules, thresholds, lists, terms.

    A book is a folder, the beginning of a version, or 'folder' for the one of the settings.
    Exit code 0: they are the same, 1: they differ.
    """
    from triage.casework import books

    with opened_desk(read_settings()) as desk:
        found = books.compare(desk, old, new)
    if as_json:
        _print_json(found.to_json())
    else:
        _print_diff(found)
    raise SystemExit(0 if found.empty else 1)


def _print_diff(found: BookDiff) -> None:
    for rule in found.added:
        click.echo(f"+ rule {rule}")
    for rule in found.removed:
        click.echo(f"- rule {rule}")
    for rule in found.moved:
        click.echo(f"  rule {rule} stands elsewhere")
    for rule, changes in found.changed.items():
        click.echo(f"~ rule {rule}")
        for name, (before, after) in changes.items():
            click.echo(f"    {name}: {_short(before)} -> {_short(after)}")
    for name, (before, after) in found.settings.items():
        click.echo(f"~ {name}: {_short(before)} -> {_short(after)}")
    if found.empty:
        click.echo("The books say the same.")


def _short(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


@click.command()
@click.argument("version")
def use(version: str) -> None:
    """Put the kept book VERSION in force, whatever the folder says; 'folder' ends that.

    Running processes go by it within seconds, without a restart. Cases filed before stay with
    the book of their filing.
    """
    from triage.casework import books
    from triage.core.people import Actor, Role

    operator = Actor(id="operator", name="Operator", roles=frozenset({Role.ADMIN}))
    with opened_desk(read_settings()) as desk:
        put = books.use(desk, version, operator)
    click.echo(f"Rule book {put} is in force.")


@click.command()
@click.option("--book", required=True, help="A folder, a kept version, or 'folder'.")
@click.option("--profile", help="Profile of the folder; by default that of the settings.")
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help="Cases received from this day on.")
@click.option("--limit", type=click.IntRange(1), help="The newest so many cases only.")
@click.option("--first", is_flag=True, help="The first triage of each case in place of the last.")
@click.option("--processes", type=click.IntRange(1, 64), default=2, show_default=True)
@_JSON
def backtest(book: str, profile: str | None, processes: int, as_json: bool, **span: Any) -> None:
    """Judge the cases of the past by another book and say what would change. Nothing is written."""
    from triage.casework.backtest import Span, backtest
    from triage.casework.books import find_bound

    if span["since"] is not None:
        span["since"] = span["since"].replace(tzinfo=_HERE).astimezone(UTC)
    began = time.monotonic()
    with opened_desk(read_settings()) as desk:
        found = backtest(
            desk,
            find_bound(desk, book, profile),
            Span(**span),
            processes=processes,
            progress=_bar() if sys.stderr.isatty() else None,
        )
    found["seconds"] = round(time.monotonic() - began, 1)
    _print_json(found) if as_json else print_report(found)


def _bar() -> Progress:
    """A line on a terminal that fills up."""

    def tell(done: int, total: int) -> None:
        width = 40 * done // max(1, total)
        end = "\n" if done >= total else ""
        line = f"\r[{'#' * width}{'.' * (40 - width)}] {done:,} of {total:,} cases"
        click.echo(line + end, err=True, nl=False)

    return tell


@click.command()
@click.option("--book", help="Version of the shadow book; by default the last that decided.")
@_JSON
def shadow(book: str | None, as_json: bool) -> None:
    """Say what the book in TRIAGE_SHADOW_RULES would have decided otherwise so far."""
    from triage.casework import books
    from triage.casework.shadow import report

    with opened_desk(read_settings()) as desk:
        found = report(desk, None if book is None else books.find_version(desk, book))
    if as_json:
        _print_json(found)
    elif found is None:
        click.echo("No book has decided in the shadow yet: set TRIAGE_SHADOW_RULES.")
    else:
        print_report(found)


def _moment(value: datetime) -> str:
    return value.astimezone(_HERE).strftime("%Y-%m-%d %H:%M")


def _print_json(value: Any) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, default=_json))


def _json(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    raise TypeError(f"{type(value).__name__} is no JSON")


COMMANDS = (explain, versions, diff, use, backtest, shadow)
"""What the group ``rules`` takes in."""
