"""What the witness of a sown fault has to show, told by the evaluator and not by the lint."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from tests.rulebook.seeds import Patch, linted
from triage.core.decision import judge
from triage.core.facts import Facts
from triage.core.policy import RuleBook

Shows = Callable[[RuleBook, Facts], bool]
POLICY, PRIORITY, SLA = "policy.yaml", "priority.yaml", "sla.yaml"
SOFA = "{category: other, product_category: sofa}"


def added(file: str, *rules: str) -> tuple[Patch, ...]:
    return tuple((file, "", text) for text in rules)


# ---- what a witness has to show, each by the evaluator and not by the lint ---------------------
def fire(*names: str) -> Shows:
    def shows(book: RuleBook, facts: Facts) -> bool:
        said = {each.code for each in judge(facts, book).reasons if each.source == "rule"}
        return said.issuperset(names)

    return shows


def silent(name: str) -> Shows:
    return lambda book, facts: not fire(name)(book, facts)


def no_use(name: str) -> Shows:
    """The rule fires, and without it the decision is the same but for that reason."""

    def shows(book: RuleBook, facts: Facts) -> bool:
        rest = replace(book, rules=tuple(each for each in book.rules if each.id != name))
        made, other = judge(facts, book), judge(facts, rest)
        route = [(d.status, d.category, d.priority, d.sla_class, d.team) for d in (made, other)]
        lines = [[line for line in d.checklist if line.rule != name] for d in (made, other)]
        return fire(name)(book, facts) and route[0] == route[1] and lines[0] == lines[1]

    return shows


def order_decides(book: RuleBook, facts: Facts) -> bool:
    turned = judge(facts, replace(book, rules=tuple(reversed(book.rules))))
    made = judge(facts, book)
    return (made.category, made.checklist) != (turned.category, turned.checklist)


def held(book: RuleBook, facts: Facts) -> bool:
    return judge(facts, book).status == "needs_evidence"


def decides(**wanted: str) -> Shows:
    return lambda book, facts: all(
        getattr(judge(facts, book), name) == value for name, value in wanted.items()
    )


def found_and_shown(book: RuleBook, code: str, shows: Shows) -> None:
    """The lint says the code, always with a witness, and one of them shows the sown fault."""
    found = [note for note in linted(book) if note.code == code]
    assert found, "the fault was not found"
    for note in found:
        assert note.witness is not None
    assert any(n.witness is not None and shows(book, n.witness.facts(book)) for n in found)
