"""A JPEG decoded in portions, so that its own rows tell whether the scan has the right length.

JPEG has no checksum, but a changed bit shifts the codes behind it, and the decoder arrives at
the last row too early or too late. libjpeg warns of that and Pillow keeps the warning to itself.
So the decoder is not shown the end at first: a sound picture cannot be complete without its last
bytes, and needs nothing behind them.
"""

from __future__ import annotations

import io
from enum import Enum

from triage.evidence.structure import jpeg
from triage.evidence.structure.flaw import Content

_LAST = 16  # bytes: encoders pad to the byte, never this far
_STEP = 128 * 1024  # bytes of a portion: copies of the whole would be new memory for little
_BEHIND = bytes(32)  # more than a decoder reads ahead


class Scan(Enum):
    """How the rows and the bytes agree."""

    FITS = "fits"
    TOO_LONG = "too_long"  # every row was there before the bytes were used up
    TOO_SHORT = "too_short"  # rows are missing when the bytes are used up
    NOT_ASKED = "not_asked"  # several scans, or another packing


class Portions:
    """The file as the decoder gets to see it; ``scan`` once the picture has been loaded."""

    def __init__(self, content: Content) -> None:
        self._content = content
        self._at = 0
        self._bounds: list[int] = []  # of the portions up to the end of the scan
        self._given = 0

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        self._at = max(0, offset + (0, self._at, len(self._content))[whence])
        return self._at

    def tell(self) -> int:
        return self._at

    def close(self) -> None:
        """The content is the file's, not ours."""

    def divide(self) -> None:
        """From now on, hand out the picture in portions of which the last but one ends its scan."""
        content = self._content
        scan = jpeg.layout_of(content).only_scan
        if scan is None:
            return
        start, end = scan
        while end > start and content[end - 1] == 0xFF:
            end -= 1  # fill bytes in front of the end marker
        held = max(start, end - _LAST)
        self._bounds = [*range(0, held, _STEP), held, end]

    def read(self, size: int = -1) -> bytes:
        """The next portion whole, whatever the size; bytes of the file before ``divide``."""
        if not self._bounds:
            return self._read(len(self._content) if size < 0 else size)
        self._given += 1
        content, place = self._content, self._given
        if place < len(self._bounds):
            portion = content[self._bounds[place - 1] : self._bounds[place]]
            return portion if place < self._ending else portion + _BEHIND
        return content[self._bounds[-1] :] if place == len(self._bounds) else b""

    def _read(self, size: int) -> bytes:
        part = self._content[self._at : self._at + size]
        self._at += len(part)
        return part

    @property
    def _ending(self) -> int:
        """The number of the portion that ends the scan."""
        return len(self._bounds) - 1

    @property
    def scan(self) -> Scan:
        """By the portion with which the last row came."""
        if not self._bounds:
            return Scan.NOT_ASKED
        if self._given < self._ending:
            return Scan.TOO_LONG
        return Scan.FITS if self._given == self._ending else Scan.TOO_SHORT
