"""The marks that the examiner is held to on a labelled corpus, counted from what it said.

Only used by ``bench.corpus``. A broken file counts as found when it is rejected or a finding
names the damage: a note that it is small or blurred does not count.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from triage.core.evidence import Verdict
from triage.evidence import Judged
from triage.evidence.accepted import (
    AVIF,
    BMP,
    DOCX,
    GIF,
    HEIC,
    HEIF,
    JPEG,
    MATROSKA,
    MP4,
    PDF,
    PNG,
    QUICKTIME,
    THREE_GPP,
    TIFF,
    WEBM,
    WEBP,
)
from triage.evidence.signatures import ZIP

Row = dict[str, Any]
Seen = tuple[Row, Judged]

_HEIFS = ("heic", "avif")
_PICTURES = ("jpeg", "png", "webp", "gif", "tiff", "bmp", *_HEIFS)
_FILMS = ("mp4", "mov", "webm")
_DAMAGE = re.compile(r"(?:image|video|pdf|docx)\.(?:corrupt|damaged|truncated|no_pages)")
_LOCKED = re.compile(r"(?:pdf|docx)\.(?:encrypted|needs_password)|archive\.not_allowed")
_ACTIVE = re.compile(r"(?:pdf|docx)\.(?:active_content|embedded_file|macros|external_content)")
_TYPES = {
    "jpeg": (JPEG,),
    "png": (PNG,),
    "webp": (WEBP,),
    "gif": (GIF,),
    "tiff": (TIFF,),
    "bmp": (BMP,),
    "heic": (HEIC, HEIF),
    "avif": (AVIF,),
    "mp4": (MP4, THREE_GPP),
    "mov": (QUICKTIME, MP4),
    "webm": (WEBM, MATROSKA),
    "pdf": (PDF,),
    "docx": (DOCX,),
    "zip": (ZIP,),
}


@dataclass(frozen=True, kw_only=True)
class Mark:
    """``share`` of the files for which ``holds``; as a ceiling where ``most``, else as a floor."""

    name: str
    share: float
    of: Callable[[Row], bool]
    holds: Callable[[Seen], bool]
    most: bool = False

    @property
    def target(self) -> str:
        return f"{'≤' if self.most else '≥'} {100 * self.share:g} %"

    def is_reached(self, hits: int, files: int) -> bool:
        """Without files nothing is reached and nothing missed."""
        share = hits / files if files else self.share
        return share <= self.share if self.most else share >= self.share


def _of(expected: str, *kinds: str) -> Callable[[Row], bool]:
    return lambda row: row["expected"] == expected and (not kinds or row["kind"] in kinds)


def _says(pattern: re.Pattern[str]) -> Callable[[Seen], bool]:
    return lambda seen: any(pattern.match(each.code) for each in seen[1].findings)


def _is_rejected(seen: Seen) -> bool:
    return seen[1].verdict is Verdict.REJECTED


def _is_found(pattern: re.Pattern[str]) -> Callable[[Seen], bool]:
    return lambda seen: _is_rejected(seen) or _says(pattern)(seen)


def _has_its_type(seen: Seen) -> bool:
    return seen[1].media_type in _TYPES[seen[0]["kind"]]


_HIDDEN = re.compile(r"file\.(?:polyglot|type_not_allowed)")
_PLAIN = tuple(each for each in _PICTURES if each not in _HEIFS)

MARKS = (
    Mark(
        name="valid images rejected, HEIC and AVIF apart",
        share=0.01,
        of=_of("valid", *_PLAIN),
        holds=_is_rejected,
        most=True,
    ),
    Mark(
        name="valid HEIC and AVIF rejected",
        share=0.01,
        of=_of("valid", *_HEIFS),
        holds=_is_rejected,
        most=True,
    ),
    Mark(
        name="corrupt images found",
        share=0.75,
        of=_of("corrupt", *_PICTURES),
        holds=_is_found(_DAMAGE),
    ),
    Mark(
        name="truncated images found",
        share=0.97,
        of=_of("truncated", *_PICTURES),
        holds=_is_found(_DAMAGE),
    ),
    Mark(
        name="truncated video found",
        share=1.0,
        of=_of("truncated", *_FILMS),
        holds=_is_found(_DAMAGE),
    ),
    Mark(
        name="corrupt video found (no mark)",
        share=0.0,
        of=_of("corrupt", *_FILMS),
        holds=_is_found(_DAMAGE),
    ),
    Mark(name="corrupt PDF found", share=0.9, of=_of("corrupt", "pdf"), holds=_is_found(_DAMAGE)),
    Mark(
        name="valid PDF rejected",
        share=0.02,
        of=_of("valid", "pdf"),
        holds=_is_rejected,
        most=True,
    ),
    Mark(
        name="encrypted PDF, DOCX, ZIP named",
        share=1.0,
        of=_of("encrypted", "pdf", "docx", "zip"),
        holds=_says(_LOCKED),
    ),
    Mark(
        name="active content found",
        share=0.98,
        of=_of("active_content"),
        holds=_is_found(_ACTIVE),
    ),
    Mark(name="polyglots found", share=0.97, of=_of("polyglot"), holds=_says(_HIDDEN)),
    Mark(
        name="valid files taken for polyglots",
        share=0.01,
        of=_of("valid"),
        holds=_says(re.compile(r"file\.polyglot")),
        most=True,
    ),
    Mark(
        name="type right on valid files",
        share=0.995,
        of=lambda row: row["expected"] == "valid" and row["kind"] in _TYPES,
        holds=_has_its_type,
    ),
)
_STRENGTHS = ("strong", "derived", "weak")


def table(seen: Iterable[Seen]) -> list[str]:
    """In Markdown: each mark with its target and, by the strength of the label, what was reached.

    The verdict in the last column is that of the strong labels, or of the derived ones where
    there is no strong one.
    """
    everything = list(seen)
    lines = [
        "| mark | target | strong labels | made here | weak labels | |",
        "|---|---|---|---|---|---|",
    ]
    for mark in MARKS:
        counts = {strength: _count(mark, everything, strength) for strength in _STRENGTHS}
        cells = [_cell(*counts[strength]) for strength in _STRENGTHS]
        hits, files = next((each for each in counts.values() if each[1]), (0, 0))
        verdict = "reached" if mark.is_reached(hits, files) else "**missed**"
        target = mark.target if mark.share else ""
        lines.append(
            f"| {mark.name} | {target} | {' | '.join(cells)} | {verdict if target else ''} |"
        )
    return lines


def misses(seen: Iterable[Seen]) -> list[str]:
    """One line a mark and kind: how many strong files went the wrong way, by source and reason."""
    everything = list(seen)
    lines = []
    for mark in MARKS:
        wrong = Counter(
            (row["kind"], row["source_repo"], row["why"])
            for row, judged in everything
            if row["label_strength"] == "strong"
            and mark.of(row)
            and mark.holds((row, judged)) is mark.most
        )
        if mark.share or wrong:
            lines += [
                f"{mark.name}: {count} {kind} of {source} ({why})"
                for (kind, source, why), count in sorted(wrong.items())
                if mark.share
            ]
    return lines


def _count(mark: Mark, seen: list[Seen], strength: str) -> tuple[int, int]:
    mine = [each for each in seen if mark.of(each[0]) and each[0]["label_strength"] == strength]
    return sum(mark.holds(each) for each in mine), len(mine)


def _cell(hits: int, files: int) -> str:
    return f"{hits} of {files} ({100 * hits / files:.1f} %)" if files else "–"
