"""``triage models adapt``: move the model in force to the mix of live complaints."""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click
import numpy as np

from triage.classifier import registry
from triage.classifier.predict import Classifier
from triage.classifier.rows import read_rows
from triage.classifier.shift import LiveMix, estimate
from triage.errors import Invalid, Unavailable

_AT_ONCE = 256


def adapt(model: Path, texts: list[str], *, now: datetime) -> LiveMix:
    """Estimate the mix of categories behind ``texts`` and put it beside the model.

    Raises Unavailable as loading does, Invalid ``adapt.too_few_texts``.
    """
    folder = registry.find(model)
    card = registry.read_card(folder)
    classifier = registry.load(folder, with_live=False)
    mix = estimate(
        _shares(classifier, texts),
        registry.read_known(folder),
        classifier.heads[0],
        model=str(card["name"]),
        precision=float(card["precision_asked"]),
        now=now,
    )
    registry.write_live(folder, mix)
    return mix


def _shares(classifier: Classifier, texts: list[str]) -> np.ndarray[tuple[int, ...], np.dtype]:
    parts = [
        classifier.shares(texts[start : start + _AT_ONCE])
        for start in range(0, len(texts), _AT_ONCE)
    ]
    return np.concatenate(parts) if parts else np.empty((0, len(classifier.heads[0].labels)))


def texts_to_read(file: Path | None, days: int | None) -> list[str]:
    """The texts of a file, or of the complaints of the last days; one of the two is asked for."""
    if (file is None) == (days is None):
        raise Invalid("adapt.one_source")
    if file is not None:
        return [row["text"] for row in read_rows(file)]
    return _received(days or 0)


def _received(days: int) -> list[str]:
    from sqlalchemy import select

    from triage.cli.start import opened_desk, read_settings
    from triage.store.tables import Complaint

    since = datetime.now(UTC) - timedelta(days=days)
    with opened_desk(read_settings()) as desk, desk.reading() as session:
        found = session.scalars(select(Complaint.text).where(Complaint.received_at >= since))
        return [text for text in found if text.strip()]


def as_table(mix: LiveMix) -> str:
    """Corpus's share, live share and its range, for a person."""
    width = max(map(len, mix.labels))
    lines = [f"{'':{width}}  corpus   live   90 % range"]
    lines += [
        f"{label:{width}}  {before:6.3f}  {after:5.3f}  {low:.3f} to {high:.3f}"
        for label, before, after, low, high in zip(
            mix.labels, mix.corpus_shares, mix.shares, mix.low, mix.high, strict=True
        )
    ]
    return "\n".join(lines)


def describe(folder: Path) -> str | None:
    """What is known of the live mix beside a model, in a few words; None where there is none."""
    try:
        mix = registry.read_live(folder)
    except Unavailable:
        return "live mix cannot be read: not applied"
    return None if mix is None else f"live mix of {mix.created[:10]}, {mix.texts} texts"


@click.command("adapt")
@click.option(
    "--texts", type=click.Path(path_type=Path), help="JSON lines with 'text', no labels needed."
)
@click.option("--live", "days", type=click.IntRange(1, 3650), help="Complaints of so many days.")
@click.option("--off", is_flag=True, help="Forget the live mix.")
@click.option(
    "--model",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("models"),
    envvar="TRIAGE_MODELS_DIR",
    show_default=True,
    show_envvar=True,
    help="A model's folder, or a folder of models whose CURRENT names one.",
)
def adapt_command(texts: Path | None, days: int | None, off: bool, model: Path) -> None:
    """Move the categories' confidences to the mix of live complaints, estimated without labels.

    Priority and danger are never moved. Running processes take it at their next start.
    """
    from triage.cli.models import explained_errors

    with explained_errors():
        if off:
            registry.write_live(registry.find(model), None)
            click.echo("The live mix is forgotten.")
            return
        read = texts_to_read(texts, days)
        click.echo(f"reading {len(read)} texts", file=sys.stderr)
        mix = adapt(model, read, now=datetime.now(UTC))
    click.echo(as_table(mix))
