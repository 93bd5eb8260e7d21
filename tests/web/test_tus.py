"""Resumable uploads by tus 1.0.0, as the protocol says them: from a form, and with an API key."""

from __future__ import annotations

import base64
import hashlib
import threading
from dataclasses import dataclass, replace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from werkzeug.exceptions import ClientDisconnected
from werkzeug.test import EnvironBuilder, TestResponse, run_wsgi_app

from tests.pictures import picture
from tests.web.conftest import Browser
from triage.app import create_app
from triage.casework import drafts, staff, uploading
from triage.casework.passing import tick
from triage.casework.sweep import sweep
from triage.core.evidence import EvidenceKind
from triage.core.people import Actor, Role
from triage.errors import Invalid
from triage.store.blobs import LocalBlobs
from triage.store.drafts import Upload
from triage.store.tables import Evidence

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


@pytest.fixture
def whole_app(desk) -> Flask:
    return create_app(desk)


def customer(app: Flask) -> Sender:
    browser = Browser(app.test_client())
    browser.open("/complain?lang=en")
    browser.send("/complain", problem_type="defective")
    headers = {"X-CSRF-Token": browser.token()}
    return Sender(app, "/uploads", browser.client, headers)


@pytest.fixture(params=["form", "key"])
def sender(request, desk, whole_app) -> Sender:
    """The protocol is the same for a customer's form and for a client of the API."""
    if request.param == "form":
        return customer(whole_app)
    key = staff.add_key(desk, name="client", scopes=[Role.INTAKE]).key
    headers = {"Authorization": f"Bearer {key}", "Accept-Language": "en"}
    return Sender(whole_app, "/api/v1/uploads", whole_app.test_client(), headers)


def count(desk, table) -> int:
    with desk.reading() as session:
        return session.scalar(select(func.count()).select_from(table))


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


class Broken:
    """A body whose sender goes away after some bytes."""

    def __init__(self, content: bytes) -> None:
        self._rest = content

    def read(self, size: int = -1) -> bytes:
        if not self._rest:
            raise ClientDisconnected
        piece, self._rest = self._rest[:size], self._rest[size:]
        return piece


def send_raw(sender: Sender, path: str, body: Any, declared: int, **headers: str) -> int:
    """A PATCH from the start whose body is read from ``body``; the status of its answer."""
    given = {"Tus-Resumable": "1.0.0", "Upload-Offset": "0", **sender.headers, **headers}
    cookies = [f"{each.key}={each.value}" for each in sender.client._cookies.values()]
    if cookies:
        given["Cookie"] = "; ".join(cookies)
    builder = EnvironBuilder(path, method="PATCH", headers=given, content_type=BYTES)
    environ = builder.get_environ()
    environ |= {"wsgi.input": body, "CONTENT_LENGTH": str(declared)}
    _, status, _ = run_wsgi_app(sender.app, environ)
    return int(status[:3])


def test_after_a_dropped_connection_it_goes_on_where_it_stopped(sender, desk):
    path = sender.begin(300_000, kind="other")
    assert send_raw(sender, path, Broken(b"a" * 200_000), 300_000) == 400
    offset = sender.offset(path)
    assert offset >= 130_000
    assert sender.patch(path, offset, b"b" * (300_000 - offset)).status_code == 204
    sha256 = sender.ask("GET", path).json["evidence"]["sha256"]
    with desk.blobs.open(sha256) as file:
        assert file.read() == b"a" * offset + b"b" * (300_000 - offset)


def test_of_a_broken_piece_with_a_checksum_nothing_is_kept(sender):
    path = sender.begin(300_000)
    digest = base64.b64encode(bytes(32)).decode()
    checksum = {"Upload-Checksum": f"sha256 {digest}"}
    assert send_raw(sender, path, Broken(b"a" * 200_000), 300_000, **checksum) == 400
    assert sender.offset(path) == 0


def test_after_a_restart_it_goes_on(sender, desk):
    """What the process knew is gone; what is on the disk beyond the last sync does not count."""
    path = sender.begin(10)
    sender.patch(path, 0, b"12345")
    file = desk.settings.data_dir / "uploads" / path.rpartition("/")[2]
    with file.open("ab") as torn:
        torn.write(b"torn")
    again = replace(sender, app=create_app(desk))
    again.client = again.app.test_client()
    for cookie in getattr(sender.client, "_cookies", {}).values():
        again.client.set_cookie(cookie.key, cookie.value)
    assert again.offset(path) == 5
    assert again.patch(path, 5, b"67890").status_code == 204
    sha256 = again.ask("GET", path).json["evidence"]["sha256"]
    assert sha256 == hashlib.sha256(b"1234567890").hexdigest()


