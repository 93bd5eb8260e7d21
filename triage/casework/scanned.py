"""What a file's row remembers of the malware scanner, and what follows for its original."""

from __future__ import annotations

from datetime import datetime, timedelta

from triage.casework import casefile
from triage.evidence import Clamd, Outcome, Scan
from triage.evidence.codes import SCANNED
from triage.evidence.looking import scan_finding
from triage.store.tables import Evidence

LONGEST_MINUTES = 24 * 60  # between two tries; they begin a minute apart and double
STANDING = frozenset({Outcome.CLEAN, Outcome.FOUND})  # answers that a failed try does not undo


def record(row: Evidence, scan: Scan | None, now: datetime) -> None:
    """Write down one scan; None where there is no scanner."""
    if scan is None:
        return
    if scan.outcome is Outcome.NOT_SCANNED:
        row.scan = row.scan or scan.outcome
        minutes = min(LONGEST_MINUTES, 2 ** min(row.scan_tries or 0, 20))
        row.scan_tries = (row.scan_tries or 0) + 1
        row.scan_retry_at = now + timedelta(minutes=minutes)
    else:
        row.scan, row.scanned_at, row.scanner = scan.outcome, now, scan.scanner
        row.scan_tries, row.scan_retry_at = 0, None


def record_again(row: Evidence, scan: Scan, *, required: bool, now: datetime) -> None:
    """The same for a file that was judged before: its findings and its verdict follow."""
    record(row, scan, now)
    if scan.outcome is Outcome.NOT_SCANNED and row.scan in STANDING:
        return
    own = [each for each in row.findings if each["code"] not in SCANNED]
    finding = scan_finding(scan, required=required)
    row.findings = own + ([casefile.finding_to_json(finding)] if finding else [])
    row.verdict = casefile.verdict_of_row(row)


def is_locked(row: Evidence, scanner: Clamd | None) -> bool:
    """Whether the original waits for a scan that is required."""
    return scanner is not None and scanner.required and row.scan != Outcome.CLEAN
