"""What the book holds and no rule uses: lists, numbers, teams; and facts that nobody asks for."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from triage.core.bounds import NAMES as BOUNDS
from triage.core.conditions import Clause, Condition, clauses_of
from triage.core.facts import VOCABULARY
from triage.core.policy import Rule, RuleBook
from triage.rulebook.lint.notes import Level, Note
from triage.rulebook.loading import HUMANE
from triage.rulebook.trouble import did_you_mean


def check_shelves(book: RuleBook, findings: Collection[str]) -> Iterator[Note]:
    """What is there for nothing; ``findings`` are the codes that the checks can say today."""
    asked = [clause for condition in _conditions(book) for clause in clauses_of(condition)]
    yield from _unused(book, asked)
    for clause in asked:
        if clause.fact == "findings":
            for code in sorted(map(str, _wanted(clause).difference(findings))):
                yield _silent(book, clause, code, findings)
    counted = {f"usable_{each.kind}" for rule in book.rules for each in rule.then.require}
    unasked = VOCABULARY.keys() - {clause.fact for clause in asked} - counted
    if unasked:
        yield Note(
            code="fact.unused",
            level=Level.HINT,
            place="policy.yaml:1",
            sentence=f"no rule asks for these facts: {', '.join(sorted(unasked))}",
        )


def _unused(book: RuleBook, asked: Sequence[Clause]) -> Iterator[Note]:
    """Lists, numbers and teams that the rules leave alone.

    It is a mistake in the book itself only: a further profile shares its files and need not
    use all of them.
    """
    lists = {str(word) for clause in asked if clause.fact == "lists" for word in _wanted(clause)}
    shelves = (
        ("list", "lists", "goods.yaml", book.goods_lists.keys() - lists),
        (
            "threshold",
            "thresholds",
            "thresholds.yaml",
            book.thresholds.keys() - {clause.threshold for clause in asked} - BOUNDS,
        ),
        (
            "team",
            "teams",
            "categories.yaml",
            book.teams.keys() - {rule.then.team for rule in book.rules},
        ),
    )
    for what, shelf, file, unused in shelves:
        for name in sorted(unused):
            yield Note(
                code=f"{what}.unused",
                level=Level.WARNING if book.profile == HUMANE else Level.HINT,
                place=book.places.get(f"{shelf}/{name}", f"{file}:1"),
                sentence=f"no rule uses the {what} '{name}'",
                cure="Take it out, or use it in a rule.",
            )


def _silent(book: RuleBook, clause: Clause, code: str, findings: Collection[str]) -> Note:
    rule = next(rule for rule in book.rules if clause in _all_clauses(rule))
    return Note(
        code="finding.unknown",
        level=Level.WARNING,
        place=rule.place,
        sentence=f"rule '{rule.id}' asks for the finding '{code}', which no check says",
        cure=did_you_mean(code, findings),
    )


def _all_clauses(rule: Rule) -> list[Clause]:
    """Every comparison of a rule, those of its substitutes too."""
    return [clause for condition in _conditions_of_rule(rule) for clause in clauses_of(condition)]


def _conditions_of_rule(rule: Rule) -> Iterator[Condition]:
    yield rule.when
    for require in rule.then.require:
        yield from (each.when for each in require.instead if each.when is not None)


def _conditions(book: RuleBook) -> Iterator[Condition]:
    for rule in book.rules:
        yield from _conditions_of_rule(rule)


def _wanted(clause: Clause) -> frozenset[object]:
    return clause.wanted if isinstance(clause.wanted, frozenset) else frozenset({clause.wanted})
