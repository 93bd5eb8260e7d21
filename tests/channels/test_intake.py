"""Filing a complaint over HTTP: what comes back, when, and only once."""

from __future__ import annotations

import json
import threading
from typing import Any

import pytest
from flask import Flask

from tests.channels.conftest import SAID, Caller, File, Workers
from tests.pictures import picture
from triage.core.people import Role
from triage.desk import Desk


def test_a_form_with_a_photo_comes_back_triaged(client: Caller, photo: File) -> None:
    answer = client.form("/complaints", SAID, [photo])
    found = answer.get_json()
    assert answer.status_code == 201, found
    assert answer.headers["Location"] == f"/api/v1/complaints/{found['id']}"
    assert found["status"] == "needs_evidence"
    assert found["category"] == "defective"
    assert [(each["kind"], each["verdict"]) for each in found["evidence"]] == [
        ("damage_photo", "accepted")
    ]
    assert {line["kind"] for line in found["checklist"]} >= {"damage_photo", "purchase_proof"}
    assert client.get(f"/complaints/{found['id']}").get_json() == found


def test_json_names_files_that_were_uploaded_before(client: Caller, photo: File) -> None:
    staged = client.form("/evidence", files=[photo])
    assert staged.status_code == 201, staged.get_json()
    assert staged.get_json()["verdict"] == "accepted"
    filed = client.post("/complaints", {**SAID, "evidence": [staged.get_json()["id"]]})
    assert filed.status_code == 201, filed.get_json()
    assert [each["id"] for each in filed.get_json()["evidence"]] == [staged.get_json()["id"]]


def test_a_form_s_fields_are_text_and_empty_ones_absent(client: Caller) -> None:
    sent = {**SAID, "text": "12345", "safety_risk": "true", "seller": "", "wish": " "}
    answer = client.form("/complaints", sent)
    assert answer.status_code == 201, answer.get_json()


def test_a_repeat_with_the_same_key_answers_with_the_first(client: Caller, photo: File) -> None:
    first = client.form("/complaints", SAID, [photo], Idempotency_Key="k-1")
    again = client.form("/complaints", SAID, [photo], Idempotency_Key="k-1")
    other = client.form("/complaints", SAID, [], Idempotency_Key="k-1")
    assert (first.status_code, again.status_code, other.status_code) == (201, 200, 409)
    assert again.get_json()["id"] == first.get_json()["id"]
    assert other.get_json()["code"] == "idempotency.other_request"


def test_a_message_that_is_delivered_twice_is_one_complaint(client: Caller) -> None:
    sent = {**SAID, "channel": "telegram", "external_id": "chat-5/17"}
    first, again = client.post("/complaints", sent), client.post("/complaints", sent)
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.get_json()["id"] == first.get_json()["id"]


def test_eight_senders_with_one_key_make_one_complaint(client: Caller, photo: File) -> None:
    answers: list[Any] = []

    def send() -> None:
        answers.append(client.form("/complaints", SAID, [photo], Idempotency_Key="all-at-once"))

    threads = [threading.Thread(target=send) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answer.status_code for answer in answers) == [200] * 7 + [201]
    assert len({answer.get_json()["id"] for answer in answers}) == 1


def test_who_does_not_want_to_wait_gets_202_at_once(client: Caller, workers: Workers) -> None:
    workers.strike()
    answer = client.post("/complaints", SAID, Prefer="respond-async")
    assert (answer.status_code, answer.get_json()["status"]) == (202, "received")
    assert answer.headers["Preference-Applied"] == "respond-async"
    workers.resume()


def test_waiting_ends_with_202_when_triage_takes_longer(client: Caller, workers: Workers) -> None:
    workers.strike()
    answer = client.post("/complaints", SAID, Prefer="wait=1")
    assert (answer.status_code, answer.headers["Preference-Applied"]) == (202, "wait=1")
    workers.resume()


def test_more_evidence_is_triaged_again(client: Caller, photo: File) -> None:
    filed = client.form("/complaints", SAID, [photo]).get_json()
    proof = ("purchase_proof", picture(5), "receipt.jpg")
    answer = client.form(f"/complaints/{filed['id']}/evidence", files=[proof])
    assert answer.status_code == 200, answer.get_json()
    states = {line["kind"]: line["state"] for line in answer.get_json()["checklist"]}
    assert states["purchase_proof"] == "met"


def test_files_for_nobody_are_refused_before_they_are_received(client: Caller, desk: Desk) -> None:
    answer = client.form("/complaints/AAAAAAAA/evidence", files=[("other", b"x" * 99, "a.txt")])
    assert (answer.status_code, answer.get_json()["code"]) == (404, "complaint.unknown")


def test_a_check_judges_and_stores_nothing(client: Caller, photo: File) -> None:
    files = [photo, photo, ("damage_photo", b"", "empty.jpg")]
    answer = client.form("/evidence/check", files=files)
    found = answer.get_json()["evidence"]
    assert answer.status_code == 200
    assert [each["id"] for each in found] == [None] * 3
    assert [each["verdict"] for each in found] == ["accepted", "accepted", "rejected"]
    assert [each["findings"][0]["code"] for each in found[1:]] == [
        "duplicate.same_complaint",
        "file.empty",
    ]


def test_a_text_is_classified_and_not_stored(client: Caller) -> None:
    answer = client.post("/classify", {"text": "It came broken", "language": None})
    assert answer.status_code == 200
    assert answer.get_json()["category"] == "defective"


def test_without_a_model_classification_says_so(
    desk: Desk, key: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.desks import without_model
    from triage.app import create_app

    poor = without_model(desk)
    answer = key(create_app(poor), Role.INTAKE).post("/classify", {"text": "It came broken"})
    assert (answer.status_code, answer.get_json()["code"]) == (503, "model.missing")
    assert int(answer.headers["Retry-After"]) >= 1


@pytest.mark.parametrize("language", ["ru", "kk", "en"])
def test_the_policy_speaks_the_caller_s_language_and_is_cacheable(
    app: Flask, key: Any, language: str
) -> None:
    caller = key(app, Role.INTAKE, language=language)
    answer = caller.get("/policy")
    found = answer.get_json()
    assert found["language"] == language
    assert {each["code"] for each in found["problem_types"]} >= {"defective", "seller_fraud"}
    photo = next(each for each in found["evidence_kinds"] if each["kind"] == "damage_photo")
    assert photo["max_bytes"] == 25 * 1024 * 1024
    assert "image/heic" in photo["media_types"]
    again = caller.get("/policy", If_None_Match=answer.headers["ETag"])
    assert (again.status_code, again.data) == (304, b"")


def test_an_agent_sees_more_than_the_sender_s_side(client: Caller, agent: Caller) -> None:
    filed = client.post("/complaints", {**SAID, "contact_phone": "8 777 123 45 67"}).get_json()
    assert "contact" not in filed
    assert "text" not in client.get(f"/complaints/{filed['id']}").get_json()
    seen = agent.get(f"/complaints/{filed['id'].lower()}").get_json()
    assert (seen["text"], seen["contact"]["contact_phone"]) == (SAID["text"], "+77771234567")


def test_personal_data_is_kept_by_no_cache(client: Caller) -> None:
    answer = client.post("/complaints", SAID)
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert {"Accept-Language", "Authorization"} <= set(answer.vary)
    assert json.loads(answer.data)["status_url"].startswith("http")
