"""One request on its way through the API: who asks, in which language, with which body."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from flask import Response, request
from pydantic import BaseModel

from triage.channels.api.body import JSON_BYTES, Body
from triage.channels.api.reading import checked, from_form, from_query, read_json
from triage.channels.api.refusals import Unsupported
from triage.channels.api.uploads import Bounds, Upload, read_upload
from triage.core.people import Actor
from triage.desk import Desk

JSON, FORM = "application/json", "multipart/form-data"
_HERE = ZoneInfo("Asia/Almaty")  # where a date of an order or a receipt is a date
_Model = TypeVar("_Model", bound=BaseModel)


@dataclass(frozen=True, kw_only=True)
class Call:
    """What a view gets: an actor who may call it, a body that nobody has read yet."""

    desk: Desk
    actor: Actor
    language: str
    body: Body

    @property
    def today(self) -> date:
        """The date in Kazakhstan."""
        return self.desk.now().astimezone(_HERE).date()

    def type_among(self, *allowed: str) -> str:
        """The body's media type. Raises Unsupported for one that is not allowed here."""
        if request.mimetype not in allowed:
            raise Unsupported(
                "request.wrong_type", field="Content-Type", allowed=", ".join(allowed)
            )
        return request.mimetype

    def json(self, model: type[_Model]) -> _Model:
        """The checked JSON body."""
        self.type_among(JSON)
        return checked(model, read_json(self.body.read_all(JSON_BYTES)), self.today)

    def optional_json(self, model: type[_Model]) -> _Model:
        """The same where a request without a body means an empty object."""
        if self.body.ended:
            return checked(model, {}, self.today)
        return self.json(model)

    def form(self, model: type[_Model], upload: Upload[Any]) -> _Model:
        """The checked fields of a form."""
        return checked(model, from_form(upload.fields, model), self.today)

    def query(self, model: type[_Model]) -> _Model:
        """The checked parameters of the address."""
        return checked(model, from_query(request.args.items(multi=True), model), self.today)

    def upload(self, files: int | None = None) -> Upload[Any]:
        """The form with its files, received while it comes in; close it.

        ``files`` is the most that may come, where that is not what a complaint has room for.

        The files lie in the store's own ``Incoming``, which this layer may not name.
        """
        self.type_among(FORM)
        settings = self.desk.settings
        bounds = Bounds(
            request_bytes=settings.max_request_bytes,
            files=files or settings.max_files,
            file_bytes=self.desk.examiner.limits.max_bytes,
        )
        content_type = request.content_type or ""
        return read_upload(self.body, content_type, self.desk.blobs.receive, bounds)


def reply(found: Mapping[str, Any], status: int = 200, **headers: str) -> Response:
    """A JSON answer. Header names are written with underscores."""
    response = Response(json.dumps(found, ensure_ascii=False), status, content_type=JSON)
    response.headers.update(
        {name.replace("_", "-"): text for name, text in headers.items() if text}
    )
    return response
