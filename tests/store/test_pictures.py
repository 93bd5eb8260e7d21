"""The index of pictures: what is near is found, what is far is not, and it goes with its file."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, delete, func, select
from sqlalchemy.orm import Session

from triage.store import db, pictures
from triage.store.pictures import ENOUGH, NEAR, Alike, Likeness, Picture, PictureBand
from triage.store.tables import Evidence

CERTAIN = 19  # different bits up to which nothing is missed
NOW = datetime(2026, 11, 23, tzinfo=UTC)


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    engine = db.open_engine(database_url)
    yield engine
    engine.dispose()


def store(engine: Engine, hashes: dict[str, int]) -> None:
    with db.writing(engine).begin() as session:
        session.add_all(row(each) for each in hashes)
        session.flush()
        pictures.keep(session, hashes)


def row(evidence_id: str) -> Evidence:
    return Evidence(
        id=evidence_id, kind="other", filename="", declared_type="", size=1, sha256="",
        added_at=NOW, added_by="",
    )  # fmt: skip


def found(engine: Engine, *hashes: int) -> list[Alike]:
    with db.reading(engine)() as session:
        return pictures.alike(session, hashes)


def count(session: Session, table: type) -> int:
    return session.scalar(select(func.count()).select_from(table)) or 0


def changed(pdq: int, bits: Sequence[int]) -> int:
    return pdq ^ sum(1 << bit for bit in bits)


def test_the_nearest_comes_first_and_what_is_far_does_not_come(engine):
    rng = random.Random(1)
    pdq = rng.getrandbits(256)
    store(
        engine,
        {
            "same": pdq,
            "near": changed(pdq, range(5)),
            "at the edge": changed(pdq, range(0, 2 * NEAR, 2)),
            "beyond": changed(pdq, range(NEAR + 1)),
            "quite another": rng.getrandbits(256),
        },
    )
    answer = found(engine, pdq)
    assert [each for each in answer if each.evidence_id != "at the edge"] == [
        Alike("same", 0),
        Alike("near", 5),
    ]


def test_one_picture_is_looked_for_in_all_its_turns(engine):
    rng = random.Random(2)
    one, mirrored = rng.getrandbits(256), rng.getrandbits(256)
    store(engine, {"mirrored": changed(mirrored, [3, 77])})
    assert found(engine, one) == []
    assert found(engine, one, mirrored) == [Alike("mirrored", 2)]


@given(pdq=st.integers(0, 2**256 - 1), bits=st.sets(st.integers(0, 255), max_size=CERTAIN))
def test_whatever_is_within_the_certain_radius_shares_a_place(pdq, bits):
    wanted = pictures.buckets(changed(pdq, sorted(bits)))
    around = pictures._around(pdq)
    assert any(each in near for each, near in zip(wanted, around, strict=True))


def test_whatever_is_within_the_certain_radius_is_found(engine):
    rng = random.Random(3)
    hashes = {f"e{n}": rng.getrandbits(256) for n in range(CERTAIN + 1)}
    store(engine, hashes)
    for distance, (evidence_id, pdq) in enumerate(hashes.items()):
        copy = changed(pdq, rng.sample(range(256), distance))
        assert Alike(evidence_id, distance) in found(engine, copy)


def missed(distance: int) -> float:
    """The share of all ways to change so many bits that no band of one cut forgives."""
    widths = [len(places) for places in pictures._PLACES[: pictures._BANDS]]
    ways = [1]  # by the number of wrong bits so far, two or more in every band
    for width in widths:
        longer = [0] * (len(ways) + width)
        for before, number in enumerate(ways):
            for wrong in range(2, width + 1):
                longer[before + wrong] += number * comb(width, wrong)
        ways = longer
    return ways[distance] / comb(256, distance)


@pytest.mark.parametrize(
    ("distance", "at_least"), [(CERTAIN, 1.0), (23, 0.9999), (27, 0.998), (NEAR, 0.98)]
)
def test_the_share_that_is_found_is_as_the_mathematics_say(distance, at_least):
    """By counting for one cut, squared for two; and by trying, which shares no code with it."""
    counted = 1 - missed(distance) ** 2
    assert counted >= at_least
    rng, tries = random.Random(distance), 3000
    hits = 0
    for _ in range(tries):
        pdq = rng.getrandbits(256)
        wanted = pictures.buckets(changed(pdq, rng.sample(range(256), distance)))
        around = pictures._around(pdq)
        hits += any(each in near for each, near in zip(wanted, around, strict=True))
    assert hits / tries == pytest.approx(counted, abs=0.008)


def test_each_bit_is_in_one_band_of_each_cut():
    for cut in (pictures._PLACES[: pictures._BANDS], pictures._PLACES[pictures._BANDS :]):
        assert sorted(place for places in cut for place in places) == list(range(256))


def test_a_crowd_of_copies_is_cut_short(engine):
    """Thousands of one catalogue picture must not make each further one slow."""
    rng = random.Random(4)
    pdq = rng.getrandbits(256)
    crowd = 3 * ENOUGH
    store(engine, {f"copy {n}": pdq for n in range(crowd)})
    near = found(engine, pdq)
    assert ENOUGH <= len(near) < crowd
    assert {each.distance for each in near} == {0}


def test_once_is_enough(engine):
    store(engine, {"one": 1})
    with db.writing(engine).begin() as session:
        pictures.keep(session, {"one": 1})
        pictures.keep(session, {})
        assert count(session, Picture) == 1
        assert count(session, PictureBand) == len(pictures.buckets(1))


def test_likenesses_are_read_from_both_sides(engine):
    store(engine, {"early": 1, "late": 3})
    with db.writing(engine).begin() as session:
        for _ in range(2):
            pictures.link(session, "late", [Alike("early", 1), Alike("late", 0)])
    with db.reading(engine)() as session:
        assert pictures.linked(session, ["late"]) == [("late", Alike("early", 1))]
        assert pictures.linked(session, ["early"]) == [("early", Alike("late", 1))]
        assert pictures.linked(session, []) == []


def test_what_is_erased_leaves_nothing_behind(engine):
    store(engine, {"gone": 1, "kept": 3})
    with db.writing(engine).begin() as session:
        pictures.link(session, "kept", [Alike("gone", 1)])
    with db.writing(engine).begin() as session:
        session.execute(delete(Evidence).where(Evidence.id == "gone"))
    with db.reading(engine)() as session:
        assert count(session, Picture) == 1
        assert count(session, PictureBand) == len(pictures.buckets(1))
        assert count(session, Likeness) == 0
    assert found(engine, 1) == [Alike("kept", 1)]
