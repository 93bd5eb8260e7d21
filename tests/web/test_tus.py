"""Resumable uploads by tus 1.0.0, as the protocol says them: from a form, and with an API key."""

from __future__ import annotations

import base64
import hashlib

import pytest
from flask import Flask

from tests.web.conftest import Browser
from tests.web.senders import BYTES, PICTURE, Sender, count, customer, encoded, key_holder
from triage.app import create_app
from triage.casework import staff
from triage.core.people import Role
from triage.store.drafts import Upload
from triage.store.tables import Evidence


@pytest.fixture
def whole_app(desk) -> Flask:
    return create_app(desk)


@pytest.fixture(params=["form", "key"])
def sender(request, desk, whole_app) -> Sender:
    """The protocol is the same for a customer's form and for a client of the API."""
    return customer(whole_app) if request.param == "form" else key_holder(whole_app, desk)


def test_options_says_what_the_server_can_do(sender):
    answer = sender.ask("OPTIONS", sender.folder)
    assert answer.status_code == 204
    assert answer.headers["Tus-Version"] == "1.0.0"
    assert answer.headers["Tus-Extension"].split(",") == [
        "creation", "creation-with-upload", "termination", "expiration", "checksum",
    ]  # fmt: skip
    assert answer.headers["Tus-Max-Size"] == str(500 * 1024 * 1024)
    assert answer.headers["Tus-Checksum-Algorithm"] == "sha256,sha1"


def test_a_file_in_pieces_becomes_judged_evidence(sender, desk):
    path = sender.begin(len(PICTURE))
    assert path.startswith(f"{sender.folder}/")
    for start in range(0, len(PICTURE), 5000):
        piece = PICTURE[start : start + 5000]
        answer = sender.patch(path, start, piece)
        assert answer.status_code == 204
        assert answer.headers["Tus-Resumable"] == "1.0.0"
        assert int(answer.headers["Upload-Offset"]) == start + len(piece)
        assert "GMT" in answer.headers["Upload-Expires"]
    found = sender.ask("GET", path).json
    assert found["offset"] == found["size"] == len(PICTURE)
    assert found["evidence"]["verdict"] == "accepted"
    assert found["evidence"]["sha256"] == hashlib.sha256(PICTURE).hexdigest()
    with desk.blobs.open(found["evidence"]["sha256"]) as file:
        assert file.read() == PICTURE
    assert sender.offset(path) == len(PICTURE)


def test_a_file_may_come_with_its_creation(sender):
    answer = sender.ask(
        "POST",
        sender.folder,
        PICTURE,
        Upload_Length=len(PICTURE),
        Upload_Metadata=f"kind {encoded('damage_photo')}",
        Content_Type=BYTES,
    )
    assert answer.status_code == 201
    assert answer.headers["Upload-Offset"] == str(len(PICTURE))
    assert sender.ask("GET", answer.headers["Location"]).json["evidence"]["verdict"] == "accepted"


def test_the_reason_and_its_cure_come_in_the_senders_language(sender):
    path = sender.begin(len(PICTURE) - 3000)
    sender.patch(path, 0, PICTURE[:-3000])
    found = sender.ask("GET", path).json["evidence"]
    assert found["verdict"] == "rejected"
    assert found["findings"][0]["code"].startswith("image.")
    assert found["findings"][0]["cure"]
    assert found["findings"][0]["message"].isascii()


def test_an_empty_file_is_whole_at_once_and_told_to_be_empty(sender):
    path = sender.begin(0)
    found = sender.ask("GET", path).json["evidence"]
    assert [each["code"] for each in found["findings"]] == ["file.empty"]


def test_a_file_is_announced_at_the_folder_and_not_at_another_file(sender, desk):
    path = sender.begin(10)
    said = {"Upload_Length": 10, "Upload_Metadata": f"kind {encoded('damage_photo')}"}
    answer = sender.ask("POST", path, **said)
    assert answer.status_code == 405
    assert "PATCH" in answer.headers["Allow"]
    assert count(desk, Upload) == 1


def test_a_checksum_that_is_none_is_refused_before_anything_is_made(sender, desk):
    said = {"Upload_Length": 10, "Upload_Metadata": f"kind {encoded('damage_photo')}"}
    answer = sender.ask("POST", sender.folder, Upload_Checksum="crc32 AAAA", **said)
    assert (answer.status_code, answer.json["code"]) == (400, "upload.checksum_unknown")
    assert count(desk, Upload) == 0


def test_head_tells_the_length_and_what_was_said(sender):
    answer = sender.ask("HEAD", sender.begin(10))
    assert answer.headers["Upload-Length"] == "10"
    assert f"filename {encoded('box.jpg')}" in answer.headers["Upload-Metadata"]
    assert answer.headers["Cache-Control"] == "no-store"


WRONG = [
    pytest.param({"Tus_Resumable": "0.2.2"}, 412, id="another version"),
    pytest.param({"Tus_Resumable": None}, 412, id="no version"),
    pytest.param({"Upload_Length": "-1"}, 400, id="a negative length"),
    pytest.param({"Upload_Length": None}, 400, id="no length"),
    pytest.param({"Upload_Length": None, "Upload_Defer_Length": "1"}, 400, id="a length later"),
    pytest.param({"Upload_Metadata": "kind !!"}, 400, id="metadata that is no Base64"),
    pytest.param({"Upload_Metadata": "x" * 5000}, 400, id="endless metadata"),
    pytest.param({"Upload_Metadata": f"kind {encoded('nonsense')}"}, 400, id="an unknown kind"),
    pytest.param({"Upload_Metadata": ""}, 400, id="no kind"),
    pytest.param({"Upload_Length": 25 * 1024 * 1024 + 1}, 413, id="too large for a photo"),
]


