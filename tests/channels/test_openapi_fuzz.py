"""What the description promises holds for requests that nobody has thought of."""

from __future__ import annotations

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


def not_told(route: Route) -> list[Any]:
    """On the wire anything is a file, so a form of files alone can hardly break its schema."""
    return [negative_data_rejection] if route.form and route.form.files else []


def _code(answer: Any) -> str:
    try:
        return str(answer.json().get("code", ""))
    except ValueError:
        return ""
