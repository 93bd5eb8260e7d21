"""Runs every target in turn, each for an equal share of the time, and says what it found.

    python -m tests.fuzz --seconds 7200 [--jobs 1] [--only jpeg,png] [--keep FOLDER]

One line a target: executions, coverage, crashes; what broke it and the input go to the folder
(a new temporary one unless named). Exit status 1 when anything was found.
"""

from __future__ import annotations

import argparse
import importlib.util
import re
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from tests.fuzz.seeds import MOST_BYTES, plant, write_dictionary

ROOT = Path(__file__).parents[2]
_ENOUGH = 5  # crashes of one target, which are mostly the same one
_STILL_SECONDS = 20  # without an answer to one input: a hang
_MEBIBYTES = 1024
_EXECUTED = re.compile(r"stat::number_of_executed_units:\s*(\d+)")
_PROGRESS = re.compile(r"cov: (\d+) ft: (\d+) corp: (\d+)")
_RAISED = re.compile(
    r"^(?:[A-Za-z_.]+(?:Error|Bound|Exception)\b.*|.*libFuzzer: .*)$", re.MULTILINE
)


@dataclass(kw_only=True)
class Tally:
    """What became of one target."""

    target: str
    seeds: int = 0
    executions: int = 0
    edges: int = 0
    features: int = 0
    kept: int = 0
    seconds: float = 0.0
    crashes: int = 0

    def __str__(self) -> str:
        return (
            f"{self.target:12} {self.seconds:6.0f} s {self.executions:11,} executions "
            f"{self.edges:5} edges {self.features:6} features {self.seeds:4} seeds "
            f"{self.kept:5} kept {self.crashes:2} crashes"
        )


def fuzz(target: str, seconds: float, folder: Path) -> Tally:
    """One target for its share; a crash does not end it, five do."""
    corpus, found = folder / target / "corpus", folder / target / "crashes"
    for each in (corpus, found):
        each.mkdir(parents=True, exist_ok=True)
    tally = Tally(target=target, seeds=plant(target, corpus))
    began = time.monotonic()
    while (left := seconds - (time.monotonic() - began)) >= 1 and tally.crashes < _ENOUGH:
        said = _one_run(target, int(left), folder)
        _count(said.stderr, tally)
        if said.returncode:
            tally.crashes += 1
            report = found / f"report-{tally.crashes}.txt"
            report.write_text(said.stderr[-20_000:], encoding="utf-8")
            _say(f"{target}: {_reason(said.stderr)} (in {report})")
    tally.seconds = time.monotonic() - began
    return tally


def _one_run(target: str, seconds: int, folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tests.fuzz.one", target, str(folder / target / "corpus")]
    command += [
        f"-max_total_time={seconds}",
        f"-max_len={MOST_BYTES}",
        f"-timeout={_STILL_SECONDS}",
        f"-rss_limit_mb={_MEBIBYTES}",
        f"-dict={folder / 'dictionary'}",
        f"-artifact_prefix={folder / target / 'crashes'}/",
        "-print_final_stats=1",
    ]
    return subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, errors="replace", check=False
    )


def _count(said: str, tally: Tally) -> None:
    executed, progress = _EXECUTED.findall(said), _PROGRESS.findall(said)
    tally.executions += int(executed[-1]) if executed else 0
    if progress:
        edges, features, kept = (int(each) for each in progress[-1])
        tally.edges = max(tally.edges, edges)
        tally.features, tally.kept = max(tally.features, features), kept


def _reason(said: str) -> str:
    lines = _RAISED.findall(said)
    return " | ".join(line.strip()[:200] for line in lines[:2]) or "ended without a word"


def _say(line: str) -> None:
    """At once: somebody reads the log while it runs."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--seconds", type=int, default=7200, help="for all targets together")
    parser.add_argument("--jobs", type=int, default=1, help="targets at the same time")
    parser.add_argument("--only", default="", help="names of targets, with commas")
    parser.add_argument("--keep", type=Path, default=None, help="folder for inputs and crashes")
    arguments = parser.parse_args()
    if importlib.util.find_spec("atheris") is None:
        _say("atheris is not installed: pip install atheris")
        return 2
    from tests.fuzz.targets import TARGETS  # here, so that --help needs nothing of Triage

    names = [each for each in arguments.only.split(",") if each] or list(TARGETS)
    folder = arguments.keep or Path(tempfile.mkdtemp(prefix="triage-fuzz-"))
    folder.mkdir(parents=True, exist_ok=True)
    write_dictionary(folder / "dictionary")
    share = arguments.seconds * arguments.jobs / len(names)
    _say(f"{len(names)} targets, {share:.0f} s each, in {folder}")
    crashes = 0
    with ThreadPoolExecutor(arguments.jobs) as pool:
        for tally in pool.map(lambda name: fuzz(name, share, folder), names):
            _say(str(tally))
            crashes += tally.crashes
    _say(f"crashes in all: {crashes}")
    return 1 if crashes else 0


if __name__ == "__main__":
    sys.exit(main())
