"""Is a second file hidden in the first: behind its end, in a comment, in a gap?

A search for the marks of other formats, bounded, in what is not the compressed content itself.
What phones append (a clip, a second picture, a gain map, a maker's block) carries none of these
marks and stays silent. What people are shown is re-encoded and drops every payload; this check
is for those who download the original.
"""

from __future__ import annotations

from collections.abc import Iterator

from triage.core.evidence import Finding, Level
from triage.evidence.accepted import DOCX, JPEG, PDF, PICTURES, VIDEOS
from triage.evidence.limits import MIB
from triage.evidence.opened import Opened
from triage.evidence.structure import jpeg, zipends
from triage.evidence.structure.second import Second, at_start, is_script_too, seconds

_EDGE = 8 * MIB  # of a video: its boxes with text are in front of the content or behind it
_TEXTS = ("HTML", "PHP")
_EOF = b"%%EOF"


def check(opened: Opened) -> Iterator[Finding]:
    """One finding, for the worst of what is hidden."""
    found = list(_found(opened))
    if not found:
        return
    worst = max(found, key=lambda each: each.grave)
    level = Level.DANGEROUS if worst.grave else Level.WEAK
    yield Finding(code="file.polyglot", level=level, measured=worst.name)


def _found(opened: Opened) -> Iterator[Second]:
    if opened.media_type in PICTURES and is_script_too(opened.head):
        yield Second("JavaScript", True, 0)
    if opened.behind is not None:
        start = at_start(opened.read_at(opened.behind, 16).lstrip(b"\0\r\n "))
        if start is not None:
            yield start
    if opened.media_type == PDF:
        yield from _in_pdf(opened)
        return
    for stretch in _stretches(opened):
        yield from seconds(stretch)


def _stretches(opened: Opened) -> Iterator[bytes]:
    if opened.media_type == JPEG:
        yield from jpeg.outside_of_scans(opened.mapped)
    elif opened.media_type in PICTURES:
        yield opened.content
    elif opened.media_type in VIDEOS:
        yield opened.read_at(0, _EDGE)
        if opened.size > _EDGE:
            yield opened.read_at(max(_EDGE, opened.size - _EDGE), _EDGE)
    elif opened.media_type == DOCX:
        yield from zipends.between_entries(opened.content)


def _in_pdf(opened: Opened) -> Iterator[Second]:
    """A PDF may say ``<script`` in its texts, so only binary marks count inside of it."""
    content = opened.content
    for each in seconds(content):
        if each.name not in ("PDF", *_TEXTS):
            yield each
    end = content.rfind(_EOF)
    behind = content[end + len(_EOF) :] if end >= 0 else b""
    start = at_start(behind.lstrip(b"\0\r\n "))
    yield from [start] if start else []
    yield from (each for each in seconds(behind) if each.name in _TEXTS)
