"""``triage rules``: look a rule book through and run the examples that its rules carry."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from triage import rulebook
from triage.cli import rulehistory
from triage.core.policy import RuleBook
from triage.messages.findings import FINDINGS
from triage.rulebook import RuleError
from triage.rulebook.handbook import handbook
from triage.rulebook.lint import lint
from triage.settings import Settings

_BOOK = click.option(
    "--book",
    type=click.Path(path_type=Path),
    help="Folder of the rule book; by default the one in TRIAGE_RULES_DIR.",
)
_PROFILE = click.option("--profile", help="One profile only; by default all that the book has.")
_JSON = click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")


@click.group()
def rules() -> None:
    """Lint, test and explain the rule book."""


@rules.command()
@_BOOK
@_PROFILE
@_JSON
def check(book: Path | None, profile: str | None, as_json: bool) -> None:
    """Load the book and print whatever is wrong with it, with file, line and cure.

    Exit code 0: nothing is wrong, 1: something is. Mere notes do not count.
    """
    folder, wrong = _folder(book), 0
    for each in _profiles(folder, profile):
        try:
            found = rulebook.load(folder, each)
        except RuleError as error:
            problems = (error, *error.others)
            wrong += len(problems)
            _print([_problem(each, problem) for problem in problems], as_json)
            continue
        notes = list(lint(found, datetime.now(UTC).date(), FINDINGS))
        wrong += sum(note.serious for note in notes)
        _print([_remark(each, note.code, note.sentence, note.serious) for note in notes], as_json)
        if not as_json:
            click.echo(f"{each}: {len(found.rules)} rules, version {found.version}")
    raise SystemExit(1 if wrong else 0)


@rules.command()
@_BOOK
@_PROFILE
@_JSON
def test(book: Path | None, profile: str | None, as_json: bool) -> None:
    """Run every example of every rule and count them.

    Exit code 0: all examples hold, 1: one does not, or the book does not load.
    """
    folder, failed = _folder(book), False
    for each in _profiles(folder, profile):
        try:
            found = rulebook.load(folder, each)
        except RuleError as error:
            failed = True
            _print([_problem(each, problem) for problem in (error, *error.others)], as_json)
            continue
        _print([_counts(found)], as_json)
    raise SystemExit(1 if failed else 0)


@rules.command(name="handbook")
def print_handbook() -> None:
    """Print the facts, comparisons and effects as rules/README.md lists them."""
    click.echo(handbook())


def _folder(book: Path | None) -> Path:
    return Settings.from_environment().rules_dir if book is None else book


def _profiles(folder: Path, profile: str | None) -> tuple[str, ...]:
    """The profile that was asked for, or all; a folder that is not there is left to ``load``."""
    if profile is not None:
        return (profile,)
    return rulebook.profiles(folder) if folder.is_dir() else (rulebook.HUMANE,)


def _problem(profile: str, problem: RuleError) -> dict[str, Any]:
    place = {"file": problem.file, "line": problem.line, "cure": problem.cure}
    return {**_remark(profile, problem.code, str(problem), serious=True), **place}


def _remark(profile: str, code: str, sentence: str, serious: bool) -> dict[str, Any]:
    text = sentence if serious else f"note: {sentence}"
    return {"profile": profile, "code": code, "serious": serious, "message": text}


def _counts(book: RuleBook) -> dict[str, Any]:
    """How many examples there are; they have all been run, else the book would not have loaded."""
    matches = Counter(example.match for rule in book.rules for example in rule.examples)
    message = (
        f"{book.profile}: {matches.total()} examples of {len(book.rules)} rules hold "
        f"({matches[True]} match, {matches[False]} do not)"
    )
    return {
        "profile": book.profile,
        "version": book.version,
        "rules": len(book.rules),
        "examples": matches.total(),
        "matching": matches[True],
        "not_matching": matches[False],
        "message": message,
    }


def _print(lines: Iterable[dict[str, Any]], as_json: bool) -> None:
    for line in lines:
        click.echo(json.dumps(line, ensure_ascii=False) if as_json else line["message"])


for each in rulehistory.COMMANDS:
    rules.add_command(each)
