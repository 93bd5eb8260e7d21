"""The pages of the rule book: why rules applied to a case, the book in force, versions, trials."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from triage.casework import books, rulewords, shadow
from triage.casework.backtest import Span, backtest, count_cases
from triage.casework.replay import replay
from triage.core.bookdiff import rule_json
from triage.core.people import Role
from triage.core.policy import Rule, RuleBook
from triage.desk import Desk
from triage.errors import Invalid, TriageError
from triage.web.errors import sentence_of
from triage.web.formats import ZONE
from triage.web.language import language
from triage.web.session import require

READERS = (Role.QA, Role.ADMIN)
MOST_CASES = 2_000  # that are judged while somebody waits for the page
MOST_IDS = 20


def add_rule_pages(pages: Blueprint, desk: Desk) -> None:
    @pages.get("/cases/<complaint_id>/rules")
    def case_rules(complaint_id: str) -> ResponseReturnValue:
        require(desk, Role.AGENT, Role.QA)
        found = replay(desk, complaint_id.upper(), request.args.get("round", type=int))
        book = found.book
        rules = [] if book is None else [
            rulewords.explained(each, book, language()) for each in found.rules
        ]  # fmt: skip
        return render_template("case_rules.html", found=found, rules=rules)

    @pages.get("/admin/rules")
    def rule_book() -> ResponseReturnValue:
        require(desk, *READERS)
        wanted = request.args.get("version")
        book = desk.book if not wanted else books.find_bound(desk, _kept(wanted)).book
        return render_template(
            "rules.html",
            book=book,
            rules=[_rule(each, book) for each in book.rules],
            versions=books.versions(desk),
            tried=shadow.report(desk),
        )

    @pages.get("/admin/rules/changes")
    def rule_changes() -> ResponseReturnValue:
        require(desk, *READERS)
        old, new = (_kept(request.args.get(name, "")) for name in ("old", "new"))
        found = books.compare(desk, old, new)
        return render_template("rule_changes.html", found=found, old=old, new=new)

    _add_trials(pages, desk)


def _add_trials(pages: Blueprint, desk: Desk) -> None:
    @pages.get("/admin/rules/lint")
    def rule_remarks() -> ResponseReturnValue:
        require(desk, *READERS)
        book, today = desk.book, desk.now().astimezone(ZONE).date()
        remarks = desk.books.bindery.lint(book, today)
        return render_template("rule_remarks.html", book=book, remarks=remarks)

    @pages.get("/admin/rules/trial")
    def rule_trial() -> ResponseReturnValue:
        require(desk, *READERS)
        typed = {name: request.args.get(name, "") for name in ("book", "since")}
        found, failure, cases = None, None, 0
        if typed["book"]:
            try:
                span = Span(since=_since(typed["since"]))
                cases = count_cases(desk, span)
                found = _tried(desk, typed["book"], span) if cases <= MOST_CASES else None
            except TriageError as error:
                failure = sentence_of(error)
        return render_template(
            "rule_trial.html",
            typed=typed,
            found=found,
            failure=failure,
            cases=cases,
            most=MOST_CASES,
            versions=books.versions(desk),
            most_ids=MOST_IDS,
        )


def _tried(desk: Desk, book: str, span: Span) -> dict[str, Any]:
    return backtest(desk, books.find_bound(desk, _kept(book)), span, processes=1)


def _kept(wanted: str) -> str:
    """A version or the folder of the settings: no page reads any other folder of this machine."""
    if wanted != books.FOLDER and not (wanted.isalnum() and len(wanted) >= books.SHORTEST):
        raise Invalid("page.unknown_value", field="book")
    return wanted


def _since(typed: str) -> datetime | None:
    """The start of a day in Almaty. Raises Invalid("page.unknown_value")."""
    if not typed:
        return None
    try:
        return datetime.fromisoformat(typed).replace(tzinfo=ZONE).astimezone(UTC)
    except ValueError as error:
        raise Invalid("page.unknown_value", field="since") from error


def _rule(rule: Rule, book: RuleBook) -> dict[str, Any]:
    """A rule for the page: its sentence, condition, effects and examples."""
    written = rule_json(rule)
    return {
        **rulewords.rule_head(rule, language()),
        "when": rulewords.condition_tree(rule.when, book, language()),
        "then": {name: value for name, value in written["then"].items() if value},
        "examples": written["examples"],
    }
