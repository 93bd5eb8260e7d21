"""The pages of the rule book: why rules applied, the book in force, versions, a trial."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.desks import RULES, shelf
from tests.web.test_languages import LATIN, re
from triage import rulebook
from triage.casework import books
from triage.core.complaint import Category
from triage.core.people import Role
from triage.store.shelf import Shelf

SOURCES = rulebook.sources(RULES)
OTHER = {**SOURCES, "policy.yaml": SOURCES["policy.yaml"].replace("count: 2}", "count: 3}", 1)}


@pytest.fixture
def qa(person):
    return person("qamar", Role.QA)


@pytest.fixture
def kept(desk) -> str:
    """The version of another book that is kept beside the one in force."""
    newer = replace(desk, books=shelf(desk.engine, OTHER))
    books.record(newer)
    books.record(desk)
    version: str = newer.books.own.book.version
    return version


def test_an_agent_sees_why_each_rule_did_or_did_not_apply(person, file):
    complaint_id = file("It came broken", problem_type=Category.DEFECTIVE)
    browser = person()
    browser.open(f"/cases/{complaint_id}")
    assert f'href="/cases/{complaint_id}/rules"' in browser.page

    browser.open(f"/cases/{complaint_id}/rules")

    said = browser.text()
    assert "the decision is the same" in said
    assert "problem type in force: Late delivery" in said
    assert re.search(r"price, ₸: \d+ or more — here: 15000(\.00)?, not true", said)
    assert "applies Two photos, the whole item" in said


def test_only_staff_sees_it(browser, person, file):
    complaint_id = file()
    assert "Войти" in browser.open(f"/cases/{complaint_id}/rules").text
    caller = person("dana", Role.INTAKE)
    assert caller.open(f"/cases/{complaint_id}/rules").status_code == 403
    assert caller.open("/admin/rules").status_code == 403


@pytest.mark.parametrize("path", ["/admin/rules", "/admin/rules/trial", "/admin/rules/lint"])
def test_the_book_is_for_quality_and_administrators(person, path):
    assert person().open(path).status_code == 403


def test_the_book_in_force_is_read_with_its_versions(qa, desk, kept):
    qa.open("/admin/rules")
    said = qa.text()
    assert f"Rule book {desk.book.version}" in said
    assert "Two photos, the whole item and the fault close up" in said
    assert "Basis: operator default ; source: operator default" in said
    assert f"/admin/rules?version={kept}" in qa.page
    assert qa.open(f"/admin/rules?version={kept}").status_code == 200


def test_changes_are_shown_field_by_field(qa, desk, kept):
    qa.open(f"/admin/rules/changes?old={kept}&new={desk.book.version}")
    assert "Rule defect-photos" in qa.text()
    assert "then.require" in qa.text()


def test_a_book_is_tried_on_history(qa, file, kept):
    complaint_id = file("It came broken", problem_type=Category.DEFECTIVE)
    qa.open("/admin/rules/trial")
    qa.open(f"/admin/rules/trial?book={kept}&since=2026-11-01")
    said = qa.text()
    assert "1 case judged" in said
    assert "1 would be decided otherwise" in said
    assert "What is asked for" in said
    assert f'href="/cases/{complaint_id}"' in qa.page


def test_a_history_too_long_for_a_page_names_the_command(qa, file, kept, monkeypatch):
    monkeypatch.setattr("triage.web.rulebook.MOST_CASES", 0)
    file()
    qa.open(f"/admin/rules/trial?book={kept}")
    assert f"triage rules backtest --book {kept}" in qa.text()


@pytest.mark.parametrize(
    "query",
    [
        pytest.param("book=../../etc", id="a path"),
        pytest.param("book=/etc", id="another folder"),
        pytest.param("book=ffffffff", id="a version that is not there"),
        pytest.param("book=folder&since=someday", id="no day"),
    ],
)
def test_a_trial_of_nothing_says_so(qa, query):
    qa.open(f"/admin/rules/trial?{query}")
    assert 'role="alert"' in qa.page


def test_a_page_reads_no_folder_but_its_own(qa):
    assert qa.open("/admin/rules?version=/etc").status_code == 422
    assert qa.open("/admin/rules/changes?old=/etc&new=folder").status_code == 422


def test_what_looks_like_a_mistake_is_listed(qa, desk, monkeypatch):
    found = replace(desk.books.bindery, lint=lambda book, day: [f"{book.profile} on {day}"])
    monkeypatch.setattr(desk.books, "bindery", found)
    qa.open("/admin/rules/lint")
    assert "humane on 2026-11-23" in qa.text()
    assert isinstance(desk.books, Shelf)


@pytest.mark.parametrize("language", ["ru", "kk"])
def test_no_word_of_english_is_left_on_these_pages(qa, file, kept, desk, language):
    complaint_id = file("Чайник сломан", problem_type=Category.DEFECTIVE)
    for path in (
        f"/cases/{complaint_id}/rules?a=",
        f"/admin/rules/trial?book={kept}",
        "/admin/rules?a=",
        f"/admin/rules/changes?old={kept}&new={desk.book.version}",
    ):
        qa.open(f"{path}&lang={language}")
        content = qa.page.partition("<main id=")[2].partition(">")[2]
        content = re.sub(r'<span class="code"[^>]*>.*?</span>|<option.*?</option>', "", content)
        words = set(LATIN.findall(re.sub(r"<[^>]+>", " ", content)))
        assert words <= {*LATIN.findall(complaint_id), "Telegram", "Kaspi", "SMS", "Triage"}, path
