"""The two looks at a file side by side: the checks in the sandbox and the malware scanner."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

from triage.core.evidence import Finding, Level, verdict_of
from triage.evidence.examiner import Examiner
from triage.evidence.item import Item, Judged
from triage.evidence.malware import Clamd, Outcome, Scan

_SCANS = 4  # files that are scanned at the same time


@dataclass(frozen=True)
class Looked:
    """What the checks say with what the scanner says; ``scan`` is None without a scanner."""

    judged: Judged
    scan: Scan | None


def look(examiner: Examiner, scanner: Clamd | None, item: Item, fd: int) -> Looked:
    """Judge and scan the original behind ``fd``. Never raises for what is in a file."""
    return look_together(examiner, scanner, [(item, fd)])[0]


def look_together(
    examiner: Examiner, scanner: Clamd | None, files: Sequence[tuple[Item, int]]
) -> list[Looked]:
    """The same for files of one sender, in their order."""
    if scanner is None:
        return [Looked(judged, None) for judged in examiner.examine_together(files)]
    with ThreadPoolExecutor(_SCANS) as beside:
        scanning = [beside.submit(scanner.scan, fd) for _, fd in files]
        judged = examiner.examine_together(files)
        scans = [each.result() for each in scanning]
    found = zip(files, judged, scans, strict=True)
    return [_with(scan, item, one, scanner) for (item, _), one, scan in found]


def _with(scan: Scan, item: Item, judged: Judged, scanner: Clamd) -> Looked:
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
