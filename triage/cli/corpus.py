"""``triage corpus check``: what a person should look at before a model learns from texts."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import click

from triage.classifier.lint import Suspicion, copies, kappa, mislabelled, personal
from triage.classifier.rows import Row, labels_to_learn, read_rows
from triage.classifier.train import Manner, train
from triage.cli.models import explained_errors

_ID_LETTERS = 16


@dataclass(frozen=True)
class _Places:
    """Where each row comes from: its file and its line there."""

    names: Sequence[tuple[str, int]]

    def said(self, suspicion: Suspicion) -> str:
        where = ", ".join("{}:{}".format(*self.names[row]) for row in suspicion.rows)
        return f"{suspicion.kind}\t{where}\t{suspicion.detail}"


@click.group("corpus")
def corpus_group() -> None:
    """Look after the texts that a model learns from."""


@corpus_group.command("check")
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="DATA.jsonl…"
)
@click.option("--labels/--no-labels", default=True, help="Look for mistaken labels (a minute).")
@click.option("--most", type=int, default=50, show_default=True, help="Mistaken labels shown.")
@click.option(
    "--second",
    type=click.Path(path_type=Path),
    help="Labels by a second person: JSON lines with 'id' (SHA-256 of the text, 16 letters).",
)
def check_command(files: tuple[Path, ...], labels: bool, most: int, second: Path | None) -> None:
    """Find copies, personal data, rare labels and labels that look mistaken.

    Ends with 1 if there are copies or personal data; a mistaken label is only a suspicion. Texts
    themselves are not printed.
    """
    with explained_errors():
        read = [(path.name, read_rows(path)) for path in files]
        rows = [row for _name, of_file in read for row in of_file]
        fields = labels_to_learn(rows, None)
        places = _Places([(name, line) for name, of in read for line in range(1, len(of) + 1)])
        faults = [*copies(rows), *personal(rows)]
        for fault in faults:
            click.echo(places.said(fault))
        for field in fields:
            counted = Counter(row[field] for row in rows).most_common()
            click.echo(f"{field}\t" + ", ".join(f"{label} {number}" for label, number in counted))
        if second is not None:
            _tell_agreement(rows, fields, second)
        if labels:
            _tell_doubts(rows, fields, [name for name, _line in places.names], places, most)
    raise SystemExit(1 if faults else 0)


def _tell_agreement(rows: Sequence[Row], fields: Sequence[str], second: Path) -> None:
    by_id = {_id(row): row for row in rows}
    judged = []
    for line in second.read_text(encoding="utf-8").splitlines():
        again = json.loads(line)
        if again["id"] in by_id:
            judged.append((by_id[again["id"]], again))
    for field in fields:
        first = [row[field] for row, _again in judged]
        later = [again[field] for _row, again in judged]
        if first:
            agreed = sum(a == b for a, b in zip(first, later, strict=True)) / len(first)
            figures = f"{agreed:.3f} agreed, kappa {kappa(first, later):.3f}"
            click.echo(f"second labels\t{field}: {len(first)} texts, {figures}")


def _id(row: Row) -> str:
    return hashlib.sha256(row["text"].encode()).hexdigest()[:_ID_LETTERS]


def _tell_doubts(
    rows: Sequence[Row], fields: Sequence[str], files: Sequence[str], places: _Places, most: int
) -> None:
    held_out_only = Manner(draws=1)  # further draws are for a model that somebody will use
    trained = train(
        rows,
        fields,
        files=files,
        manner=held_out_only,
        progress=lambda line: click.echo(line, err=True),
    )
    for field, held_out in zip(fields, trained.held_out, strict=True):
        if held_out is not None:
            doubts = list(mislabelled(held_out))
            click.echo(f"{field}\t{len(doubts)} labels look mistaken")
            for doubt in islice(doubts, most):
                click.echo(places.said(doubt))
