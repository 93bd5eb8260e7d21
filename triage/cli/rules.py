"""``triage rules``: look a rule book through, test it, and print what it is written with."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from triage import rulebook
from triage.cli.rulecoverage import test
from triage.cli.rulefolder import BOOK, JSON, PROFILE, folder_of, load, problems_of, profiles_of
from triage.cli.rulehistory import COMMANDS as HISTORY
from triage.messages.findings import FINDINGS
from triage.rulebook import RuleError
from triage.settings import Settings

_READ = "book.read"


@click.group()
def rules() -> None:
    """Lint, test and explain the rule book."""


for _command in (test, *HISTORY):
    rules.add_command(_command)


@rules.command()
@BOOK
@PROFILE
@JSON
@click.option("--hints/--no-hints", default=True, help="Whether mere hints are printed too.")
def check(book: Path | None, profile: str | None, as_json: bool, hints: bool) -> None:
    """Look the book through: file, line, what is wrong, the cure, and an input that shows it.

    Whether rules can fire, contradict each other or leave a complaint nowhere to go is decided
    over all that can be known about a complaint, not guessed. Exit code 0: nothing is wrong,
    1: an error or a warning. Hints do not count.
    """
    folder, wrong = folder_of(book), 0
    for each in profiles_of(folder, profile):
        found = list(_looked_through(folder, each))
        wrong += sum(note["serious"] for note in found)
        shown = [n for n in found if hints or n["serious"] or n["code"] == _READ]
        if as_json:
            _tell(json.dumps(note, ensure_ascii=False) for note in shown)
        else:
            _tell(note["text"] for note in shown)
            _tell([f"{each}: {_summary(found)}"])
    raise SystemExit(1 if wrong else 0)


@rules.command()
@click.argument("name", required=False)
@click.option("--out", type=click.Path(path_type=Path), help="File, or folder without NAME.")
def schema(name: str | None, out: Path | None) -> None:
    """Print the JSON Schema of NAME (policy, priority, sla …) for editors.

    Without NAME, the schemas of all files of a book are written to the folder --out, or printed
    as one object by file name.
    """
    from triage.rulebook.schema import schema_name, schema_text, schemas

    if name is not None:
        file = f"{name.removesuffix('.yaml')}.yaml"
        if file not in rulebook.FILES:
            raise click.BadParameter(f"choose one of {', '.join(rulebook.FILES)}")
        _write(schema_text(file), out)
    elif out is None:
        click.echo(json.dumps(schemas(), ensure_ascii=False, indent=2))
    else:
        for file in rulebook.FILES:
            _write(schema_text(file), out / schema_name(file))


@rules.command(name="handbook")
@click.option("--findings", is_flag=True, help="List the findings that rules can ask for instead.")
@click.option("--into", type=click.Path(path_type=Path), help="Renew that part of this file.")
def print_handbook(findings: bool, into: Path | None) -> None:
    """Print the facts, comparisons and effects as rules/README.md lists them."""
    from triage.rulebook.handbook import handbook, placed

    if into is not None:
        into.write_text(placed(into.read_text(encoding="utf-8")), encoding="utf-8")
    elif findings:
        _tell(f"{code}: {FINDINGS[code]}" for code in sorted(FINDINGS))
    else:
        click.echo(handbook())


def _looked_through(folder: Path, profile: str) -> Iterable[dict[str, Any]]:
    """Every remark about one profile as plain values, ``text`` being how people read it."""
    from triage.rulebook.lint import lint

    try:
        book = load(folder, profile)
    except RuleError as error:
        yield from problems_of(profile, error)
        return
    most_files = Settings.from_environment().max_files
    for note in lint(book, datetime.now(UTC).date(), FINDINGS, most_files):
        yield {"profile": profile, **note.to_json(), "text": str(note)}
    yield {
        "profile": profile,
        "code": _READ,
        "level": "hint",
        "serious": False,
        "version": book.version,
        "rules": len(book.rules),
        "text": f"{profile}: {len(book.rules)} rules, version {book.version}",
    }


def _summary(found: Iterable[dict[str, Any]]) -> str:
    levels = [note["level"] for note in found if note["code"] != _READ]
    return ", ".join(f"{levels.count(level)} {level}s" for level in ("error", "warning", "hint"))


def _write(text: str, out: Path | None) -> None:
    if out is None:
        click.echo(text, nl=False)
    else:
        out.write_text(text, encoding="utf-8")


def _tell(lines: Iterable[str]) -> None:
    for line in lines:
        click.echo(line)
