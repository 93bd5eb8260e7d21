"""PNG: chunks of a length, a name, content and a checksum, the last one called IEND."""

from __future__ import annotations

import zlib
from collections.abc import Iterator

from triage.evidence.structure.flaw import Fault, Flaw, Source
from triage.evidence.structure.pngchunks import Chunk, Rules, expected_bytes

_SIGNATURE_BYTES = 8
_AROUND = 12  # length, name and checksum
_CHUNKS = 1_000_000
_INFLATED_BYTES = 4 * 2**20  # of pixels that are unpacked here once more: some 10 ms
_SLACK = 64 * 1024


def flaws(source: Source) -> Iterator[Flaw]:
    """Cut where the chunks do not reach IEND; minor where a chunk breaks the rules of its own.

    Checksums and the pixels themselves are the decoder's business.
    """
    content, at = source.content, _SIGNATURE_BYTES
    rules, pixels = Rules(), list[tuple[int, int]]()
    for _ in range(_CHUNKS):
        if at + _AROUND > len(content):
            yield Flaw(fault=Fault.CUT)
            return
        length, name = int.from_bytes(content[at : at + 4], "big"), content[at + 4 : at + 8]
        body = at + 8
        if name == b"IDAT":
            pixels.append((body, body + length))
        rules.see(Chunk(name=name, length=length, head=content[body : body + min(length, 1024)]))
        at += _AROUND + length
        if name == b"IEND":
            break
    if rules.broken or _are_bad_pixels(content, pixels, expected_bytes(rules.header)):
        yield Flaw(fault=Fault.BROKEN, minor=True)
    if content[at:].strip(b"\0\r\n "):
        yield Flaw(fault=Fault.TRAILING, measured=len(content) - at)


def _are_bad_pixels(content: bytes, pieces: list[tuple[int, int]], expected: int) -> bool:
    """Do they unpack to more or less than the header promises? Only asked of small pictures.

    A decoder stops at its last row and never sees what follows, nor the checksum behind it.
    """
    if not 0 < expected <= _INFLATED_BYTES:
        return False
    unpacker, total = zlib.decompressobj(), 0
    try:
        for start, end in pieces:
            total += len(unpacker.decompress(content[start:end], expected + _SLACK - total))
            if total > expected:
                return True
    except zlib.error:
        return True
    return total != expected or not unpacker.eof
