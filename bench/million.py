"""Fills an empty database with as many complaints as a large marketplace keeps, quickly.

Each complaint is a copy of a real one (``bench/patterns.py``) with texts of the corpus, an order,
a customer and a seller of its own, and the history that its state calls for. They came in over
two years; nearly all are closed. Bands of pictures are left out: only triage reads them.

PostgreSQL takes the rows by COPY into tables whose secondary indexes are made afterwards, in two
processes; SQLite by plain inserts, for comparison at a tenth of the size.
"""

from __future__ import annotations

import multiprocessing
import random
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import psycopg
from sqlalchemy import Engine, Table, text

from bench.patterns import Pattern, Text
from triage.casework import searching
from triage.core.complaint import ALPHABET, ID_LENGTH
from triage.store.entries import SearchEntry
from triage.store.receipts import ReceiptMark
from triage.store.tables import Assessment, Base, Complaint, Event, Evidence

DAYS = 730  # over which they came in
AGENTS = 30
SELLERS = 20_000  # a few have most of the complaints
CUSTOMERS = 600_000
BATCH = 4000
PROCESSES = 2
_SPREAD = 500_123_563  # has no divisor with 31 in common: no two numbers give one id
#: Days since it came in, and how many in a hundred are then still open.
STILL_OPEN = ((2, 70), (5, 30), (10, 12), (30, 4), (90, 1), (DAYS + 1, 0.3))
OPEN = {
    "queued": 44, "needs_evidence": 26, "waiting_customer": 12, "waiting_seller": 8,
    "under_review": 6, "waiting_expertise": 4,
}  # fmt: skip
CLOSED = {"resolved": 62, "rejected": 18, "closed_no_reply": 12, "withdrawn": 6, "merged": 2}
VERBS = {
    "resolved": "resolve", "rejected": "reject", "closed_no_reply": "close",
    "withdrawn": "withdraw", "merged": "merge", "waiting_customer": "request_evidence",
    "waiting_seller": "wait_seller", "waiting_expertise": "order_expertise",
    "under_review": "claim",
}  # fmt: skip
REASONS = (
    "Деньги возвращены, срок до 5 рабочих дней. Товар можно не отправлять.",
    "Сатушы тауарды ауыстыруға келісті, жаңасы 3 күнде жеткізіледі.",
    "На фото видно, что товар целый; описание на странице совпадает с тем, что пришло.",
)
GOODS = ("Чайник", "Телефон", "Диван", "Куртка", "Көйлек", "Наушники", "Пылесос", "Кружка")
NAMES = ("Айгүл", "Берік", "Ольга", "Данияр", "Сәуле", "Игорь", "Жанна", "Ерлан", "Мария")
SHOPS = ("Техно", "Алма", "Дом", "Жайлы", "Мода", "Спорт", "Балапан", "Мир", "Самат")
TABLES: tuple[Table, ...] = tuple(
    model.metadata.tables[model.__tablename__]
    for model in (Complaint, Assessment, Event, Evidence, SearchEntry, ReceiptMark)
)
#: Numbered by the database itself.
GIVEN = {"assessments": "id", "events": "id"}

Row = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Stock:
    """What complaints are made of."""

    now: datetime
    rows: int
    patterns: Sequence[Pattern]
    texts: Sequence[tuple[Text, Sequence[str]]]  # with the words that each is found by


def stock(now: datetime, rows: int, patterns: Sequence[Pattern], said: Sequence[Text]) -> Stock:
    folded = [(each, searching.written_of(Complaint(id="", text=each.text)).words) for each in said]
    return Stock(now=now, rows=rows, patterns=patterns, texts=folded)


def id_of(number: int) -> str:
    """The id of the complaint that came in as the ``number``-th from the end."""
    left = (number + 1) * _SPREAD % len(ALPHABET) ** ID_LENGTH
    letters = []
    for _ in range(ID_LENGTH):
        left, place = divmod(left, len(ALPHABET))
        letters.append(ALPHABET[place])
    return "".join(letters)


def order_of(number: int) -> str:
    """Its order; one in 30 is about the same order as its neighbour."""
    return str(512_000_000 + (number - 1 if number % 30 == 1 else number))


def seller_of(number: int) -> str:
    return f"{SHOPS[number % len(SHOPS)]}-{number:05} маркет"


def phone_of(customer: int) -> str:
    return f"+77{customer * 7_368_787 % 10**9:09}"


