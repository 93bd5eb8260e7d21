"""Working days and hours of Kazakhstan: 5- and 6-day weeks, moved days, estimates."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.books import the_book
from triage.core.calendar import Calendar, DayKind, Span

ALMATY = ZoneInfo("Asia/Almaty")
FIVE, SIX = the_book().calendars[5], the_book().calendars[6]
DAYS = st.dates(date(2024, 3, 5), date(2030, 12, 31))
FIRST = datetime(2024, 3, 5, tzinfo=UTC)
MOMENTS = st.integers(0, 6 * 365 * 86_400).map(lambda seconds: FIRST + timedelta(seconds=seconds))
WORKING_TIMES = st.integers(0, 60 * 200).map(lambda minutes: timedelta(minutes=minutes))
WEEKS = pytest.mark.parametrize("calendar", [FIVE, SIX], ids=["5 days", "6 days"])


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ALMATY)


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        pytest.param("2026-12-14", 3, "2026-12-18", id="Independence Day is skipped"),
        pytest.param("2026-12-30", 3, "2027-01-06", id="over New Year and a moved day"),
        pytest.param("2027-03-05", 3, "2027-03-11", id="women's day on a Monday"),
        pytest.param("2027-03-12", 3, "2027-03-18", id="the new Constitution Day, 15 March"),
        pytest.param("2027-03-19", 3, "2027-03-29", id="Nauryz with a moved day"),
        pytest.param("2027-04-30", 3, "2027-05-06", id="1 May on a Saturday moves to Monday"),
        pytest.param("2026-12-11", 15, "2027-01-06", id="fifteen days"),
        pytest.param("2026-08-27", 2, "2026-08-31", id="30 August is no holiday any more"),
        pytest.param("2025-08-29", 1, "2025-09-02", id="in 2025 it was, and moved to Monday"),
        pytest.param("2025-01-02", 1, "2025-01-05", id="a Sunday that was worked counts"),
        pytest.param("2026-01-06", 1, "2026-01-08", id="7 January is off"),
    ],
)
def test_business_days_of_the_five_day_week(start: str, days: int, end: str) -> None:
    answer = FIVE.add_business_days(date.fromisoformat(start), days)
    assert answer == date.fromisoformat(end)


@pytest.mark.parametrize(
    ("day", "five", "six"),
    [
        pytest.param("2026-05-09", DayKind.HOLIDAY, DayKind.HOLIDAY, id="the holiday itself"),
        pytest.param("2026-05-11", DayKind.MOVED, DayKind.WORKING, id="Saturday moves for 5 only"),
        pytest.param("2026-03-09", DayKind.MOVED, DayKind.MOVED, id="Sunday moves for both"),
        pytest.param("2026-03-25", DayKind.MOVED, DayKind.WORKING, id="second moved day of Nauryz"),
        pytest.param("2026-11-28", DayKind.WEEKEND, DayKind.WORKING, id="a plain Saturday"),
        pytest.param("2026-11-29", DayKind.WEEKEND, DayKind.WEEKEND, id="a plain Sunday"),
        pytest.param("2025-01-05", DayKind.WORKING_BY_DECREE, DayKind.WORKING_BY_DECREE, id="swap"),
        pytest.param("2028-01-04", DayKind.MOVED, DayKind.WORKING, id="estimated: 1 and 2 January"),
        pytest.param("2028-03-15", DayKind.HOLIDAY, DayKind.HOLIDAY, id="estimated Constitution"),
        pytest.param("2028-08-30", DayKind.WORKING, DayKind.WORKING, id="estimated: not 30 August"),
        pytest.param("2029-01-08", DayKind.WORKING, DayKind.WORKING, id="Christmas does not move"),
    ],
)
def test_the_two_weeks_differ_as_the_law_says(day: str, five: DayKind, six: DayKind) -> None:
    when = date.fromisoformat(day)
    assert (FIVE.look_up(when).kind, SIX.look_up(when).kind) == (five, six)


@pytest.mark.parametrize(("year", "days"), [(2025, 246), (2026, 247), (2027, 247)])
def test_the_five_day_week_has_the_official_number_of_working_days(year: int, days: int) -> None:
    first = date(year, 1, 1)
    every = (first + timedelta(days=n) for n in range((date(year + 1, 1, 1) - first).days))
    assert sum(FIVE.is_working(day) for day in every) == days


@pytest.mark.parametrize("year", [2026, 2027])
@WEEKS
def test_the_listed_years_are_what_the_rule_of_the_law_gives(calendar: Calendar, year: int) -> None:
    """The rule that estimates later years must reproduce the years that are known."""
    from triage.rulebook.estimates import estimated_days

    names = {"": {"ru": "", "kk": "", "en": ""}}
    guessed = estimated_days([year], frozenset(calendar.hours), names)
    listed = {day: each.kind for day, each in calendar.special.items() if day.year == year}
    assert {day: each.kind for day, each in guessed.items()} == listed


def test_every_day_off_has_a_name_in_three_languages_and_estimates_are_marked() -> None:
    for day, special in {**FIVE.special, **SIX.special}.items():
        assert {"ru", "kk", "en"} <= special.names.keys()
        assert all(special.names.values())
        assert special.estimated or 2025 <= day.year <= 2027
    assert FIVE.look_up(date(2027, 5, 16)).estimated
    assert not FIVE.look_up(date(2026, 5, 27)).estimated


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        pytest.param("2026-11-20T16:30", 1, "2026-11-23T09:30", id="Friday evening to Monday"),
        pytest.param("2026-11-23T09:00", 8, "2026-11-23T17:00", id="a whole day ends at closing"),
        pytest.param("2026-11-23T20:00", 1, "2026-11-24T10:00", id="after closing"),
        pytest.param("2026-11-22T12:00", 1, "2026-11-23T10:00", id="from a Sunday"),
        pytest.param("2026-12-15T16:00", 2, "2026-12-17T10:00", id="over Independence Day"),
        pytest.param("2026-11-23T12:00", 0, "2026-11-23T12:00", id="nothing added"),
    ],
)
def test_working_hours_are_added_while_the_desk_is_open(start: str, hours: int, end: str) -> None:
    assert FIVE.add_working_time(at(start), timedelta(hours=hours)) == at(end)


def test_a_lunch_break_is_no_working_time() -> None:
    assert SIX.add_working_time(at("2026-11-23T12:30"), timedelta(hours=1)) == at(
        "2026-11-23T14:30"
    )
    assert SIX.working_time(at("2026-11-23T08:00"), at("2026-11-23T20:00")) == timedelta(hours=7)
    assert SIX.working_time(at("2026-11-28T00:00"), at("2026-11-29T00:00")) == timedelta(hours=5)


def test_the_clocks_of_the_country_went_back_in_2024_and_no_hour_is_lost() -> None:
    before, after = at("2024-02-29T16:00"), at("2024-03-01T10:00")
    assert FIVE.working_time(before, after) == timedelta(hours=2)
    assert after.astimezone(UTC) - before.astimezone(UTC) == timedelta(hours=19)


@given(start=DAYS, days=st.integers(1, 40))
@WEEKS
def test_the_day_that_is_found_is_a_working_one_and_every_day_between_is_explained(
    calendar: Calendar, start: date, days: int
) -> None:
    counted = calendar.business_days(start, days)
    assert calendar.is_working(counted[-1].day)
    assert [day.number for day in counted if day.number] == list(range(1, days + 1))
    assert [day.day for day in counted] == [
        start + timedelta(days=n) for n in range(1, len(counted) + 1)
    ]
    assert all(day.kind.off is (day.number is None) for day in counted)


@given(start=DAYS, one=st.integers(1, 20), more=st.integers(1, 20))
@WEEKS
def test_business_days_add_up(calendar: Calendar, start: date, one: int, more: int) -> None:
    halfway = calendar.add_business_days(start, one)
    assert calendar.add_business_days(halfway, more) == calendar.add_business_days(
        start, one + more
    )


@given(start=MOMENTS, amount=WORKING_TIMES)
@WEEKS
def test_what_is_added_can_be_measured_again(
    calendar: Calendar, start: datetime, amount: timedelta
) -> None:
    end = calendar.add_working_time(start, amount)
    assert end >= start
    assert calendar.working_time(start, end) == amount


@given(start=MOMENTS, one=WORKING_TIMES, more=WORKING_TIMES)
@WEEKS
def test_working_times_add_up(
    calendar: Calendar, start: datetime, one: timedelta, more: timedelta
) -> None:
    halfway = calendar.add_working_time(start, one)
    assert calendar.add_working_time(halfway, more) == calendar.add_working_time(start, one + more)


@given(moments=st.tuples(MOMENTS, MOMENTS))
def test_working_time_is_never_negative_nor_longer_than_the_time(
    moments: tuple[datetime, datetime],
) -> None:
    start, end = moments
    worked = FIVE.working_time(start, min(end, start + timedelta(days=400)))
    assert timedelta() <= worked <= max(end - start, timedelta())


@pytest.mark.parametrize(
    ("hours", "sentence"),
    [
        pytest.param({}, "has no deadlines", id="no hours at all"),
        pytest.param({0: ()}, "has no deadlines", id="a day without spans"),
        pytest.param({0: (Span(600, 700), Span(650, 800))}, "do not overlap", id="overlapping"),
    ],
)
def test_a_calendar_that_has_no_sense_is_refused(
    hours: dict[int, tuple[Span, ...]], sentence: str
) -> None:
    with pytest.raises(ValueError, match=sentence):
        Calendar(zone=ALMATY, hours=hours)


def test_naive_moments_and_negative_amounts_are_refused() -> None:
    with pytest.raises(ValueError, match="aware"):
        FIVE.add_working_time(datetime(2026, 11, 23), timedelta(hours=1))  # noqa: DTZ001 - the point
    with pytest.raises(ValueError, match="never taken away"):
        FIVE.add_working_time(at("2026-11-23T10:00"), timedelta(hours=-1))
    with pytest.raises(ValueError, match="from 1"):
        FIVE.business_days(date(2026, 11, 23), 0)


def test_a_span_may_end_at_midnight() -> None:
    night = Calendar(zone=ALMATY, hours=dict.fromkeys(range(7), (Span(0, 1440),)))
    assert night.add_working_time(at("2026-11-23T23:00"), timedelta(hours=2)) == at(
        "2026-11-24T01:00"
    )
