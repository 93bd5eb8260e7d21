"""Is the container whole by its own sizes and marks? A walk, no decoding, microseconds."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from triage.core.evidence import Finding, Level
from triage.evidence.accepted import (
    AVIF,
    BMP,
    GIF,
    HEIC,
    HEIF,
    JPEG,
    MATROSKA,
    MP4,
    PNG,
    QUICKTIME,
    THREE_GPP,
    TIFF,
    WEBM,
    WEBP,
)
from triage.evidence.opened import Opened
from triage.evidence.structure import bmp, ebml, gif, iloc, isobmff, jpeg, png, riff, tiff
from triage.evidence.structure.flaw import Fault, Flaw

_WALKS: dict[str, Callable[[Opened], Iterator[Flaw]]] = {
    JPEG: lambda opened: jpeg.flaws_in(opened.mapped),
    PNG: png.flaws,
    GIF: gif.flaws,
    WEBP: riff.flaws,
    BMP: bmp.flaws,
    TIFF: tiff.flaws,
    **dict.fromkeys((MP4, QUICKTIME, THREE_GPP), isobmff.movie_flaws),
    **dict.fromkeys((HEIC, HEIF, AVIF), iloc.flaws),
    **dict.fromkeys((WEBM, MATROSKA), ebml.flaws),
}
_CODES = {Fault.CUT: "truncated", Fault.BROKEN: "corrupt", Fault.TRAILING: "trailing_data"}


def check(opened: Opened) -> Iterator[Finding]:
    """A cut or broken container is unusable; bytes behind its end are only worth a note.

    Sets ``opened.behind``, and ``opened.damaged`` where a picture may still be whole enough to
    be seen: the check that decodes it says so when it is.
    """
    walk = _WALKS.get(opened.media_type)
    for flaw in walk(opened) if walk else ():
        subject = opened.media_type.partition("/")[0]
        if flaw.minor and flaw.fault is Fault.BROKEN:
            opened.damaged = True
            continue
        code = f"{subject}.{_CODES[flaw.fault]}"
        if flaw.fault is Fault.TRAILING and flaw.measured is not None:
            opened.behind = opened.size - flaw.measured
        yield Finding(code=code, level=_level(flaw), measured=flaw.measured)


def _level(flaw: Flaw) -> Level:
    if flaw.fault is Fault.TRAILING:
        return Level.NOTE
    return Level.WEAK if flaw.minor else Level.UNUSABLE
