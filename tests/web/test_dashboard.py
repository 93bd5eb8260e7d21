"""The dashboard's sums, in the database's own words, and its pictures with the same numbers."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.desks import MONDAY, Clock, open_desk
from triage.casework.daily import MOST_DAYS
from triage.casework.statistics import AGES, statistics
from triage.store.tables import Complaint, Event, Evidence
from triage.web.dashboard import HEIGHT, columns


@pytest.fixture
def both(tmp_path, database_url, examiner):
    """A desk on each database."""
    yield from open_desk(tmp_path, database_url, examiner, Clock())


def complaint(number: int, **said: object) -> Complaint:
    given = {
        "id": f"C{number:07}",
        "channel": "app",
        "language": "ru",
        "text": "x",
        "received_at": MONDAY - timedelta(hours=1),
        "updated_at": MONDAY,
        "status": "queued",
        "filed_by": "key:x",
        "fingerprint": "0" * 64,
        **said,
    }
    return Complaint(**given)


def add(desk, *rows) -> None:
    with desk.sessions.begin() as session:
        for row in rows:
            session.add(row)
            session.flush()


def test_arrivals_are_counted_by_the_days_of_almaty(both):
    late = MONDAY.replace(hour=18, minute=59) - timedelta(days=1)  # 23:59 in Almaty
    add(
        both,
        complaint(1, received_at=late),
        complaint(2, received_at=late + timedelta(minutes=1)),
        complaint(3),
        complaint(4, received_at=MONDAY - timedelta(days=40)),
    )
    found = statistics(both, 3)
    assert found.arrivals == [
        (date(2026, 11, 21), 0),
        (date(2026, 11, 22), 1),
        (date(2026, 11, 23), 2),
    ]


def test_the_backlog_is_what_is_open_by_age(both):
    rows = [
        complaint(n, received_at=MONDAY - age - timedelta(hours=1)) for n, age in enumerate(AGES)
    ]
    closed = complaint(8, status="resolved")
    add(both, *rows, complaint(7), closed)
    assert statistics(both).backlog == [1, 1, 1, 1, 1]


def test_an_answer_is_in_time_when_it_came_before_it_was_due(both):
    def answered(number: int, hours: int, status: str = "resolved"):
        due = MONDAY - timedelta(hours=5)
        row = complaint(number, status=status, due_at=due)
        event = Event(complaint_id=row.id, at=due + timedelta(hours=hours), actor="user:1")
        event.actor_name, event.verb, event.after, event.detail = "A", "resolve", "resolved", {}
        return row, event

    add(both, *answered(1, -1), *answered(2, 1), *answered(3, -1, status="queued"))
    found = statistics(both)
    assert (found.answered, found.in_time) == (2, 1)


def test_who_settled_the_category_and_what_was_corrected(both):
    settled = [("model", "defective"), ("model", "other"), ("agent", "defective")]
    add(
        both,
        *(
            complaint(n, category_source=source, category=category)
            for n, (source, category) in enumerate(settled)
        ),
    )
    found = statistics(both)
    assert found.sources == {"model": 2, "agent": 1}
    assert (found.automatic, found.settled) == (2, 3)
    assert found.overridden == [("defective", 2, 1), ("other", 1, 0)]


def test_unusable_files_are_counted_by_what_was_wrong(both):
    def file(number: int, verdict: str, *codes: tuple[str, str]) -> Evidence:
        findings = [{"code": code, "level": level} for code, level in codes]
        row = Evidence(id=str(number), kind="other", filename="x", declared_type="x", size=1)
        row.sha256, row.added_at, row.added_by = "0" * 64, MONDAY, "key:x"
        row.verdict, row.findings = verdict, findings
        return row

    add(
        both,
        file(1, "rejected", ("file.empty", "unusable"), ("image.small", "note")),
        file(2, "rejected", ("file.empty", "unusable"), ("file.polyglot", "dangerous")),
        file(3, "accepted", ("file.empty", "unusable")),
    )
    found = statistics(both)
    assert (found.files, found.refused) == (3, 2)
    assert found.reasons == [("file.empty", 2), ("file.polyglot", 1)]


def test_nobody_asks_for_more_days_than_are_summed_up(both):
    assert len(statistics(both, 10_000).arrivals) == MOST_DAYS


def test_the_tallest_column_is_as_tall_as_the_picture():
    drawn = columns([(date(2026, 11, 21), 5), (date(2026, 11, 22), 10), (date(2026, 11, 23), 0)])
    assert [each.height for each in drawn] == [HEIGHT / 2, HEIGHT, 0]
    assert [each.weekend for each in drawn] == [True, True, False]
    assert all(each.y + each.height == HEIGHT for each in drawn)


@pytest.mark.parametrize("language", ["ru", "kk", "en"])
def test_the_picture_has_its_numbers_as_a_table(person, file, language):
    file()
    browser = person()
    browser.open(f"/dashboard?days=7&lang={language}")
    assert browser.page.count('class="column') == 7
    assert browser.page.count('<th scope="row">') >= 7
    assert "{" not in browser.text()