def made(stock: Stock, number: int) -> dict[str, list[Row]]:
    """The rows of one complaint, by table; the same each time."""
    chance = random.Random(number)
    pattern = chance.choice(stock.patterns)
    complaint, words = _complaint(stock, number, pattern, chance)
    files = [_file(complaint, each, place, chance) for place, each in enumerate(pattern.evidence)]
    phone = "".join(each for each in complaint["contact_phone"] if each.isdecimal())[::-1]
    return {
        "complaints": [complaint],
        "assessments": [
            {
                **pattern.assessment,
                "complaint_id": complaint["id"],
                "made_at": complaint["received_at"],
            }
        ],
        "events": _events(complaint, pattern, chance),
        "evidence": files,
        "search_entries": [
            {
                "id": stock.rows - number,
                "complaint_id": complaint["id"],
                "words": words,
                "seller": _folded_seller(complaint["seller"]),
                "phone": phone,
            }
        ],
        "receipts": [
            {"evidence_id": each["id"], "mark": f"{number}:{each['id'][:12]}"}
            for each in files
            if each["kind"] == "purchase_proof"
        ],
    }


def _complaint(
    stock: Stock, number: int, pattern: Pattern, chance: random.Random
) -> tuple[Row, list[str]]:
    said = chance.choices(stock.texts, k=chance.choice((1, 1, 2, 3)))
    model = f"модель{chance.randrange(200_000)}"
    seller = seller_of(int(SELLERS * chance.random() ** 3))
    product, name = f"{chance.choice(GOODS)} {model}", chance.choice(NAMES)
    age = timedelta(days=DAYS * (number + chance.random()) / stock.rows)
    received = stock.now - age
    share = next(share for days, share in STILL_OPEN if age.days < days)
    status = _one_of(OPEN if chance.random() * 100 < share else CLOSED, chance)
    rank = pattern.complaint["rank"]
    found: Row = {
        **pattern.complaint,
        "id": id_of(number),
        "channel": chance.choice(("app", "app", "web", "phone", "telegram", "email")),
        "language": pattern.complaint["language"],
        "text": "\n".join(each.text for each, _ in said),
        "order_number": order_of(number),
        "seller": seller,
        "product": product,
        "amount": Decimal(chance.randrange(1000, 300_000)),
        "contact_name": name,
        "contact_phone": phone_of(chance.randrange(CUSTOMERS)),
        "received_at": received,
        "updated_at": received,
        "status": status,
        "due_at": received + timedelta(days=3 if rank > 1 else 10, minutes=number % 600),
        "alert_at": None,
        "in_queue": status == "queued" or (status == "needs_evidence" and rank == 3),
        "resolution": chance.choice(REASONS) if status in ("resolved", "rejected") else None,
    }
    if status == "under_review":
        agent = chance.randrange(AGENTS) + 1
        found |= {"lease_holder": f"user:{agent}", "lease_name": f"Agent {agent}"}
        found["lease_until"] = stock.now + timedelta(hours=3)
    for day, before in (("order_date", 12), ("promised_on", 6), ("received_on", 4)):
        found[day] = received.date() - timedelta(days=before)
    words = dict.fromkeys(word for _, folded in said for word in folded)
    extra = _folded(f"{product} {seller} {name}")
    return found, [*words, *extra]


def _one_of(weighted: dict[str, int], chance: random.Random) -> str:
    return chance.choices(list(weighted), list(weighted.values()))[0]


_FOLDED: dict[str, list[str]] = {}


def _folded(words: str) -> list[str]:
    """By which words a text is found; most of them have come before."""
    found: list[str] = []
    for word in words.replace("-", " ").split():
        if word not in _FOLDED:
            _FOLDED[word] = list(searching.written_of(Complaint(id="", text=word)).words)
        found += _FOLDED[word]
    return found


def _folded_seller(seller: str) -> str:
    return " ".join(_folded(seller))


def _events(complaint: Row, pattern: Pattern, chance: random.Random) -> list[Row]:
    at, status = complaint["received_at"], complaint["status"]
    lines = [{**each, "complaint_id": complaint["id"], "at": at} for each in pattern.events]
    if status not in VERBS:
        return lines
    agent = chance.randrange(AGENTS) + 1
    steps = [("claim", "queued", "under_review")]
    if status != "under_review":
        steps.append((VERBS[status], "under_review", status))
    for verb, before, after in steps:
        at += timedelta(hours=chance.randrange(1, 60))
        lines.append(
            {
                "complaint_id": complaint["id"],
                "at": at,
                "actor": f"user:{agent}",
                "actor_name": f"Agent {agent}",
                "verb": verb,
                "before": before,
                "after": after,
                "detail": f'{{"reason": "{REASONS[0]}"}}' if verb != "claim" else "{}",
            }
        )
    return lines


def _file(complaint: Row, file: Row, place: int, chance: random.Random) -> Row:
    """One in 30 is a picture of the catalogue that others sent too."""
    common = chance.random() < 1 / 30
    sha256 = f"{chance.randrange(3000):064x}" if common else f"{chance.getrandbits(256):064x}"
    return {
        **file,
        "id": f"{chance.getrandbits(128):032x}",
        "complaint_id": complaint["id"],
        "sha256": sha256,
        "place": place,
        "added_at": complaint["received_at"],
        "checked_at": complaint["received_at"],
        **(_SPOILT if chance.random() < 0.08 else {}),
    }


