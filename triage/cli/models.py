"""Commands about the text classifier: train, evaluate, classify, models."""

from __future__ import annotations

import gc
import json
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import BinaryIO

import click

from triage.classifier import registry
from triage.classifier.evaluate import as_table, evaluate, evaluate_held_out
from triage.classifier.golden import golden_answers
from triage.classifier.joining import NEUTRAL
from triage.classifier.predict import Classifier
from triage.classifier.rows import Row, labels_to_learn, parse_rows, read_rows
from triage.classifier.train import PRECISION, Manner, train
from triage.cli.livemix import adapt_command, describe
from triage.core.prediction import Prediction
from triage.errors import Invalid, TriageError, Unavailable
from triage.messages.models import MODEL_ERRORS

_SHIPPED = Path("models")
_AT_ONCE = 256  # texts between two writes

_model_option = click.option(
    "--model",
    type=click.Path(path_type=Path, file_okay=False),
    default=_SHIPPED,
    envvar="TRIAGE_MODELS_DIR",
    show_default=True,
    show_envvar=True,
    help="A model's folder, or a folder of models whose CURRENT names one.",
)
_json_option = click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")


@contextmanager
def explained_errors() -> Iterator[None]:
    """A sentence and an exit code in place of an error's code: 2 for bad input, 1 for the rest."""
    try:
        yield
    except TriageError as error:
        sentence = MODEL_ERRORS.get(error.code)
        said = sentence.format(**error.facts) if sentence else str(error)
        failure = _NoModel if isinstance(error, Unavailable) else _BadInput
        raise failure(said) from error


class _NoModel(click.ClickException):
    exit_code = 1


class _BadInput(click.ClickException):
    exit_code = 2


@click.command("train")
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="DATA.jsonl…"
)
@click.option(
    "--out",
    required=True,
    type=click.Path(path_type=Path, file_okay=False),
    help="The model's folder; or a folder of models (with CURRENT) to add one to.",
)
@click.option("--label", help="The field to learn; default category and priority, or label.")
@click.option("--seed", type=int, default=0, show_default=True)
@click.option(
    "--precision",
    type=click.FloatRange(0.5, 1.0),
    default=PRECISION,
    show_default=True,
    help="Share of the answers given without doubt that shall be right.",
)
@click.option(
    "--neutral",
    default=NEUTRAL,
    show_default=True,
    help="The label of texts in which nothing is to be settled; others are also learnt beside "
    "these. An empty one switches that off.",
)
def train_command(
    files: tuple[Path, ...],
    out: Path,
    label: str | None,
    seed: int,
    precision: float,
    neutral: str,
) -> None:
    """Train on JSON lines with a text and labels, whatever the labels are."""
    with explained_errors():
        read = {path: read_rows(path) for path in files}
        rows = [row for of_file in read.values() for row in of_file]
        if not rows:
            raise Invalid("rows.empty", file=", ".join(path.name for path in files))
        fields = labels_to_learn(rows, label)
        sources = [path.name for path, of_file in read.items() for _row in of_file]
        trained = train(
            rows,
            fields,
            files=sources,
            seed=seed,
            manner=Manner(precision=precision, neutral=neutral or None),
            progress=_say,
        )
        reports = evaluate_held_out(rows, trained)
        folder = registry.save(
            trained,
            out,
            sources=[registry.data_file(path, len(of_file)) for path, of_file in read.items()],
            reports=reports,
            golden=golden_answers(rows, trained.classifier("")),
            created=datetime.now(UTC),
        )
    for report in reports.by_text.values():
        _say(f"cross-validated {as_table(report)}")
    for report in reports.by_file.values():
        _say(f"with files held out whole {as_table(report)}")
    click.echo(str(folder))


def _say(line: str) -> None:
    click.echo(line, err=True)


@click.command("evaluate")
@click.argument("file", type=click.Path(path_type=Path), metavar="DATA.jsonl")
@_model_option
@_json_option
def evaluate_command(file: Path, model: Path, as_json: bool) -> None:
    """Measure a model on labelled texts: per class, per language, calibration, coverage."""
    with explained_errors():
        classifier = _open(model)
        rows = read_rows(file)
        reports = evaluate(rows, classifier)
        if not reports:
            fields = ", ".join(head.field for head in classifier.heads)
            code = "evaluate.no_common_label" if rows else "rows.empty"
            raise Invalid(code, fields=fields, file=file.name)
    if as_json:
        figures = {field: report.to_json() for field, report in reports.items()}
        click.echo(json.dumps({"model": classifier.name, **figures}, ensure_ascii=False))
    else:
        click.echo(
            "\n".join(
                [f"model {classifier.name}", *(as_table(report) for report in reports.values())]
            )
        )


