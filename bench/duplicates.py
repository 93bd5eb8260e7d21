"""Measures the index of pictures that look alike: python bench/duplicates.py [--to 1000000].

Fills an empty database with random hashes up to 10,000, 100,000 and 1,000,000 and asks each time:
how long a lookup takes (of one hash, and of the 8 ways a picture can be turned), how many of the
copies planted at 4 to 31 different bits are found, what it costs on the disk. Then the same with
5,000 more copies of one picture. ``--database`` takes the address of an empty PostgreSQL
database; without it, SQLite in a temporary folder.
"""

from __future__ import annotations

import argparse
import itertools
import os
import random
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from sqlalchemy import Connection, Engine, insert, text
from sqlalchemy.orm import Session

from triage.evidence.fingerprint import turned
from triage.store import db, pictures
from triage.store.tables import Evidence

SIZES = (10_000, 100_000, 1_000_000)
LOOKUPS = 300
DISTANCES = (4, 12, 19, 23, 27, 31)
PLANTED = 300  # of each distance
HOT = 5_000
NOW = "2026-11-22 00:00:00.000000"


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--to", type=int, default=SIZES[-1])
    arguments.add_argument("--database")
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        engine = db.open_engine(given.database or f"sqlite:///{folder}/triage.db")
        db.upgrade(engine)
        measure(engine, [size for size in SIZES if size <= given.to])
        engine.dispose()


def measure(engine: Engine, sizes: Iterable[int]) -> None:
    rng = random.Random(20261122)
    planted: dict[str, tuple[int, int]] = {}
    stored = 0
    print("pictures | insert p50 p99 | bytes each | lookup p50 p99 | of 8 turns p50 p99 | found at")
    for size in sizes:
        batch = {f"e{n}": rng.getrandbits(256) for n in range(stored, size)}
        fill(engine, batch, stored + 1)
        stored = size
        planted = planted or plant(rng, batch)
        report(engine, rng, stored, planted)
    hot = rng.getrandbits(256)
    fill(engine, {f"h{n}": blurred(rng, hot, rng.randrange(12)) for n in range(HOT)}, stored + 1)
    print(f"with {HOT} copies of one picture more, that very picture looked for:")
    print(timed(engine, lambda session: pictures.alike(session, [blurred(rng, hot, 6)])), "ms")
    with db.reading(engine)() as session:
        print(len(pictures.alike(session, [hot])), "of them named")


def report(
    engine: Engine, rng: random.Random, stored: int, planted: dict[str, tuple[int, int]]
) -> None:
    lone = time_of_one_insert(engine, rng, stored)
    one = timed(engine, lambda session: pictures.alike(session, [rng.getrandbits(256)]))
    eight = timed(engine, lambda session: pictures.alike(session, turned(rng.getrandbits(256))))
    print(stored, "|", lone, "ms |", round(size_of(engine) / stored), "|", one, "ms |", eight, "ms")
    print("   ", ", ".join(f"{d}: {share:.1%}" for d, share in found(engine, planted)))


