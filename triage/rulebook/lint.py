"""What is sound in a rule book and still looks like a mistake: nothing in the book uses it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from triage.core.conditions import Clause, Condition, clauses_of
from triage.core.facts import VOCABULARY
from triage.core.policy import RuleBook
from triage.rulebook.loading import HUMANE


@dataclass(frozen=True, kw_only=True)
class Note:
    """One remark: ``code`` for programs, ``sentence`` for people.

    ``serious`` ones are mistakes of the book; the others may well be meant.
    """

    code: str
    sentence: str
    serious: bool = True


def lint(book: RuleBook, today: date, findings: Collection[str]) -> Iterator[Note]:
    """Everything that looks like a mistake in a book that loads.

    ``findings`` are the codes that the checks can say today.
    """
    asked = [clause for condition in _conditions(book) for clause in clauses_of(condition)]
    yield from _unused(book, asked)
    for rule in book.rules:
        if rule.valid_to < today:
            sentence = f"{rule.place}: rule '{rule.id}' ended on {rule.valid_to}."
            yield Note(code="rule.expired", sentence=sentence, serious=False)
    said = {str(code) for clause in asked if clause.fact == "findings" for code in _wanted(clause)}
    for code in sorted(said.difference(findings)):
        sentence = f"no check says '{code}' yet."
        yield Note(code="finding.unknown", sentence=sentence, serious=False)
    unasked = VOCABULARY.keys() - {clause.fact for clause in asked}
    if unasked:
        sentence = f"facts that no rule asks for: {', '.join(sorted(unasked))}."
        yield Note(code="fact.unused", sentence=sentence, serious=False)


def _unused(book: RuleBook, asked: Sequence[Clause]) -> Iterator[Note]:
    """Lists, numbers and teams that the rules leave alone.

    It is a mistake in the book itself only: a further profile shares its files and need not
    use all of them.
    """
    lists = {str(word) for clause in asked if clause.fact == "lists" for word in _wanted(clause)}
    shelves = (
        ("list", "goods.yaml: no rule asks for the list", book.goods_lists.keys() - lists),
        (
            "threshold",
            "thresholds.yaml: no rule uses the number",
            book.thresholds.keys() - {clause.threshold for clause in asked},
        ),
        (
            "team",
            "categories.yaml: no rule names the team",
            book.teams.keys() - {rule.then.team for rule in book.rules},
        ),
    )
    for what, sentence, unused in shelves:
        for name in sorted(unused):
            yield Note(
                code=f"{what}.unused",
                sentence=f"{sentence} '{name}'.",
                serious=book.profile == HUMANE,
            )


def _conditions(book: RuleBook) -> Iterator[Condition]:
    """Every condition of the book, those of substitutes too."""
    for rule in book.rules:
        yield rule.when
        for require in rule.then.require:
            for substitute in require.instead:
                if substitute.when is not None:
                    yield substitute.when


def _wanted(clause: Clause) -> frozenset[object]:
    return clause.wanted if isinstance(clause.wanted, frozenset) else frozenset({clause.wanted})