def test_a_crash_before_a_whole_file_was_staged_is_made_good(sender, desk, monkeypatch):
    path = sender.begin(5)
    with monkeypatch.context() as patch:
        patch.setattr(uploading, "_stage", lambda *_: (_ for _ in ()).throw(RuntimeError))
        assert sender.patch(path, 0, b"12345").status_code == 500
    assert count(desk, Evidence) == 0
    assert sender.offset(path) == 5
    assert count(desk, Evidence) == 1


def test_one_writes_at_a_time(sender):
    path = sender.begin(200_000)
    inside, go_on = threading.Event(), threading.Event()

    class Slow(Broken):
        def read(self, size: int = -1) -> bytes:
            inside.set()
            go_on.wait(10)
            return super().read(size) if self._rest else b""

    statuses: list[int] = []

    def write() -> None:
        statuses.append(send_raw(sender, path, Slow(b"a" * 200_000), 200_000))

    thread = threading.Thread(target=write)
    thread.start()
    assert inside.wait(10)
    busy = sender.patch(path, 0, b"b")
    assert (busy.status_code, busy.json["code"]) == (423, "upload.busy")
    go_on.set()
    thread.join(20)
    assert statuses == [204]
    assert sender.offset(path) == 200_000


def test_an_ended_upload_is_gone_with_its_bytes(sender, desk):
    path = sender.begin(10)
    sender.patch(path, 0, b"12345")
    assert sender.ask("DELETE", path).status_code == 204
    assert sender.ask("HEAD", path).status_code == 404
    assert not any((desk.settings.data_dir / "uploads").iterdir())


def test_an_ended_upload_takes_its_staged_file_along(sender, desk):
    path = sender.begin(5)
    sender.patch(path, 0, b"12345")
    sender.ask("DELETE", path)
    assert count(desk, Evidence) == 0


@pytest.mark.parametrize("clear", [tick, sweep])
def test_an_upload_ends_by_itself_after_a_day(sender, desk, clock, clear):
    path = sender.begin(10)
    sender.patch(path, 0, b"12345")
    clock.forward(hours=23)
    clear(desk)
    assert sender.offset(path) == 5
    clock.forward(hours=1)
    for method in ("HEAD", "PATCH"):
        answer = sender.ask(method, path, Content_Type=BYTES, Upload_Offset=5)
        assert answer.status_code == 410
    clear(desk)
    assert sender.ask("HEAD", path).status_code == 404
    assert not any((desk.settings.data_dir / "uploads").iterdir())


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


def test_two_uploads_at_the_same_moment_never_pass_the_bound_of_a_draft(desk):
    desk = replace(desk, settings=replace(desk.settings, max_files=3))
    draft = drafts.get(desk, drafts.begin(desk))
    announced = uploading.Announced(
        kind=EvidenceKind.OTHER, filename="a", declared_type="image/jpeg", size=10
    )
    refused: list[Invalid] = []

    def begin() -> None:
        try:
            uploading.begin(desk, announced, drafts.actor_of(draft))
        except Invalid as error:
            refused.append(error)

    threads = [threading.Thread(target=begin) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert count(desk, Upload) == 3
    assert {error.code for error in refused} == {"submission.too_many_files"}


def test_a_bucket_gets_the_file_once_it_is_whole(desk, tmp_path, bucket):
    from triage.store.bucket import BucketBlobs

    stored = BucketBlobs(bucket.settings(tmp_path), tmp_path / "scratch")
    assert not isinstance(stored, LocalBlobs)
    desk = replace(desk, blobs=stored)
    actor = Actor(id="key:test", name="test")
    row = uploading.begin(
        desk,
        uploading.Announced(
            kind=EvidenceKind.DAMAGE_PHOTO,
            filename="box.jpg",
            declared_type="image/jpeg",
            size=len(PICTURE),
        ),
        actor,
    )
    uploading.append(desk, row.id, actor, 0, [PICTURE[:1000]])
    assert stored.known() == []
    row = uploading.append(desk, row.id, actor, 1000, [PICTURE[1000:]])
    found = uploading.shown(desk, row, "en", whole=True)["evidence"]
    assert found["verdict"] == "accepted"
    assert stored.exists(found["sha256"])
