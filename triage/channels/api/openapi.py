"""The OpenAPI 3.1 description, made from the table of routes and the models."""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, models_json_schema

from triage import __version__
from triage.channels.api import answers
from triage.channels.api.examples import ANSWERS, REQUESTS
from triage.channels.api.openapi_uploads import uploads
from triage.channels.api.resumable import PATH as UPLOADS
from triage.channels.api.routes import PREFIX, ROUTES, Form, Route
from triage.core.evidence import EvidenceKind
from triage.messages.errors import TITLES

PROBLEM = "application/problem+json"
_REF = "#/components/schemas/{model}"
_ABOUT = """Triage takes in customers' complaints about marketplace sellers, judges the files that \
come with them, classifies the text and queues the case, with every reason written down.

Every request carries `Authorization: Bearer <key>`. Errors are problems of RFC 9457 in Russian, \
Kazakh or English (`Accept-Language`), each with a stable `code` and, where there is something to \
mend, with `field`, `limit` and `cure`. All codes are listed at [/docs/problems](/docs/problems).

Large files may be sent in pieces, with the same key, by the [tus 1.0.0]\
(https://tus.io/protocols/resumable-upload) protocol at `/api/v1/uploads`. Where a proxy lets only \
GET and POST through, POST with `X-HTTP-Method-Override: PATCH`, `HEAD` or `DELETE` means the same.
"""
_PARAMETERS: Mapping[str, dict[str, Any]] = {
    "Accept-Language": {
        "description": "ru, kk or en; Russian when nothing fits",
        "schema": {"type": "string", "examples": ["kk"]},
    },
    "Idempotency-Key": {
        "description": "Names this request: sent again, it answers 200 with the first complaint",
        "schema": {"type": "string", "pattern": "^[!-~]{1,255}$"},
    },
    "Prefer": {
        "description": "`respond-async` does not wait for triage, `wait=N` waits N seconds",
        "schema": {"type": "string", "examples": ["respond-async", "wait=3"]},
    },
}
_HEADERS: Mapping[str, dict[str, Any]] = {
    "Location": {"description": "The complaint's address", "schema": {"type": "string"}},
    "Preference-Applied": {"description": "What was honoured", "schema": {"type": "string"}},
    "Retry-After": {"description": "Seconds to wait", "schema": {"type": "integer", "minimum": 1}},
    "WWW-Authenticate": {"description": "What is missing", "schema": {"type": "string"}},
    "ETag": {"description": "Changes with the answer", "schema": {"type": "string"}},
}
_LINKS = {
    name: {"operationId": name, "parameters": {"complaint_id": "$response.body#/id"}}
    for name in ("get_complaint", "add_evidence", "claim_complaint", "withdraw_complaint")
}
_PROBLEM_HEADERS = {401: "WWW-Authenticate", 403: "WWW-Authenticate", 429: "Retry-After"}
_ID = {"type": "string", "pattern": "^[0-9A-Za-z]{1,40}$", "examples": ["7K2M9QXP"]}
_SAID = {200: "Done", 201: "Made", 202: "Kept; triage goes on", 204: "Nothing to do"}


