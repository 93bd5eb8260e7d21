"""``triage check``: judge files offline with the very checks that judge uploads."""

from __future__ import annotations

import contextlib
import hashlib
import json
import mimetypes
import os
import sys
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import click

from triage.casework.equipment import limits_of, scanner_of
from triage.casework.words import with_reasons
from triage.cli.start import read_settings
from triage.core.evidence import EvidenceKind, Finding, Verdict
from triage.evidence import Clamd, Examiner, Item, Judged, look
from triage.languages import LANGUAGES, say
from triage.messages.findings import FINDINGS
from triage.settings import Settings

_PASSED = (Verdict.ACCEPTED, Verdict.FLAGGED)


@dataclass(frozen=True, kw_only=True)
class _Checked:
    path: Path
    item: Item
    judged: Judged


@click.command()
@click.argument(
    "files",
    metavar="FILE…",
    nargs=-1,
    required=True,
    type=click.Path(exists=True, dir_okay=False, readable=True, path_type=Path),
)
@click.option(
    "--kind",
    type=click.Choice([kind.value for kind in EvidenceKind]),
    default=EvidenceKind.OTHER.value,
    show_default=True,
    help="What the files are evidence of; it decides which types and sizes are taken.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@click.option("--language", type=click.Choice(LANGUAGES), default="en", show_default=True)
def check(files: tuple[Path, ...], kind: str, as_json: bool, language: str) -> None:
    """Judge FILEs as evidence, each in a limited child process, offline.

    What TRIAGE_SWITCHED_OFF and TRIAGE_CLAMD say holds here too.

    Exit status: 0 when all are accepted or flagged, 1 when any is rejected or could not be
    checked, 2 for a wrong call.
    """
    passed = True
    for checked in _check_all(files, EvidenceKind(kind), read_settings()):
        passed = passed and checked.judged.verdict in _PASSED
        click.echo(_as_json(checked, language) if as_json else _as_text(checked, language))
    sys.exit(0 if passed else 1)


def _check_all(files: Iterable[Path], kind: EvidenceKind, settings: Settings) -> Iterator[_Checked]:
    """In the order of ``files``, as many at the same time as there are cores."""
    scanner = scanner_of(settings)
    with contextlib.closing(Examiner(limits_of(settings))) as examiner:
        examiner.start()
        with ThreadPoolExecutor(examiner.limits.concurrency) as pool:
            yield from pool.map(lambda path: _checked(examiner, scanner, path, kind), files)


def _checked(examiner: Examiner, scanner: Clamd | None, path: Path, kind: EvidenceKind) -> _Checked:
    try:
        with path.open("rb") as file:
            item = Item(
                kind=kind,
                filename=path.name,
                declared_type=mimetypes.guess_type(path.name)[0] or "",
                size=os.fstat(file.fileno()).st_size,
                sha256=hashlib.file_digest(file, "sha256").hexdigest(),
            )
            judged = look(examiner, scanner, item, file.fileno()).judged
            return _Checked(path=path, item=item, judged=judged)
    except OSError as error:
        name = click.format_filename(path)
        raise click.UsageError(f"{name} cannot be read: {error.strerror}.") from error


def _as_json(checked: _Checked, language: str) -> str:
    judged = checked.judged
    shown = {
        "path": click.format_filename(checked.path),
        "kind": checked.item.kind.value,
        "media_type": judged.media_type,
        "sha256": checked.item.sha256,
        "verdict": judged.verdict.value,
        "findings": [_finding(each, language) for each in judged.findings],
    }
    return json.dumps(shown, ensure_ascii=False)


def _finding(finding: Finding, language: str) -> dict[str, object]:
    message, cure = _words(finding, language)
    return {
        "code": finding.code,
        "level": finding.level.name.lower(),
        "message": message,
        "cure": cure,
        "measured": finding.measured,
        "limit": finding.limit,
    }


def _as_text(checked: _Checked, language: str) -> str:
    judged = checked.judged
    lines = [f"{judged.verdict.value}  {click.format_filename(checked.path)}  {judged.media_type}"]
    for finding in judged.findings:
        message, cure = _words(finding, language)
        lines += [f"    {finding.level.name.lower()}: {message} [{finding.code}]", f"    {cure}"]
    return "\n".join(lines)


def _words(finding: Finding, language: str) -> tuple[str, str]:
    words = FINDINGS[finding.code]
    detail = with_reasons(finding.detail, language)
    facts = {"measured": finding.measured, "limit": finding.limit, **detail}
    return say(words.sentence, language, facts), say(words.cure, language, facts)
