"""The two looks at one file side by side: the checks in the sandbox and the malware scanner."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

from triage.core.evidence import Finding, Level, verdict_of
from triage.evidence.examiner import Examiner
from triage.evidence.item import Item, Judged
from triage.evidence.malware import Clamd, Outcome, Scan


@dataclass(frozen=True)
class Looked:
    """What the checks say with what the scanner says; ``scan`` is None without a scanner."""

    judged: Judged
    scan: Scan | None


def look(examiner: Examiner, scanner: Clamd | None, item: Item, fd: int) -> Looked:
    """Judge and scan the original behind ``fd``. Never raises for what is in a file."""
    if scanner is None:
        return Looked(examiner.examine(item, fd), None)
    with ThreadPoolExecutor(1) as beside:
        scanning = beside.submit(scanner.scan, fd)
        judged = examiner.examine(item, fd)
        scan = scanning.result()
    finding = scan_finding(scan, required=scanner.required)
    if finding is None:
        return Looked(judged, scan)
    findings = (*judged.findings, replace(finding, sha256=item.sha256))
    return Looked(replace(judged, findings=findings, verdict=verdict_of(findings)), scan)


def scan_finding(scan: Scan, *, required: bool) -> Finding | None:
    """What is said of a scan: nothing where it found nothing.

    A file that was not scanned is pending where scanning is required, else it is only noted.
    """
    if scan.outcome is Outcome.CLEAN:
        return None
    if scan.outcome is Outcome.FOUND:
        return Finding(code="malware.found", level=Level.DANGEROUS, measured=scan.word)
    level = Level.UNKNOWN if required else Level.NOTE
    return Finding(code="malware.not_scanned", level=level, measured=str(scan.word))
