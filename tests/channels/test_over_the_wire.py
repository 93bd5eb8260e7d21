"""The API behind our own server: chunks, refusals in the middle of a body, clients who vanish."""

from __future__ import annotations

import http.client
import json
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask

from tests.channels.conftest import SAID, Caller, File
from tests.channels.forms import MIB, TYPE, form, part
from tests.servers import running
from triage.desk import Desk


@pytest.fixture
def address(app: Flask) -> Iterator[tuple[str, int]]:
    with running(app) as server:
        place = urlsplit(server.url)
        assert place.hostname
        assert place.port
        yield place.hostname, place.port


def complaint(photo: File) -> bytes:
    fields = [part(name, text.encode()) for name, text in SAID.items()]
    return form(*fields, part(photo[0], photo[1], filename=photo[2]))


def head(key: str, *lines: str) -> bytes:
    given = (
        "POST /api/v1/complaints HTTP/1.1",
        "Host: triage",
        f"Authorization: Bearer {key}",
        f"Content-Type: {TYPE}",
        *lines,
    )
    return "\r\n".join([*given, "", ""]).encode()


def read_answer(client: socket.socket) -> tuple[int, dict[str, Any]]:
    answer = http.client.HTTPResponse(client)
    answer.begin()
    return answer.status, json.loads(answer.read())


def test_a_form_in_chunks_is_taken(address: tuple[str, int], client: Caller, photo: File) -> None:
    raw = complaint(photo)
    connection = http.client.HTTPConnection(*address)
    connection.request(
        "POST",
        "/api/v1/complaints",
        body=(raw[at : at + 1000] for at in range(0, len(raw), 1000)),
        headers={"Authorization": f"Bearer {client.key}", "Content-Type": TYPE},
        encode_chunked=True,
    )
    answer = connection.getresponse()
    assert (answer.status, len(json.loads(answer.read())["evidence"])) == (201, 1)
    connection.close()


def test_a_sender_in_full_flow_reads_why_it_was_refused(
    address: tuple[str, int], client: Caller
) -> None:
    raw = form(part("damage_photo", b"x" * (40 * MIB), filename="a.jpg"))
    with socket.create_connection(address, timeout=20) as sender:
        sender.sendall(head(client.key, f"Content-Length: {len(raw)}") + raw)
        status, found = read_answer(sender)
    assert (status, found["code"], found["measured"]) == (413, "file.too_large", 40 * MIB)


def test_a_stranger_who_waits_for_a_word_is_refused_without_it(address: tuple[str, int]) -> None:
    lines = ("Content-Length: 1000000", "Expect: 100-continue")
    with socket.create_connection(address, timeout=20) as stranger:
        stranger.sendall(head("trg_no_key", *lines))
        assert stranger.recv(12) == b"HTTP/1.1 401"


def test_a_client_who_vanishes_leaves_nothing(
    address: tuple[str, int], client: Caller, desk: Desk, photo: File
) -> None:
    raw = complaint(photo)
    with socket.create_connection(address, timeout=20) as sender:
        sender.sendall(head(client.key, f"Content-Length: {len(raw)}") + raw[: len(raw) // 2])
        time.sleep(0.3)
    time.sleep(0.5)
    folder = desk.settings.data_dir / "evidence"
    assert [path for path in Path(folder).rglob("*") if path.is_file()] == []
    assert open_files_below(folder) == []


def open_files_below(folder: Path) -> list[str]:
    """What this process still holds open there; a nameless file has a name in /proc."""
    found = []
    for entry in Path("/proc/self/fd").iterdir():
        try:
            target = str(entry.readlink())
        except FileNotFoundError:
            continue
        if target.startswith(str(folder)):
            found.append(target)
    return found


def test_a_connection_serves_the_next_request_after_a_form(
    address: tuple[str, int], client: Caller, photo: File
) -> None:
    raw = complaint(photo)
    with socket.create_connection(address, timeout=20) as sender:
        for _ in range(2):
            sender.sendall(head(client.key, f"Content-Length: {len(raw)}") + raw)
            assert read_answer(sender)[0] == 201
