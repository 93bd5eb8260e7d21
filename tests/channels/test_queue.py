"""What agents' programs do over HTTP: look, take, act."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from tests.channels.conftest import SAID, Caller
from triage.casework import staff
from triage.core.people import Role
from triage.desk import Desk


@pytest.fixture
def filed(client: Caller) -> list[str]:
    """Three complaints that await an agent, the last of them urgent."""
    said = {**SAID, "problem_type": "late_delivery", "promised_on": "2026-11-20"}
    ids = []
    for n in range(3):
        extra = {"safety_risk": True, "text": "broken, smoke"} if n == 2 else {}
        found = client.post("/complaints", {**said, **extra}).get_json()
        ids.append(found["id"])
    return ids


@pytest.mark.parametrize(
    "query",
    [
        pytest.param("limit=1.0", id="a whole number with a point"),
        pytest.param("limit=1&category=&priority=%20&cursor=", id="parameters that say nothing"),
    ],
)
def test_a_parameter_means_what_the_description_says(
    agent: Caller, filed: list[str], query: str
) -> None:
    assert len(filed) == 3
    assert len(agent.get(f"/queue?{query}").get_json()["items"]) == 1


def test_the_queue_is_in_order_and_comes_in_pages(agent: Caller, filed: list[str]) -> None:
    whole = agent.get("/queue").get_json()
    assert whole["total"] == len(whole["items"]) > 1
    assert whole["items"][0]["priority"] == "urgent"
    seen, cursor = [], ""
    while cursor is not None:
        page = agent.get(f"/queue?limit=1{cursor}").get_json()
        seen += [item["id"] for item in page["items"]]
        cursor = f"&cursor={page['next']}" if page["next"] else None
    assert seen == [item["id"] for item in whole["items"]]


def test_the_queue_can_be_filtered(agent: Caller, filed: list[str]) -> None:
    urgent = agent.get("/queue?priority=urgent&channel=app&category=late_delivery").get_json()
    assert [item["id"] for item in urgent["items"]] == [filed[2]]
    assert agent.get("/queue?mine=true").get_json()["items"] == []
    assert agent.get("/queue?status=resolved&mine=false").get_json()["total"] == 0


@pytest.mark.parametrize(
    ("query", "code", "field"),
    [
        ("limit=0", "field.out_of_range", "limit"),
        ("limit=101", "field.out_of_range", "limit"),
        ("limit=ten", "field.out_of_range", "limit"),
        ("limit=1.5", "field.out_of_range", "limit"),
        ("limit=5&limit=6", "field.repeated", "limit"),
        ("priority=burning", "field.not_one_of", "priority"),
        ("mine=maybe", "field.not_true_or_false", "mine"),
        ("cursor=%00", "field.bad_character", "cursor"),
    ],
)
def test_a_wrong_parameter_is_named(agent: Caller, query: str, code: str, field: str) -> None:
    found = agent.get(f"/queue?{query}")
    assert (found.status_code, found.get_json()["code"]) == (422, code)
    assert found.get_json()["field"] == field


def test_a_cursor_of_nobody_is_not_found(agent: Caller) -> None:
    answer = agent.get("/queue?cursor=abc")
    assert (answer.status_code, answer.get_json()["code"]) == (404, "queue.bad_cursor")


def test_an_agent_is_given_the_most_pressing_one_until_there_is_none(
    agent: Caller, filed: list[str]
) -> None:
    total = agent.get("/queue").get_json()["total"]
    first = agent.post("/queue/claim", {})
    assert (first.status_code, first.get_json()["id"]) == (200, filed[2])
    assert first.get_json()["lease"]["mine"]
    assert first.get_json()["text"] == "broken, smoke"
    for _ in range(total - 1):
        assert agent.post("/queue/claim").status_code == 200
    nothing = agent.post("/queue/claim")
    assert (nothing.status_code, nothing.data) == (204, b"")


def test_only_what_is_wanted_is_claimed(agent: Caller, filed: list[str]) -> None:
    assert agent.post("/queue/claim", {"channel": "telegram"}).status_code == 204


def test_a_case_is_worked_from_claim_to_resolution(
    desk: Desk, app: Flask, client: Caller, filed: list[str]
) -> None:
    staff.add_user(desk, login="aigul", name="Айгуль", password="vier lange Wege", role=Role.AGENT)
    made = staff.add_key(desk, name="Aigul", scopes=[Role.AGENT], user_login="aigul")
    aigul = Caller(app, made.key)
    case = aigul.post("/queue/claim").get_json()
    path = f"/complaints/{case['id']}/actions"
    assert aigul.post(f"{path}/note", {"note": "звонила"}).status_code == 200
    said = {"priority": "high", "reason": "проверено по телефону"}
    changed = aigul.post(f"{path}/override", said).get_json()
    assert changed["priority"] == "high"
    done = aigul.post(f"{path}/resolve", {"reason": "Деньги вернули"})
    assert (done.status_code, done.get_json()["status"]) == (200, "resolved")
    appeal = client.post(f"{path}/appeal", {"reason": "Не вернули"})
    assert (appeal.status_code, appeal.get_json()["appeal"]) == (200, 1)


def test_an_action_that_is_not_possible_names_those_that_are(
    agent: Caller, filed: list[str]
) -> None:
    answer = agent.post(f"/complaints/{filed[0]}/actions/resolve", {"reason": "x"})
    found = answer.get_json()
    assert (answer.status_code, found["code"]) == (409, "action.not_allowed")
    assert "claim" in found["actions"]
    assert found["action"] == "resolve"


@pytest.mark.parametrize(
    ("action", "said", "status", "code"),
    [
        ("destroy", {}, 404, "action.unknown"),
        ("add_evidence", {}, 404, "action.unknown"),
        ("override", {"category": "theft", "reason": "x"}, 422, "field.not_one_of"),
        ("override", {"category": "other"}, 422, "field.missing"),
        ("override", {"reason": "x"}, 422, "action.needs_category"),
        ("resolve", {"reason": " "}, 422, "field.blank"),
        ("request_evidence", {}, 422, "action.needs_message"),
        ("note", {}, 422, "field.missing"),
        ("note", {"note": "x", "notes": "x"}, 422, "field.misspelt"),
        ("waive", {"kinds": ["photo"], "reason": "x"}, 422, "field.not_one_of"),
        ("waive", {"kinds": [], "reason": "x"}, 422, "field.too_few"),
        ("merge", {"into": "../x"}, 422, "field.not_an_id"),
    ],
)
def test_a_wrong_action_is_told(
    agent: Caller, filed: list[str], action: str, said: dict[str, Any], status: int, code: str
) -> None:
    answer = agent.post(f"/complaints/{filed[0]}/actions/{action}", said)
    assert (answer.status_code, answer.get_json()["code"]) == (status, code)


def test_the_sender_s_side_may_withdraw_but_not_decide(client: Caller, filed: list[str]) -> None:
    path = f"/complaints/{filed[0]}/actions"
    assert client.post(f"{path}/reject", {"reason": "x"}).status_code == 403
    answer = client.post(f"{path}/withdraw")
    assert (answer.status_code, answer.get_json()["status"]) == (200, "withdrawn")
    assert "text" not in answer.get_json()


def test_a_program_alone_may_not_refuse_a_claim(agent: Caller, filed: list[str]) -> None:
    case = agent.post("/queue/claim").get_json()
    answer = agent.post(f"/complaints/{case['id']}/actions/reject", {"reason": "x"})
    assert (answer.status_code, answer.get_json()["code"]) == (403, "action.needs_person")


@pytest.mark.parametrize("complaint_id", ["NOSUCHID", "a%00b", "..%2f", "А" * 8, "x" * 500])
def test_a_complaint_of_nobody_is_not_found(agent: Caller, complaint_id: str) -> None:
    answer = agent.get(f"/complaints/{complaint_id}")
    assert answer.status_code == 404
    assert answer.content_type == "application/problem+json"
