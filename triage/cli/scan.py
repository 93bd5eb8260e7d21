"""``triage scan``: have clamd look at stored files again, by hand."""

from __future__ import annotations

import json
import sys
from collections import Counter

import click

from triage.cli.start import opened_desk, read_settings
from triage.desk import Desk
from triage.evidence import Outcome
from triage.settings import SettingError

FOUND, NOT_SCANNED = 1, 3


@click.command()
@click.option("--all", "everything", is_flag=True, help="Every file, not only those that are due.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def scan(everything: bool, as_json: bool) -> None:
    """Scan stored files for malware: those never scanned and those of TRIAGE_RESCAN_DAYS ago.

    With --all a file that was found before and is clean now is set free.

    Exit status: 0 when nothing was found, 1 when something was, 2 for a wrong call or no
    TRIAGE_CLAMD, 3 when the scanner or some files could not be reached.
    """
    settings = read_settings()
    if not settings.clamd:
        raise SettingError("TRIAGE_CLAMD is not set: there is no malware scanner to ask.")
    with opened_desk(settings) as desk:
        counts = _scanned(desk, everything=everything)
    shown = {str(outcome): counts[outcome] for outcome in Outcome}
    lines = [f"{name.replace('_', ' ')}: {count}" for name, count in shown.items()]
    click.echo(json.dumps(shown) if as_json else "\n".join(["Scanned:", *lines]))
    if counts[Outcome.FOUND]:
        sys.exit(FOUND)
    sys.exit(NOT_SCANNED if counts[Outcome.NOT_SCANNED] else 0)


def _scanned(desk: Desk, *, everything: bool) -> Counter[Outcome]:
    from triage.casework import scanning

    trouble = scanning.trouble(desk)
    if trouble is not None:
        click.echo(f"triage: clamd cannot be used ({trouble}); see docs/operating.md.", err=True)
        sys.exit(NOT_SCANNED)
    if everything:
        return scanning.scan_all(desk)
    counts: Counter[Outcome] = Counter()
    while batch := scanning.scan_due(desk):
        counts += batch
    return counts
