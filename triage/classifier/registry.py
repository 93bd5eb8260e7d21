"""Model folders: written once, checked before they are opened, one of them in force."""

from __future__ import annotations

import hashlib
import io
import json
import os
import platform
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import joblib  # type: ignore[import-untyped]  # joblib ships no types
import numpy as np
import sklearn  # type: ignore[import-untyped]  # scikit-learn ships no types

from triage.classifier.evaluate import Reports
from triage.classifier.heads import Head
from triage.classifier.packing import pack, unpack
from triage.classifier.predict import Classifier
from triage.classifier.shift import Known, LiveMix, from_json
from triage.classifier.train import Trained
from triage.errors import NotFound, Unavailable

PIPELINE, CARD, METRICS, GOLDEN, CURRENT = (
    "pipeline.joblib",
    "card.json",
    "metrics.json",
    "golden.json",
    "CURRENT",
)
HELD_OUT = "held_out.npz"
LIVE = "live.json"
_HASH_LETTERS = 6

Card = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class DataFile:
    """One file that a model learnt from, so that its card can name it for good."""

    name: str
    sha256: str
    rows: int


def data_file(path: Path, rows: int) -> DataFile:
    return DataFile(name=path.name, sha256=_sha256(path.read_bytes()), rows=rows)


def save(
    trained: Trained,
    out: Path,
    *,
    sources: Sequence[DataFile],
    reports: Reports,
    golden: Sequence[dict[str, object]],
    created: datetime,
) -> Path:
    """Write a model with its card; returns its folder.

    ``out`` is the folder itself, or, when it holds ``CURRENT``, the registry in which a new
    folder ``<date>-<hash>`` is added. The card is written last: a folder without one is no model.
    """
    pipeline = _dump(trained)
    digest = _sha256(pipeline)
    name = f"{created:%Y-%m-%d}-{digest[:_HASH_LETTERS]}"
    folder = out / name if (out / CURRENT).exists() else out
    folder.mkdir(parents=True, exist_ok=True)
    (folder / CARD).unlink(missing_ok=True)
    (folder / LIVE).unlink(missing_ok=True)
    (folder / PIPELINE).write_bytes(pipeline)
    unseen = _unseen(trained)
    if unseen is not None:
        (folder / HELD_OUT).write_bytes(unseen)
    metrics = {field: report.to_json() for field, report in reports.by_text.items()}
    stricter = {field: report.to_json() for field, report in reports.by_file.items()}
    _write_json(folder / METRICS, {**metrics, "files_held_out": stricter})
    _write_json(folder / GOLDEN, list(golden))
    card = _card(trained, name=name, digest=digest, sources=sources, created=created)
    card["held_out_sha256"] = _sha256(unseen) if unseen is not None else None
    _write_json(folder / CARD, {**card, "metrics": metrics, "files_held_out": stricter})
    return folder


def _dump(trained: Trained) -> bytes:
    buffer = io.BytesIO()
    joblib.dump(pack(trained.features, trained.heads, trained.alarm), buffer)
    return buffer.getvalue()


def _unseen(trained: Trained) -> bytes | None:
    """What the first head said of texts it had not seen, for ``triage models adapt``."""
    held = trained.files_held_out[0] or trained.held_out[0]
    if held is None:
        return None
    buffer = io.BytesIO()
    shares = held.shares.astype(np.float32)
    np.savez_compressed(buffer, shares=shares, truth=held.truth.astype(np.int32))
    return buffer.getvalue()


def read_known(folder: Path) -> Known:
    """The first head's answers to unseen labelled texts.

    Raises Unavailable ``model.missing``, ``model.hash_mismatch``.
    """
    content = _read(folder / HELD_OUT)
    if _sha256(content) != read_card(folder).get("held_out_sha256"):
        raise Unavailable("model.hash_mismatch", model=folder.name)
    kept = np.load(io.BytesIO(content), allow_pickle=False)
    return Known(shares=kept["shares"].astype(np.float64), truth=kept["truth"].astype(np.intp))


def write_live(folder: Path, mix: LiveMix | None) -> None:
    """Put a live mix beside a model, or with None take it away."""
    if mix is None:
        (folder / LIVE).unlink(missing_ok=True)
        return
    beside = folder / f".{LIVE}.new"
    _write_json(beside, mix.to_json())
    os.replace(beside, folder / LIVE)


def read_live(folder: Path) -> LiveMix | None:
    """The live mix beside a model; None where there is none.

    Raises Unavailable ``model.live_broken`` for a file that was changed or is another model's.
    """
    if not (folder / LIVE).exists():
        return None
    try:
        mix = from_json(json.loads(_read(folder / LIVE)))
    except ValueError:
        mix = None
    if mix is None or mix.model != read_card(folder)["name"]:
        raise Unavailable("model.live_broken", model=folder.name, file=LIVE)
    return mix


