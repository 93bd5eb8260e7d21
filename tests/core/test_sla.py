"""The service clock: terms, pauses, what is left, and how it was all counted."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.books import the_book
from triage.core.case import SlaClass
from triage.core.sla import PAUSES, Clock, Pause, next_alert, service_clock
from triage.messages.reasons import CLOCK

ALMATY = ZoneInfo("Asia/Almaty")
BOOK = the_book()
STANDARD, COMPLEX, EXPERT = SlaClass
FILED = "2026-11-23T10:00"  # a Monday


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ALMATY)


def waiting(since: str, until: str | None, why: str = "evidence") -> Pause:
    return Pause(
        start=at(since), end=None if until is None else at(until), why=why, owed_by="customer"
    )


def clock(
    *pauses: Pause, now: str, filed: str = FILED, sla_class: SlaClass = STANDARD, week: int = 5
) -> Clock:
    return service_clock(
        at(filed),
        sla_class,
        pauses,
        policy=BOOK.sla,
        calendar=BOOK.calendars[week],
        now=at(now),
    )


def steps(seen: Clock) -> list[str]:
    return [str(step["code"]) for step in seen.derivation]


@pytest.mark.parametrize(
    ("sla_class", "filed", "due"),
    [
        pytest.param(STANDARD, FILED, "2026-11-26T17:00:00", id="three business days"),
        pytest.param(STANDARD, "2026-12-14T23:50", "2026-12-18T17:00:00", id="over a holiday"),
        pytest.param(STANDARD, "2026-12-30T08:00", "2027-01-06T17:00:00", id="over New Year"),
        pytest.param(STANDARD, "2026-11-28T12:00", "2026-12-02T17:00:00", id="filed on a Saturday"),
        pytest.param(COMPLEX, FILED, "2026-12-03T23:59:59", id="ten calendar days"),
        pytest.param(EXPERT, FILED, "2026-12-23T23:59:59", id="thirty calendar days"),
    ],
)
def test_the_day_of_filing_is_not_counted(sla_class: SlaClass, filed: str, due: str) -> None:
    seen = clock(now=filed, filed=filed, sla_class=sla_class)
    assert seen.due_at == at(due)
    assert seen.due_at.tzinfo is UTC
    assert not seen.paused
    assert not seen.breached


def test_the_standard_class_aims_at_one_day() -> None:
    assert clock(now=FILED).target_at == at("2026-11-24T17:00")
    assert clock(now=FILED, sla_class=COMPLEX).target_at is None


def test_a_day_near_midnight_is_the_day_in_almaty() -> None:
    """22:30 UTC on the 23rd is the 24th in Almaty, and so is day 0."""
    seen = service_clock(
        datetime(2026, 11, 23, 22, 30, tzinfo=UTC),
        STANDARD,
        (),
        policy=BOOK.sla,
        calendar=BOOK.calendar,
        now=datetime(2026, 11, 23, 22, 30, tzinfo=UTC),
    )
    assert seen.due_at == at("2026-11-27T17:00")


@pytest.mark.parametrize(
    ("pause", "due"),
    [
        pytest.param(
            waiting("2026-11-24T10:00", "2026-11-24T12:00"), "2026-11-27T11:00", id="two hours"
        ),
        pytest.param(
            waiting("2026-11-24T10:00", "2026-11-25T10:00"), "2026-11-27T17:00", id="a whole day"
        ),
        pytest.param(
            waiting("2026-11-24T20:00", "2026-11-25T07:00"), "2026-11-26T17:00", id="at night only"
        ),
        pytest.param(
            waiting("2026-11-24T09:00", "2026-12-20T09:00"),
            "2026-12-21T13:00",
            id="capped at five days, and four hours are left",
        ),
        pytest.param(
            waiting("2026-11-24T09:00", "2026-12-04T09:00", "seller"),
            "2026-12-07T17:00",
            id="the seller has seven",
        ),
        pytest.param(
            waiting("2026-11-26T18:00", "2026-11-27T12:00"),
            "2026-11-26T17:00",
            id="too late: it was due before",
        ),
        pytest.param(
            waiting("2026-11-26T16:59", "2026-11-30T10:00"),
            "2026-11-30T14:00",
            id="a minute before: four hours are left at least",
        ),
    ],
)
def test_a_pause_moves_the_due_time_by_its_working_time(pause: Pause, due: str) -> None:
    assert clock(pause, now="2026-12-22T09:00").due_at == at(due)


@pytest.mark.parametrize(
    ("since", "until", "due"),
    [
        pytest.param("2026-11-24T09:00", "2026-11-24T23:00", "2026-12-03", id="within a day"),
        pytest.param("2026-11-24T20:00", "2026-11-25T08:00", "2026-12-04", id="over one night"),
        pytest.param("2026-11-27T20:00", "2026-11-30T08:00", "2026-12-06", id="over a weekend"),
        pytest.param("2026-12-03T23:00", "2026-12-04T10:00", "2026-12-04", id="on the last day"),
        pytest.param("2026-12-03T23:00", None, "2026-12-05", id="projected while it lasts"),
    ],
)
def test_a_pause_of_a_class_of_calendar_days_moves_it_by_whole_days(
    since: str, until: str | None, due: str
) -> None:
    """A term of days ends with a day; it would be no use to owe an answer at 11:59:59."""
    seen = clock(waiting(since, until), now="2026-12-05T10:00", sla_class=COMPLEX)
    assert seen.due_at == at(f"{due}T23:59:59")


@pytest.mark.parametrize(
    ("now", "given", "share", "moment"),
    [
        pytest.param(FILED, (), 50, "2026-11-25T09:30", id="half of 31 working hours"),
        pytest.param(FILED, (50,), 80, "2026-11-26T10:48", id="then four fifths"),
        pytest.param(FILED, (50, 80), 100, "2026-11-26T17:00", id="then the breach"),
        pytest.param("2026-11-26T11:00", (), 50, "2026-11-26T11:00", id="at once if it has passed"),
        pytest.param("2026-11-26T11:00", (80,), 100, "2026-11-26T17:00", id="never back to half"),
        pytest.param("2026-11-30T11:00", (), 50, "2026-11-26T17:00", id="long overdue"),
    ],
)
def test_the_next_alert(now: str, given: tuple[int, ...], share: int, moment: str) -> None:
    seen = clock(now=now)
    assert alert_of(seen, now, *given) == (share, at(moment))


def alert_of(seen: Clock, now: str, *given: int) -> tuple[int, datetime] | None:
    calendar = BOOK.calendars[5]
    return next_alert(seen, frozenset(given), policy=BOOK.sla, calendar=calendar, now=at(now))


def test_after_the_breach_and_while_it_stands_still_a_clock_tells_nothing() -> None:
    assert alert_of(clock(now="2026-11-30T11:00"), "2026-11-30T11:00", 50, 80, 100) is None
    now = "2026-11-24T11:00"
    assert alert_of(clock(waiting("2026-11-24T10:00", None), now=now), now) is None


def test_the_cap_is_for_all_pauses_of_one_cause_in_sum() -> None:
    first = waiting("2026-11-24T09:00", "2026-11-27T09:00")  # three working days
    second = waiting("2026-11-30T09:00", "2026-12-03T09:00")  # three more: two are left
    seen = clock(first, second, now="2026-12-03T10:00")
    assert seen.due_at == at("2026-12-03T17:00")
    assert "pause.capped" in steps(seen)
    other = waiting("2026-11-30T09:00", "2026-12-03T09:00", "seller")
    assert clock(first, other, now="2026-12-03T10:00").due_at == at("2026-12-04T17:00")


def test_once_the_cap_is_used_up_another_pause_stops_nothing() -> None:
    used_up = waiting("2026-11-24T09:00", "2026-12-01T09:00")
    again = waiting("2026-12-01T10:00", None)
    seen = clock(used_up, again, now="2026-12-02T10:00")
    assert not seen.paused
    assert seen.due_at == clock(used_up, now="2026-12-02T10:00").due_at


def test_overlapping_pauses_are_counted_once() -> None:
    outer = waiting("2026-11-24T09:00", "2026-11-25T09:00")
    inner = waiting("2026-11-24T10:00", "2026-11-24T12:00", "seller")
    seen = clock(outer, inner, now="2026-11-25T12:00")
    assert seen.due_at == clock(outer, now="2026-11-25T12:00").due_at
    assert "pause.overlaps" in steps(seen)


def test_while_paused_nothing_runs_down_and_the_due_time_is_projected() -> None:
    pause = waiting("2026-11-24T10:00", None)
    early, late = (clock(pause, now=now) for now in ("2026-11-24T11:00", "2026-11-26T11:00"))
    assert early.paused
    assert late.paused
    assert early.remaining == late.remaining
    assert early.used == late.used
    assert late.due_at - early.due_at > timedelta(days=1)


def test_a_pause_that_lies_ahead_changes_nothing_yet() -> None:
    ahead = waiting("2026-11-25T10:00", None)
    assert clock(ahead, now="2026-11-24T10:00") == clock(now="2026-11-24T10:00")


def test_the_clock_says_how_much_is_used_and_when_it_is_over() -> None:
    assert clock(now=FILED).used == 0
    assert clock(now="2026-11-25T12:00").used == 58  # 18 of the 31 working hours are gone
    assert not clock(now="2026-11-26T17:00").breached
    over = clock(now="2026-11-26T17:01")
    assert (over.breached, over.used, over.remaining) == (True, 100, timedelta())


def test_the_derivation_names_every_skipped_day_and_every_pause() -> None:
    seen = clock(
        waiting("2026-12-15T10:00", "2026-12-15T12:00"),
        filed="2026-12-14T10:00",
        now="2026-12-17T10:00",
    )
    assert steps(seen) == [
        "clock.started",
        "day.counted",
        "day.holiday",
        "day.counted",
        "day.counted",
        "pause.evidence",
        "clock.due",
    ]
    holiday = seen.derivation[2]
    assert (holiday["day"], holiday["name"]) == (
        "2026-12-16",
        {"ru": "День Независимости", "kk": "Тәуелсіздік күні", "en": "Independence Day"},
    )
    assert seen.derivation[-1]["at"] == "2026-12-21T11:00:00+05:00"


def test_estimated_days_off_are_said_to_be_estimates() -> None:
    seen = clock(filed="2028-03-14T10:00", now="2028-03-14T10:00")
    assert "day.estimated" in steps(seen)


def test_nobody_can_pause_a_clock_for_an_unknown_cause() -> None:
    with pytest.raises(ValueError, match="stands still"):
        waiting("2026-11-24T10:00", None, "lunch")


START = datetime(2026, 1, 5, tzinfo=UTC)
LATER = st.integers(0, 60 * 24 * 40).map(lambda minutes: timedelta(minutes=minutes))
CLASSES = st.sampled_from(list(SlaClass))


@st.composite
def histories(draw: st.DrawFn) -> tuple[datetime, list[Pause], datetime]:
    """When a complaint was filed, its pauses one after the other, and a later now."""
    filed = moment = START + draw(LATER)
    pauses = []
    for _ in range(draw(st.integers(0, 4))):
        start = moment + draw(LATER) / 8
        moment = start + draw(LATER) / 4
        why = draw(st.sampled_from(PAUSES))
        pauses.append(Pause(start=start, end=moment, why=why, owed_by="customer"))
    if pauses and draw(st.booleans()):
        last = pauses[-1]
        pauses[-1] = Pause(start=last.start, end=None, why=last.why, owed_by=last.owed_by)
    return filed, pauses, moment + draw(LATER)


def seen_at(
    filed: datetime, sla_class: SlaClass, pauses: list[Pause], now: datetime, week: int = 5
) -> Clock:
    return service_clock(
        filed,
        sla_class,
        pauses,
        policy=BOOK.sla,
        calendar=BOOK.calendars[week],
        now=now,
    )


@given(histories(), CLASSES, st.sampled_from([5, 6]))
def test_pauses_only_ever_give_more_time(
    history: tuple[datetime, list[Pause], datetime], sla_class: SlaClass, week: int
) -> None:
    filed, pauses, now = history
    with_pauses = seen_at(filed, sla_class, pauses, now, week)
    without = seen_at(filed, sla_class, [], now, week)
    assert with_pauses.due_at >= without.due_at
    assert 0 <= with_pauses.used <= 100
    assert with_pauses.remaining >= timedelta()
    assert not (with_pauses.paused and with_pauses.breached)


@given(histories(), CLASSES)
def test_it_never_breaches_in_the_second_it_resumes(
    history: tuple[datetime, list[Pause], datetime], sla_class: SlaClass
) -> None:
    """Whoever was in time when the clock stopped is in time when it starts again."""
    filed, pauses, _ = history
    for number, pause in enumerate(pauses):
        if pause.end is None or pause.end == pause.start:
            continue
        standing = seen_at(filed, sla_class, pauses[: number + 1], pause.end - timedelta(seconds=1))
        resumed = seen_at(filed, sla_class, pauses[: number + 1], pause.end + timedelta(seconds=1))
        if standing.paused:
            assert not resumed.breached


@given(histories(), CLASSES)
def test_a_higher_class_is_never_due_earlier(
    history: tuple[datetime, list[Pause], datetime], sla_class: SlaClass
) -> None:
    filed, _, now = history
    for higher in SlaClass:
        if higher.rank > sla_class.rank:
            assert (
                seen_at(filed, higher, [], now).due_at >= seen_at(filed, sla_class, [], now).due_at
            )


@given(histories(), CLASSES)
def test_a_clock_that_has_stood_still_shows_the_same_after_it_went_on(
    history: tuple[datetime, list[Pause], datetime], sla_class: SlaClass
) -> None:
    """What later happens does not change what was counted before: the due time only grows."""
    filed, pauses, now = history
    dues = [
        seen_at(filed, sla_class, pauses, now + timedelta(hours=n)).due_at for n in range(0, 72, 7)
    ]
    assert dues == sorted(dues)


@given(histories(), CLASSES)
def test_every_step_is_plain_and_has_its_sentence(
    history: tuple[datetime, list[Pause], datetime], sla_class: SlaClass
) -> None:
    seen = seen_at(history[0], sla_class, history[1], history[2])
    assert json.loads(json.dumps(seen.derivation)) == list(seen.derivation)
    assert {str(step["code"]) for step in seen.derivation} <= CLOCK.keys()
    for step in seen.derivation:
        names = {"at", "day", "number", "name", "days", "until", "since", "cap"} & step.keys()
        CLOCK[str(step["code"])].format_map({name: step[name] for name in names})


@given(histories(), CLASSES)
def test_an_alert_comes_when_so_much_of_the_time_is_used_and_not_before(
    history: tuple[datetime, list[Pause], datetime], sla_class: SlaClass
) -> None:
    filed, pauses, now = history
    seen = seen_at(filed, sla_class, pauses, now)
    calendar = BOOK.calendars[5]
    alert = next_alert(seen, frozenset(), policy=BOOK.sla, calendar=calendar, now=now)
    if alert is None:
        assert seen.paused
    elif alert[1] > now:
        share, moment = alert
        before = seen_at(filed, sla_class, pauses, moment - timedelta(minutes=2))
        then = seen_at(filed, sla_class, pauses, moment + timedelta(minutes=2))
        assert before.used <= share <= then.used
