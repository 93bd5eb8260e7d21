"""Measures the workbench with many complaints: python bench/workbench.py [--rows 100000].

Fills an empty database with made-up complaints (4 in 100 are open, the others closed), signs an
agent in and asks for the pages that the desk lives on, through the whole application. Prints the
middle of the server's times (on SQLite the database is part of our own work; other programs on
the machine are not) and the sizes of the pages. ``--postgresql`` takes the address of an empty
PostgreSQL database; without it, SQLite in a temporary folder.
"""

from __future__ import annotations

import argparse
import random
import re
import statistics
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import Engine, insert, text

from triage.app import build_desk, create_app
from triage.casework import searching, staff
from triage.core.people import Role
from triage.settings import Settings
from triage.store import db
from triage.store.tables import Assessment, Complaint, Event

NOW = datetime.now(UTC)
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
BATCH = 5000
PASSWORD = "four long ways to the sea"
WORDS = [
    "чайник",
    "телефон",
    "диван",
    "доставка",
    "сломан",
    "треснул",
    "продавец",
    "возврат",
    "деньги",
    "экран",
    "коробка",
    "курьер",
    "кешікті",
    "тауар",
    "сынған",
    "ақша",
    "қайтару",
    "сатушы",
    "жеткізу",
    "сапасыз",
    "хабарласпайды",
    "заказ",
    "неделя",
    "обещали",
    "ответ",
    "брак",
    "не",
    "включается",
    "батарея",
    "царапина",
    "упаковка",
    "пришёл",
    "другой",
    "цвет",
    "размер",
]
CATEGORIES = ("late_delivery", "defective", "not_as_described", "refund_refused", "seller_fraud")
OPEN = ("queued", "under_review", "needs_evidence", "waiting_customer", "waiting_seller")


def made_up(number: int, chance: random.Random) -> dict[str, Any]:
    """One complaint; words are as unevenly common as they are in real texts."""
    ranks = (int(len(WORDS) * chance.random() ** 3) for _ in range(25))
    rare = f"модель{chance.randrange(200_000)}"
    status = chance.choice(OPEN) if chance.random() < 0.04 else "resolved"
    rank = chance.choices((0, 1, 2, 3), (30, 50, 15, 5))[0]
    received = NOW - timedelta(seconds=number * 60)
    queued = status == "queued" or (status == "needs_evidence" and rank == 3)
    digits, place = [], number
    for _ in range(8):
        place, digit = divmod(place, len(ALPHABET))
        digits.append(ALPHABET[digit])
    return {
        "id": "".join(digits),
        "channel": chance.choice(("app", "web", "phone", "telegram", "email")),
        "language": chance.choice(("ru", "ru", "kk")),
        "text": " ".join([*(WORDS[each] for each in ranks), rare]),
        "problem_type": chance.choice(CATEGORIES),
        "order_number": str(978_000_000 + number),
        "seller": f"Seller {int(20_000 * chance.random() ** 2)}",
        "amount": Decimal(chance.randrange(1000, 300_000)),
        "contact_phone": f"+7701{chance.randrange(10_000_000):07}",
        "received_at": received,
        "updated_at": received,
        "status": status,
        "appeal": 0,
        "round": 1,
        "triaged_round": 1,
        "category": chance.choice(CATEGORIES),
        "category_source": "customer",
        "priority": ("low", "normal", "high", "urgent")[rank],
        "rank": rank,
        "sla_class": "standard",
        "due_at": received + timedelta(days=3),
        "in_queue": queued,
        "overrides": {},
        "filed_by": "bench",
        "fingerprint": "0" * 64,
    }


def fill(engine: Engine, rows: int) -> None:
    """The complaints with an assessment, a line of history and what they are found by."""
    chance = random.Random(6)
    words = "to_tsvector('simple', :words)" if _is_postgresql(engine) else ":words"
    entries = text(
        "INSERT INTO search_entries (complaint_id, words, seller, phone) "
        f"VALUES (:complaint_id, {words}, :seller, :phone)"
    )
    for start in range(0, rows, BATCH):
        batch = [made_up(n, chance) for n in range(start, min(start + BATCH, rows))]
        with engine.execution_options(writes=True).begin() as connection:
            connection.execute(insert(Complaint), batch)
            connection.execute(insert(Assessment), [_assessment(each) for each in batch])
            connection.execute(insert(Event), [_event(each) for each in batch])
            connection.execute(entries, [_entry(each) for each in batch])
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))


def _is_postgresql(engine: Engine) -> bool:
    return engine.dialect.name == "postgresql"


