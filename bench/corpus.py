"""Runs the examiner over the labelled files in ../shared/corpus and counts what it says.

    .venv/bin/python -m bench.corpus [--list] [--findings] [--kind mp4,mov,webm] [--markdown]

One row per kind and expected outcome, then the marks of ``bench/marks.py`` with what is reached.
``--markdown`` prints the marks alone, as they stand in docs/evidence-marks.md. ``--list`` names
every file that was judged against its label (a valid one rejected or pending, a broken one
accepted). Exit status 1 on a crash or a hang of any child, or when a file needed more memory or
time than its limits.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench import marks
from triage.core.evidence import EvidenceKind, Verdict
from triage.evidence import Examiner, Item, Judged
from triage.evidence.wire import Ending

CORPUS = Path(__file__).parents[2] / "shared" / "corpus"
SLOTS = {
    **dict.fromkeys(("mp4", "mov", "webm"), EvidenceKind.UNBOXING_VIDEO),
    **dict.fromkeys(("pdf",), EvidenceKind.PURCHASE_PROOF),
    **dict.fromkeys(("docx", "zip"), EvidenceKind.EXPERT_REPORT),
    "other": EvidenceKind.OTHER,
}  # pictures of any type: damage_photo
FAILURES = ("check.crashed", "check.timed_out", "check.unavailable")
FINE = ("valid",)
HOPELESS = ("corrupt", "truncated", "bomb", "not_media")


@dataclass(frozen=True, kw_only=True)
class Outcome:
    row: dict[str, Any]
    judged: Judged
    seconds: float
    ending: Ending | None


class Run:
    """One pass over the corpus with one examiner."""

    def __init__(self) -> None:
        self._endings: dict[str, Ending] = {}
        self.examiner = Examiner(
            watch=lambda items, end: self._endings.update({items[0].sha256: end})
        )

    def outcomes(self, rows: Iterable[dict[str, Any]]) -> Iterator[Outcome]:
        with contextlib.closing(self.examiner):
            self.examiner.start()
            print("layers:", ", ".join(self.examiner.strength()), file=sys.stderr)
            with ThreadPoolExecutor(self.examiner.limits.concurrency) as pool:
                yield from pool.map(self._outcome, rows)

    def _outcome(self, row: dict[str, Any]) -> Outcome:
        with (CORPUS / row["path"]).open("rb") as file:
            item = Item(
                kind=SLOTS.get(row["kind"], EvidenceKind.DAMAGE_PHOTO),
                filename=row["declared_name"],
                declared_type="",
                size=os.fstat(file.fileno()).st_size,
                sha256=row["sha256"],
            )
            began = time.monotonic()
            judged = self.examiner.examine(item, file.fileno())
        seconds = time.monotonic() - began
        ending = self._endings.get(item.sha256)
        return Outcome(row=row, judged=judged, seconds=seconds, ending=ending)


def print_table(outcomes: list[Outcome]) -> None:
    """Strong labels and files damaged by us apart from weak labels."""
    cells: dict[tuple[str, str, str], Counter[Verdict]] = defaultdict(Counter)
    for each in outcomes:
        key = (each.row["kind"], each.row["expected"], each.row["label_strength"])
        cells[key][each.judged.verdict] += 1
    print(f"{'kind':6} {'expected':15} {'label':8}", *(f"{each.value:>9}" for each in Verdict))
    for key, counts in sorted(cells.items()):
        counted = (f"{counts[each]:9}" for each in Verdict)
        print(f"{key[0]:6} {key[1]:15} {key[2]:8}", *counted)


def print_findings(outcomes: list[Outcome]) -> None:
    counts = Counter(
        (finding.code, finding.level.name.lower(), each.row["expected"])
        for each in outcomes
        for finding in each.judged.findings
    )
    for (code, level, expected), count in sorted(counts.items()):
        print(f"{code:28} {level:10} {expected:15} {count:5}")


def is_against_label(outcome: Outcome) -> bool:
    verdict, expected = outcome.judged.verdict, outcome.row["expected"]
    if expected in FINE and outcome.row["kind"] != "zip":
        return verdict in (Verdict.REJECTED, Verdict.PENDING, Verdict.FLAGGED)
    return expected in HOPELESS and verdict is not Verdict.REJECTED


def print_against_label(outcomes: list[Outcome]) -> None:
    for each in filter(is_against_label, outcomes):
        row, codes = each.row, [finding.code for finding in each.judged.findings]
        label = f"{row['expected']}/{row['label_strength']}"
        print(f"{each.judged.verdict.value:9} {label:18} {row['path']} {codes} {row['why'][:60]}")


def print_cost(outcomes: list[Outcome], limits_bytes: int) -> bool:
    """Peaks; False when a file broke its bounds."""
    looked = [each for each in outcomes if each.ending is not None]
    heaviest = max(looked, key=lambda each: each.ending.peak_memory if each.ending else 0)
    slowest = max(looked, key=lambda each: each.seconds)
    peak = heaviest.ending.peak_memory if heaviest.ending else 0
    cpu = sum(each.ending.cpu_seconds for each in looked if each.ending)
    print(f"peak memory of a child {peak / 2**20:.0f} MiB ({heaviest.row['path']})")
    print(f"slowest file {slowest.seconds:.2f} s ({slowest.row['path']})")
    print(f"children {len(looked)}, CPU {cpu:.1f} s, {1000 * cpu / len(looked):.1f} ms each")
    return peak <= limits_bytes


def failures(outcomes: list[Outcome]) -> list[str]:
    return [
        f"{finding.code} {finding.measured} {each.row['path']}"
        for each in outcomes
        for finding in each.judged.findings
        if finding.code in FAILURES
    ]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--list", action="store_true", help="name files judged against label")
    parser.add_argument("--findings", action="store_true", help="count findings by code")
    parser.add_argument("--markdown", action="store_true", help="only the table of marks")
    parser.add_argument("--kind", help="only these kinds of the manifest, with commas between")
    arguments = parser.parse_args()
    manifest = CORPUS / "manifest.jsonl"
    if not manifest.exists():
        print(f"there is no {manifest}")
        return 2
    rows = [json.loads(line) for line in manifest.read_text(encoding="utf-8").splitlines()]
    if arguments.kind:
        rows = [each for each in rows if each["kind"] in arguments.kind.split(",")]
    run = Run()
    outcomes = list(run.outcomes(rows))
    seen = [(each.row, each.judged) for each in outcomes]
    if arguments.markdown:
        print(*marks.table(seen), "", *(f"* {each}" for each in marks.misses(seen)), sep="\n")
        return 0
    print_table(outcomes)
    print(*marks.table(seen), *marks.misses(seen), sep="\n")
    if arguments.findings:
        print_findings(outcomes)
    if arguments.list:
        print_against_label(outcomes)
    within = print_cost(outcomes, run.examiner.limits.memory_bytes)
    failed = failures(outcomes)
    print(f"crashes, hangs and refusals to look: {len(failed)}", *failed, sep="\n")
    return 0 if within and not failed else 1


if __name__ == "__main__":
    sys.exit(main())
