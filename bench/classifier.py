"""How fast the classifier answers: one text at a time, and a stream through the command.

python bench/classifier.py TEXTS.jsonl [--model models] [--rounds 3]

``TEXTS.jsonl`` holds an object with ``text`` a line. Prints milliseconds of wall time; run it on
an idle machine with OMP_NUM_THREADS=1, since one core is what a request has.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from pathlib import Path

from triage.classifier.predict import Classifier
from triage.classifier.registry import find, load
from triage.classifier.rows import read_rows

TYPICAL = range(350, 451)  # characters: a complaint of about 400


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("texts", type=Path)
    parser.add_argument("--model", type=Path, default=Path("models"))
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()

    started = time.perf_counter()
    classifier = load(find(options.model))
    figures: dict[str, float | int] = {"load_ms": (time.perf_counter() - started) * 1000}
    texts = [row["text"] for row in read_rows(options.texts)]
    figures["first_time_texts_per_s"] = throughput(classifier, texts)
    figures["again_texts_per_s"] = throughput(classifier, texts)
    together = throughput(classifier, texts, explained=False)
    figures["together_texts_per_s"] = together
    figures["together_times_as_fast"] = together / figures["again_texts_per_s"]
    figures.update(latencies(classifier, texts, options.rounds))
    print(json.dumps({name: round(value, 3) for name, value in figures.items()}))


def throughput(classifier: Classifier, texts: list[str], *, explained: bool = True) -> float:
    started = time.perf_counter()
    classifier.predict_many(texts, explained=explained)
    return len(texts) / (time.perf_counter() - started)


def latencies(classifier: Classifier, texts: list[str], rounds: int) -> dict[str, float | int]:
    """Quantiles over the texts of typical length; all texts where there are too few."""
    typical = [text for text in texts if len(text) in TYPICAL]
    chosen = typical if len(typical) >= 20 else texts
    taken = []
    for text in chosen * rounds:
        started = time.perf_counter()
        classifier.predict(text)
        taken.append((time.perf_counter() - started) * 1000)
    cuts = statistics.quantiles(taken, n=100)
    return {"measured": len(taken), "p50_ms": cuts[49], "p99_ms": cuts[98]}


if __name__ == "__main__":
    main()
