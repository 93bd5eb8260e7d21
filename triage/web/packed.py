"""Static files in gzip, packed once: our styles and scripts are small, Pico's style is not.

Only they: a page holds the session's token and what a stranger wrote side by side, and the
length of a compressed page would let that stranger guess the token letter by letter (BREACH).
"""

from __future__ import annotations

import functools
import gzip
from pathlib import Path

from flask import Response, request

WORTH_IT = 1024  # bytes
_TYPES = frozenset({"text/css", "text/javascript", "image/svg+xml", "application/json"})


def pack(response: Response, folder: Path, filename: str) -> Response:
    """The same answer with the file of that name packed, where the browser reads gzip."""
    if response.status_code != 200 or response.mimetype not in _TYPES:
        return response
    response.headers.add("Vary", "Accept-Encoding")
    if not request.accept_encodings["gzip"]:
        return response
    packed = _packed(folder / filename)
    if packed is None:
        return response
    response.close()  # the file that would have been sent as it is
    response.direct_passthrough = False
    response.set_data(packed)
    response.headers["Content-Encoding"] = "gzip"
    etag, _ = response.get_etag()
    if etag:
        response.set_etag(f"{etag}-gzip", weak=True)
    return response


@functools.lru_cache(maxsize=256)
def _packed(path: Path) -> bytes | None:
    content = path.read_bytes()
    return gzip.compress(content, 9, mtime=0) if len(content) > WORTH_IT else None
