"""The addresses of resumable uploads (tus 1.0.0) in the OpenAPI description.

Their answers are headers, so they are written down here and not made from the table of routes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from triage.casework.tus import ALGORITHMS, BYTES_TYPE, EXTENSIONS, VERSION
from triage.messages.errors import TITLES

_COUNT = {"type": "integer", "minimum": 0, "maximum": 10**15 - 1}
_BASE64 = "[A-Za-z0-9+/]*={0,2}"
_PARAMETERS: Mapping[str, dict[str, Any]] = {
    "Tus-Resumable": {
        "required": True,
        "description": "The version of the protocol",
        "schema": {"type": "string", "enum": [VERSION]},
    },
    "Upload-Length": {
        "required": True,
        "description": "The size of the file in bytes; a length that is told later is not taken",
        "schema": _COUNT,
    },
    "Upload-Metadata": {
        "required": True,
        "description": "Pairs of a name and its value in Base64: `kind` (a kind of evidence, "
        "required), `filename`, `filetype`",
        "schema": {
            "type": "string",
            "maxLength": 4096,
            "pattern": f"^[!-+\\--~]+ {_BASE64}(, ?[!-+\\--~]+ {_BASE64})*$",
            "examples": ["kind dW5ib3hpbmdfdmlkZW8=,filename dW5ib3hpbmcubXA0"],
        },
    },
    "Upload-Offset": {
        "required": True,
        "description": "Where this piece begins: as many bytes as have come before",
        "schema": _COUNT,
    },
    "Upload-Checksum": {
        "required": False,
        "description": "Of the bytes of this request; with it all of them are kept or none",
        "schema": {
            "type": "string",
            "pattern": f"^({'|'.join(ALGORITHMS)}) (?:[A-Za-z0-9+/]{{4}})+$",
            "examples": ["sha1 Lve95gjOVATpfV8EL5X4nxwjKHE="],
        },
    },
    "Accept-Language": {
        "required": False,
        "description": "ru, kk or en; Russian when nothing fits",
        "schema": {"type": "string", "examples": ["kk"]},
    },
}
_HEADERS: Mapping[str, dict[str, Any]] = {
    "Location": {"description": "The upload's address", "schema": {"type": "string"}},
    "Tus-Resumable": {"description": "The version", "schema": {"type": "string"}},
    "Tus-Version": {"description": "Versions that are spoken", "schema": {"type": "string"}},
    "Tus-Extension": {
        "description": "What can be done beside the core",
        "schema": {"type": "string", "examples": [EXTENSIONS]},
    },
    "Tus-Checksum-Algorithm": {"description": "Of checksums", "schema": {"type": "string"}},
    "Tus-Max-Size": {"description": "Of the largest file, in bytes", "schema": _COUNT},
    "Upload-Offset": {"description": "Bytes that are here", "schema": _COUNT},
    "Upload-Length": {"description": "Bytes in all", "schema": _COUNT},
    "Upload-Metadata": {"description": "As it was said", "schema": {"type": "string"}},
    "Upload-Expires": {
        "description": "Until when the upload can go on (RFC 9110)",
        "schema": {"type": "string"},
    },
    "WWW-Authenticate": {"description": "What is missing", "schema": {"type": "string"}},
    "Retry-After": {"description": "Seconds to wait", "schema": {"type": "integer", "minimum": 1}},
}
_SAID = {
    **TITLES,
    409: "The piece does not begin where the last one ended",
    410: "The time of the upload is over",
    412: "Another version of the protocol",
    413: "Larger than its kind of evidence may be, or than was announced",
    423: "Another request is writing to this upload",
    460: "The bytes do not fit their checksum; none of them was kept",
}
_OF_ALL = (401, 403, 429, 500, 503)
_PROBLEM_HEADERS = {401: "WWW-Authenticate", 403: "WWW-Authenticate", 429: "Retry-After"}
_STATE = ("Tus-Resumable", "Upload-Offset", "Upload-Expires")
_ABILITIES = (
    "Tus-Resumable", "Tus-Version", "Tus-Extension", "Tus-Checksum-Algorithm", "Tus-Max-Size",
)  # fmt: skip
_ID = {
    "name": "upload_id",
    "in": "path",
    "required": True,
    "schema": {"type": "string", "pattern": "^[0-9a-f]{32}$"},
}
_PIECE = {BYTES_TYPE: {"schema": {"type": "string", "format": "binary"}}}


def uploads(folder: str, problem: Mapping[str, Any], upload: Mapping[str, Any]) -> dict[str, Any]:
    """The paths below ``folder``; ``problem`` and ``upload`` are the contents of answers."""
    describe = _Describe(problem)
    create = describe.operation(
        ("create_upload", "Announce a file that will come in pieces"),
        ("Tus-Resumable", "Upload-Length", "Upload-Metadata", "Upload-Checksum"),
        {201: ("Location", *_STATE)},
        (400, 409, 412, 413, 415, 460),
    )
    create["requestBody"] = {"required": False, "content": _PIECE}
    move = {"operationId": "append_to_upload", "parameters": {"upload_id": "$response.body#/id"}}
    look = describe.operation(
        ("look_at_upload", "How many bytes are here; where to go on after an interruption"),
        ("Tus-Resumable",),
        {200: (*_STATE, "Upload-Length", "Upload-Metadata")},
        (404, 410, 412, 423),
        with_body=False,
    )
    append = describe.operation(
        ("append_to_upload", "Send the next piece"),
        ("Tus-Resumable", "Upload-Offset", "Upload-Checksum"),
        {204: _STATE},
        (400, 404, 409, 410, 412, 413, 415, 423, 460),
    )
    append["requestBody"] = {"required": True, "content": _PIECE}
    remove = describe.operation(
        ("remove_upload", "Forget the upload, and its file if no complaint has it"),
        ("Tus-Resumable",),
        {204: ("Tus-Resumable",)},
        (404, 410, 412, 423),
    )
    see = describe.operation(
        ("get_upload", "How the upload stands; a whole one with what the checks say"),
        ("Accept-Language",),
        {200: ()},
        (404, 410, 423),
    )
    see["responses"]["200"] |= {"content": dict(upload), "links": {"append_to_upload": move}}
    one = {"head": look, "patch": append, "delete": remove, "get": see}
    for path in (create, *one.values()):
        path["tags"] = ["Resumable uploads"]
    return {
        folder: {"post": create, "options": _abilities("upload_abilities")},
        f"{folder}/{{upload_id}}": {
            "parameters": [_ID],
            **one,
            "options": _abilities("abilities_of_upload"),
        },
    }


def _abilities(name: str) -> dict[str, Any]:
    headers = {each: _HEADERS[each] for each in _ABILITIES}
    return {
        "operationId": name,
        "summary": "What of tus this server can do; needs no key",
        "tags": ["Resumable uploads"],
        "security": [],
        "responses": {"204": {"description": "Versions and extensions", "headers": headers}},
    }


class _Describe:
    """Operations whose problems have this content."""

    def __init__(self, problem: Mapping[str, Any]) -> None:
        self._problem = dict(problem)

    def operation(
        self,
        named: tuple[str, str],
        takes: Sequence[str],
        gives: Mapping[int, Sequence[str]],
        problems: Sequence[int],
        *,
        with_body: bool = True,
    ) -> dict[str, Any]:
        answers = {
            str(status): {
                "description": "Done" if status != 201 else "Made",
                "headers": {name: _HEADERS[name] for name in headers},
            }
            for status, headers in gives.items()
        }
        for status in (*_OF_ALL, *problems):
            answers[str(status)] = self._refusal(status, with_body=with_body)
        return {
            "operationId": named[0],
            "summary": named[1],
            "security": [{"key": ["intake"]}],
            "parameters": [{"name": name, "in": "header", **_PARAMETERS[name]} for name in takes],
            "responses": dict(sorted(answers.items())),
        }

    def _refusal(self, status: int, *, with_body: bool) -> dict[str, Any]:
        found: dict[str, Any] = {"description": _SAID[status]}
        if with_body:  # HEAD has none
            found["content"] = self._problem
        if status in _PROBLEM_HEADERS:
            name = _PROBLEM_HEADERS[status]
            found["headers"] = {name: _HEADERS[name]}
        return found
