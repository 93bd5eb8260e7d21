"""``triage findings``: everything that the checks can say about a file, made from the code."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import fields
from itertools import groupby
from typing import Any

import click

from triage.core.evidence import EvidenceKind, Finding, Level, verdict_of
from triage.evidence import ACCEPTED, EXTENSIONS, Limits
from triage.evidence.codes import ACROSS, FOR_STAFF, SCANNED
from triage.evidence.levels import LEVELS
from triage.languages import translate
from triage.messages.findings import FINDINGS

SAID_BY = {ACROSS: "comparison", SCANNED: "scanner"}
SUBJECTS = {
    "archive": "Archives",
    "check": "When a check itself did not come to its end",
    "docx": "DOCX",
    "duplicate": "The same file again",
    "file": "Any file",
    "image": "Pictures",
    "kind": "Does the file show what it is sent as?",
    "malware": "Malware",
    "metadata": "What a file says about itself",
    "pdf": "PDF",
    "receipt": "Receipts",
    "video": "Videos",
}


@click.command()
@click.option("--language", type=click.Choice(["en", "ru", "kk"]), default="en")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@click.option("--markdown", is_flag=True, help="The tables of docs/evidence.md.")
def findings(language: str, as_json: bool, markdown: bool) -> None:
    """List every finding: its code, what becomes of the file, the sentence and the cure."""
    if markdown:
        click.echo("\n".join(_tables()))
        return
    for code in FINDINGS:
        said = _described(code, language)
        click.echo(
            json.dumps(said, ensure_ascii=False)
            if as_json
            else f"{code}  [{', '.join(said['verdicts'])}]\n  {said['message']}\n  {said['cure']}"
        )


def _described(code: str, language: str) -> dict[str, Any]:
    sentence, cure = FINDINGS[code]
    return {
        "code": code,
        "levels": [level.name.lower() for level in LEVELS[code]],
        "verdicts": [str(verdict_of([Finding(code=code, level=each)])) for each in LEVELS[code]],
        "said_by": next((name for codes, name in SAID_BY.items() if code in codes), "check"),
        "for_staff": code in FOR_STAFF,
        "message": translate(sentence, language),
        "cure": translate(cure, language),
    }


def _tables() -> Iterator[str]:
    for subject, codes in groupby(sorted(FINDINGS), key=lambda code: code.partition(".")[0]):
        yield from (f"### {SUBJECTS[subject]}", "")
        yield from ("| code | verdict | what people read | what they can do |", "|---|---|---|---|")
        yield from map(_row, codes)
        yield ""
    yield from _accepted()
    yield from _limits()


def _row(code: str) -> str:
    said = _described(code, "en")
    verdicts = " or ".join(said["verdicts"])
    if Level.DANGEROUS in LEVELS[code]:
        verdicts += ", locked" if len(LEVELS[code]) == 1 else " (locked)"
    staff = " (staff only)" if said["for_staff"] else ""
    return f"| `{code}` | {verdicts}{staff} | {said['message']} | {said['cure']} |"


def _accepted() -> Iterator[str]:
    yield from ("### What each kind of evidence may be", "", "| kind | types |", "|---|---|")
    for kind in EvidenceKind:
        types = ", ".join(f"`{each}`" for each in ACCEPTED[kind])
        yield f"| `{kind}` | {types} |"
    names = ", ".join(sorted({f".{each}" for every in EXTENSIONS.values() for each in every}))
    yield from ("", f"File names may end in {names}; the content decides.", "")


def _limits() -> Iterator[str]:
    yield from ("### The limits", "", "| limit | default |", "|---|---|")
    for field in fields(Limits):
        if field.name not in ("concurrency", "switched_off"):
            yield f"| `{field.name}` | {field.default} |"