class _WithoutTitles(GenerateJsonSchema):
    """A title that only repeats the field's name is noise."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False


def description() -> dict[str, Any]:
    """The whole document."""
    schemas = _schemas()
    paths: dict[str, Any] = {}
    for route in ROUTES:
        operation = _operation(route, schemas)
        paths.setdefault(PREFIX + route.path, {})[route.method.lower()] = operation
    problem = {PROBLEM: {"schema": _ref(answers.Problem)}}
    upload = {"application/json": {"schema": _ref(answers.Upload)}}
    paths |= uploads(PREFIX + UPLOADS, problem, upload)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Triage",
            "version": __version__,
            "summary": "Complaints about marketplace sellers",
            "description": _ABOUT,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/"}],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {
                "key": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "An API key, made with `triage key add --scope intake`",
                }
            },
        },
    }


def _schemas() -> dict[str, Any]:
    models: set[type[BaseModel]] = {answers.Problem, answers.Upload}
    for route in ROUTES:
        models |= {model for model in (*route.answers.values(), route.json, route.query) if model}
        models |= {route.form.fields} if route.form else set()
    ordered = sorted(models, key=lambda model: model.__name__)
    _, found = models_json_schema(
        [(model, "validation") for model in ordered],
        ref_template=_REF,
        schema_generator=_WithoutTitles,
    )
    schemas: dict[str, Any] = found["$defs"]
    return schemas


def _operation(route: Route, schemas: Mapping[str, Any]) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": route.name,
        "summary": route.summary,
        "description": (route.view.__doc__ or "").strip(),
        "tags": [_tag(route.path)],
        "security": [{"key": [scope.value]} for scope in route.scopes],
        "parameters": _parameters(route, schemas),
        "responses": _responses(route),
    }
    body = _body(route, schemas)
    return {**operation, "requestBody": body} if body else operation


def _tag(path: str) -> str:
    if "/actions/" in path:
        return "Actions"
    return "Queue" if path.startswith("/queue") else "Intake"


def _parameters(route: Route, schemas: Mapping[str, Any]) -> list[dict[str, Any]]:
    found = [
        {"name": name, "in": "path", "required": True, "schema": _ID}
        for name in re.findall(r"{(\w+)}", route.path)
    ]
    query = schemas[route.query.__name__]
    found += [
        {"name": name, "in": "query", "required": False, "schema": _or_blank(_without_null(schema))}
        for name, schema in query.get("properties", {}).items()
    ]
    found += [
        {"name": name, "in": "header", "required": False, **_PARAMETERS[name]}
        for name in ("Accept-Language", *route.headers)
    ]
    return found


def _or_blank(schema: Mapping[str, Any]) -> dict[str, Any]:
    """A parameter that says nothing counts as left out (``reading.from_query``)."""
    told = dict(schema)
    kept = {name: told.pop(name) for name in ("default",) if name in told}
    return {"anyOf": [told, {"type": "string", "pattern": r"^\s*$"}], **kept}


def _body(route: Route, schemas: Mapping[str, Any]) -> dict[str, Any] | None:
    content: dict[str, Any] = {}
    if route.form:
        content["multipart/form-data"] = {"schema": _form_schema(route.form, schemas)}
    if route.json:
        content["application/json"] = {"schema": _ref(route.json)}
        if route.name in REQUESTS:
            content["application/json"]["examples"] = REQUESTS[route.name]
    required = bool(route.form) or route.json_required
    return {"required": required, "content": content} if content else None


def _form_schema(form: Form, schemas: Mapping[str, Any]) -> dict[str, Any]:
    """A form's fields are text, so there is no null; files stand beside them, by kind."""
    schema = copy.deepcopy(schemas[form.fields.__name__])
    fields = schema.get("properties", {})
    schema["properties"] = {name: _as_text(_without_null(field)) for name, field in fields.items()}
    one = {"type": "string", "format": "binary"}
    files = one if form.single else {"type": "array", "items": one}
    schema["properties"] |= dict.fromkeys(map(str, EvidenceKind), files)
    if form.single:
        schema |= {"minProperties": 1, "maxProperties": 1}
    elif form.files:
        given = {"type": "array", "minItems": 1}
        schema["anyOf"] = [
            {"required": [str(kind)], "properties": {str(kind): given}} for kind in EvidenceKind
        ]
    schema.pop("title", None)
    return dict(schema)


def _responses(route: Route) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for status, model in route.answers.items():
        said: dict[str, Any] = {"description": _SAID.get(status, "Not changed")}
        if model:
            example = ANSWERS.get(model.__name__)
            media: dict[str, Any] = {"schema": _ref(model)}
            said["content"] = {
                "application/json": media | ({"example": example} if example else {})
            }
        if route.name == "file_complaint":
            said["links"] = _LINKS
        said["headers"] = {name: _HEADERS[name] for name in _answer_headers(route, status)}
        found[str(status)] = said
    for status in route.statuses:
        found[str(status)] = _problem(status)
    return dict(sorted(found.items()))


def _answer_headers(route: Route, status: int) -> tuple[str, ...]:
    if "Prefer" in route.headers:
        return ("Location", "Preference-Applied")
    return ("ETag",) if route.name == "get_policy" and status == 200 else ()


def _problem(status: int) -> dict[str, Any]:
    found = {
        "description": TITLES[status],
        "content": {PROBLEM: {"schema": _ref(answers.Problem)}},
    }
    if status in _PROBLEM_HEADERS:
        name = _PROBLEM_HEADERS[status]
        found["headers"] = {name: _HEADERS[name]}
    return found


def _as_text(schema: Mapping[str, Any]) -> dict[str, Any]:
    """Of what JSON may write in two ways (an amount), the one that is text."""
    texts = [each for each in schema.get("anyOf", ()) if each.get("type") == "string"]
    rest = {name: value for name, value in schema.items() if name != "anyOf"}
    return {**texts[0], **rest} if texts else dict(schema)


def _without_null(schema: Mapping[str, Any]) -> dict[str, Any]:
    choices = [each for each in schema.get("anyOf", ()) if each != {"type": "null"}]
    rest = {name: value for name, value in schema.items() if name not in ("anyOf", "default")}
    if schema.get("default") is not None:
        rest["default"] = schema["default"]
    if len(choices) == 1:
        return {**choices[0], **rest}
    return {**rest, "anyOf": choices} if choices else rest


def _ref(model: type[BaseModel]) -> dict[str, str]:
    return {"$ref": _REF.format(model=model.__name__)}
