"""Files of a case: re-encoded previews inline, the originals only as a download."""

from __future__ import annotations

import io
import unicodedata
from typing import BinaryIO

from flask import Blueprint, Response, request, send_file
from flask.typing import ResponseReturnValue

from triage.casework import files, films, previews
from triage.core.people import Role
from triage.desk import Desk
from triage.errors import NotFound
from triage.web.headers import SANDBOX
from triage.web.session import require

#: What our own encoder writes. Anything else is not a preview and is not shown inline.
PREVIEW_TYPES = frozenset({"image/jpeg", "image/png", "image/webp"})
READERS = (Role.AGENT, Role.QA)


def add_evidence_pages(pages: Blueprint, desk: Desk) -> None:
    @pages.get("/evidence/<evidence_id>/preview")
    def preview(evidence_id: str) -> ResponseReturnValue:
        require(desk, *READERS)
        stream, media_type = previews.open_preview(desk, evidence_id)
        if media_type not in PREVIEW_TYPES:
            stream.close()
            raise NotFound("evidence.no_preview")
        return _send(stream, media_type, cache="private, no-store")

    @pages.get("/evidence/<evidence_id>/film")
    def film(evidence_id: str) -> ResponseReturnValue:
        """The copy to watch; players ask for a piece of it at a time."""
        require(desk, *READERS)
        stream = films.open_film(desk, evidence_id)
        return _send(stream, "video/mp4", cache="private, no-store", in_pieces=True)

    @pages.get("/evidence/<evidence_id>/pages/<int:number>")
    def page(evidence_id: str, number: int) -> ResponseReturnValue:
        require(desk, *READERS)
        drawn = io.BytesIO(films.draw_page(desk, evidence_id, number))
        return _send(drawn, "image/jpeg", cache="private, no-store")

    @pages.get("/evidence/<evidence_id>/original")
    def original(evidence_id: str) -> ResponseReturnValue:
        actor = require(desk, *READERS)
        stream, row = files.open_original(desk, evidence_id, actor)
        # The type that the content has, never the one that the sender declared.
        media_type = row.media_type or "application/octet-stream"
        return _send(stream, media_type, cache="no-store", filename=_plain_name(row.filename))


def _plain_name(name: str) -> str:
    """The sender's name for the file without what could break a header or turn a name around."""
    kept = "".join("_" if c in "/\\" or unicodedata.category(c) in _UNSEEN else c for c in name)
    return kept.strip(" .") or "file"


_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


def _send(
    stream: BinaryIO,
    media_type: str,
    *,
    cache: str,
    filename: str | None = None,
    in_pieces: bool = False,
) -> Response:
    """The whole file, whatever part of it was asked for, unless ``in_pieces``.

    With a name it is a download.
    """
    response = send_file(
        stream,
        mimetype=media_type,
        as_attachment=filename is not None,
        download_name=filename,
        conditional=False,
        etag=False,
    )
    if in_pieces:
        size = stream.seek(0, io.SEEK_END)
        stream.seek(0)
        response.make_conditional(request, accept_ranges=True, complete_length=size)
    response.headers["Cache-Control"] = cache
    response.headers["Content-Security-Policy"] = SANDBOX
    return response
