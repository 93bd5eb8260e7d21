"""How long a back-test of a whole history takes.

python bench/backtest.py [--cases 100000] [--processes 2] [--url URL] [--folder DIR]

Fills a database (an embedded one in DIR, or an empty PostgreSQL at URL) with varied cases that
were really judged by the shipped book, then tries the profile ``strict_seed`` on all of them.
A DIR that is filled already is used as it is. Prints seconds on the clock and seconds of a core,
and the ratio to a yardstick of bare Python on the same machine, for figures of busy machines.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy import func, insert, select

from triage.app import build_desk
from triage.casework.backtest import Span, backtest
from triage.casework.books import find_bound
from triage.core.case import CaseFile, JudgedEvidence, Overrides, SlaClass
from triage.core.complaint import Category, Channel, Language, Priority, Wish
from triage.core.decision import judge
from triage.core.evidence import EvidenceKind, Finding, Level, verdict_of
from triage.core.facts import facts_of
from triage.core.policy import RuleBook
from triage.core.prediction import Prediction
from triage.desk import Desk
from triage.settings import Settings
from triage.store import db
from triage.store.tables import Assessment, Complaint

START = datetime(2025, 11, 1, 5, tzinfo=UTC)
A_BATCH = 5_000
RULES = Path(__file__).parents[1] / "rules"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cases", type=int, default=100_000)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--url", default="")
    parser.add_argument("--folder", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        settings = Settings(
            data_dir=options.folder or Path(scratch), database_url=options.url, rules_dir=RULES
        )
        desk = build_desk(settings)
        with closing(desk.examiner):
            db.upgrade(desk.engine)
            fill(desk, options.cases)
            measure(desk, options.processes)
            desk.engine.dispose()


def measure(desk: Desk, processes: int) -> None:
    tried = find_bound(desk, "folder", "strict_seed")
    rod = yardstick()
    began = time.perf_counter()
    found = backtest(desk, tried, Span(), processes=processes, progress=tell)
    seconds = time.perf_counter() - began
    print(
        json.dumps(
            {
                "cases": found["cases"],
                "changed": found["changed"],
                "processes": processes,
                "seconds": round(seconds, 2),
                "cpu_seconds": round(cpu_of_children(), 2),
                "cases_per_second": round(found["cases"] / seconds),
                "yardstick_s": round(rod, 3),
                "ratio": round(seconds / rod, 1),
            }
        )
    )


def cpu_of_children() -> float:
    """Seconds of a core that the judging processes have used: on an idle machine, their time."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def tell(done: int, total: int) -> None:
    if done % 20_000 == 0 or done == total:
        print(f"{done:,} of {total:,}", flush=True)


def yardstick() -> float:
    """Seconds for reading and writing one small JSON text 100,000 times, in one process."""
    text = json.dumps({"numbers": list(range(40)), "words": ["evidence"] * 10})
    began = time.perf_counter()
    for _ in range(100_000):
        json.dumps(json.loads(text))
    return time.perf_counter() - began


def fill(desk: Desk, cases: int) -> None:
    with desk.reading() as session:
        there = session.scalar(select(func.count()).select_from(Assessment)) or 0
    if there >= cases:
        return
    chance = random.Random(4)
    began = time.perf_counter()
    for start in range(there, cases, A_BATCH):
        numbers = range(start, min(cases, start + A_BATCH))
        rows = [a_row(chance, number, desk.book) for number in numbers]
        with desk.sessions.begin() as session:
            session.execute(insert(Complaint), [complaint for complaint, _ in rows])
            session.execute(insert(Assessment), [assessment for _, assessment in rows])
    print(f"filled with {cases:,} cases in {time.perf_counter() - began:.0f} s", flush=True)


def a_row(
    chance: random.Random, number: int, book: RuleBook
) -> tuple[dict[str, Any], dict[str, Any]]:
    filed_at = START + timedelta(minutes=5 * number)
    case, said = a_case(chance, filed_at, book), a_prediction(chance)
    facts = facts_of(case, said, book.calendar.local_date(filed_at), book.lists)
    decision = judge(facts, book)
    key = f"B{number:07}"
    complaint = {
        "id": key, "channel": "app", "language": "ru", "text": "-", "received_at": filed_at,
        "updated_at": filed_at, "status": chance.choice(["resolved", "rejected", "queued"]),
        "appeal": 0, "round": 1, "triaged_round": 1, "category": decision.category,
        "priority": decision.priority, "rank": decision.priority.rank, "rulebook": book.version,
        "sla_class": decision.sla_class, "overrides": {}, "filed_by": "bench", "fingerprint": "-",
        "in_queue": False,
    }  # fmt: skip
    assessment = {
        "complaint_id": key, "round": 1, "made_at": filed_at, "cause": "submit",
        "facts": facts.to_json(), "prediction": asdict(said), "decision": decision.to_json(),
        "model": said.model, "rulebook": book.version,
    }  # fmt: skip
    return complaint, assessment


def a_case(chance: random.Random, filed_at: datetime, book: RuleBook) -> CaseFile:
    """A case as they come: every field may be there or not, files may be bad."""
    maybe = lambda *values: chance.choice([None, *values])  # noqa: E731 - read in one place
    ordered = (filed_at - timedelta(days=chance.randrange(1, 60))).date()
    waived = frozenset(chance.sample(list(EvidenceKind), 1) if chance.random() < 0.03 else ())
    priority = chance.choice(list(Priority)) if chance.random() < 0.05 else None
    return CaseFile(
        channel=chance.choice(list(Channel)),
        filed_at=filed_at,
        language=chance.choice(list(Language)),
        claimed=maybe(*Category),
        order_number="978080963",
        seller=maybe("A shop"),
        product_category=maybe(*book.goods),
        amount=Decimal(chance.randrange(500, 900_000)),
        order_date=ordered,
        promised_on=ordered + timedelta(days=chance.randrange(2, 20)),
        received_on=maybe(ordered + timedelta(days=chance.randrange(1, 15))),
        wish=maybe(*Wish),
        return_answer=maybe(*book.answers),
        symptom=maybe(*book.symptoms),
        contacted_outside=maybe(True, False),
        safety_risk=maybe(True, False),
        evidence=tuple(files(chance)),
        overrides=Overrides(priority=priority, sla_class=SlaClass.STANDARD, waived=waived),
        seller_complaints=chance.randrange(0, 9),
        hardship_declared=maybe(True, False),
        on_credit=maybe(True, False),
    )


def files(chance: random.Random) -> Iterator[JudgedEvidence]:
    for _ in range(chance.randrange(0, 5)):
        findings: tuple[Finding, ...] = ()
        if chance.random() < 0.3:
            code, level = chance.choice(
                [
                    ("image.too_small", Level.WEAK),
                    ("image.blurred", Level.WEAK),
                    ("file.empty", Level.UNUSABLE),
                    ("check.timed_out", Level.UNKNOWN),
                ]
            )
            findings = (Finding(code=code, level=level, measured=chance.randrange(900)),)
        yield JudgedEvidence(
            id=f"{chance.getrandbits(128):032x}",
            kind=chance.choice(list(EvidenceKind)),
            verdict=verdict_of(findings),
            findings=findings,
        )


def a_prediction(chance: random.Random) -> Prediction:
    sure = chance.random()
    return Prediction(
        category=chance.choice(list(Category)),
        confidence=sure,
        abstained=sure < 0.6,
        priority=chance.choice(list(Priority)),
        priority_confidence=chance.random(),
        danger=chance.random() / 2,
        model="bench",
    )


if __name__ == "__main__":
    main()
