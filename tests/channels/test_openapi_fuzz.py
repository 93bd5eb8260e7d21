"""What the description promises holds for requests that nobody has thought of."""

from __future__ import annotations

from base64 import b64encode
from typing import Any

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import Case, GenerationMode
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import negative_data_rejection

from tests.channels.conftest import SAID
from triage.casework import staff
from triage.casework.tus import BYTES_TYPE
from triage.channels.api.openapi import description
from triage.channels.api.routes import PREFIX, ROUTES, Route
from triage.core.people import Role
from triage.desk import Desk

EXAMPLES = 12
#: What a schema cannot say: what day it is, and how many files there are in all lists together.
BEYOND_SCHEMAS = ("field.in_future", "field.date_out_of_range", "submission.too_many_files")


@pytest.fixture
def headers(desk: Desk) -> dict[str, str]:
    made = staff.add_key(desk, name="fuzz", scopes=list(Role))
    return {"Authorization": f"Bearer {made.key}"}


@pytest.fixture
def complaint_id(app: Flask, headers: dict[str, str]) -> str:
    filed = app.test_client().post(f"{PREFIX}/complaints", json=SAID, headers=headers)
    return str(filed.get_json()["id"])


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.name)
def test_the_api_keeps_what_its_description_promises(
    app: Flask, headers: dict[str, str], complaint_id: str, route: Route, mode: GenerationMode
) -> None:
    described = schemathesis.openapi.from_wsgi("/openapi.json", app)
    operation = described[PREFIX + route.path][route.method]

    @given(case=operation.as_strategy(generation_mode=mode))
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def hold(case: Case) -> None:
        if mode is GenerationMode.POSITIVE and "complaint_id" in case.path_parameters:
            case.path_parameters["complaint_id"] = complaint_id
        answer = case.call(headers=headers)
        try:
            case.validate_response(answer, headers=headers, excluded_checks=not_told(route))
        except FailureGroup:
            if _code(answer) not in BEYOND_SCHEMAS:
                raise

    hold()


UPLOADS = [
    (path, method)
    for path, found in description()["paths"].items()
    if path.startswith(f"{PREFIX}/uploads")
    for method in sorted(found.keys() - {"parameters"})
]
MEGABYTE = 1 << 20
REFUSALS = (410, 412, 413, 423, 460)  # of the protocol, which the fuzzer does not expect


@schemathesis.serializer(BYTES_TYPE)
def _as_it_is(_context: Any, value: Any) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode()


@pytest.fixture
def announced(app: Flask, headers: dict[str, str]) -> dict[str, Any]:
    """What makes sense of an upload that has only been announced."""
    said = {"Tus-Resumable": "1.0.0", "Upload-Length": str(MEGABYTE)}
    said["Upload-Metadata"] = f"kind {b64encode(b'unboxing_video').decode()}"
    made = app.test_client().post(f"{PREFIX}/uploads", headers={**headers, **said})
    assert made.status_code == 201
    return {**said, "upload_id": made.headers["Location"].rpartition("/")[2]}


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
@pytest.mark.parametrize(("path", "method"), UPLOADS, ids=lambda each: each.rpartition("/")[2])
def test_uploads_keep_what_their_description_promises(
    app: Flask,
    headers: dict[str, str],
    announced: dict[str, Any],
    path: str,
    method: str,
    mode: GenerationMode,
) -> None:
    if method == "options" and mode is GenerationMode.NEGATIVE:
        return  # there is nothing to say wrong
    described = schemathesis.openapi.from_wsgi("/openapi.json", app)
    operation = described[path][method.upper()]

    @given(case=operation.as_strategy(generation_mode=mode))
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def hold(case: Case) -> None:
        if mode is GenerationMode.POSITIVE:
            _make_sense(case, announced)
        answer = case.call(headers=headers)
        told = [negative_data_rejection] if answer.status_code in REFUSALS else []
        case.validate_response(answer, headers=headers, excluded_checks=told)

    hold()


def _make_sense(case: Case, announced: dict[str, Any]) -> None:
    """A schema knows the form of metadata and checksums, not what they have to come to."""
    if "upload_id" in case.path_parameters:
        case.path_parameters["upload_id"] = announced["upload_id"]
    for name in ("Upload-Length", "Upload-Metadata"):
        if name in case.headers:
            case.headers[name] = announced[name]
    case.headers.pop("Upload-Checksum", None)


def not_told(route: Route) -> list[Any]:
    """On the wire anything is a file, so a form of files alone can hardly break its schema."""
    return [negative_data_rejection] if route.form and route.form.files else []


def _code(answer: Any) -> str:
    try:
        return str(answer.json().get("code", ""))
    except ValueError:
        return ""
