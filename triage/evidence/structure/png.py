"""PNG: chunks of a length, a name, content and a checksum, the last one called IEND."""

from __future__ import annotations

from collections.abc import Iterator

from triage.evidence.structure.flaw import Fault, Flaw, Source

_SIGNATURE_BYTES = 8
_AROUND = 12  # length, name and checksum
_CHUNKS = 1_000_000


def flaws(source: Source) -> Iterator[Flaw]:
    """Cut where the chunks do not reach IEND. Checksums are the decoder's business."""
    content, at = source.content, _SIGNATURE_BYTES
    for _ in range(_CHUNKS):
        if at + _AROUND > len(content):
            yield Flaw(fault=Fault.CUT)
            return
        name = content[at + 4 : at + 8]
        at += _AROUND + int.from_bytes(content[at : at + 4], "big")
        if name == b"IEND":
            break
    if content[at:].strip(b"\0\r\n "):
        yield Flaw(fault=Fault.TRAILING, measured=len(content) - at)