def _usable_live(folder: Path) -> LiveMix | None:
    """A mix that cannot be believed is left out, never the model; 'models list' tells of it."""
    try:
        return read_live(folder)
    except Unavailable:
        return None


def _card(
    trained: Trained, *, name: str, digest: str, sources: Sequence[DataFile], created: datetime
) -> Card:
    return {
        "name": name,
        "created": created.isoformat(timespec="seconds"),
        "pipeline_sha256": digest,
        "data": [vars(source) for source in sources],
        "rows": trained.rows,
        "seed": trained.seed,
        "versions": _versions(),
        "features": len(trained.features.weights_.rarity),
        "precision_asked": trained.precision,
        "heads": {
            head.field: {
                "labels": list(head.labels),
                "scale": scale,
                "bias": [round(float(each), 4) for each in head.bias],
                "thresholds": dict(zip(head.labels, head.thresholds, strict=True)),
                "second_opinion": _second(head),
            }
            for head, scale in zip(trained.heads, trained.scales, strict=True)
        },
    }


def _second(head: Head) -> dict[str, float] | None:
    """How loud the answer so far and the nets are, and how near texts usually are to a label."""
    second = head.second
    if second is None:
        return None
    return {"own": second.own, "told": second.told, "nearness": second.usual[0]}


def _versions() -> dict[str, str]:
    return {
        "python": platform.python_version(),
        "scikit-learn": sklearn.__version__,
        "numpy": np.__version__,
        "joblib": joblib.__version__,
    }


def load(folder: Path, *, with_live: bool = True) -> Classifier:
    """Open one model folder, moved to its live mix if there is one.

    Raises Unavailable ``model.missing``, ``model.broken``, ``model.version_mismatch`` or
    ``model.hash_mismatch``; nothing is unpickled before the last two have been ruled out.
    """
    card = read_card(folder)
    _check_version(card, folder)
    pipeline = _read(folder / PIPELINE)
    if _sha256(pipeline) != card["pipeline_sha256"]:
        raise Unavailable("model.hash_mismatch", model=folder.name)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the version is judged above, by our own rule
            features, heads, alarm = unpack(joblib.load(io.BytesIO(pipeline)))
        live = _usable_live(folder) if with_live else None
        return Classifier(str(card["name"]), features, heads, live, alarm)
    except Exception as error:  # a pickle may raise anything; all of it means the same here
        raise Unavailable("model.broken", model=folder.name) from error


def load_current(models_dir: Path) -> Classifier:
    """Open the model that ``CURRENT`` names. Raises as ``load`` does."""
    return load(models_dir / current_name(models_dir))


def find(path: Path) -> Path:
    """The model folder that a person means by ``path``: itself, or the registry's current one."""
    return path / current_name(path) if (path / CURRENT).exists() else path


def current_name(models_dir: Path) -> str:
    name = _read(models_dir / CURRENT).decode("utf-8", "replace").strip()
    if Path(name).name != name or name in {"", ".."}:
        raise Unavailable("model.broken", model=CURRENT)
    return name


def find_current_name(models_dir: Path) -> str | None:
    return current_name(models_dir) if (models_dir / CURRENT).exists() else None


def use(models_dir: Path, name: str) -> None:
    """Put a model in force, after opening it. Raises as ``load``; NotFound ``model.unknown``."""
    if name not in list_names(models_dir):
        raise NotFound("model.unknown", model=name)
    load(models_dir / name)
    beside = models_dir / f".{CURRENT}.new"
    beside.write_text(f"{name}\n", encoding="utf-8")
    os.replace(beside, models_dir / CURRENT)


def list_names(models_dir: Path) -> list[str]:
    """Every model of a registry, oldest first."""
    return sorted(card.parent.name for card in models_dir.glob(f"*/{CARD}"))


def read_card(folder: Path) -> Card:
    """Raises Unavailable ``model.missing`` or ``model.broken``."""
    try:
        card = json.loads(_read(folder / CARD))
        if isinstance(card["pipeline_sha256"], str) and card["versions"]["scikit-learn"]:
            return {**card, "name": card.get("name", folder.name)}
    except (ValueError, KeyError, TypeError) as error:
        raise Unavailable("model.broken", model=folder.name) from error
    raise Unavailable("model.broken", model=folder.name)


def _check_version(card: Card, folder: Path) -> None:
    made_with = str(card["versions"]["scikit-learn"])
    if made_with.split(".")[:2] != sklearn.__version__.split(".")[:2]:
        raise Unavailable(
            "model.version_mismatch",
            model=folder.name,
            made_with=made_with,
            installed=sklearn.__version__,
        )


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise Unavailable("model.missing", file=path.name) from error


def _write_json(path: Path, value: object) -> None:
    text = json.dumps(value, ensure_ascii=False, indent=1)
    path.write_text(text + "\n", encoding="utf-8")


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
