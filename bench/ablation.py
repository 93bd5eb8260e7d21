"""What each piece of the classifier's training is worth, measured on the same texts.

python bench/ablation.py models/corpus/*.jsonl [--every 3] [--draws 1] [--unseen DATA.jsonl]

Trains with everything, then with one piece taken away. ``--every 3`` takes each third text. Prints
macro-F1 of category and priority and the recall of ``urgent`` with files held out whole, and on
``--unseen`` texts (evaluation only).
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

from triage.classifier.evaluate import Report, evaluate, evaluate_held_out
from triage.classifier.rows import read_rows
from triage.classifier.train import Manner, train

FIELDS = ("category", "priority")
VARIANTS = {
    "everything": Manner(),
    "no experts": Manner(experts=False),
    "texts read whole only": Manner(in_parts=False),
    "all texts joined": Manner(joined=1.0),
    "texts not joined": Manner(neutral=None),
    "no naive Bayes": Manner(shares=(0.0,)),
    "neither of both": Manner(neutral=None, shares=(0.0,)),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("texts", type=Path, nargs="+")
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--draws", type=int, default=Manner.draws)
    parser.add_argument("--unseen", type=Path)
    options = parser.parse_args()

    chosen = [(row, path.name) for path in options.texts for row in read_rows(path)]
    chosen = chosen[:: options.every]
    rows, files = [row for row, _ in chosen], [name for _, name in chosen]
    unseen = read_rows(options.unseen) if options.unseen else []
    print(f"{len(rows)} texts; {len(unseen)} unseen")
    print(f"{'':28} category priority urgent | unseen: accuracy F1   priority urgent")
    for name, manner in VARIANTS.items():
        manner = replace(manner, draws=options.draws)
        trained = train(rows, FIELDS, files=files, manner=manner)
        held = evaluate_held_out(rows, trained).by_file
        real = evaluate(unseen, trained.classifier("")) if unseen else {}
        print(f"{name:28} {told(held)} | {told(real, accuracy=True)}", flush=True)


def told(reports: dict[str, Report], *, accuracy: bool = False) -> str:
    if not reports:
        return ""
    category, priority = (reports[field] for field in FIELDS)
    first = f"{category.accuracy:.3f}   " if accuracy else ""
    urgent = priority.urgent_recall or 0.0
    return f"{first}{category.macro_f1:.3f}    {priority.macro_f1:.3f}    {urgent:.3f}"


if __name__ == "__main__":
    main()
