"""How long a decision takes: the whole shipped book on one complaint, with every reason.

python bench/decision.py [--profile humane] [--rounds 200]

Prints milliseconds, and the ratio to a yardstick of bare Python on the same machine, so that
figures of busy or slow machines can be compared. ``best`` is the quickest of the rounds.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

from triage import rulebook
from triage.core.case import CaseFile, JudgedEvidence
from triage.core.complaint import Category, Channel
from triage.core.decision import decide
from triage.core.evidence import EvidenceKind, Verdict
from triage.core.prediction import Prediction

RULES = Path(__file__).parents[1] / "rules"
NOW = datetime(2026, 11, 23, 5, tzinfo=UTC)
A_ROUND = 20


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--profile", default="humane")
    parser.add_argument("--rounds", type=int, default=200)
    options = parser.parse_args()

    book = rulebook.load(RULES, options.profile)
    taken = {"yardstick": times(yardstick, options.rounds)}
    for category in Category:
        case = a_case(category)
        taken[str(category)] = times(
            lambda case=case: decide(case, SAID, book, NOW), options.rounds
        )
    per_decision = [n for name, each in taken.items() if name != "yardstick" for n in each]
    print(f"{len(book.rules)} rules, profile {options.profile}")
    for name, each in taken.items():
        print(f"{name:18} best {min(each):.3f} ms, median {statistics.median(each):.3f} ms")
    best, rod = min(per_decision), min(taken["yardstick"])
    print(
        json.dumps(
            {
                "best_ms": round(best, 4),
                "median_ms": round(statistics.median(per_decision), 4),
                "yardstick_ms": round(rod, 4),
                "ratio": round(
                    statistics.median(per_decision) / statistics.median(taken["yardstick"]), 2
                ),
            }
        )
    )


def times(call: Callable[[], object], rounds: int) -> list[float]:
    """Milliseconds of one call, averaged over each of the rounds."""
    found = []
    for _ in range(rounds):
        started = time.perf_counter()
        for _ in range(A_ROUND):
            call()
        found.append((time.perf_counter() - started) / A_ROUND * 1000)
    return found


def yardstick() -> dict[str, int]:
    """1,000 steps of plain Python: a loop, a comparison and a dictionary."""
    seen: dict[str, int] = {}
    for n in range(1000):
        if n % 3:
            seen[str(n % 50)] = n
    return seen


def a_case(category: Category) -> CaseFile:
    """An expensive purchase with three sound files: many rules look at it closely."""
    kinds = ("damage_photo", "damage_photo", "chat_screenshot")
    return CaseFile(
        channel=Channel.APP,
        filed_at=NOW,
        claimed=category,
        order_number="978080963",
        seller="A shop",
        product_category="smartphones",
        amount=Decimal(350_000),
        order_date=date(2026, 11, 10),
        received_on=date(2026, 11, 20),
        evidence=tuple(
            JudgedEvidence(id=str(n), kind=EvidenceKind(kind), verdict=Verdict.ACCEPTED)
            for n, kind in enumerate(kinds)
        ),
    )


SAID = Prediction(
    category="defective",
    confidence=0.93,
    abstained=False,
    priority="high",
    priority_confidence=0.9,
    danger=0.1,
    model="bench",
)

if __name__ == "__main__":
    main()
