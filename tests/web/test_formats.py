"""Times, sums and sizes as people in Kazakhstan read them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from babel.numbers import format_decimal

from triage.web import formats
from triage.web.template_words import mark_terms

NOON = datetime(2026, 11, 22, 7, 0, tzinfo=UTC)  # 12:00 in Almaty


@pytest.mark.parametrize(
    ("language", "said"),
    [
        pytest.param("ru", "22 ноября 2026 г., 12:00", id="ru"),
        pytest.param("kk", "2026 ж. 22 қараша, 12:00", id="kk"),
        pytest.param("en", "22 November 2026, 12:00", id="en"),
    ],
)
def test_a_moment_is_told_in_the_time_of_almaty(language, said):
    assert formats.moment("2026-11-22T07:00:00Z", language) == said
    assert formats.moment(NOON, language) == said


def test_a_moment_without_a_zone_is_not_guessed():
    with pytest.raises(ValueError, match="zone"):
        formats.moment("2026-11-22T07:00:00", "ru")


@pytest.mark.parametrize(
    ("at", "said"),
    [
        pytest.param(NOON - timedelta(hours=11), "01:00", id="today, only the time"),
        pytest.param(NOON - timedelta(hours=13), "21 нояб., 23:00", id="yesterday by our clock"),
    ],
)
def test_a_table_tells_moments_shortly(at, said):
    assert formats.short_moment(at, NOON, "ru") == said


@pytest.mark.parametrize(
    ("left", "said"),
    [
        pytest.param(timedelta(seconds=5), "через 1 минуту", id="never nothing"),
        pytest.param(timedelta(minutes=59, seconds=59), "через 59 минут", id="minutes"),
        pytest.param(timedelta(hours=23, minutes=59), "через 23 часа", id="hours"),
        pytest.param(timedelta(hours=47), "через 1 день", id="never more than there is"),
        pytest.param(timedelta(days=30), "через 30 дней", id="days, not weeks or months"),
        pytest.param(-timedelta(hours=5), "5 часов назад", id="overdue"),
    ],
)
def test_the_time_that_is_left_is_one_unit_rounded_down(left, said):
    assert formats.remaining(NOON + left, NOON, "ru") == said


@pytest.mark.parametrize(
    ("given", "said"),
    [
        pytest.param("2026-03-08", "8 марта 2026 г.", id="an ISO date"),
        pytest.param("2026-03-07T20:00:00Z", "8 марта 2026 г.", id="a moment, its day here"),
        pytest.param(date(2026, 3, 8), "8 марта 2026 г.", id="a date"),
    ],
)
def test_a_day_is_told_without_a_time(given, said):
    assert formats.day(given, "ru") == said


@pytest.mark.parametrize(
    ("amount", "said"),
    [
        pytest.param("123456.00", "123 456 ₸", id="whole tenge"),
        pytest.param("1234.50", "1 234,50 ₸", id="with tiyn"),
        pytest.param(Decimal(0), "0 ₸", id="nothing"),
    ],
)
def test_a_sum_is_in_tenge_and_never_breaks_over_a_line(amount, said):
    assert formats.money(amount) == said.replace(" ", "\N{NO-BREAK SPACE}")


@pytest.mark.parametrize("locale", ["ru", "kk"])
@pytest.mark.parametrize("amount", ["0", "7.05", "999.9", "1000", "1234567.80", "-4500"])
def test_a_sum_is_written_as_babel_writes_it(amount, locale):
    pattern = "#,##0" if Decimal(amount) == int(Decimal(amount)) else "#,##0.00"
    number = format_decimal(Decimal(amount), pattern, locale=locale)
    assert formats.money(amount) == f"{number}\N{NO-BREAK SPACE}₸"


@pytest.mark.parametrize(
    ("probability", "said"),
    [
        pytest.param(0.934, "93 %", id="a hundredth"),
        pytest.param(0.376, "37 %", id="cut as the reason of an alarm is"),
        pytest.param(0.29, "29 %", id="no hundredth is lost to binary fractions"),
        pytest.param(0.994, "99 %", id="nearly certain"),
        pytest.param(0.999, ">99 %", id="more than nearly"),
        pytest.param(1.0, ">99 %", id="never certain"),
        pytest.param(0.0, "0 %", id="nothing"),
    ],
)
def test_a_probability_is_cut_as_in_the_reasons_and_is_never_certain(probability, said):
    assert formats.share(probability).replace("\N{NO-BREAK SPACE}", " ") == said


@pytest.mark.parametrize(
    ("octets", "said"),
    [(700, "700 Б"), (2_481_133, "2,4 МБ"), (500 * 1024**2, "500 МБ"), (2 * 1024**4, "2048 ГБ")],
)
def test_a_size_is_told_as_phones_do(octets, said):
    assert formats.size(octets, "ru").replace("\N{NO-BREAK SPACE}", " ") == said


@pytest.mark.parametrize(
    ("words", "terms", "marked"),
    [
        pytest.param(
            "Не включается & молчит",
            ["не включается"],
            '<mark class="for">Не включается</mark> &amp; молчит',
            id="whatever the case, the rest escaped",
        ),
        pytest.param(
            "какой кой", ["кой"], 'какой <mark class="for">кой</mark>', id="whole words only"
        ),
        pytest.param(
            "a.b (c)",
            ["(c)", "a.b"],
            '<mark class="for">a.b</mark> <mark class="for">(c)</mark>',
            id="signs",
        ),
        pytest.param(
            "нельзя: протекает",
            ["нельзя протекает"],
            '<mark class="for">нельзя: протекает</mark>',
            id="a pair",
        ),
        pytest.param("x", [], "x", id="nothing to mark"),
        pytest.param("<b>", ["b"], '&lt;<mark class="for">b</mark>&gt;', id="markup stays text"),
    ],
)
def test_the_words_that_pushed_the_model_are_marked(words, terms, marked):
    assert str(mark_terms(words, [{"term": each, "weight": 1.0} for each in terms])) == marked


def test_a_word_against_the_category_is_marked_otherwise():
    terms = [{"term": "broken", "weight": 1.0}, {"term": "late", "weight": -0.4}]
    assert str(mark_terms("late, broken", terms)) == (
        '<mark class="against">late</mark>, <mark class="for">broken</mark>'
    )


@pytest.mark.parametrize(
    ("seconds", "said"), [(5.4, "0:05"), (65, "1:05"), (3725, "1:02:05"), (59.7, "1:00")]
)
def test_the_length_of_a_video(seconds, said):
    assert formats.length(seconds) == said