def _assessment(row: dict[str, Any]) -> dict[str, Any]:
    line = {"kind": "damage_photo", "level": "required_at_intake", "state": "missing"}
    return {
        "complaint_id": row["id"],
        "round": 1,
        "made_at": row["received_at"],
        "cause": "submit",
        "facts": {},
        "prediction": {
            "category": row["category"],
            "confidence": 0.9,
            "abstained": False,
            "alternatives": [],
            "priority": "normal",
            "priority_confidence": 0.8,
            "danger": None,
            "terms": [{"term": "сломан", "weight": 1.0}],
            "model": "bench",
            "language": "ru",
        },
        "decision": {
            "points": 20,
            "reasons": [],
            "warnings": [],
            "questions": [],
            "checklist": [
                {
                    **line,
                    "asked": 2,
                    "have": 0,
                    "rule": "defect-photos",
                    "supplier": "customer",
                    "unchecked": False,
                    "why": {"ru": "Нужны фото", "kk": "Фото керек", "en": "Photos"},
                }
            ],
        },
        "model": "bench",
        "rulebook": "",
    }


def _event(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "complaint_id": row["id"],
        "at": row["received_at"],
        "actor": "bench",
        "actor_name": "Bench",
        "verb": "submit",
        "after": "received",
        "detail": {},
    }


def _entry(row: dict[str, Any]) -> dict[str, Any]:
    written = searching.written_of(Complaint(**row))
    phone = "".join(each for each in row["contact_phone"] if each.isdecimal())[::-1]
    return {
        "complaint_id": row["id"],
        "words": " ".join(written.words),
        "seller": written.seller,
        "phone": phone,
    }


def signed_in(client: FlaskClient) -> FlaskClient:
    page = client.get("/sign-in?lang=ru").text
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert token is not None
    answer = client.post(
        "/sign-in", data={"csrf_token": token[1], "login": "agent", "password": PASSWORD}
    )
    assert answer.status_code == 303, answer.text[:400]
    return client


def pages(rows: int, chance: random.Random) -> Iterator[tuple[str, str]]:
    """What is asked for, and under which address."""
    some = made_up(rows // 3, random.Random(6))
    yield "the queue", "/queue"
    yield "its state (the poll)", "/queue/state"
    yield "filtered: urgent", "/queue?priority=urgent"
    yield "filtered: a category and a channel", "/queue?category=defective&channel=phone"
    yield "filtered: overdue", "/queue?overdue=1"
    yield "filtered: waiting for the customer", "/queue?status=waiting_customer"
    yield "filtered: mine", "/queue?mine=1"
    yield "search: an order", f"/queue?q={978_000_000 + rows // 2}"
    yield "search: a phone's last 4 digits", f"/queue?q={chance.randrange(1000, 9999)}"
    yield "search: a common word", f"/queue?q={WORDS[0]}"
    yield "search: two common words", f"/queue?q={WORDS[0]} {WORDS[9]}"
    yield "search: a rare word", f"/queue?q=модель{chance.randrange(200_000)}"
    yield "search: a seller", f"/queue?q=Seller {chance.randrange(20_000)}"
    yield "a case", f"/cases/{some['id']}"


def measure(client: FlaskClient, address: str, times: int) -> tuple[float, float, int]:
    """The middle of the times of an answer and of this process's work, in milliseconds; bytes."""
    client.get(address)
    took, worked, size = [], [], 0
    for _ in range(times):
        start, busy = time.perf_counter(), time.process_time()
        answer = client.get(address)
        took.append((time.perf_counter() - start) * 1000)
        worked.append((time.process_time() - busy) * 1000)
        assert answer.status_code == 200, (address, answer.status_code)
        size = len(answer.data)
    return statistics.median(took), statistics.median(worked), size


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--times", type=int, default=15, help="askings of each page")
    parser.add_argument("--postgresql", default="", help="address of an empty database")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        url = options.postgresql or f"sqlite:///{folder}/triage.db"
        desk = build_desk(Settings(data_dir=Path(folder), database_url=url))
        db.upgrade(desk.engine)
        start = time.perf_counter()
        fill(desk.engine, options.rows)
        print(f"{options.rows:,} complaints on {desk.engine.dialect.name}", end="")
        print(f", filled in {time.perf_counter() - start:.0f} s")
        staff.add_user(desk, login="agent", name="Agent", password=PASSWORD, role=Role.AGENT)
        client = signed_in(create_app(desk).test_client())
        for name, address in pages(options.rows, random.Random(7)):
            took, worked, size = measure(client, address, options.times)
            print(f"{name:36} {took:6.1f} ms, of it our own work {worked:6.1f}  {size >> 10:4} KB")


if __name__ == "__main__":
    main()