def fill(engine: Engine, hashes: dict[str, int], first: int) -> None:
    """The rows that ``pictures.keep`` writes, but in the order of the trees.

    As they come in a service's life, one after another, a million would keep a disk busy for
    hours.
    """
    bands = np.array([pictures.buckets(pdq) for pdq in hashes.values()], np.int64)
    order = bands.ravel().argsort(kind="stable").tolist()
    placed = zip(bands.ravel()[order].tolist(), order, strict=True)
    numbered = enumerate(hashes.items(), first)
    with engine.execution_options(writes=True).begin() as connection:
        connection.exec_driver_sql("DROP INDEX ix_picture_bands_picture_id")
        load(connection, "evidence", [*row_of("")], ([*row_of(each).values()] for each in hashes))
        rows = ((number, each, pdq.to_bytes(32)) for number, (each, pdq) in numbered)
        load(connection, "pictures", ("id", "evidence_id", "pdq"), rows)
        pairs = ((bucket, first + place // bands.shape[1]) for bucket, place in placed)
        load(connection, "picture_bands", ("bucket", "picture_id"), pairs)
        connection.exec_driver_sql(
            "CREATE INDEX ix_picture_bands_picture_id ON picture_bands (picture_id)"
        )
    if engine.dialect.name == "postgresql":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("SELECT setval('pictures_id_seq', max(id)) FROM pictures")
            connection.exec_driver_sql("VACUUM ANALYZE")


def load(
    connection: Connection, table: str, columns: Sequence[str], rows: Iterable[Sequence[object]]
) -> None:
    cursor = connection.connection.cursor()
    names = ", ".join(columns)
    if connection.dialect.name == "postgresql":
        with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        return
    marks = ", ".join("?" * len(columns))
    statement = f"INSERT INTO {table} ({names}) VALUES ({marks})"
    cursor.executemany(statement, rows)  # type: ignore[arg-type]  # sqlite3 takes what iterates


def row_of(evidence_id: str) -> dict[str, object]:
    return {
        "id": evidence_id, "kind": "other", "filename": "", "declared_type": "", "size": 1,
        "sha256": "", "verdict": "accepted", "media_type": "", "findings": "[]", "signals": "{}",
        "place": 0, "scan_tries": 0, "added_at": NOW, "added_by": "",
    }  # fmt: skip


def plant(rng: random.Random, batch: dict[str, int]) -> dict[str, tuple[int, int]]:
    """Copies to look for, of stored pictures: evidence id to distance and hash."""
    chosen = iter(batch.items())
    return {
        evidence_id: (distance, blurred(rng, pdq, distance))
        for distance in DISTANCES
        for evidence_id, pdq in itertools.islice(chosen, PLANTED)
    }


def blurred(rng: random.Random, pdq: int, bits: int) -> int:
    return pdq ^ sum(1 << bit for bit in rng.sample(range(256), bits))


def found(engine: Engine, planted: dict[str, tuple[int, int]]) -> Iterator[tuple[int, float]]:
    hits = dict.fromkeys(DISTANCES, 0)
    with db.reading(engine)() as session:
        for evidence_id, (distance, pdq) in planted.items():
            hits[distance] += (evidence_id, distance) in pictures.alike(session, [pdq])
    for distance, number in hits.items():
        yield distance, number / PLANTED


def time_of_one_insert(engine: Engine, rng: random.Random, stored: int) -> str:
    """Each in a transaction that is taken back."""

    def insert_one(session: Session) -> None:
        row = row_of(f"lone{stored}") | {"added_at": datetime.now(UTC)}
        session.execute(insert(Evidence), [row])
        pictures.keep(session, {f"lone{stored}": rng.getrandbits(256)})
        session.rollback()

    return timed(engine, insert_one)


def timed(engine: Engine, ask: Callable[[Session], object]) -> str:
    """Median and 99th percentile; of our own CPU on SQLite, which works in this process."""
    clock = time.process_time if engine.dialect.name == "sqlite" else time.perf_counter
    times = []
    with db.reading(engine)() as session:
        for _ in range(LOOKUPS):
            begun = clock()
            ask(session)
            times.append(clock() - begun)
    times.sort()
    return f"{times[LOOKUPS // 2] * 1000:.1f} {times[LOOKUPS * 99 // 100] * 1000:.1f}"


def size_of(engine: Engine) -> int:
    """Bytes of the two tables of the index with all that belongs to them."""
    with engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            sizes = (
                "SELECT pg_total_relation_size('pictures')"
                " + pg_total_relation_size('picture_bands')"
            )
            return int(connection.scalar(text(sizes)) or 0)
        used = "SELECT sum(pgsize) FROM dbstat WHERE name LIKE '%picture%'"
        try:
            return int(connection.scalar(text(used)) or 0)
        except Exception:  # this SQLite was built without the table of sizes
            return os.stat(Path(str(engine.url.database))).st_size


if __name__ == "__main__":
    main()
