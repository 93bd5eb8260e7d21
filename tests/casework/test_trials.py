"""Another book on history and in the shadow: what would change, and nothing is acted upon."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import func, select

from tests.casework.test_books import SOURCES, THREE, override, with_folder
from tests.desks import AIGUL
from triage import rulebook
from triage.casework import backtest as trials
from triage.casework import shadow
from triage.casework.backtest import Span, backtest, count_cases
from triage.casework.tally import Tally
from triage.casework.work import ActionRequest, act
from triage.core.complaint import Category
from triage.core.evidence import EvidenceKind
from triage.core.status import Action
from triage.store.books import ShadowDecision
from triage.store.shelf import BoundBook
from triage.store.tables import Assessment

URGENT = {
    **SOURCES,
    "policy.yaml": SOURCES["policy.yaml"].replace(
        "        - {kind: damage_photo, level: required_at_intake, count: 2}",
        "        - {kind: damage_photo, level: optional, count: 2}\n      at_least: urgent",
        1,
    ),
}


def bound(sources: dict[str, str]) -> BoundBook:
    return BoundBook(book=rulebook.bind(sources), sources=sources)


def test_the_book_that_decided_changes_nothing(desk, file):
    file()
    file("It is late", problem_type=Category.LATE_DELIVERY)
    found = backtest(desk, bound(SOURCES), Span())
    assert (found["cases"], found["changed"], found["ids"]) == (2, 0, [])


def test_what_would_change_is_counted_with_its_cases(desk, file):
    changed = file()
    file("It is late", problem_type=Category.LATE_DELIVERY)

    found = backtest(desk, bound(URGENT), Span())

    assert (found["cases"], found["changed"], found["ids"]) == (2, 1, [changed])
    assert found["moves"]["priority"] == {"normal": {"urgent": 1}}
    assert found["checklist"] == {"~damage_photo": 1}
    assert found["outcomes"] == {"needs_evidence": 1}


def test_the_route_is_state_and_team_and_counts_once():
    tally, other = Tally(), Tally()
    tally.add("A", {"status": ["queued", "needs_evidence"], "team": [None, "safety"]}, "resolved")
    other.add("B", {"checklist": {"damage_photo": [None, "optional x1: missing"]}}, "queued")
    other.add("C", {}, "queued")
    tally.merge(other)
    found = tally.to_json()
    assert (found["cases"], found["changed"]) == (3, 2)
    assert found["aspects"] == {"status": 1, "team": 1, "route": 1, "checklist": 1}
    assert found["moves"]["team"] == {"None": {"safety": 1}}
    assert found["checklist"] == {"+damage_photo": 1}
    assert found["outcomes"] == {"resolved": 1, "queued": 1}


def test_nothing_is_written(desk, file):
    file()
    backtest(desk, bound(URGENT), Span())
    with desk.reading() as session:
        assert session.scalar(select(func.count()).select_from(Assessment)) == 1
        assert session.scalar(select(func.count()).select_from(ShadowDecision)) == 0


def test_what_agents_decided_is_set_against_the_book_by_itself(desk, file):
    complaint_id = file()
    override(desk, complaint_id)
    waived = ActionRequest(reason="Seen", kinds=(EvidenceKind.DAMAGE_PHOTO,))
    act(desk, complaint_id, Action.WAIVE, AIGUL, waived)

    same, other = (backtest(desk, bound(each), Span())["agents"] for each in (SOURCES, URGENT))

    assert same == {"priority_set": 1, "waived": 1}
    assert other == {"priority_set": 1, "waived": 1, "waived_agrees": 1}


def test_the_span_says_which_cases_and_which_of_their_rounds(desk, file, clock):
    old = file()
    clock.forward(days=3)
    since = clock()
    new = file("broken again")
    override(desk, old)

    assert count_cases(desk, Span()) == 2
    assert backtest(desk, bound(URGENT), Span(since=since))["ids"] == [new]
    assert backtest(desk, bound(URGENT), Span(limit=1))["cases"] == 1
    first = backtest(desk, bound(URGENT), Span(first=True))
    assert first["moves"]["priority"] == {"normal": {"urgent": 2}}


def test_facts_that_another_programme_wrote_are_left_out_and_counted(desk, file):
    file()
    with desk.sessions.begin() as session:
        session.scalars(select(Assessment)).one().facts = {"filed_on": "someday"}
    found = backtest(desk, bound(URGENT), Span())
    assert (found["cases"], found["unreadable"]) == (0, 1)


def test_processes_share_a_large_history(desk, file, monkeypatch):
    ids = {file("broken", external_id=f"n{n}") for n in range(3)}
    monkeypatch.setattr(trials, "FEW", 1)
    monkeypatch.setattr(trials, "SHARE", 1)
    seen = []

    found = backtest(
        desk, bound(URGENT), Span(), processes=2, progress=lambda done, of: seen.append((done, of))
    )

    assert set(found["ids"]) == ids
    assert seen == [(1, 3), (2, 3), (3, 3)]


@pytest.fixture
def shadowed(desk, tmp_path):
    """The desk with another book in the shadow."""
    folder = tmp_path / "tried"
    folder.mkdir()
    for name, text in URGENT.items():
        (folder / name).write_text(text, encoding="utf-8")
    made = replace(desk, settings=replace(desk.settings, shadow_rules=str(folder)))
    shadow.prepare(made)
    return made


def test_the_shadow_notes_what_it_would_do_and_nobody_acts_upon_it(shadowed, file):
    complaint_id = file()
    override(shadowed, complaint_id)
    with shadowed.reading() as session:
        noted = session.scalars(select(ShadowDecision).order_by(ShadowDecision.round)).all()
        made = session.scalars(select(Assessment).order_by(Assessment.round)).all()
    assert [each.round for each in noted] == [1, 2]
    assert noted[0].difference["priority"] == ["normal", "urgent"]
    assert "priority" not in noted[1].difference  # an agent's word goes before any book's
    assert [each.decision["priority"] for each in made] == ["normal", "high"]
    report = shadow.report(shadowed)
    assert (report["cases"], report["changed"], report["ids"]) == (1, 1, [complaint_id])
    assert report["book"] == shadowed.books.shadow.book.version


def test_a_shadow_that_breaks_does_not_stop_a_triage(shadowed, file, monkeypatch):
    def broken(*_):
        raise ZeroDivisionError

    monkeypatch.setattr(shadow, "gist_under", broken)
    complaint_id = file()
    with shadowed.reading() as session:
        assert session.scalars(select(Assessment.complaint_id)).all() == [complaint_id]
    assert shadow.report(shadowed) is None


@pytest.mark.parametrize("wanted", ["no-such-folder", "0123456789abcdef"])
def test_a_shadow_that_is_not_there_is_left_out(desk, wanted):
    made = replace(desk, settings=replace(desk.settings, shadow_rules=wanted))
    shadow.prepare(made)
    assert made.books.shadow is None


def test_without_a_shadow_nothing_is_noted(desk, file):
    file()
    assert shadow.report(desk) is None


def test_a_kept_version_can_be_the_shadow(desk, file):
    newer = with_folder(desk, THREE)
    file()  # keeps the book of its filing
    settings = replace(desk.settings, shadow_rules=desk.book.version)
    made = replace(newer, settings=settings)
    shadow.prepare(made)
    assert made.books.shadow.book.version == desk.book.version