@pytest.mark.parametrize(("headers", "status"), WRONG)
def test_a_creation_that_makes_no_sense_makes_nothing(sender, desk, headers, status):
    size = headers.get("Upload_Length", 10)
    rest = {name: value for name, value in headers.items() if name != "Upload_Length"}
    answer = sender.create(size, **rest)
    assert answer.status_code == status
    assert answer.json["code"]
    assert count(desk, Upload) == 0
    if status == 412:
        assert answer.headers["Tus-Version"] == "1.0.0"


@pytest.mark.parametrize(
    ("headers", "body", "status"),
    [
        pytest.param({"Upload_Offset": 3}, b"x", 409, id="beyond the offset"),
        pytest.param({"Upload_Offset": "x"}, b"x", 400, id="no number"),
        pytest.param({"Upload_Offset": None}, b"x", 400, id="no offset"),
        pytest.param({"Content_Type": "text/plain"}, b"x", 415, id="another type"),
        pytest.param({}, b"x" * 11, 413, id="more than was announced"),
        pytest.param({"Upload_Checksum": "md5 AAAA"}, b"x", 400, id="an unknown checksum"),
        pytest.param({"Upload_Checksum": "sha1 ???"}, b"x", 400, id="a checksum without Base64"),
        pytest.param({"Upload_Checksum": "sha1 AAAA"}, b"x", 460, id="another checksum"),
    ],
)
def test_a_piece_that_makes_no_sense_changes_nothing(sender, headers, body, status):
    path = sender.begin(10)
    answer = sender.patch(path, 0, body, **headers)
    assert answer.status_code == status
    assert answer.headers["Tus-Resumable"] == "1.0.0"
    assert sender.offset(path) == 0
    assert sender.patch(path, 0, b"x" * 9).status_code == 204


@pytest.mark.parametrize("algorithm", ["sha1", "sha256"])
def test_a_piece_with_the_right_checksum_is_kept(sender, algorithm):
    path = sender.begin(10)
    digest = base64.b64encode(hashlib.new(algorithm, b"12345").digest()).decode()
    sender.patch(path, 0, b"12345", Upload_Checksum=f"{algorithm} {digest}")
    assert sender.offset(path) == 5


def test_where_only_get_and_post_pass_the_method_stands_in_a_header(sender):
    path = sender.begin(10)
    answer = sender.ask(
        "POST", path, b"12345", X_HTTP_Method_Override="PATCH", Content_Type=BYTES, Upload_Offset=0
    )
    assert answer.status_code == 204
    assert sender.offset(path) == 5


def test_another_senders_upload_is_not_there(sender, whole_app):
    path = sender.begin(10)
    name = path.rpartition("/")[2]
    stranger = customer(whole_app)
    for method in ("HEAD", "PATCH", "DELETE", "GET"):
        answer = stranger.ask(method, f"/uploads/{name}", Content_Type=BYTES, Upload_Offset=0)
        assert answer.status_code == 404
    assert sender.offset(path) == 0


@pytest.mark.parametrize("id_", ["0" * 32, "..%2f..%2fetc", "x"])
def test_an_unknown_name_is_not_there(sender, id_):
    assert sender.ask("HEAD", f"{sender.folder}/{id_}").status_code == 404


def test_an_upload_needs_a_form_or_a_key(whole_app):
    nobody = Sender(whole_app, "/uploads", whole_app.test_client(), {})
    assert nobody.create(10).status_code == 403  # no form of ours sent it
    browser = Browser(whole_app.test_client())
    browser.open("/complain")
    without = Sender(whole_app, "/uploads", browser.client, {"X-CSRF-Token": browser.token()})
    assert without.create(10).status_code == 404
    keyless = Sender(whole_app, "/api/v1/uploads", whole_app.test_client(), {})
    assert keyless.create(10).status_code == 401


def test_a_key_files_a_complaint_with_what_it_has_uploaded(desk, whole_app):
    keys = [staff.add_key(desk, name=str(n), scopes=[Role.INTAKE]).key for n in range(2)]
    mine, other = (
        Sender(
            whole_app,
            "/api/v1/uploads",
            whole_app.test_client(),
            {"Authorization": f"Bearer {key}"},
        )
        for key in keys
    )
    path = mine.begin(len(PICTURE))
    mine.patch(path, 0, PICTURE)
    evidence_id = mine.ask("GET", path).json["evidence"]["id"]
    said = {"text": "Broken", "order_number": "978080963", "evidence": [evidence_id]}
    for each, status in ((other, 404), (mine, 202), (mine, 409)):
        answer = each.client.post(
            "/api/v1/complaints", json=said, headers={**each.headers, "Prefer": "respond-async"}
        )
        assert answer.status_code == status
    assert mine.ask("DELETE", path).status_code == 204  # the complaint keeps it
    assert count(desk, Evidence) == 1
