"""A line of the queue says the same of a case whether its brief is kept or not."""

from __future__ import annotations

from sqlalchemy import update

from tests.desks import AIGUL
from triage.casework import answer
from triage.casework.queue import QueueFilters
from triage.store.tables import Complaint


def lines(desk):
    found = answer.queue(desk, AIGUL, "en", cursor=None, limit=10, filters=QueueFilters(q="broken"))
    return found["items"]


def test_a_case_of_before_there_were_briefs_shows_what_others_show(desk, file):
    file("broken kettle")
    file("broken lamp")
    now = lines(desk)
    assert now[0]["predicted"] == "defective"
    assert now[0]["confidence"] == 0.97
    assert now[0]["missing"]
    with desk.sessions.begin() as session:
        session.execute(update(Complaint).values(brief=None))
    assert lines(desk) == now


def test_a_case_that_was_not_judged_yet_shows_nothing(desk, file):
    file("broken kettle", triaged=False)
    assert [lines(desk)[0][name] for name in ("predicted", "confidence", "missing")] == [
        None,
        None,
        [],
    ]
