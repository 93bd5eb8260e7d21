"""What a locked-in child makes for people to look at: a preview, a film to watch, a page.

It judges nothing: what the checks said of the file stands. A copy that cannot be made is none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress

from triage.core.evidence import Level
from triage.evidence import filetype, image, pdf, video_copy
from triage.evidence.opened import Opened
from triage.evidence.preview import encoded
from triage.evidence.video_film import DEMUXERS
from triage.evidence.wire import FILM, PAGE, PREVIEW, Errand, end_frame, film_frame, preview_frame


def frames(opened: Opened, errand: Errand) -> Iterator[bytes]:
    """The answer to an errand that asks for a copy. Whatever goes wrong, the copy is left out."""
    with suppress(Exception):  # decoders raise anything; the frame after this says that none came
        if _is_accepted(opened):
            yield from _COPIES[errand.show](opened, errand.page)
    yield end_frame()


def _is_accepted(opened: Opened) -> bool:
    """Still: what was switched off since it was judged is not decoded again."""
    return all(each.level < Level.UNUSABLE for each in filetype.check(opened))


def _preview(opened: Opened, _: int) -> Iterator[bytes]:
    opened.closely = True
    with suppress(Exception):  # a later frame of an animation may be damaged
        list(image.check(opened))
    if opened.shown is None:
        pdf.draw(opened, 1)
    yield from _visible(opened)


def _film(opened: Opened, _: int) -> Iterator[bytes]:
    made = video_copy.copy(opened) if opened.media_type in DEMUXERS else None
    if made is not None and len(made.content) <= opened.limits.film_bytes:
        yield film_frame(made.content, made.seconds, is_whole=made.is_whole)


def _page(opened: Opened, number: int) -> Iterator[bytes]:
    if number <= opened.limits.shown_pages:
        pdf.draw(opened, number)
    yield from _visible(opened)


def _visible(opened: Opened) -> Iterator[bytes]:
    if opened.visible is not None:
        yield preview_frame(encoded(opened.visible, opened.limits))


_COPIES: Mapping[str, Callable[[Opened, int], Iterator[bytes]]] = {
    PREVIEW: _preview,
    FILM: _film,
    PAGE: _page,
}
