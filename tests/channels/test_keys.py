"""Who may call what; a stranger's body is not read."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask

from tests.channels.conftest import SAID, Caller
from triage.app import create_app
from triage.casework import staff
from triage.core.people import Role
from triage.desk import Desk

INTAKE, AGENT, QA, ADMIN = Role.INTAKE, Role.AGENT, Role.QA, Role.ADMIN
MAY = [
    ("POST", "/complaints", {INTAKE, ADMIN}),
    ("GET", "/complaints/AAAAAAAA", {INTAKE, AGENT, QA, ADMIN}),
    ("POST", "/complaints/AAAAAAAA/evidence", {INTAKE, AGENT, ADMIN}),
    ("POST", "/complaints/AAAAAAAA/actions/withdraw", {INTAKE, AGENT, ADMIN}),
    ("POST", "/complaints/AAAAAAAA/actions/appeal", {INTAKE, AGENT, ADMIN}),
    ("POST", "/complaints/AAAAAAAA/actions/resolve", {AGENT, ADMIN}),
    ("POST", "/evidence", {INTAKE, ADMIN}),
    ("POST", "/evidence/check", {INTAKE, AGENT, ADMIN}),
    ("POST", "/classify", {INTAKE, AGENT, ADMIN}),
    ("GET", "/policy", {INTAKE, AGENT, ADMIN}),
    ("GET", "/queue", {AGENT, ADMIN}),
    ("POST", "/queue/claim", {AGENT, ADMIN}),
]


@pytest.mark.parametrize(("method", "path", "roles"), MAY)
@pytest.mark.parametrize("role", list(Role))
def test_a_key_does_what_its_scope_allows(
    app: Flask, key: Any, method: str, path: str, roles: set[Role], role: Role
) -> None:
    answer = key(app, role).send(method, path, {})
    assert (answer.status_code == 403) == (role not in roles)
    if role not in roles:
        assert answer.get_json()["code"] == "key.out_of_scope"
        assert 'error="insufficient_scope"' in answer.headers["WWW-Authenticate"]


class Untouchable(io.RawIOBase):
    def read(self, size: int = -1, /) -> bytes:
        raise AssertionError("a stranger's body was read")


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        ({}, "key.missing"),
        ({"Authorization": "Basic abc"}, "key.missing"),
        ({"Authorization": "Bearer "}, "key.missing"),
        ({"Authorization": "Bearer trg_000000000000_wrong"}, "key.wrong"),
        ({"Authorization": "Bearer ё"}, "key.wrong"),
        ({"Authorization": "Bearer " + "x" * 9000}, "key.wrong"),
    ],
)
def test_a_stranger_s_body_is_not_read(app: Flask, headers: dict[str, str], code: str) -> None:
    headers = {name: value.encode().decode("latin-1") for name, value in headers.items()}
    answer = app.test_client().post(
        "/api/v1/complaints",
        headers=headers,
        environ_overrides={"wsgi.input": Untouchable(), "CONTENT_LENGTH": str(10**9)},
        content_type="multipart/form-data; boundary=a",
    )
    assert (answer.status_code, answer.get_json()["code"]) == (401, code)
    assert answer.headers["WWW-Authenticate"].startswith("Bearer ")


def test_a_revoked_key_opens_nothing(desk: Desk, app: Flask) -> None:
    made = staff.add_key(desk, name="lost", scopes=[INTAKE])
    caller = Caller(app, made.key)
    assert caller.get("/policy").status_code == 200
    staff.revoke_key(desk, made.id)
    assert caller.get("/policy").status_code == 401


def test_a_key_that_asks_too_often_is_told_when_to_come_back(desk: Desk, key: Any) -> None:
    app = create_app(replace(desk, settings=replace(desk.settings, rate_per_minute=3)))
    caller, other = key(app, INTAKE), key(app, INTAKE)
    statuses = [caller.get("/policy").status_code for _ in range(4)]
    assert statuses == [200, 200, 200, 429]
    answer = caller.get("/policy")
    assert answer.get_json()["code"] == "key.too_fast"
    assert 1 <= int(answer.headers["Retry-After"]) <= 60
    assert other.get("/policy").status_code == 200


def test_a_request_that_is_too_large_is_refused_unread(client: Caller, app: Flask) -> None:
    answer = app.test_client().post(
        "/api/v1/complaints",
        headers={"Authorization": f"Bearer {client.key}"},
        environ_overrides={"wsgi.input": Untouchable(), "CONTENT_LENGTH": str(2 * 1024**3)},
        content_type="multipart/form-data; boundary=a",
    )
    assert (answer.status_code, answer.get_json()["code"]) == (413, "request.too_large")


@pytest.mark.parametrize("header", ["", " ", "a b", "ключ", "x" * 256])
def test_an_idempotency_key_is_visible_ascii(client: Caller, header: str) -> None:
    answer = client.post("/complaints", SAID, Idempotency_Key=header.encode().decode("latin-1"))
    assert (answer.status_code, answer.get_json()["code"]) == (400, "idempotency.bad_key")
