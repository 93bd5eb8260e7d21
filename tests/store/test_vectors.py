"""A search on PostgreSQL finds the newest that there are, by whichever way it goes."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest
from sqlalchemy import func, insert, select, text
from sqlalchemy.orm import Session

from tests.web.test_dashboard import complaint
from triage.store import db, frequencies, vectors
from triage.store.entries import SearchEntry
from triage.store.frequencies import Frequencies
from triage.store.tables import Complaint

ROWS = 3000
SHARES = {"everywhere": 1.0, "often": 0.3, "sometimes": 0.03, "seldom": 0.004}
Written = dict[int, set[str]]


@pytest.fixture
def written(postgresql_url: str) -> Iterator[tuple[Session, Written]]:
    """Many entries, the words of each, and statistics about them."""
    engine = db.open_engine(postgresql_url)
    chance = random.Random(3)
    words = {
        number: {word for word, share in SHARES.items() if chance.random() < share}
        for number in range(1, ROWS + 1)
    }
    columns = {name.key for name in Complaint.__table__.columns}
    some = {k: v for k, v in vars(complaint(0)).items() if k in columns}
    given = {**some, "rank": 0, "appeal": 0, "round": 1, "triaged_round": 1, "overrides": {}}
    given |= {"in_queue": False, "sla_class": "standard"}
    with engine.begin() as connection:
        connection.execute(insert(Complaint), [{**given, "id": f"C{n}"} for n in words])
        entry = insert(SearchEntry).values(
            words=func.to_tsvector("simple", text(":said")), complaint_id=text(":complaint")
        )
        connection.execute(
            entry, [{"said": " ".join(found), "complaint": f"C{n}"} for n, found in words.items()]
        )
        connection.execute(text("ANALYZE search_entries"))
    with db.reading(engine)() as session:
        yield session, words
    engine.dispose()


QUESTIONS = [
    ["everywhere"],
    ["often"],
    ["sometimes"],
    ["seldom"],
    ["everywhere", "often"],
    ["often", "seldom"],
    ["everywhere", "sometimes", "often"],
    ["seldom", "sometimes"],
    ["never"],
    ["often", "never"],
    ["oft"],
    ["some", "every"],
]


@pytest.mark.parametrize("asked", QUESTIONS, ids=" ".join)
@pytest.mark.parametrize("most", [5, 60, ROWS])
def test_the_newest_with_all_words_are_found(written, monkeypatch, asked, most):
    session, words = written
    monkeypatch.setattr(vectors, "MOST", most)
    found = vectors.newest(session, [[each] for each in asked])
    wanted = [
        number
        for number, said in sorted(words.items(), reverse=True)
        if all(any(word.startswith(each) for word in said) for each in asked)
    ]
    assert [int(complaint_id[1:]) for _, complaint_id in found] == wanted[: most + 1]


def test_a_word_in_two_spellings_is_one_word(written):
    session, words = written
    found = vectors.newest(session, [["seldom", "sometimes"]])
    assert len(found) == min(
        vectors.MOST + 1, sum(bool(said & {"seldom", "sometimes"}) for said in words.values())
    )


def test_the_shares_are_what_the_database_says(written):
    session, words = written
    known = frequencies.frequencies(session)
    assert known.top == ROWS
    for word in ("everywhere", "often"):
        counted = sum(word in said for said in words.values()) / ROWS
        assert known.of(word, beginning=True) == pytest.approx(counted, abs=0.02)
        assert known.of(word[:4], beginning=True) == pytest.approx(counted, abs=0.02)
    assert known.of("ofte", beginning=False) < 0.01


@pytest.mark.parametrize(
    ("shares", "asked", "checked", "is_bounded"),
    [
        pytest.param({"a": 0.5}, [], ["(a)"], False, id="a common word: walk"),
        pytest.param({"a": 0.008}, ["(a)"], [], True, id="a rarer one: the index, not all of it"),
        pytest.param({"a": 0.004}, ["(a)"], [], False, id="a rare one: the index"),
        pytest.param(
            {"a": 0.9, "b": 0.0001}, ["(b)"], ["(a)"], False, id="the rare one leads, not the other"
        ),
        pytest.param(
            {"a": 0.08, "b": 0.09}, ["(a)"], ["(b)"], True, id="common ones that seldom meet"
        ),
    ],
)
def test_the_way_follows_from_how_common_the_words_are(shares, asked, checked, is_bounded):
    words = sorted(shares)
    sums = [0.0]
    for word in words:
        sums.append(sums[-1] + shares[word])
    plan = vectors._plan([[each] for each in words], Frequencies(words, sums, 0.0, 1_000_000))
    assert (list(plan.asked), list(plan.checked)) == (asked, checked)
    assert (plan.window is not None) is is_bounded


def test_a_database_without_statistics_is_searched_all_the_same(postgresql_url):
    engine = db.open_engine(postgresql_url)
    with db.reading(engine)() as session:
        assert frequencies.frequencies(session) == Frequencies()
        assert vectors.newest(session, [["word"]]) == []
        assert session.scalar(select(func.count()).select_from(SearchEntry)) == 0
    engine.dispose()
