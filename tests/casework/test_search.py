"""Complaints are found by what people remember of them, however it is spelt."""

from __future__ import annotations

import pytest
from sqlalchemy import delete, update

from triage.casework import searching
from triage.casework.passing import tick
from triage.core.complaint import Contact
from triage.store import search
from triage.store.entries import SearchEntry
from triage.store.tables import Complaint


def find(desk, asked):
    with desk.reading() as session:
        return searching.find(session, asked)


@pytest.fixture
def kettle(file):
    return file(
        "Чайник сломался, қайтарып алмайды",
        triaged=False,
        order_number="978080963",
        seller="TechnoSfera Ltd",
        product="Электрочайник Vitek VT-7055",
        contact=Contact(name="Әсел", phone="+7 (701) 555-12-34"),
    )


@pytest.fixture
def others(file):
    return [
        file(f"Не привезли диван {n}", triaged=False, order_number=f"97808099{n}", seller="Mebel")
        for n in range(3)
    ]


@pytest.mark.parametrize(
    "asked",
    [
        pytest.param("978080963", id="the order's number"),
        pytest.param("  978080963 ", id="with spaces around"),
        pytest.param("1234", id="the phone's last four digits"),
        pytest.param("555-12-34", id="the phone's last seven, as written"),
        pytest.param("8 701 555 12 34", id="the whole phone with the trunk code"),
        pytest.param("+77015551234", id="the whole phone with the country's code"),
        pytest.param("чайник", id="a word"),
        pytest.param("ЧАЙНИКА", id="in another form"),
        pytest.param("чайник сломался", id="two words"),
        pytest.param("қайтарып", id="Kazakh"),
        pytest.param("кайтарып алмайды", id="Kazakh in Russian letters"),
        pytest.param("qaitaryp", id="Kazakh in Latin letters"),
        pytest.param("chainik", id="Russian in Latin letters"),
        pytest.param("vitek", id="the product"),
        pytest.param("7055", id="a number of the product"),
        pytest.param("TechnoSfera", id="the seller"),
        pytest.param("technos", id="the seller's beginning"),
        pytest.param("асел", id="the customer's name"),
    ],
)
def test_what_finds_a_complaint(desk, kettle, others, asked):
    assert find(desk, asked).ids == [kettle]


@pytest.mark.parametrize(
    "asked",
    [
        pytest.param("123", id="too few digits of a phone"),
        pytest.param("5512", id="digits from the middle of a phone"),
        pytest.param("чайник диван", id="words of two complaints"),
        pytest.param("", id="nothing"),
        pytest.param("!!! ' \" * ) ( OR", id="the databases' own signs"),
        pytest.param("words:чайник -", id="operators are words"),
        pytest.param("чай_ник", id="an underscore is no letter"),
        pytest.param("\x00", id="a zero byte"),
    ],
)
def test_what_finds_nothing(desk, kettle, others, asked):
    assert find(desk, asked).ids == []


def test_its_own_number_finds_a_complaint_however_it_is_written(desk, kettle):
    assert find(desk, f" {kettle[:4].lower()} {kettle[4:].lower()}").ids == [kettle]


def test_the_newest_come_first_and_no_more_than_can_be_read(desk, others, monkeypatch):
    assert find(desk, "диван") == searching.Found(list(reversed(others)))
    monkeypatch.setattr(search, "MOST", 2)
    assert find(desk, "диван") == searching.Found(list(reversed(others))[:2], more=True)


def test_complaints_of_before_become_findable_by_and_by(desk, kettle, others):
    with desk.sessions.begin() as session:
        session.execute(update(SearchEntry).values(words=None, seller=None, phone=None))
    assert find(desk, "чайник").ids == []
    assert tick(desk)["made_findable"] == 4
    assert find(desk, "чайник").ids == find(desk, "1234").ids == [kettle]
    assert tick(desk)["made_findable"] == 0


def test_what_is_forgotten_is_not_found(desk, kettle):
    with desk.sessions.begin() as session:
        search.forget(session, kettle)
    assert find(desk, "чайник").ids == []
    assert find(desk, "1234").ids == []


def test_a_row_that_goes_takes_its_words_along(desk, others):
    with desk.sessions.begin() as session:
        session.execute(delete(SearchEntry).where(SearchEntry.complaint_id == others[0]))
        assert session.get(Complaint, others[0]) is not None
    assert len(find(desk, "диван").ids) == 2
