"""One function a parser: bytes in, no exception out but what is promised.

Imported under instrumentation, so everything that is to be covered is imported here.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping

from tests.fuzz.bounds import BrokenBound, WatchedSource, within
from triage.channels.api import dispositions, multipart
from triage.core import printed, receipt
from triage.core.evidence import EvidenceKind
from triage.evidence import docx, pdf_actions, polyglot, signatures, wire, wordparts
from triage.evidence.accepted import DOCX, JPEG, MP4, PDF, PNG
from triage.evidence.limits import Limits
from triage.evidence.opened import EDGE_BYTES, Opened
from triage.evidence.structure import (
    bmp,
    ebml,
    gif,
    iloc,
    isobmff,
    jpeg,
    pdftail,
    png,
    riff,
    second,
    tiff,
    zipends,
)
from triage.evidence.structure.flaw import Fault, Flaw, Source
from triage.evidence.wire import Garbled, Reports, Request
from triage.evidence.wordparts import NotXml

Target = Callable[[bytes], None]

_MOST_FLAWS = 8  # what one walk has to say about one file
_BOUNDARY = b"limit"
_CHUNKS = (1, 2, 7, 64, 4096)


def _walk(flaws: Callable[[Source], Iterator[Flaw]]) -> Target:
    def target(content: bytes) -> None:
        found = list(flaws(WatchedSource(content)))
        if len(found) > _MOST_FLAWS:
            raise BrokenBound(f"{len(found)} flaws")
        for each in found:
            if each.measured is not None and each.measured < 0:
                raise BrokenBound(f"{each.measured} bytes")
            if each.fault is Fault.TRAILING:
                within(each.measured, len(content))

    return target


class _InMemory(Opened):
    """What a check sees, without a descriptor."""

    def __init__(self, content: bytes, media_type: str) -> None:
        request = Request(
            kind=EvidenceKind.OTHER,
            extension="",
            declared_type="",
            size=len(content),
            cpu_seconds=1,
            wall_seconds=1.0,
        )
        super().__init__(request, -1, Limits(archive_bytes=2**24))
        self._source = WatchedSource(content)
        self.media_type = media_type

    def read_at(self, offset: int, length: int) -> bytes:
        return self._source.read_at(offset, length)


def _signatures(content: bytes) -> None:
    signatures.media_type_of(content[:EDGE_BYTES], content[-EDGE_BYTES:])


def _riff(content: bytes) -> None:
    _walk(riff.flaws)(content)
    riff.canvas_size(content)


def _seconds(content: bytes) -> None:
    second.is_script_too(content)
    second.at_start(content)
    for each in second.seconds(content):
        within(each.at, len(content))


def _stretches(content: bytes) -> None:
    for stretch in (*jpeg.outside_of_scans(content), *zipends.between_entries(content)):
        if stretch not in content:
            raise BrokenBound("a stretch that is none of the file's")


def _polyglot(content: bytes) -> None:
    types = (JPEG, PNG, PDF, MP4, DOCX)
    opened = _InMemory(content[1:], types[content[0] % len(types)] if content else PNG)
    opened.behind = min(opened.size, content[0] * 8) if content else None
    if len(list(polyglot.check(opened))) > 1:
        raise BrokenBound("more than the worst")


def _words(content: bytes) -> None:
    with contextlib.suppress(NotXml):
        for each in wordparts.relations(content):
            wordparts.target_of(each, "word/_rels/document.xml.rels")
            each.fetches  # noqa: B018 - a property that parses
    with contextlib.suppress(NotXml):
        list(wordparts.content_types(content))
    with contextlib.suppress(NotXml):
        wordparts.are_sound_properties(content)
    with contextlib.suppress(NotXml):
        wordparts.be_well_formed(content)
    wordparts.starts_programs(content)


def _docx(content: bytes) -> None:
    list(docx.check(_InMemory(content, DOCX)))


def _pdf_actions(content: bytes) -> None:
    list(pdf_actions.in_bytes(content).findings())


def _receipt(content: bytes) -> None:
    text = content.decode("utf-8", errors="replace")
    found = receipt.read(text)
    if isinstance(found, receipt.Receipt) and found.issued_at is not None:
        found.issued_at.isoformat()
    moment = receipt.moment(text)
    if moment is not None and moment.tzinfo is None:
        raise BrokenBound("a time without a zone")


def _printed(content: bytes) -> None:
    text = content.decode("utf-8", errors="replace")
    paper = printed.read(text)
    if paper.amount is not None and not 0 < paper.amount < 10**14:
        raise BrokenBound("a sum beyond sense")
    code = receipt.Receipt(operator="", fiscal_sign="1", till="1", issued_at=paper.issued_at)
    printed.differing(text, paper, code)


class _Parts:
    """Puts together again what the parser hands out."""

    def __init__(self) -> None:
        self.parts: list[tuple[Mapping[bytes, bytes], bytearray]] = []
        self.finished = 0

    def begin(self, headers: Mapping[bytes, bytes]) -> None:
        self.parts.append((headers, bytearray()))

    def write(self, content: memoryview) -> None:
        self.parts[-1][1].extend(content)

    def finish(self) -> None:
        self.finished += 1


def _multipart(content: bytes) -> None:
    """The same parts in whatever pieces the body arrives."""
    size = _CHUNKS[content[0] % len(_CHUNKS)] if content else 1
    whole, pieces = _parsed(content, len(content) or 1), _parsed(content, size)
    if whole != pieces:
        raise BrokenBound(f"{whole} whole, {pieces} in pieces of {size}")


def _parsed(content: bytes, size: int) -> object:
    sink = _Parts()
    parser = multipart.Parser(_BOUNDARY, sink)
    try:
        for at in range(0, len(content), size):
            parser.feed(content[at : at + size])
    except multipart.Malformed:
        return "malformed"
    return [*sink.parts[: sink.finished]], parser.started, parser.ended


def _dispositions(content: bytes) -> None:
    _, named = dispositions.parameters(content)
    name = dispositions.file_name(named.get("filename", ""), "file")
    if not name or len(name) > dispositions.MAX_NAME or set(name) & set("/\\\r\n\0"):
        raise BrokenBound(f"a name like {name!r}")


def _wire(content: bytes) -> None:
    """What a child sends to the server, had it been taken over."""
    reports = Reports(most=2, preview_bytes=1024)
    with contextlib.suppress(Garbled):
        for at in range(0, len(content), 13):
            reports.feed(content[at : at + 13])
    if any(len(each.findings) > wire.FINDINGS + wire.FRAMES for each in reports.heard):
        raise BrokenBound("too many findings")


TARGETS: Mapping[str, Target] = {
    "jpeg": _walk(jpeg.flaws),
    "png": _walk(png.flaws),
    "gif": _walk(gif.flaws),
    "riff": _riff,
    "bmp": _walk(bmp.flaws),
    "tiff": _walk(tiff.flaws),
    "movie": _walk(isobmff.movie_flaws),
    "heif": _walk(iloc.flaws),
    "ebml": _walk(ebml.flaws),
    "pdftail": _walk(pdftail.flaws),
    "signatures": _signatures,
    "second": _seconds,
    "stretches": _stretches,
    "polyglot": _polyglot,
    "pdf_actions": _pdf_actions,
    "words": _words,
    "docx": _docx,
    "receipt": _receipt,
    "printed": _printed,
    "multipart": _multipart,
    "dispositions": _dispositions,
    "wire": _wire,
}
