"""What judging costs beside the library calls that it cannot do without, in one run.

    .venv/bin/python -m bench.judging [--rounds 15] [--without kind,fingerprint]

Two JPEGs of 12 megapixels as ``damage_photo`` and a PDF of one page as ``expert_report``, made on
the spot, judged as the files of one complaint. One side: hash, type (libmagic), one decode at the
scale of the checks each, one page drawn. Other side: the whole examiner (children with birth and
end, zygote and this process) and the hash. Both sides take turns; medians of CPU seconds. The
copies for people are no part of judging: what they cost at their first view stands in a line of
its own. ``--without`` leaves checks out by the names of their modules.
"""

from __future__ import annotations

import argparse
import contextlib
import dataclasses
import hashlib
import io
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import pikepdf
import pypdfium2  # type: ignore[import-untyped] # it has no types
from PIL import Image, ImageChops, ImageDraw

from triage.core.evidence import EvidenceKind
from triage.evidence import Examiner, Item, examination
from triage.evidence.libmagic import detector
from triage.evidence.opened import EDGE_BYTES
from triage.evidence.preview import glanced_size
from triage.evidence.wire import Ending

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
    picture.draft(None, glanced_size(picture.size))
    picture.load()


def item_of(sample: Sample) -> Item:
    """Hashed here, as the intake does."""
    return dataclasses.replace(_unhashed(sample), sha256=hashlib.sha256(sample.content).hexdigest())


def _unhashed(sample: Sample) -> Item:
    return Item(
        kind=sample.kind,
        filename=sample.name,
        declared_type="",
        size=len(sample.content),
        sha256="0" * 64,
    )


class Clocks:
    """The CPU time of every process that has a part in the examiner's work."""

    def __init__(self, module: str | None = None) -> None:
        self._children = 0.0
        self.examiner = Examiner(checks_module=module, watch=self._ended)
        self.examiner.start()
        self._zygote = _zygote_of(self.examiner)

    def _ended(self, _: tuple[Item, ...], ending: Ending) -> None:
        self._children += ending.cpu_seconds

    def of(self, work: Callable[[], object]) -> dict[str, float]:
        """Seconds by part."""
        before = self._now()
        work()
        return {name: now - before[name] for name, now in self._now().items()}

    def _now(self) -> dict[str, float]:
        return {
            "children": self._children,
            "zygote": _cpu_of(self._zygote),
            "here": time.process_time(),
        }


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
    print(", ".join(f"{each.name} {len(each.content) / 1e6:.1f} MB" for each in samples))
    turns: list[dict[str, float]] = []
    with _checks(without) as module:
        clocks = Clocks(module)
        with contextlib.closing(clocks.examiner):
            for _ in range(rounds + 1):
                ours = clocks.of(lambda: judged(clocks.examiner, samples))
                shown = clocks.of(lambda: previewed(clocks.examiner, samples))
                turns.append(
                    {
                        **ours,
                        "ours": sum(ours.values()),
                        "shown": sum(shown.values()),
                        "bare": _timed(samples),
                    }
                )
    turns = turns[1:]  # the first warms both up
    median = {name: 1000 * statistics.median(each[name] for each in turns) for name in turns[0]}
    print(f"checks left out: {', '.join(without) or 'none'}")
    print(f"library calls alone {median['bare']:6.1f} ms")
    print(
        f"the examiner        {median['ours']:6.1f} ms (children {median['children']:.1f}, "
        f"zygote {median['zygote']:.1f}, this process {median['here']:.1f})"
    )
    print(f"ratio {median['ours'] / median['bare']:.2f}, median of {rounds} rounds")
    print(f"copies for people, at the first view {median['shown']:6.1f} ms")


def judged(examiner: Examiner, samples: list[Sample]) -> None:
    """As the files of one complaint, with the hash that the intake takes."""
    examiner.examine_together([(item_of(each), each.file.fileno()) for each in samples])


def previewed(examiner: Examiner, samples: list[Sample]) -> None:
    """Each by itself, as pages ask for them; the hash is known by then."""
    for each in samples:
        assert examiner.preview(_unhashed(each), each.file.fileno())


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
