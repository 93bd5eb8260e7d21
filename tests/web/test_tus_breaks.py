"""Uploads that break off: by a connection, a crash or a restart, by two writers, or for ever."""

from __future__ import annotations

import base64
import hashlib
import threading
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from werkzeug.exceptions import ClientDisconnected
from werkzeug.test import EnvironBuilder, run_wsgi_app

from tests.web.senders import BYTES, PICTURE, Sender, count, customer, key_holder
from triage.app import create_app
from triage.casework import drafts, uploading
from triage.casework.passing import tick
from triage.casework.sweep import sweep
from triage.core.evidence import EvidenceKind
from triage.core.people import Actor
from triage.errors import Invalid
from triage.store.blobs import LocalBlobs
from triage.store.drafts import Upload
from triage.store.tables import Evidence


@pytest.fixture
def whole_app(desk) -> Flask:
    return create_app(desk)


@pytest.fixture(params=["form", "key"])
def sender(request, desk, whole_app) -> Sender:
    """The protocol is the same for a customer's form and for a client of the API."""
    return customer(whole_app) if request.param == "form" else key_holder(whole_app, desk)


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
