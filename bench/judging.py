"""What judging costs beside the library calls that it cannot do without, in one run.

    .venv/bin/python -m bench.judging [--rounds 15] [--without kind,fingerprint]

Two JPEGs of 12 megapixels as ``damage_photo`` and a PDF of one page as ``expert_report``, made on
the spot. One side: hash, type (libmagic), one decode at the preview's scale each, one page drawn.
Other side: the whole examiner (child, zygote and this process) and the hash. Both sides take
turns; medians of CPU seconds. ``--without`` leaves checks out by the names of their modules.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import io
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import pikepdf
import pypdfium2  # type: ignore[import-untyped] # it has no types
from PIL import Image, ImageChops, ImageDraw

from triage.core.evidence import EvidenceKind
from triage.evidence import Examiner, Item, Limits, examination
from triage.evidence.libmagic import detector
from triage.evidence.opened import EDGE_BYTES
from triage.evidence.preview import drafted_size

_SIZE = (4000, 3000)
_PAGE_SIDE = 1600  # pixels, as the check of PDF draws it


@dataclass(frozen=True, kw_only=True)
class Sample:
    """One file and the slot that it is sent for."""

    name: str
    kind: EvidenceKind
    content: bytes
    file: IO[bytes]


def photo(seed: int) -> bytes:
    """Shapes in many sizes under fine grain: some 4 MB, as a phone would write."""
    picture = Image.effect_mandelbrot(_SIZE, (-1.6 + seed / 10, -1.0, 0.6, 1.0), 60).convert("L")
    draw = ImageDraw.Draw(picture)
    for step in range(0, _SIZE[0], 90):
        draw.line((step, 0, _SIZE[0] - step, _SIZE[1]), fill=step % 256, width=1 + step % 7)
    grain = Image.effect_noise(_SIZE, 18)
    bands = (ImageChops.add(picture, grain, 1, -128 + 12 * each) for each in range(3))
    out = io.BytesIO()
    Image.merge("RGB", tuple(bands)).save(out, "JPEG", quality=82)
    return out.getvalue()


def page() -> bytes:
    """A page of A4 with forty lines."""
    document = pikepdf.new()
    sheet = document.add_blank_page(page_size=(595, 842))
    font = pikepdf.Dictionary(
        Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
    )
    sheet.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
    text = "".join(
        f"BT /F1 11 Tf 60 {780 - 18 * line} Td (Line {line} of the report on a torn seam) Tj ET\n"
        for line in range(40)
    )
    sheet.Contents = document.make_stream(text.encode())
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def bare(sample: Sample) -> None:
    """Hash, type, one scaled decode or one page drawn."""
    content = sample.content
    hashlib.sha256(content).hexdigest()
    detector().from_buffer(content[:EDGE_BYTES])
    if sample.kind is EvidenceKind.EXPERT_REPORT:
        drawn = pypdfium2.PdfDocument(content)[0]
        drawn.render(scale=_PAGE_SIDE / max(drawn.get_size()), may_draw_forms=False).to_pil()
        return
    picture = Image.open(io.BytesIO(content))
    picture.draft(None, drafted_size(picture.size, Limits().preview_side))
    picture.load()


def item_of(sample: Sample) -> Item:
    """Hashed here, as the intake does."""
    return Item(
        kind=sample.kind,
        filename=sample.name,
        declared_type="",
        size=len(sample.content),
        sha256=hashlib.sha256(sample.content).hexdigest(),
    )


class Judging:
    """The examiner with a clock on every process that has a part in it."""

    def __init__(self, examiner: Examiner) -> None:
        self._examiner = examiner
        self.children = 0.0
        self.zygote = 0.0

    def all(self, samples: list[Sample]) -> None:
        files = [(item_of(each), each.file.fileno()) for each in samples]
        self._examiner.examine_together(files)


@contextlib.contextmanager
def _checks(without: list[str]) -> Iterator[str | None]:
    """The name of a module with the checks that are left, None for all of them."""
    if not without:
        yield None
        return
    kept = [
        f"{each.__module__}"
        for each in examination.CHECKS
        if each.__module__.rpartition(".")[2] not in without
    ]
    lines = [f"import {name}" for name in kept]
    lines.append(f"CHECKS = ({''.join(f'{name}.check, ' for name in kept)})")
    path = Path(__file__).parent / f"_checks_{os.getpid()}.py"
    path.write_text("\n".join(lines) + "\n", encoding="ascii")
    try:
        yield f"bench.{path.stem}"
    finally:
        path.unlink()


def _cpu_of(pid: int) -> float:
    """Seconds on a core of one process, without its children."""
    return int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) / 1e9


def _zygote_of(examiner: Examiner) -> int:
    children = Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()
    assert len(children) == 1, "the zygote has none when nothing is judged"
    assert examiner.ready()
    return int(children[0])


def _sample(name: str, kind: EvidenceKind, content: bytes) -> Sample:
    file = tempfile.TemporaryFile()  # noqa: SIM115 - open as long as the process
    file.write(content)
    file.flush()
    return Sample(name=name, kind=kind, content=content, file=file)


def measure(rounds: int, without: list[str]) -> None:
    """Print both sides and their ratio."""
    samples = [
        _sample("a.jpg", EvidenceKind.DAMAGE_PHOTO, photo(1)),
        _sample("b.jpg", EvidenceKind.DAMAGE_PHOTO, photo(2)),
        _sample("c.pdf", EvidenceKind.EXPERT_REPORT, page()),
    ]
    sizes = ", ".join(f"{each.name} {len(each.content) / 1e6:.1f} MB" for each in samples)
    print(sizes)
    with _checks(without) as module:
        ended: list[float] = []
        examiner = Examiner(
            checks_module=module, watch=lambda _, ending: ended.append(ending.cpu_seconds)
        )
        with contextlib.closing(examiner):
            examiner.start()
            zygote = _zygote_of(examiner)
            judging = Judging(examiner)
            sides = {"bare": list[float](), "ours": list[float]()}
            parts = {"child": list[float](), "zygote": list[float](), "here": list[float]()}
            for turn in range(rounds + 1):
                ended.clear()
                began = _cpu_of(zygote), time.process_time()
                judging.all(samples)
                spent = {
                    "child": sum(ended),
                    "zygote": _cpu_of(zygote) - began[0],
                    "here": time.process_time() - began[1],
                }
                alone = _timed(samples)
                if turn:  # the first round warms both up
                    sides["bare"].append(alone)
                    sides["ours"].append(sum(spent.values()))
                    for name, seconds in spent.items():
                        parts[name].append(seconds)
    medians = {name: 1000 * statistics.median(each) for name, each in (sides | parts).items()}
    print(f"checks left out: {', '.join(without) or 'none'}")
    print(f"library calls alone {medians['bare']:6.1f} ms")
    print(
        f"the examiner        {medians['ours']:6.1f} ms (children {medians['child']:.1f}, "
        f"zygote {medians['zygote']:.1f}, this process {medians['here']:.1f})"
    )
    print(f"ratio {medians['ours'] / medians['bare']:.2f}, median of {rounds} rounds")


def _timed(samples: list[Sample]) -> float:
    began = time.process_time()
    for each in samples:
        bare(each)
    return time.process_time() - began


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--without", default="", help="modules of checks, with commas between")
    arguments = parser.parse_args()
    measure(arguments.rounds, [each for each in arguments.without.split(",") if each])
    return 0


if __name__ == "__main__":
    sys.exit(main())
