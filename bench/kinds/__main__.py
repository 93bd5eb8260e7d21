"""Measures the check of the kind on a made set and on the labelled files in ../shared/corpus.

    .venv/bin/python -m bench.kinds [--keep FOLDER] [--fit] [--list]

Prints what the check says of each family of pictures in each slot, for the half that the weights
were fitted on and for the half that they never saw, then the same of real photographs. ``--keep``
keeps the pictures in a folder and takes them from there the next time (drawing them takes
minutes), ``--fit`` prints weights fitted anew, ``--list`` names every picture judged wrongly.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bench.kinds.asking import SLOTS, Unseen, decoded, features_of, found
from bench.kinds.collection import (
    FIT,
    MEASURE,
    PAPER,
    PHOTO,
    SCREEN_PHOTO,
    SCREENSHOT,
    Sample,
    samples,
)
from bench.kinds.fitting import Row, print_models
from triage.core.evidence import EvidenceKind

CORPUS = Path(__file__).parents[3] / "shared" / "corpus"
REAL = "real"
BARE = "camera_no_exif"  # the same photographs, as if nothing were said in their header
PICTURES = ("jpeg", "heic", "png", "webp", "avif", "tiff")
DAMAGE, CHAT, REPORT = SLOTS
RIGHT: dict[tuple[str, EvidenceKind], set[str]] = {
    (PHOTO, DAMAGE): {"-"},
    (PAPER, DAMAGE): {"-"},
    (SCREENSHOT, DAMAGE): {"kind.screenshot_as_photo"},
    (SCREEN_PHOTO, DAMAGE): {"kind.photo_of_screen"},
    (PHOTO, CHAT): {"kind.photo_as_screenshot"},
    (SCREENSHOT, CHAT): {"-"},
    (SCREEN_PHOTO, CHAT): {"kind.photo_of_screen"},
    (PHOTO, REPORT): {"kind.photo_as_document"},
    (PAPER, REPORT): {"-"},
}
"""What the check should say; of other pairs anything is right."""


@dataclass(frozen=True, kw_only=True)
class Answer:
    half: str
    family: str
    truth: str
    name: str
    said: dict[EvidenceKind, str]  # "-" where there is no finding
    milliseconds: list[float]
    features: dict[str, float]


def kept(half: str, folder: Path | None) -> Iterator[tuple[Sample, str]]:
    """The half of the set with names, from the folder where it is already there."""
    at = folder / half if folder else None
    if at and (at / "done").exists():
        for path in sorted(at.glob("*.bin")):
            _, family, truth = path.stem.split(".")
            content = path.read_bytes()
            yield Sample(half=half, family=family, truth=truth, content=content), path.stem
        return
    for number, sample in enumerate(samples(half)):
        name = f"{number:03}.{sample.family}.{sample.truth}"
        if at:
            at.mkdir(parents=True, exist_ok=True)
            (at / f"{name}.bin").write_bytes(sample.content)
        yield sample, name
    if at:
        (at / "done").touch()


def real() -> Iterator[tuple[Sample, str]]:
    """Sound pictures of the corpus that a camera says it took, of a size worth looking at."""
    if not CORPUS.exists():
        print("There is no ../shared/corpus: real photographs are left out")
        return
    for line in (CORPUS / "manifest.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if row["kind"] in PICTURES and row["expected"] == "valid":
            content = (CORPUS / row["path"]).read_bytes()
            for family in ("camera", BARE):
                yield Sample(half=REAL, family=family, truth=PHOTO, content=content), row["path"]


def answers(pictures: Iterator[tuple[Sample, str]]) -> Iterator[Answer]:
    for sample, name in pictures:
        try:
            with decoded(sample.content) as opened:
                size = min(opened.facts["width"], opened.facts["height"])
                if sample.half == REAL and not (opened.remembered["by_camera"] and size >= 200):
                    continue
                if sample.family == BARE:
                    opened.remembered = {}
                features = features_of(opened)
                asked = {slot: found(opened, slot) for slot in SLOTS}
        except Unseen:
            continue
        said = {slot: each[0].code if each else "-" for slot, (each, _) in asked.items()}
        yield Answer(
            half=sample.half,
            family=sample.family,
            truth=sample.truth,
            name=name,
            said=said,
            milliseconds=[cost for _, cost in asked.values()],
            features=features,
        )


def print_table(every: list[Answer]) -> None:
    """One row a family: in each slot how many got which answer."""
    groups: dict[tuple[str, str, str], list[Answer]] = defaultdict(list)
    for each in every:
        groups[each.half, each.truth, each.family].append(each)
    print(f"{'half':8}{'truth':13}{'family':17}{'n':>4}  {' | '.join(f'{s:38}' for s in SLOTS)}")
    for (half, truth, family), members in groups.items():
        cells = []
        for slot in SLOTS:
            counts = Counter(each.said[slot].removeprefix("kind.") for each in members)
            text = ", ".join(f"{code} {count}" for code, count in counts.most_common())
            cells.append(f"{text:38}")
        print(f"{half:8}{truth:13}{family:17}{len(members):4}  {' | '.join(cells)}")


def print_rates(every: list[Answer]) -> None:
    """The share of right answers by truth and slot, for each half apart."""
    print(f"\n{'half':8}{'truth':13}{'slot':17}{'right':>12}")
    for half in (FIT, MEASURE, REAL):
        for (truth, slot), right in RIGHT.items():
            asked = [each for each in every if (each.half, each.truth) == (half, truth)]
            if asked:
                good = sum(each.said[slot] in right for each in asked)
                share = 100 * good / len(asked)
                print(f"{half:8}{truth:13}{slot:17}{good:5}/{len(asked):<4}{share:5.1f} %")


def print_wrong(every: list[Answer]) -> None:
    for each in every:
        for slot in SLOTS:
            if each.said[slot] not in RIGHT.get((each.truth, slot), {each.said[slot]}):
                print(f"{each.half:8} {slot:16} {each.said[slot]:28} {each.name}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--keep", type=Path, help="a folder for the pictures")
    parser.add_argument("--fit", action="store_true", help="print weights fitted anew")
    parser.add_argument("--list", action="store_true", help="name what is judged wrongly")
    options = parser.parse_args()
    every = [*answers(kept(FIT, options.keep)), *answers(kept(MEASURE, options.keep))]
    if options.fit:
        rows: list[Row] = [(each.truth, each.features) for each in every if each.half == FIT]
        print_models(rows)
        return
    every += answers(real())
    print_table(every)
    print_rates(every)
    cost = [each for answer in every for each in answer.milliseconds]
    high = statistics.quantiles(cost, n=20)[-1]
    print(f"\ncost of one slot: median {statistics.median(cost):.1f} ms of CPU, 95 % {high:.1f} ms")
    if options.list:
        print_wrong(every)


if __name__ == "__main__":
    sys.exit(main())
