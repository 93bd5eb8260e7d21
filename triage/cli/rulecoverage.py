"""``triage rules test``: run the examples, and tell which branches of the book they decided."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from triage.cli.rulefolder import BOOK, JSON, PROFILE, folder_of, load, problems_of, profiles_of
from triage.core.facts import Facts
from triage.core.policy import RuleBook
from triage.rulebook import RuleError
from triage.rulebook.coverage import Coverage, RuleCoverage, by_examples, by_history
from triage.rulebook.showing import shown

_BATCH = 1000


@click.command()
@BOOK
@PROFILE
@JSON
@click.option("--history", is_flag=True, help="Count over all stored decisions instead.")
@click.option("--min", "least", type=click.FloatRange(0, 100), help="Fail below this per cent.")
@click.option("--missing", is_flag=True, help="List every branch that was not decided.")
def test(
    book: Path | None,
    profile: str | None,
    as_json: bool,
    history: bool,
    least: float | None,
    missing: bool,
) -> None:
    """Run every example of every rule, and count the branches that they decide.

    A branch is one answer, yes or no, of a rule's condition or of a part of it. Exit code 0: all
    examples hold, 1: one does not, the book does not load, or less than --min is covered.
    """
    folder, failed = folder_of(book), False
    for each in profiles_of(folder, profile):
        try:
            found = load(folder, each)
        except RuleError as error:
            failed = True
            for problem in problems_of(each, error):
                click.echo(json.dumps(problem, ensure_ascii=False) if as_json else problem["text"])
            continue
        covered = by_history(found, _stored()) if history else by_examples(found)
        failed = failed or (least is not None and covered.per_cent < least)
        if as_json:
            click.echo(json.dumps({**_counts(found), "coverage": covered.to_json()}))
        else:
            _print(found, covered, history=history, missing=missing)
    raise SystemExit(1 if failed else 0)


def _stored() -> Iterator[Facts]:
    """The facts of every decision that was ever made, the oldest first."""
    from sqlalchemy import select

    from triage.cli.start import opened_desk, read_settings
    from triage.store.db import in_one_view
    from triage.store.tables import Assessment

    with opened_desk(read_settings()) as desk, desk.reading() as session:
        in_one_view(session)
        asked = select(Assessment.facts).order_by(Assessment.id)
        for facts in session.scalars(asked.execution_options(yield_per=_BATCH)):
            yield Facts.from_json(facts)


def _counts(book: RuleBook) -> dict[str, Any]:
    """How many examples there are; they have all been run, else the book would not have loaded."""
    matches = Counter(example.match for rule in book.rules for example in rule.examples)
    return {
        "profile": book.profile,
        "version": book.version,
        "rules": len(book.rules),
        "examples": matches.total(),
        "matching": matches[True],
        "not_matching": matches[False],
    }


def _print(book: RuleBook, covered: Coverage, *, history: bool, missing: bool) -> None:
    counts = _counts(book)
    click.echo(
        f"{book.profile}: {counts['examples']} examples of {counts['rules']} rules hold "
        f"({counts['matching']} match, {counts['not_matching']} do not)"
    )
    what = "stored decisions" if history else "examples"
    width = max(len(each.rule.id) for each in covered.rules)
    click.echo(f"{'rule':{width}}  {'fired':>7}  {'branches':>9}  place")
    for each in covered.rules:
        branches = f"{each.covered}/{each.branches}"
        click.echo(f"{each.rule.id:{width}}  {each.fired:>7}  {branches:>9}  {each.rule.place}")
        if missing:
            _print_missing(each)
    click.echo(
        f"{book.profile}: {covered.inputs} {what} decide {covered.covered} of "
        f"{covered.branches} branches, {covered.per_cent} %"
    )


def _print_missing(each: RuleCoverage) -> None:
    for path, part, answer in each.missing:
        what = "the rule" if not path else shown(part)
        click.echo(f"    never {'true' if answer else 'false'}: {what}")
