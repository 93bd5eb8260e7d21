"""Guesses are counted for all processes together, over restarts, and name nobody."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlalchemy import func, select

from tests.desks import Clock, open_desk
from triage.casework import attempts
from triage.casework.attempts import Limit
from triage.store import db
from triage.store.attempts import Attempt

MINUTE = Limit(name="guess", most=10, seconds=60)


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def one(tmp_path, database_url, examiner, clock):
    yield from open_desk(tmp_path, database_url, examiner, clock)


@pytest.fixture
def other(one, database_url):
    """A desk of another process on the same database."""
    engine = db.open_engine(database_url)
    yield replace(one, engine=engine, sessions=db.writing(engine), reading=db.reading(engine))
    engine.dispose()


def free(desk, times, limit=MINUTE, who="203.0.113.7"):
    """How many of so many attempts were free."""
    return sum(attempts.wait(desk, limit, who) == 0 for _ in range(times))


def test_two_processes_give_no_more_guesses_than_one(one, other):
    assert free(one, 6) + free(other, 6) == 10
    assert free(one, 1) == free(other, 1) == 0


def test_guesses_at_the_same_moment_get_no_more_either(one, other):
    def guess(number):
        return attempts.wait((one, other)[number % 2], MINUTE, "203.0.113.7") == 0

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(guess, range(40))) == 10


def test_a_restart_forgives_nothing(one, other):
    assert free(one, 10) == 10
    one.engine.dispose()
    assert free(other, 1) == 0


def test_each_sender_and_each_kind_of_attempt_is_counted_for_itself(one):
    assert free(one, 10) == 10
    assert free(one, 1, who="203.0.113.8") == 1
    assert free(one, 1, limit=replace(MINUTE, name="other")) == 1
    assert attempts.wait(one, MINUTE, "a", "b") == attempts.wait(one, MINUTE, "ab") == 0


def test_the_window_moves(one, clock):
    """Right after a span is over, what came in it counts nearly whole."""
    assert free(one, 10) == 10
    clock.forward(seconds=61)
    assert free(one, 10) == 1
    clock.forward(seconds=30)
    assert free(one, 10) == 5
    clock.forward(seconds=180)
    assert free(one, 11) == 10


def test_whoever_is_refused_is_told_when_to_come_again(one, clock):
    assert free(one, 10) == 10
    clock.forward(seconds=15)
    seconds = attempts.wait(one, MINUTE, "203.0.113.7")
    assert 0 < seconds <= 60
    for _ in range(5):
        clock.forward(seconds=seconds)
        seconds = attempts.wait(one, MINUTE, "203.0.113.7")
        if not seconds:
            return
    pytest.fail("never free again")


def test_what_is_refused_writes_nothing(one):
    free(one, 10)
    with one.reading() as session:
        before = session.scalars(select(Attempt.count)).all()
    free(one, 50)
    with one.reading() as session:
        assert session.scalars(select(Attempt.count)).all() == before == [10]


def test_the_table_names_no_address_and_is_swept(one, clock):
    free(one, 3)
    free(one, 3, who="198.51.100.9")
    with one.reading() as session:
        marks = session.scalars(select(Attempt.mark)).all()
    assert len(marks) == 2
    assert not any("203" in mark and "." in mark for mark in marks)
    assert all(len(mark) == 64 for mark in marks)
    assert attempts.forget(one) == 0
    clock.forward(seconds=180)
    assert attempts.forget(one) == 2
    with one.reading() as session:
        assert session.scalar(select(func.count()).select_from(Attempt)) == 0
