"""Proofs against the story: what is told to a person, and what an honest customer never hears."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from triage.core.bounds import NAMES, Bounds
from triage.core.evidence import Level
from triage.core.receipt import moment
from triage.evidence import claims
from triage.evidence.claims import Proof, Story

BOUNDS = Bounds()
STORY = Story(
    amount=Decimal(15000),
    order_date=date(2026, 11, 16),
    received_on=date(2026, 11, 20),
    until=date(2026, 11, 23),
)


def story(**other: object) -> Story:
    return Story(
        **{
            "amount": STORY.amount,
            "order_date": STORY.order_date,
            "received_on": STORY.received_on,
            "until": STORY.until,
            **other,
        }  # type: ignore[arg-type] # fields of the tables below
    )


def proof(amount: str | None = "15000.00", when: str = "2026-11-16 12:00:00", n: int = 1) -> Proof:
    return Proof(
        mark=f"010101234567:{n}",
        amount=None if amount is None else Decimal(amount),
        issued_at=moment(when),
    )


@pytest.mark.parametrize(
    ("amounts", "ordered", "level"),
    [
        pytest.param(["15000.00"], 15000, None, id="equal"),
        pytest.param(["15001"], 15000, None, id="a_tenge_of_rounding"),
        pytest.param(["14998.99"], 15000, Level.WEAK, id="less_by_more_than_a_tenge"),
        pytest.param(["10000", "5000"], 15000, None, id="two_receipts_add_up"),
        pytest.param(["10000", "4000"], 15000, Level.WEAK, id="two_receipts_fall_short"),
        pytest.param(["45000"], 15000, Level.NOTE, id="a_basket_of_several_products"),
        pytest.param(["15000", None], 15000, None, id="one_sum_is_not_known"),
        pytest.param(["900"], None, None, id="the_price_is_not_known"),
        pytest.param([], 15000, None, id="no_receipt"),
    ],
)
def test_the_sum(amounts: list[str | None], ordered: int | None, level: Level | None) -> None:
    proofs = [proof(each, n=place) for place, each in enumerate(amounts)]
    about = story(amount=None if ordered is None else Decimal(ordered))
    found = claims.amount(proofs, about, BOUNDS)
    assert (found and found.level) == level
    if found:
        assert found.code == "receipt.amount_mismatch"
        assert found.limit == str(ordered)


def test_one_receipt_sent_twice_counts_once() -> None:
    assert claims.amount([proof(), proof()], STORY, BOUNDS) is None


@pytest.mark.parametrize(
    ("when", "about", "level"),
    [
        pytest.param("2026-11-16 00:00:01", {}, None, id="on_the_day_of_the_order"),
        pytest.param("2026-11-15 23:59:59", {}, None, id="a_night_before"),
        pytest.param("2026-11-14 12:00:00", {}, Level.WEAK, id="two_days_before"),
        pytest.param("2026-11-15 23:30:00Z", {}, None, id="in_another_zone"),
        pytest.param("2026-11-20 12:00:00", {}, None, id="cash_on_delivery"),
        pytest.param("2026-11-24 12:00:00", {}, None, id="a_till_a_day_ahead"),
        pytest.param("2026-11-26 12:00:00", {}, Level.WEAK, id="after_it_came_in"),
        pytest.param("2020-01-01 12:00:00", {"order_date": None}, None, id="order_date_unknown"),
        pytest.param("2026-12-25 12:00:00", {"until": date(2027, 1, 9)}, Level.NOTE, id="late"),
        pytest.param(
            "2026-12-25 12:00:00",
            {"until": date(2027, 1, 9), "received_on": None},
            None,
            id="never_received",
        ),
        pytest.param("0001-01-01 00:00:00+14:00", {}, Level.WEAK, id="the_first_day"),
        pytest.param("9999-12-31 23:00:00-05:00", {}, Level.WEAK, id="the_last_day"),
        pytest.param("", {}, None, id="time_not_read"),
    ],
)
def test_the_time(when: str, about: dict[str, object], level: Level | None) -> None:
    found = claims.issue(proof(when=when), story(**about), BOUNDS)
    assert (found and found.level) == level


def test_the_expected_days_are_told() -> None:
    found = claims.issue(proof(when="2026-10-01 12:00:00"), STORY, BOUNDS)
    assert found is not None
    assert found.measured == "2026-10-01"
    assert found.detail == {"earliest": "2026-11-15", "latest": "2026-11-24"}


@pytest.mark.parametrize(
    ("taken_at", "code"),
    [
        pytest.param("2026-11-20 18:00:00", None, id="after_it_arrived"),
        pytest.param("2026-11-15 18:00:00", None, id="a_day_of_time_zones"),
        pytest.param("2026-11-14 18:00:00", "taken_before_order", id="before_the_order"),
        pytest.param("2019-06-05 18:00:00", "taken_before_order", id="years_before"),
        pytest.param("2026-11-14 20:00:00-05:00", None, id="its_own_zone_is_heard"),
        pytest.param("2026-11-24 18:00:00", None, id="a_clock_a_day_ahead"),
        pytest.param("2026-11-26 18:00:00", "taken_after_filing", id="the_future"),
        pytest.param("1970-01-01 00:00:10", None, id="the_beginning_of_all_clocks"),
        pytest.param("1980-01-01 00:00:00", None, id="an_older_beginning"),
        pytest.param("2000-01-01 00:00:00", None, id="an_empty_battery"),
        pytest.param("2015-01-03 11:00:00", None, id="an_empty_battery_two_days_ago"),
        pytest.param("2015-02-03 11:00:00", "taken_before_order", id="a_day_that_is_no_reset"),
        pytest.param("2004-08-01 11:00:00", None, id="before_there_were_such_cameras"),
        pytest.param("", None, id="blank"),
        pytest.param("0001-01-01 00:00:00+14:00", None, id="beyond_the_calendar"),
        pytest.param("nonsense", None, id="nonsense"),
    ],
)
def test_when_a_picture_was_taken(taken_at: str, code: str | None) -> None:
    found = claims.taken(taken_at, STORY, BOUNDS)
    assert (found and found.code) == (code and f"metadata.{code}")


def test_a_picture_of_the_first_week_of_january_counts_in_its_own_year() -> None:
    about = story(order_date=date(2026, 1, 20), until=date(2026, 1, 30))
    assert claims.taken("2026-01-03 12:00:00", about, BOUNDS) is not None


def test_without_an_order_date_only_the_future_is_strange() -> None:
    about = story(order_date=None)
    assert claims.taken("2011-05-05 12:00:00", about, BOUNDS) is None
    assert claims.taken("2027-05-05 12:00:00", about, BOUNDS) is not None


@pytest.mark.parametrize(
    ("cases", "strangers", "level"),
    [
        pytest.param([], False, None, id="nowhere_else"),
        pytest.param(["A"], False, Level.NOTE, id="another_complaint_about_the_same_order"),
        pytest.param(["A", "B"], True, Level.WEAK, id="somebody_else_s_order"),
    ],
)
def test_a_receipt_in_other_cases(cases: list[str], strangers: bool, level: Level | None) -> None:
    found = claims.reused(cases, strangers=strangers)
    assert (found and found.level) == level
    if found:
        assert found.detail == {"cases": ", ".join(cases), "count": len(cases)}


@pytest.mark.parametrize(
    ("receipts", "printed", "marks"),
    [
        pytest.param("", "", [], id="neither"),
        pytest.param(
            "WOFD|010101234567|123456789|5.00|2026-11-16 12:00:00+05:00;"
            "Kaspi|020202345678|987654321|7.00|2026-11-16 13:00:00+05:00",
            "123456789|010101234567|5.00|",
            ["010101234567:123456789", "020202345678:987654321"],
            id="codes_count_before_print",
        ),
        pytest.param(
            "", "123456789|010101234567||", ["010101234567:123456789"], id="print_without_a_code"
        ),
        pytest.param("", "|010101234567|5.00|", [""], id="a_till_alone_is_no_mark"),
    ],
)
def test_receipts_of_a_file(receipts: str, printed: str, marks: list[str]) -> None:
    assert [each.mark for each in claims.proofs_of(receipts, printed)] == marks


def test_the_operator_s_numbers_count() -> None:
    wide = Bounds.of({"receipt_tolerance": 500, "expensive": 1})
    assert claims.amount([proof("14600")], STORY, wide) is None
    assert set(NAMES) == set(vars(wide))


def test_letters_that_were_recognised_in_a_picture_only_give_notes() -> None:
    (read,) = claims.proofs_of("", "123456789|010101234567|5.00|2020-05-05 12:00:00+05:00|unsure")
    for found in (claims.amount([read], STORY, BOUNDS), claims.issue(read, STORY, BOUNDS)):
        assert found is not None
        assert found.level is Level.NOTE
