"""What more texts would buy, and what is taken for what: two pictures for the documentation.

python bench/learning_curve.py models/corpus/*.jsonl [--out docs/pictures] [--sizes 1000,2000,4000]
    [--unseen DATA.jsonl]

Trains on random parts of the texts and measures macro-F1 of the category cross-validated, with
files held out whole, and on ``--unseen`` texts if there are any (evaluation only). Writes
``learning-curve.svg`` and ``confusion.svg`` (of all texts, files held out) and prints the figures.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np

from triage.classifier.evaluate import evaluate, evaluate_held_out
from triage.classifier.rows import Row, read_rows
from triage.classifier.train import train
from triage.classifier.unseen import HeldOut

FIELD = "category"
COLOURS = ("#1f5fbf", "#b4530a", "#2a7d3f")
WIDTH, HEIGHT, EDGE = 640, 360, 60
LINE = 14  # from one name to the next
LOWEST = 0.4
CELL, NAMES = 74, 130


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("texts", type=Path, nargs="+")
    parser.add_argument("--out", type=Path, default=Path("docs/pictures"))
    parser.add_argument("--sizes", default="1000,2000,4000,8000")
    parser.add_argument("--unseen", type=Path)
    options = parser.parse_args()

    rows = [(row, path.name) for path in options.texts for row in read_rows(path)]
    unseen = read_rows(options.unseen) if options.unseen else []
    order = np.random.default_rng(0).permutation(len(rows)).tolist()
    wanted = [int(size) for size in options.sizes.split(",") if int(size) < len(rows)]
    points = []
    for size in [*wanted, len(rows)]:
        figures, held_out = measure([rows[place] for place in order[:size]], unseen)
        points.append({"texts": size, **figures})
        print(json.dumps(points[-1]), flush=True)
    options.out.mkdir(parents=True, exist_ok=True)
    (options.out / "learning-curve.svg").write_text(curve(points), "utf-8")
    if held_out is not None:
        (options.out / "confusion.svg").write_text(confusion(held_out), "utf-8")


def measure(
    chosen: list[tuple[Row, str]], unseen: list[Row]
) -> tuple[dict[str, float], HeldOut | None]:
    """Macro-F1 by way of measuring, and the answers with files held out."""
    rows = [row for row, _file in chosen]
    trained = train(rows, (FIELD,), files=[file for _row, file in chosen])
    reports = evaluate_held_out(rows, trained)
    figures = {"cross-validated": reports.by_text[FIELD].macro_f1}
    if FIELD in reports.by_file:
        figures["files held out"] = reports.by_file[FIELD].macro_f1
    if unseen:
        classifier = trained.classifier("")
        figures["unseen texts"] = evaluate(unseen, classifier)[FIELD].macro_f1
    return figures, trained.files_held_out[0]


def curve(points: list[dict[str, float]]) -> str:
    """Lines over the logarithm of the number of texts."""
    low, high = np.log(points[0]["texts"]), np.log(points[-1]["texts"])

    def across(texts: float) -> float:
        return EDGE + (np.log(texts) - low) / (high - low) * (WIDTH - 3 * EDGE)

    def down(share: float) -> float:
        return HEIGHT - EDGE - (share - LOWEST) / (1 - LOWEST) * (HEIGHT - 1.5 * EDGE)

    drawn = []
    for share in np.arange(LOWEST, 1.01, 0.1):
        y = f"{down(share):.0f}"
        line = f'<line x1="{EDGE}" x2="{WIDTH - 2 * EDGE}" y1="{y}" y2="{y}" stroke="#ddd"/>'
        drawn += [line, text(EDGE - 8, down(share) + 4, f"{share:.1f}", "end")]
    drawn += [text(across(p["texts"]), HEIGHT - EDGE + 20, f"{p['texts']:,}") for p in points]
    names = [name for name in points[-1] if name != "texts"]
    above = float("-inf")  # where the last name was written; the next one is clear of it
    for name, colour in sorted(
        zip(names, COLOURS, strict=False), key=lambda each: down(points[-1][each[0]])
    ):
        at = [(across(p["texts"]), down(p[name])) for p in points if name in p]
        path = " ".join(f"{x:.0f},{y:.0f}" for x, y in at)
        drawn.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        above = max(at[-1][1] + 4, above + LINE)
        drawn.append(text(at[-1][0] + 6, above, name, "start", colour))
    drawn.append(text(WIDTH / 2 - EDGE, HEIGHT - 14, "texts learnt from (macro-F1 of category)"))
    return svg(WIDTH, HEIGHT, drawn)


def confusion(held_out: HeldOut) -> str:
    """Rows are the truth, columns what was said; shares of the row in per cent."""
    size = len(held_out.labels)
    counted = np.zeros((size, size))
    np.add.at(counted, (held_out.truth, held_out.shares.argmax(axis=1)), 1)
    shares = counted / counted.sum(axis=1, keepdims=True)
    drawn = []
    for row, name in enumerate(held_out.labels):
        drawn.append(text(NAMES - 8, 60 + CELL * (row + 0.5), name, "end"))
        drawn.append(text(NAMES + CELL * (row + 0.5), 46 - 14 * (row % 2), name))
        for column in range(size):
            share = shares[row, column]
            x, y = NAMES + CELL * column, 56 + CELL * row
            drawn.append(
                f'<rect x="{x}" y="{y}" width="{CELL - 2}" height="{CELL - 2}"'
                f' fill="#1f5fbf" fill-opacity="{share:.2f}" stroke="#ccc"/>'
            )
            ink = "#fff" if share > 0.5 else "#222"
            drawn.append(text(x + CELL / 2, y + CELL / 2 + 4, f"{share:.0%}", "middle", ink))
    return svg(NAMES + CELL * size + 40, 70 + CELL * size, drawn)


def text(x: float, y: float, words: str, anchor: str = "middle", ink: str = "#222") -> str:
    return f'<text x="{x:.0f}" y="{y:.0f}" text-anchor="{anchor}" fill="{ink}">{words}</text>'


def svg(width: int, height: int, drawn: list[str]) -> str:
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}"'
        ' font-family="sans-serif" font-size="12">'
        '<rect width="100%" height="100%" fill="#fff"/>'
    )
    return "\n".join([head, *drawn, "</svg>", ""])


if __name__ == "__main__":
    main()
