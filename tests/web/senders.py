"""Somebody who speaks tus: a customer with a form's cookie, or a client of the API with a key."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import Any

from flask import Flask
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from tests.pictures import picture
from tests.web.conftest import Browser
from triage.casework import staff
from triage.core.people import Role
from triage.desk import Desk

BYTES = "application/offset+octet-stream"
PICTURE = picture(3)


def encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


@dataclass
class Sender:
    """Somebody who speaks tus, with a form's cookie or with a key."""

    app: Flask
    folder: str
    client: Any
    headers: dict[str, str]

    def ask(self, method: str, path: str, body: Any = b"", **headers: Any) -> TestResponse:
        named = {name.replace("_", "-"): str(value) for name, value in headers.items()}
        given = {"Tus-Resumable": "1.0.0", **self.headers, **named}
        given = {name: value for name, value in given.items() if value != "None"}
        return self.client.open(path, method=method, headers=given, data=body)

    def create(self, size: int, kind: str = "damage_photo", **headers: Any) -> TestResponse:
        said = f"filename {encoded('box.jpg')},filetype {encoded('image/jpeg')}"
        headers = {"Upload_Metadata": f"{said},kind {encoded(kind)}", **headers}
        return self.ask("POST", self.folder, Upload_Length=size, **headers)

    def begin(self, size: int, **headers: Any) -> str:
        answer = self.create(size, **headers)
        assert answer.status_code == 201, answer.text
        return answer.headers["Location"]

    def patch(self, path: str, offset: int, body: Any, **headers: Any) -> TestResponse:
        headers = {"Content_Type": BYTES, "Upload_Offset": offset, **headers}
        return self.ask("PATCH", path, body, **headers)

    def offset(self, path: str) -> int:
        answer = self.ask("HEAD", path)
        assert answer.status_code == 200
        return int(answer.headers["Upload-Offset"])


def customer(app: Flask) -> Sender:
    browser = Browser(app.test_client())
    browser.open("/complain?lang=en")
    browser.send("/complain", problem_type="defective")
    headers = {"X-CSRF-Token": browser.token()}
    return Sender(app, "/uploads", browser.client, headers)


def key_holder(app: Flask, desk: Desk) -> Sender:
    key = staff.add_key(desk, name="client", scopes=[Role.INTAKE]).key
    headers = {"Authorization": f"Bearer {key}", "Accept-Language": "en"}
    return Sender(app, "/api/v1/uploads", app.test_client(), headers)


def count(desk, table) -> int:
    with desk.reading() as session:
        return session.scalar(select(func.count()).select_from(table))
