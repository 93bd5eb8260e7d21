"""Books over time: kept, listed, pinned and unpinned; a case stays with the book of its filing."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select

from tests.desks import AIGUL, RULES, PromisesKept, shelf
from triage import rulebook
from triage.casework import answer, books
from triage.casework.replay import replay
from triage.casework.work import ActionRequest, act
from triage.core.complaint import Priority
from triage.core.status import Action
from triage.desk import Desk
from triage.errors import Invalid, NotFound
from triage.store.books import KeptBook, Period
from triage.store.tables import Assessment, Complaint

SOURCES = rulebook.sources(RULES)
THREE = {**SOURCES, "policy.yaml": SOURCES["policy.yaml"].replace("count: 2}", "count: 3}", 1)}


def with_folder(desk: Desk, sources: dict[str, str]) -> Desk:
    """Another process on the same database, whose folder holds another book."""
    return replace(desk, books=shelf(desk.engine, sources), jobs=PromisesKept())


def judged(desk: Desk, complaint_id: str) -> list[Assessment]:
    with desk.reading() as session:
        query = select(Assessment).filter_by(complaint_id=complaint_id).order_by(Assessment.round)
        return list(session.scalars(query))


def photos_asked(assessment: Assessment) -> int:
    lines = assessment.decision["checklist"]
    return next(line["asked"] for line in lines if line["kind"] == "damage_photo")


def override(desk: Desk, complaint_id: str) -> None:
    wish = ActionRequest(reason="Seen", priority=Priority.HIGH)
    act(desk, complaint_id, Action.OVERRIDE, AIGUL, wish)


def test_a_book_is_kept_once_and_its_periods_are_told(desk, clock):
    newer = with_folder(desk, THREE)
    first, second = desk.book.version, newer.books.own.book.version
    books.record(desk)
    books.record(desk)  # a restart is no news
    clock.forward(days=1)
    books.record(newer)

    told = books.versions(newer)

    assert [each["version"] for each in told] == [second, first]
    assert told[0]["present"]
    assert [len(each["periods"]) for each in told] == [1, 1]
    assert told[1]["periods"][0]["until"] == told[0]["periods"][0]["since"]
    with desk.reading() as session:
        assert session.get_one(KeptBook, first).sources == SOURCES


def test_a_pinned_book_is_in_force_in_every_process_until_it_is_let_go(desk, clock):
    newer = with_folder(desk, THREE)
    books.record(desk)
    clock.forward(days=1)
    books.record(newer)
    clock.forward(days=1)

    books.use(newer, desk.book.version[:6], AIGUL)
    another = with_folder(desk, THREE)
    books.record(another)  # a process that starts meanwhile does not undo it

    assert newer.book.version == another.book.version == desk.books.own.book.version
    books.use(newer, books.FOLDER, AIGUL)
    assert another.books.look().version == newer.book.version == another.books.own.book.version
    with desk.reading() as session:
        periods = session.scalars(select(Period).order_by(Period.id)).all()
    assert [(each.pinned, each.actor) for each in periods] == [
        (False, "system"),
        (False, "system"),
        (True, AIGUL.id),
        (False, AIGUL.id),
    ]


def test_another_process_sees_a_pinned_book_by_itself_after_a_while(desk, monkeypatch):
    newer = with_folder(desk, THREE)
    books.record(desk)
    books.record(newer)
    assert newer.book.version != desk.book.version
    books.use(desk, desk.book.version, AIGUL)
    assert newer.book.version == newer.books.own.book.version, "not yet"
    monkeypatch.setattr("triage.store.shelf.LOOK_SECONDS", 0.0)
    assert newer.book.version == desk.book.version


def test_a_case_stays_with_the_book_of_its_filing_until_an_agent_judges_anew(desk, file):
    complaint_id = file()
    newer = with_folder(desk, THREE)
    books.record(newer)

    override(newer, complaint_id)
    assert [photos_asked(each) for each in judged(desk, complaint_id)] == [2, 2]

    act(newer, complaint_id, Action.REJUDGE, AIGUL, ActionRequest(reason="Better rules"))
    override(newer, complaint_id)
    made = judged(desk, complaint_id)
    assert [photos_asked(each) for each in made] == [2, 2, 3, 3]
    assert [each.cause for each in made] == ["submit", "override", "rejudge", "override"]
    assert made[-1].rulebook == newer.book.version
    with desk.reading() as session:
        assert session.get_one(Complaint, complaint_id).rulebook == newer.book.version


def test_a_day_off_that_is_moved_later_is_moved_for_cases_that_are_open_too(desk, file):
    """Filed on Monday the 23rd: Thursday the 26th would be the third working day."""
    complaint_id = file()
    day = "      - {day: 2026-11-25, why: {ru: Перенос, kk: Ауыстыру, en: A day off}}\n"
    calendar = SOURCES["calendar.yaml"]
    mark = calendar.index("  2027:")
    moved = calendar[:mark].rstrip() + "\n" + day + "\n" + calendar[mark:]
    newer = with_folder(desk, {**THREE, "calendar.yaml": moved})
    books.record(newer)

    override(newer, complaint_id)
    made = judged(desk, complaint_id)
    assert [photos_asked(each) for each in made] == [2, 2], "the rules are those of its filing"
    steps = answer.case(newer, complaint_id, "en", AIGUL)["sla"]["derivation"]
    assert "day.moved" in [step["code"] for step in steps]


def test_judging_anew_needs_a_reason(desk, file):
    with pytest.raises(Invalid, match=r"action\.needs_reason"):
        act(desk, file(), Action.REJUDGE, AIGUL, ActionRequest())


def test_a_book_that_can_no_longer_be_read_gives_way_to_todays_with_a_reason(desk, file):
    complaint_id = file()
    newer = with_folder(desk, THREE)
    with desk.sessions.begin() as session:
        kept = session.get_one(KeptBook, desk.book.version)
        kept.sources = {**SOURCES, "policy.yaml": "rules: of another time"}

    override(newer, complaint_id)

    last = judged(desk, complaint_id)[-1]
    assert last.rulebook == newer.book.version
    assert photos_asked(last) == 3
    remark = last.decision["reasons"][-1]
    assert (remark["code"], remark["detail"]) == (books.GONE, {"rulebook": desk.book.version})
    assert replay(newer, complaint_id).same
    with pytest.raises(Invalid, match=r"rulebook\.unreadable"):
        books.use(newer, desk.book.version, AIGUL)


def test_a_case_of_a_time_before_books_were_kept_is_judged_by_todays(desk, file):
    complaint_id = file()
    with desk.sessions.begin() as session:
        session.get_one(Complaint, complaint_id).rulebook = None
    newer = with_folder(desk, THREE)

    override(newer, complaint_id)

    last = judged(desk, complaint_id)[-1]
    assert photos_asked(last) == 3
    assert books.GONE not in {reason["code"] for reason in last.decision["reasons"]}


@pytest.mark.parametrize("wanted", ["abcdef0123456789", "", "%", "../rules"])
def test_a_version_that_is_not_there_is_not_found(desk, wanted):
    books.record(desk)
    with pytest.raises(NotFound, match=r"rulebook\.unknown"):
        books.use(desk, wanted, AIGUL)


def test_every_round_replays_as_it_was_decided(desk, file, attach):
    complaint_id = file("It came broken, smoke", attachments=(attach(), attach(shade=9)))
    newer = with_folder(desk, THREE)
    override(newer, complaint_id)
    act(newer, complaint_id, Action.REJUDGE, AIGUL, ActionRequest(reason="Better rules"))

    found = [replay(newer, complaint_id, each) for each in (1, 2, 3)]

    assert [each.same for each in found] == [True, True, True]
    assert [each.rulebook == newer.book.version for each in found] == [False, False, True]
    assert found[-1].rounds == (1, 2, 3)


def test_a_decision_that_was_tampered_with_does_not_replay(desk, file):
    complaint_id = file()
    with desk.sessions.begin() as session:
        made = session.scalar(select(Assessment).filter_by(complaint_id=complaint_id))
        made.decision = {**made.decision, "priority": "low"}
        made.prediction = {**made.prediction, "confidence": 0.5}
    found = replay(desk, complaint_id)
    assert found.differences == ("decision.priority", "prediction.model_confidence")


def test_a_round_that_was_not_made_is_not_found(desk, file):
    with pytest.raises(NotFound, match=r"assessment\.unknown"):
        replay(desk, file(), 7)
    with pytest.raises(NotFound, match=r"complaint\.unknown"):
        replay(desk, "NOBODY22")


def test_books_are_compared_by_version_and_folder(desk):
    newer = with_folder(desk, THREE)
    books.record(desk)
    books.record(newer)
    found = books.compare(newer, desk.book.version, newer.books.own.book.version)
    assert list(found.changed) == ["defect-photos"]
    assert books.compare(desk, str(RULES), desk.book.version).empty
