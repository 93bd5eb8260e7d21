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

_LAST = 16  # bytes: encoders pad to the byte, never this far
_BEHIND = bytes(32)  # more than a decoder reads ahead


class Scan(Enum):
    """How the rows and the bytes agree."""

    FITS = "fits"
    TOO_LONG = "too_long"  # every row was there before the bytes were used up
    TOO_SHORT = "too_short"  # rows are missing when the bytes are used up
    NOT_ASKED = "not_asked"  # several scans, or another packing


class Portions(io.BytesIO):
    """The file as the decoder gets to see it; ``scan`` once the picture has been loaded."""

    def __init__(self, content: bytes) -> None:
        super().__init__(content)
        self._portions: list[bytes] | None = None
        self._given = 0

    def divide(self) -> None:
        """From now on, hand out the picture in portions that end where its scan does."""
        content = self.getvalue()
        scan = jpeg.layout_of(content).only_scan
        if scan is None:
            return
        start, end = scan
        while end > start and content[end - 1] == 0xFF:
            end -= 1  # fill bytes in front of the end marker
        held = max(start, end - _LAST)
        self._portions = [content[:held], content[held:end] + _BEHIND, content[end:]]

    def read(self, size: int | None = -1, /) -> bytes:
        """The next portion whole, whatever the size; bytes of the file before ``divide``."""
        if self._portions is None:
            return super().read(size)
        self._given += 1
        return self._portions[self._given - 1] if self._given <= len(self._portions) else b""

    @property
    def scan(self) -> Scan:
        """By the portion with which the last row came."""
        if self._portions is None:
            return Scan.NOT_ASKED
        return (Scan.TOO_LONG, Scan.FITS)[self._given - 1] if self._given < 3 else Scan.TOO_SHORT
