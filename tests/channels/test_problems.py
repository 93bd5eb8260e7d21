"""A refusal says what is wrong, where, what is allowed and what to do, in three languages."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from structlog.testing import capture_logs

from tests.channels.conftest import SAID, Caller, File
from triage.core.people import Role
from triage.desk import Desk

MIB = 1024 * 1024
NAN = '{"text": "a", "order_number": "978080963", "amount": NaN}'

WRONG_JSON = [
    ("{", 400, "json.malformed", None),
    (NAN, 400, "json.malformed", None),
    ("[" * 100_000, 400, "json.malformed", None),
    ("[]", 400, "json.not_an_object", None),
    ('"text"', 400, "json.not_an_object", None),
    (b'{"text": "\xff"}', 400, "json.not_utf8", None),
    (b"", 400, "json.malformed", None),
    ('{"text": "a", "text": "b"}', 422, "field.repeated", "text"),
    ('{"text": "\\u0000", "order_number": "978080963"}', 422, "field.bad_character", "text"),
    ('{"text": "\\ud800", "order_number": "978080963"}', 422, "field.bad_character", "text"),
    ('{"\\ud800": 1}', 400, "json.malformed", None),
    (b'{"text": "' + b"a" * MIB + b'"}', 413, "request.too_large", None),
]


@pytest.mark.parametrize(("body", "status", "code", "field"), WRONG_JSON)
def test_json_is_read_strictly(
    client: Caller, body: str | bytes, status: int, code: str, field: str | None
) -> None:
    answer = client.send(
        "POST", "/complaints", {}, data=body, content_type="application/json; charset=utf-8"
    )
    found = answer.get_json()
    assert (answer.status_code, found["code"], found.get("field")) == (status, code, field)
    assert answer.content_type == "application/problem+json"


WRONG_FIELDS: list[tuple[dict[str, Any], str, str, object]] = [
    ({"text": " \n "}, "field.blank", "text", None),
    ({"text": "x" * 20_001}, "field.too_long", "text", 20_000),
    ({"text": 12345}, "field.not_text", "text", None),
    ({"order_number": "1234567"}, "field.not_an_order_number", "order_number", 11),
    ({"order_number": "123456789012"}, "field.not_an_order_number", "order_number", 11),
    ({"order_number": "ABC-12345678"}, "field.not_an_order_number", "order_number", 11),
    ({"order_number": -978080963}, "field.not_an_order_number", "order_number", 11),
    ({"order_number": None}, "submission.order_unknown", "order_number", None),
    ({"order_number": None, "seller": "A"}, "submission.order_unknown", "order_number", None),
    ({"amount": "12,50"}, "field.not_an_amount", "amount", None),
    ({"amount": True}, "field.not_an_amount", "amount", None),
    ({"amount": "0"}, "field.amount_out_of_range", "amount", 10**9),
    ({"amount": -5}, "field.amount_out_of_range", "amount", 10**9),
    ({"amount": "1000000000.01"}, "field.amount_out_of_range", "amount", 10**9),
    ({"amount": "1.005"}, "field.too_many_decimals", "amount", 2),
    ({"order_date": "22.11.2026"}, "field.not_a_date", "order_date", None),
    ({"order_date": "2026-02-30"}, "field.not_a_date", "order_date", None),
    ({"order_date": 1764000000}, "field.not_a_date", "order_date", None),
    ({"order_date": "2026-11-24"}, "field.in_future", "order_date", "2026-11-23"),
    ({"received_on": "2026-11-24"}, "field.in_future", "received_on", "2026-11-23"),
    ({"return_requested_on": "2030-01-01"}, "field.in_future", "return_requested_on", "2026-11-23"),
    ({"promised_on": "1999-12-31"}, "field.date_out_of_range", "promised_on", "2099-12-31"),
    ({"wish": "money"}, "field.not_one_of", "wish", None),
    ({"channel": "fax"}, "field.not_one_of", "channel", None),
    ({"problem_type": ["defective"]}, "field.not_one_of", "problem_type", None),
    ({"safety_risk": "true"}, "field.not_true_or_false", "safety_risk", None),
    ({"contact_phone": "12345"}, "field.not_a_phone", "contact_phone", None),
    ({"contact_phone": "8 901 234 56 78"}, "field.not_a_phone", "contact_phone", None),
    ({"contact_email": "nobody"}, "field.not_an_email", "contact_email", None),
    ({"contact_email": f"{'a' * 65}@b.kz"}, "field.not_an_email", "contact_email", None),
    ({"contact_email": "a\x06b@c.kz"}, "field.not_an_email", "contact_email", None),
    ({"contact_email": "a\x1fb@c.kz"}, "field.not_an_email", "contact_email", None),
    ({"evidence": "abc"}, "field.not_a_list", "evidence", None),
    ({"evidence": ["../a"]}, "field.not_an_id", "evidence", None),
    ({"evidence": ["a"] * 101}, "field.too_many", "evidence", 100),
    ({"ordernumber": "978080963"}, "field.misspelt", "ordernumber", None),
    ({"zzz": 1}, "field.unknown", "zzz", None),
]


@pytest.mark.parametrize(("sent", "code", "field", "limit"), WRONG_FIELDS)
def test_a_wrong_field_is_named_with_its_limit_and_a_cure(
    client: Caller, sent: dict[str, Any], code: str, field: str, limit: object
) -> None:
    answer = client.post("/complaints", {**SAID, **sent})
    found = answer.get_json()
    assert (answer.status_code, found["code"], found["field"]) == (422, code, field)
    assert found.get("limit") == limit
    assert found["cure"]
    assert found["detail"].endswith(found["cure"])
    assert "{" not in found["detail"]


GOOD: list[dict[str, Any]] = [
    {"order_number": "№ 9780-8096 3"},
    {"order_number": 978080963},
    {"order_number": None, "seller": "A", "amount": "10.50", "order_date": "2026-11-23"},
    {"amount": 10.5},
    {"amount": 1_000_000_000},
    {"contact_phone": "+7 (777) 123-45-67", "contact_email": "a.b@пошта.қаз"},
    {"contact_phone": "0049 30 901820"},
    {"contact_email": f" {'a' * 64}@b.kz\n"},
    {"contact_phone": "", "seller": " ", "product": None},
    {"text": "x" * 20_000},
    {"promised_on": "2027-01-15", "wish": "refund", "safety_risk": False},
]


@pytest.mark.parametrize("sent", GOOD)
def test_what_people_write_is_taken(client: Caller, sent: dict[str, Any]) -> None:
    answer = client.post("/complaints", {**SAID, **sent})
    assert answer.status_code == 201, answer.get_json()


def test_a_file_that_is_not_there_or_not_free_is_told(client: Caller, photo: File) -> None:
    answer = client.post("/complaints", {**SAID, "evidence": ["a" * 32]})
    assert (answer.status_code, answer.get_json()["code"]) == (404, "evidence.unknown")
    staged = client.form("/evidence", files=[photo]).get_json()["id"]
    assert client.post("/complaints", {**SAID, "evidence": [staged]}).status_code == 201
    again = client.post("/complaints", {**SAID, "text": "again", "evidence": [staged]})
    assert (again.status_code, again.get_json()["code"]) == (409, "evidence.already_used")


def test_all_wrong_fields_are_told_at_once(client: Caller) -> None:
    sent = {"text": "", "amount": "x", "wish": "y", "zzz": 1}
    found = client.post("/complaints", sent).get_json()
    told = {each["field"]: each["code"] for each in found["errors"]}
    assert told == {
        "text": "field.blank",
        "amount": "field.not_an_amount",
        "wish": "field.not_one_of",
        "zzz": "field.unknown",
    }
    assert all(each["cure"] for each in found["errors"])


def test_a_file_too_large_is_told_with_both_sizes_and_nothing_is_kept(
    client: Caller, desk: Desk
) -> None:
    files = [("damage_photo", b"x" * (26 * MIB), "box.jpg")]
    answer = client.form("/complaints", SAID, files)
    found = answer.get_json()
    assert (answer.status_code, found["code"], found["field"]) == (
        413,
        "file.too_large",
        "damage_photo",
    )
    assert (found["limit"], found["measured"]) == (25 * MIB, 26 * MIB)
    folder = desk.settings.data_dir / "evidence"
    assert [path for path in folder.rglob("*") if path.is_file()] == []


@pytest.mark.parametrize(
    ("language", "word"),
    [("ru", "Сократите"), ("kk", "қысқартыңыз"), ("en", "Shorten")],
)
def test_a_problem_speaks_the_caller_s_language(
    app: Flask, key: Any, language: str, word: str
) -> None:
    caller = key(app, Role.INTAKE, language=language)
    answer = caller.post("/complaints", {**SAID, "text": "x" * 20_001})
    assert word in answer.get_json()["cure"]
    assert answer.headers["Content-Language"] == language


def test_russian_is_spoken_where_nothing_else_is_asked_for(app: Flask, key: Any) -> None:
    caller = key(app, Role.INTAKE, language="fr-FR, de;q=0.5")
    assert caller.get("/complaints/A").get_json()["cure"] == "Проверьте её номер."


def test_another_type_of_body_is_refused_with_those_that_are_taken(client: Caller) -> None:
    answer = client.send("POST", "/complaints", {}, data="text=a", content_type="text/plain")
    assert (answer.status_code, answer.get_json()["code"]) == (415, "request.wrong_type")
    assert "application/json" in answer.headers["Accept-Post"]
    packed = client.send(
        "POST",
        "/complaints",
        {"Content-Encoding": "gzip"},
        data=b"x",
        content_type="application/json",
    )
    assert (packed.status_code, packed.get_json()["code"]) == (415, "request.compressed")


def test_addresses_of_nobody_and_wrong_methods_are_problems_too(client: Caller) -> None:
    nobody, wrong = client.get("/nothing"), client.send("DELETE", "/queue", {})
    assert (nobody.status_code, nobody.get_json()["code"]) == (404, "http.not_found")
    assert (wrong.status_code, wrong.get_json()["code"]) == (405, "http.method_not_allowed")
    assert wrong.headers["Allow"] == "GET, HEAD, OPTIONS"
    assert client.send("OPTIONS", "/queue", {}).headers["Allow"]


def test_an_unknown_parameter_is_named(agent: Caller) -> None:
    found = agent.get("/queue?stat=queued").get_json()
    assert (found["code"], found["suggestion"]) == ("field.misspelt", "status")


def test_what_nobody_expected_has_a_number_that_the_log_has_too(
    client: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*given: object) -> None:
        raise KeyError(SAID["text"])

    monkeypatch.setattr("triage.channels.api.intake.submit", fail)
    with capture_logs() as logs:
        answer = client.post("/complaints", SAID)
    found = answer.get_json()
    assert (answer.status_code, found["code"]) == (500, "server.failed")
    assert found["error_id"] in found["detail"]
    told = next(each for each in logs if each["event"] == "unexpected_error")
    assert (told["error_id"], told["kinds"]) == (found["error_id"], ["KeyError"])
    assert SAID["text"] not in str(logs) + answer.text
