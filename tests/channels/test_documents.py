"""The description is valid and complete; its page works without a network."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from openapi_spec_validator import validate

from tests.channels.conftest import Caller
from tests.servers import running
from triage.channels.api import PREFIX
from triage.channels.api.documents import STATIC
from triage.channels.api.routes import ROUTES
from triage.core.evidence import EvidenceKind


@pytest.fixture
def description(app: Flask) -> dict[str, Any]:
    found: dict[str, Any] = app.test_client().get("/openapi.json").get_json()
    return found


def test_the_description_is_valid_and_open_to_all(app: Flask, description: dict[str, Any]) -> None:
    validate(description)
    assert description["openapi"] == "3.1.0"
    assert app.test_client().get(f"{PREFIX}/openapi.json").get_json() == description


def test_every_address_of_the_api_is_described(app: Flask, description: dict[str, Any]) -> None:
    served = {
        (re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule), method.lower())
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith(PREFIX)
        and not rule.rule.endswith(("/openapi.json", "/actions/<action>"))  # the latter refuses
        for method in (rule.methods or set()) - _not_described(rule.rule)
    }
    described = {
        (path, method)
        for path, found in description["paths"].items()
        for method in found.keys() - {"parameters"}
    }
    assert served == described


def _not_described(rule: str) -> set[str]:
    """What Flask answers by itself; POST to an upload is another method behind a proxy."""
    if rule == f"{PREFIX}/uploads":
        return set()
    return {"POST"} if rule.startswith(f"{PREFIX}/uploads/") else {"HEAD", "OPTIONS"}


def test_every_status_is_described_with_its_type(description: dict[str, Any]) -> None:
    for route in ROUTES:
        answers = description["paths"][PREFIX + route.path][route.method.lower()]["responses"]
        assert {"401", "403", "422", "429", "500", "503"} <= set(answers)
        for status, answer in answers.items():
            wanted = "application/json" if status < "300" else "application/problem+json"
            assert list(answer.get("content", {wanted: 0})) == [wanted]


def test_a_form_s_files_are_lists_named_by_their_kind(description: dict[str, Any]) -> None:
    operation = description["paths"][f"{PREFIX}/complaints"]["post"]
    fields = operation["requestBody"]["content"]["multipart/form-data"]["schema"]["properties"]
    for kind in EvidenceKind:
        assert fields[kind]["items"] == {"type": "string", "format": "binary"}
    assert fields["safety_risk"] == {"type": "boolean"}
    assert fields["amount"]["type"] == "string"
    assert "null" not in json.dumps(fields)


def test_a_description_that_did_not_change_is_not_sent_again(app: Flask) -> None:
    first = app.test_client().get("/openapi.json")
    again = app.test_client().get("/openapi.json", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


@pytest.mark.parametrize("path", ["/docs", "/docs/problems"])
def test_the_pages_load_nothing_from_elsewhere(app: Flask, path: str) -> None:
    with app.test_client().get(path) as answer:
        assert answer.status_code == 200
        loaded = re.findall(r'(?:src|href)="([^"]+)"', answer.text)
    assert loaded
    assert all(each.startswith(("/", "data:")) for each in loaded)
    for each in loaded:
        if each.startswith("/"):
            with app.test_client().get(each) as asset:
                assert asset.status_code == 200
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


def test_the_type_of_a_problem_leads_to_its_sentence(app: Flask, client: Caller) -> None:
    page, _, anchor = client.get("/complaints/A").get_json()["type"].partition("#")
    found = app.test_client().get(page, headers={"Accept-Language": "kk"}).text
    assert f'id="{anchor}"' in found
    assert "Мұндай шағым жоқ." in found


def test_swagger_ui_comes_with_its_licences() -> None:
    names = {path.name for path in Path(STATIC).iterdir()}
    assert {"LICENSE", "NOTICE", "swagger-ui-bundle.js.LICENSE.txt"} <= names


def test_the_page_shows_every_operation_under_its_policy(
    app: Flask, description: dict[str, Any], chromium: str
) -> None:
    from playwright.sync_api import sync_playwright

    from tests.neighbours import CHROMIUM_FLAGS

    complaints: list[str] = []
    with running(app) as server, sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium, args=CHROMIUM_FLAGS)
        page = browser.new_page()
        page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else 0)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "request",
            lambda sent: (
                0 if sent.url.startswith((server.url, "data:")) else complaints.append(sent.url)
            ),
        )
        page.goto(f"{server.url}/docs")
        page.wait_for_selector(".opblock")
        shown = page.locator(".opblock").count()
        page.locator("#operations-Intake-file_complaint").click()
        page.wait_for_selector("text=damage_photo")
        browser.close()
    paths = description["paths"].values()
    assert shown == sum(len(found.keys() - {"parameters"}) for found in paths)
    assert complaints == []