@click.command("classify")
@_model_option
@_json_option
def classify_command(model: Path, as_json: bool) -> None:
    """Read texts, one a line or JSON lines with 'text', and write a prediction a line.

    An empty line of plain text is answered too, so that line N answers line N.
    """
    stdin = sys.stdin.buffer
    written: Callable[[Prediction], str] = _as_json if as_json else _as_columns
    with explained_errors():
        classifier = _open(model)
        gc.freeze()  # nothing of the model is garbage: not to be looked through again and again
        texts = _texts(stdin)
        size = 1 if stdin.isatty() else _AT_ONCE
        while batch := list(islice(texts, size)):
            for prediction in classifier.predict_many(batch, explained=as_json):
                sys.stdout.write(written(prediction) + "\n")
            sys.stdout.flush()


def _open(model: Path) -> Classifier:
    return registry.load(registry.find(model))


def _texts(stream: BinaryIO) -> Iterator[str]:
    """Every text of a stream; the first line that is not empty tells JSON lines from plain ones."""
    lines = _decoded(stream)
    empty = 0
    for line in lines:
        if line.strip():
            break
        empty += 1
    else:
        yield from [""] * empty
        return
    if line.lstrip().startswith("{"):
        rows: Iterable[Row] = parse_rows(
            _chained(line, lines), source="standard input", first=empty + 1
        )
        yield from (row["text"] for row in rows)
    else:
        yield from [""] * empty
        yield from _chained(line, lines)


def _chained(first: str, rest: Iterator[str]) -> Iterator[str]:
    yield first
    yield from rest


def _decoded(stream: BinaryIO) -> Iterator[str]:
    for number, line in enumerate(stream, start=1):
        try:
            yield line.decode("utf-8-sig" if number == 1 else "utf-8").rstrip("\r\n")
        except UnicodeDecodeError as error:
            problem = "not UTF-8"
            raise Invalid(
                "rows.bad_line", file="standard input", line=number, problem=problem
            ) from error


def _as_json(prediction: Prediction) -> str:
    return json.dumps(asdict(prediction), ensure_ascii=False)


def _as_columns(prediction: Prediction) -> str:
    """Tab-separated: category, confidence, sure or unsure, priority, language."""
    return "\t".join(
        [
            prediction.category or "-",
            f"{prediction.confidence:.2f}",
            "unsure" if prediction.abstained else "sure",
            prediction.priority or "-",
            prediction.language or "-",
        ]
    )


@click.group("models")
def models_group() -> None:
    """The folder of models and the one in force."""


models_group.add_command(adapt_command)

_registry_option = click.option(
    "--dir",
    "models_dir",
    type=click.Path(path_type=Path, file_okay=False),
    default=_SHIPPED,
    envvar="TRIAGE_MODELS_DIR",
    show_default=True,
    show_envvar=True,
    help="The folder of models.",
)


@models_group.command("list")
@_registry_option
@_json_option
def list_command(models_dir: Path, as_json: bool) -> None:
    """Every model, oldest first; an asterisk marks the one in force."""
    with explained_errors():
        in_force = registry.find_current_name(models_dir)
        names = registry.list_names(models_dir)
        cards = {name: registry.read_card(models_dir / name) for name in names}
    for name, card in cards.items():
        summary = _summary(card, in_force=card["name"] == in_force)
        summary["live"] = describe(models_dir / name)
        click.echo(json.dumps(summary, ensure_ascii=False) if as_json else _summary_line(summary))


def _summary(card: registry.Card, *, in_force: bool) -> dict[str, object]:
    figures = card.get("metrics", {})
    return {
        "name": card["name"],
        "current": in_force,
        "created": card.get("created"),
        "rows": card.get("rows"),
        "macro_f1": {field: report["macro_f1"] for field, report in figures.items()},
    }


def _summary_line(summary: dict[str, object]) -> str:
    mark = "*" if summary["current"] else " "
    line = f"{mark} {summary['name']}  {summary['rows']} texts  macro-F1 {summary['macro_f1']}"
    return f"{line}  {summary['live']}" if summary["live"] else line


@models_group.command("use")
@click.argument("name")
@_registry_option
def use_command(name: str, models_dir: Path) -> None:
    """Put a model in force, after opening it once."""
    with explained_errors():
        registry.use(models_dir, name)
    click.echo(f"{name} is in force; running processes take it at their next start")
