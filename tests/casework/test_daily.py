"""The days that are over are counted ahead; what a page shows is the same either way."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from tests.desks import MONDAY, Clock, open_desk
from tests.web.test_dashboard import add, complaint
from triage.casework import daily
from triage.casework.statistics import statistics
from triage.store.tables import Complaint
from triage.store.tallies import DailyTally


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def both(tmp_path, database_url, examiner, clock):
    yield from open_desk(tmp_path, database_url, examiner, clock)


def settled(number: int, days: int, source: str = "model") -> Complaint:
    at = MONDAY - timedelta(days=days)
    return complaint(number, received_at=at, category="defective", category_source=source)


def correct(desk, number: int) -> None:
    """An agent corrects a category after its day is over."""
    with desk.sessions.begin() as session:
        session.get_one(Complaint, f"C{number:07}").category_source = "agent"


def test_kept_days_and_counted_ones_come_to_the_same(both):
    add(both, *(settled(n, n % 5) for n in range(12)))
    before = statistics(both, 7)
    assert daily.renew(both) == daily.MOST_DAYS - 1
    assert statistics(both, 7) == before
    assert before.sources == {"model": 12}


def test_today_is_counted_by_whoever_looks(both):
    daily.renew(both)
    add(both, settled(1, 0))
    assert statistics(both, 7).arrivals[-1] == (date(2026, 11, 23), 1)


def test_what_changes_on_a_day_that_is_over_is_seen_after_a_quarter_of_an_hour(both, clock):
    add(both, settled(1, 3))
    daily.renew(both)
    correct(both, 1)
    assert daily.renew(both) == 0, "it was only just counted"
    assert statistics(both, 7).sources == {"model": 1}
    clock.forward(minutes=16)
    assert daily.renew(both)
    assert statistics(both, 7).sources == {"agent": 1}


def test_sums_that_nobody_renews_are_not_believed(both, clock):
    add(both, settled(1, 3))
    daily.renew(both)
    correct(both, 1)
    clock.forward(hours=3)
    assert statistics(both, 7).sources == {"agent": 1}


def test_a_new_day_is_counted_until_it_is_kept(both, clock):
    daily.renew(both)
    add(both, settled(1, 0))
    clock.forward(days=1)
    found = statistics(both, 3)
    assert found.arrivals[-2:] == [(date(2026, 11, 23), 1), (date(2026, 11, 24), 0)]
    daily.renew(both)
    assert statistics(both, 3) == found
    with both.reading() as session:
        days = session.scalars(select(DailyTally.day)).all()
    assert date(2026, 11, 23) in days
    assert date(2026, 11, 24) not in days
