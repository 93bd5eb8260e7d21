"""What a locked-in child makes for people to look at: a film to watch, a page of a document.

It judges nothing: what the checks said of the file stands. A copy that cannot be made is none.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

from triage.evidence import filetype, pdf, video_copy
from triage.evidence.accepted import PDF
from triage.evidence.opened import Opened
from triage.evidence.video_film import DEMUXERS
from triage.evidence.wire import (
    FILM,
    PAGE,
    Request,
    end_frame,
    film_frame,
    part_frame,
    preview_frame,
)


def frames(opened: Opened, request: Request) -> Iterator[bytes]:
    """The answer to a request that asks for a copy. Whatever goes wrong, the copy is left out."""
    findings = list(filetype.check(opened))
    yield part_frame(opened.media_type, findings, {})
    with suppress(Exception):  # decoders raise anything; the frame after this says that none came
        if request.show == FILM and opened.media_type in DEMUXERS:
            made = video_copy.copy(opened)
            if made is not None and len(made.content) <= opened.limits.film_bytes:
                yield film_frame(made.content, made.seconds, is_whole=made.is_whole)
        elif request.show == PAGE and opened.media_type == PDF:
            yield preview_frame(pdf.draw(opened, request.page))
    yield end_frame()