_SPOILT = {
    "verdict": "rejected",
    "findings": '[{"code": "image.blank", "level": "unusable", "measured": 1, "limit": 6, '
    '"detail": {}}]',
}


def fill(engine: Engine, stock: Stock, said: Callable[[str], None] = print) -> None:
    """All complaints, then the indexes, then what the planner wants to know."""
    if engine.dialect.name == "postgresql":
        _fill_postgresql(engine, stock, said)
    else:
        _fill_sqlite(str(engine.url.database), stock)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE" if _is_server(engine) else "ANALYZE"))


def _is_server(engine: Engine) -> bool:
    return engine.dialect.name == "postgresql"


def batches(stock: Stock, part: int, parts: int) -> Iterator[dict[str, list[Row]]]:
    """The rows of this process's part, the oldest first."""
    starts = range(0, stock.rows, BATCH)[::-1]
    for start in starts[part::parts]:
        together: dict[str, list[Row]] = {table.name: [] for table in TABLES}
        for number in reversed(range(start, min(start + BATCH, stock.rows))):
            for name, rows in made(stock, number).items():
                together[name] += rows
        yield together


def _columns(table: Table) -> list[str]:
    return [each.name for each in table.columns if each.name != GIVEN.get(table.name)]


def _fill_postgresql(engine: Engine, stock: Stock, said: Callable[[str], None]) -> None:
    names = ", ".join(f"'{table.name}'" for table in TABLES)
    query = text(
        "SELECT indexdef, indexname FROM pg_indexes i WHERE schemaname = 'public' "
        f"AND tablename IN ({names}) AND NOT EXISTS "
        "(SELECT 1 FROM pg_constraint c WHERE c.conname = i.indexname)"
    )
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        indexes = connection.execute(query).all()
        for _, name in indexes:
            connection.execute(text(f'DROP INDEX "{name}"'))
        url = engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
        with multiprocessing.get_context("fork").Pool(PROCESSES) as pool:
            pool.starmap(_copy, [(url, stock, part) for part in range(PROCESSES)])
        said("copied; making the indexes")
        connection.execute(text("SET maintenance_work_mem = '512MB'"))
        for definition, _ in indexes:
            connection.execute(text(definition))
        highest = text("SELECT setval('search_entries_id_seq', :n)")
        connection.execute(highest, {"n": stock.rows + 1})


def _copy(url: str, stock: Stock, part: int) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        # Every row names one that the same batch has just brought.
        connection.execute("SET session_replication_role = replica")
        for together in batches(stock, part, PROCESSES):
            for table in TABLES:
                _copy_table(connection, table, together[table.name])


def _copy_table(connection: Any, table: Table, rows: Sequence[Row]) -> None:
    columns = _columns(table)
    order = f"COPY {table.name} ({', '.join(columns)}) FROM STDIN"
    with connection.cursor() as cursor, cursor.copy(order) as copy:
        for row in rows:
            copy.write_row([_cell(name, row.get(name)) for name in columns])


def _cell(name: str, value: Any) -> Any:
    if name == "words":  # a vector as to_tsvector would make it
        return " ".join(f"{word}:{place}" for place, word in enumerate(value, 1))
    return int(value * 100) if isinstance(value, Decimal) else value


def _fill_sqlite(path: str, stock: Stock) -> None:
    with closing(sqlite3.connect(path)) as connection:
        for together in batches(stock, 0, 1):
            for table in TABLES:
                columns = _columns(table)
                marks = ", ".join("?" * len(columns))
                order = f"INSERT INTO {table.name} ({', '.join(columns)}) VALUES ({marks})"
                rows = together[table.name]
                connection.executemany(
                    order, [[_plain(name, row.get(name)) for name in columns] for row in rows]
                )
            connection.commit()


def _plain(name: str, value: Any) -> Any:
    """A value as SQLAlchemy writes it into SQLite."""
    if name == "words":
        return " ".join(value)
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
    if isinstance(value, date):
        return value.isoformat()
    return int(value * 100) if isinstance(value, Decimal) else value


def warm(engine: Engine) -> None:
    """Have the system read all of it once: in use, the memory of the machine is full of it."""
    names = ", ".join(f"'{table.name}'" for table in TABLES)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("CREATE EXTENSION IF NOT EXISTS pg_prewarm"))
        connection.execute(
            text(
                "SELECT sum(pg_prewarm(c.oid, 'read')) FROM pg_class c WHERE c.oid IN "
                f"(SELECT i.indexrelid FROM pg_index i JOIN pg_class t ON t.oid = i.indrelid "
                f"WHERE t.relname IN ({names})) OR c.relname IN ({names})"
            )
        )


def count(engine: Engine) -> int:
    with engine.connect() as connection:
        return int(connection.execute(text("SELECT count(*) FROM complaints")).scalar_one())


assert set(Base.metadata.tables) >= {table.name for table in TABLES}
