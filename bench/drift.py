"""Which everyday words the corpus has more rarely than the texts that come in.

python bench/drift.py models/corpus/*.jsonl --live DATA.jsonl [--lang ru] [--words 60]

For each word the share of live texts and of corpus texts that have it, the words first whose
shares differ most (the live share's part of the Kullback-Leibler divergence). Whoever writes new
texts learns from it which words are missing; it shows single words, never a text.
"""

from __future__ import annotations

import argparse
import math
import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from triage.classifier.rows import read_rows

_WORD = re.compile(r"[^\W\d_]{2,}")
_SEEN_IN = 8  # live texts, below which a share is chance
_UNSEEN = 0.5  # texts that a word which no text has counts for


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("texts", type=Path, nargs="+")
    parser.add_argument("--live", type=Path, required=True)
    parser.add_argument("--lang", default="ru")
    parser.add_argument("--words", type=int, default=60)
    options = parser.parse_args()

    ours = [row for path in options.texts for row in read_rows(path)]
    here, size = texts_with(row["text"] for row in ours if row["lang"] == options.lang)
    live = read_rows(options.live)
    there, live_size = texts_with(row["text"] for row in live if row["lang"] == options.lang)
    print(f"{size} texts of the corpus, {live_size} live ones")
    found = []
    for word, times in there.items():
        share, own = times / live_size, (here[word] + _UNSEEN) / size
        if times >= _SEEN_IN:
            found.append((share * math.log(share / own), word, share, here[word] / size))
    for _weight, word, share, own in sorted(found, reverse=True)[: options.words]:
        print(f"{word:20} live {share:6.2%}  corpus {own:6.2%}")


def texts_with(texts: Iterable[str]) -> tuple[Counter[str], int]:
    """How many texts have each word, and how many texts there are."""
    counted: Counter[str] = Counter()
    size = 0
    for text in texts:
        counted.update(set(_WORD.findall(text.lower())))
        size += 1
    return counted, size


if __name__ == "__main__":
    main()
