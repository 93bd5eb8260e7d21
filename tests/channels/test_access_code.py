"""A client that files for a customer is told the code to hand on, as often as it asks."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from flask import Flask

from tests.channels.conftest import SAID, Caller, Workers
from triage.app import create_app
from triage.casework import access, erase
from triage.core.people import SYSTEM, Role
from triage.desk import Desk
from triage.store.tables import Complaint


@pytest.fixture
def filed(client: Caller) -> dict[str, Any]:
    answer = client.post("/complaints", SAID, Idempotency_Key="k-1")
    assert answer.status_code == 201
    found: dict[str, Any] = answer.get_json()
    return found


def test_the_code_in_the_answer_opens_the_complaint(desk: Desk, filed: dict[str, Any]) -> None:
    assert access.find_by_code(desk, filed["id"], filed["access_code"]) == filed["id"]
    with desk.reading() as session:
        row = session.get_one(Complaint, filed["id"])
    assert filed["access_code"].replace("-", "") not in str(row.access_code), (
        "only its mark is kept"
    )


def test_a_repeat_answers_with_the_same_bytes(client: Caller, filed: dict[str, Any]) -> None:
    first, second = (client.post("/complaints", SAID, Idempotency_Key="k-1") for _ in range(2))
    assert (first.status_code, second.status_code) == (200, 200)
    assert first.data == second.data
    assert first.get_json() == filed
    assert client.get(f"/complaints/{filed['id']}").get_json()["access_code"] is not None


def test_an_answer_before_triage_has_the_code_already(client: Caller, workers: Workers) -> None:
    workers.strike()
    answer = client.post("/complaints", SAID, Prefer="respond-async")
    assert answer.status_code == 202
    assert answer.get_json()["access_code"]


def test_nobody_but_who_filed_is_told(app: Flask, key: Any, filed: dict[str, Any]) -> None:
    for scopes in ((Role.INTAKE,), (Role.AGENT,), tuple(Role)):
        answer = key(app, *scopes).get(f"/complaints/{filed['id']}")
        assert answer.status_code == 200
        assert answer.get_json()["access_code"] is None


def test_a_new_code_ends_the_first_one_and_is_not_told_to_programs(
    client: Caller, desk: Desk, filed: dict[str, Any]
) -> None:
    code = access.give_code(desk, filed["id"])
    assert access.find_by_code(desk, filed["id"], filed["access_code"]) is None
    assert access.find_by_code(desk, filed["id"], code) == filed["id"]
    assert client.get(f"/complaints/{filed['id']}").get_json()["access_code"] is None


def test_with_another_secret_key_no_code_is_told_that_opens_nothing(
    desk: Desk, client: Caller, filed: dict[str, Any]
) -> None:
    rotated = replace(desk, secret=b"another secret")
    assert access.find_by_code(rotated, filed["id"], filed["access_code"]) is None
    caller = replace(client, app=create_app(rotated))
    assert caller.get(f"/complaints/{filed['id']}").get_json()["access_code"] is None


def test_codes_tell_nothing_of_each_other(desk: Desk) -> None:
    numbers = [f"ABCD234{letter}" for letter in "23456789"]
    codes = {access.first_code(desk, number) for number in numbers}
    assert len(codes) == len(numbers)
    other = replace(desk, secret=b"another secret")
    assert codes.isdisjoint(access.first_code(other, number) for number in numbers)


def test_an_erased_complaint_has_no_code(desk: Desk, filed: dict[str, Any]) -> None:
    erase.erase(desk, filed["id"], SYSTEM)
    assert access.find_by_code(desk, filed["id"], filed["access_code"]) is None
