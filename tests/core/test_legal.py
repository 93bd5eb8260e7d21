"""The legal clock: calendar days and months from a formal claim, whatever the service waits for."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.books import the_book
from triage.core.legal import LegalTerm, legal_clock
from triage.messages.reasons import CLOCK

CALENDAR = the_book().calendar
NAMES = {"en": "Answer", "ru": "Ответ", "kk": "Жауап"}
ANSWER = LegalTerm(code="seller_answer", names=NAMES, source="art. 42-4(2)", days=10)
BODY = LegalTerm(code="state_body", names=NAMES, source="art. 42-5", months=2)
NOON = datetime(2026, 11, 23, 7, tzinfo=UTC)


@pytest.mark.parametrize(
    ("claimed_on", "answer", "body"),
    [
        pytest.param("2026-11-10", "2026-11-20", "2027-01-10", id="over the end of a year"),
        pytest.param("2026-12-31", "2027-01-10", "2027-02-28", id="a month without a 31st"),
        pytest.param("2027-12-31", "2028-01-10", "2028-02-29", id="in a leap year"),
        pytest.param("2026-05-01", "2026-05-11", "2026-07-01", id="holidays count like any day"),
    ],
)
def test_the_day_of_the_claim_is_not_counted(claimed_on: str, answer: str, body: str) -> None:
    claim = date.fromisoformat(claimed_on)
    assert ANSWER.last_day(claim) == date.fromisoformat(answer)
    assert BODY.last_day(claim) == date.fromisoformat(body)


def test_a_term_ends_with_the_last_second_of_its_day_in_almaty() -> None:
    clock = legal_clock(date(2026, 11, 10), [BODY, ANSWER], calendar=CALENDAR, now=NOON)
    assert [each.term.code for each in clock.dues] == ["seller_answer", "state_body"]
    answer, body = clock.dues
    assert answer.due_at == datetime(2026, 11, 20, 18, 59, 59, tzinfo=UTC)
    assert (answer.over, answer.days_left) == (True, 0)
    assert (body.over, body.days_left) == (False, 48)


def test_every_step_is_plain_and_has_its_sentence() -> None:
    clock = legal_clock(date(2026, 11, 10), [BODY, ANSWER], calendar=CALENDAR, now=NOON)
    codes = [str(step["code"]) for step in clock.derivation]
    assert codes == ["legal.claimed", "legal.days", "legal.months", "legal.never_pauses"]
    assert json.loads(json.dumps(clock.derivation)) == list(clock.derivation)
    assert set(codes) <= CLOCK.keys()


@pytest.mark.parametrize(("days", "months"), [(0, 0), (10, 2)])
def test_a_term_is_counted_in_one_way(days: int, months: int) -> None:
    with pytest.raises(ValueError, match="in days or in months"):
        LegalTerm(code="answer", names=NAMES, source="law", days=days, months=months)


@given(st.dates(date(2020, 1, 1), date(2035, 1, 1)), st.integers(1, 24))
def test_months_never_skip_one(claimed_on: date, months: int) -> None:
    term = LegalTerm(code="term", names=NAMES, source="law", months=months)
    last = term.last_day(claimed_on)
    assert (last.year * 12 + last.month) - (claimed_on.year * 12 + claimed_on.month) == months
    assert last.day <= claimed_on.day
    assert last - claimed_on >= timedelta(days=28 * months)
