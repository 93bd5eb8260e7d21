"""One file as the checks inside a child see it: opened once, decoded once, asked many questions."""

from __future__ import annotations

import io
import mmap
import os
from functools import cached_property
from typing import Any

from PIL import Image

from triage.core.evidence import EvidenceKind
from triage.evidence.accepted import UNKNOWN
from triage.evidence.limits import Limits
from triage.evidence.wire import Request

EDGE_BYTES = 64 * 1024


class Opened:
    """The bytes and what the checks have learnt so far.

    ``media_type`` is set by the check of the type, ``behind`` (the offset where the container
    ends and something else begins) and ``damaged`` (a part of it breaks the rules of the format)
    by the walk over its structure, ``preview`` (a JPEG, of a film) and
    ``facts`` (width, height, pages, frames) by whichever check decodes the content, ``signals``
    (see ``signals.py``) by any check, ``shown``
    (what people are shown: scaled, upright, in plain colours) and ``remembered`` (what
    its header says, see ``metadata``) by the check of the picture, ``page`` (the first one of a
    document, drawn) by the check of PDF. ``closely`` when the copy must be as large as a preview.
    """

    def __init__(self, request: Request, fd: int, limits: Limits) -> None:
        self.kind: EvidenceKind = request.kind
        self.extension = request.extension
        self.declared_type = request.declared_type
        self.limits = limits
        self.size = request.size
        self.media_type = UNKNOWN
        self.facts: dict[str, int] = {}
        self.signals: dict[str, str] = {}
        self.preview: bytes | None = None
        self.shown: Image.Image | None = None
        self.page: Image.Image | None = None
        self.remembered: dict[str, Any] = {}
        self.behind: int | None = None
        self.damaged = False
        self.closely = request.kind is EvidenceKind.PURCHASE_PROOF
        self._fd = fd

    @property
    def visible(self) -> Image.Image | None:
        """What a preview is made from; None when there is nothing to see."""
        return self.shown or self.page

    def read_at(self, offset: int, length: int) -> bytes:
        """Up to ``length`` bytes from ``offset``; shorter only at the end of the file.

        The descriptor's own position is shared with the server and therefore never moved.
        """
        parts: list[bytes] = []
        length = min(length, self.size - offset)  # an offset from the file may be any number
        while length > 0 and (part := os.pread(self._fd, length, offset)):
            parts.append(part)
            offset += len(part)
            length -= len(part)
        return b"".join(parts)

    @cached_property
    def head(self) -> bytes:
        """The first 64 KiB."""
        return self.read_at(0, EDGE_BYTES)

    @cached_property
    def tail(self) -> bytes:
        """The last 64 KiB."""
        return self.read_at(max(0, self.size - EDGE_BYTES), EDGE_BYTES)

    @cached_property
    def content(self) -> bytes:
        """Everything, in memory. Not for videos: those are larger than a child's memory."""
        return self.read_at(0, self.size)

    @cached_property
    def mapped(self) -> mmap.mmap:
        """The same without a copy, for the walks over a JPEG, which is mostly its scan."""
        return mmap.mmap(self._fd, self.size, access=mmap.ACCESS_READ)

    def stream(self) -> io.BytesIO:
        """``content`` as a fresh binary file."""
        return io.BytesIO(self.content)
