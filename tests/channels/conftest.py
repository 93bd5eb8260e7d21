"""A client of the API: keys of every scope, forms, and workers that keep promises at once."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from queue import Queue
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tests.channels.forms import TYPE, form, part
from tests.desks import Clock, open_desk
from tests.pictures import picture
from triage.app import create_app
from triage.casework import staff
from triage.casework.assess import conclude, examine
from triage.core.people import Role
from triage.desk import Desk
from triage.evidence import Examiner

SAID = {"text": "Чайник broken, не включается", "order_number": "978080963"}
File = tuple[str, bytes, str]  # kind, content, file name


class Workers:
    """Jobs that are done aside as soon as they are promised, unless they are on strike."""

    def __init__(self) -> None:
        self._promised: Queue[tuple[str, int] | None] = Queue()
        self._work = threading.Event()
        self._work.set()

    def promise(self, session: Session, complaint_id: str, round: int) -> None:
        self._promised.put((complaint_id, round))

    def strike(self) -> None:
        """Keep no promise until ``resume``."""
        self._work.clear()

    def resume(self) -> None:
        self._work.set()

    def run(self, desk: Desk) -> None:
        while promise := self._promised.get():
            self._work.wait()
            # A writer that comes second waits until the promise's own transaction is over.
            with desk.sessions.begin() as session:
                session.connection()
            examine(desk, promise[0])
            conclude(desk, *promise)
            desk.bell.ring()

    def stop(self) -> None:
        self._work.set()
        self._promised.put(None)


@dataclass(frozen=True)
class Caller:
    """Whoever holds one key."""

    app: Flask
    key: str
    language: str = "en"

    def get(self, path: str, **headers: str) -> TestResponse:
        return self.send("GET", path, headers=headers)

    def post(self, path: str, said: object = None, **headers: str) -> TestResponse:
        """Send JSON (nothing at all for None)."""
        given = {} if said is None else {"json": said}
        return self.send("POST", path, headers=headers, **given)

    def form(
        self,
        path: str,
        fields: dict[str, str] | None = None,
        files: Sequence[File] = (),
        **headers: str,
    ) -> TestResponse:
        """Send a form with files."""
        parts = [part(name, text.encode()) for name, text in (fields or {}).items()]
        parts += [part(kind, content, filename=name) for kind, content, name in files]
        return self.send("POST", path, headers, data=form(*parts), content_type=TYPE)

    def send(self, method: str, path: str, headers: dict[str, str], **body: Any) -> TestResponse:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        known = {"Authorization": f"Bearer {self.key}", "Accept-Language": self.language}
        address = path if path.startswith(("/docs", "/openapi", "/api")) else f"/api/v1{path}"
        return self.app.test_client().open(
            address, method=method, headers={**known, **named}, **body
        )


@pytest.fixture
def workers() -> Workers:
    return Workers()


@pytest.fixture
def desk(tmp_path: Path, sqlite_url: str, examiner: Examiner, workers: Workers) -> Iterator[Desk]:
    with ExitStack() as stack:
        opened = open_desk(tmp_path, sqlite_url, examiner, Clock())
        stack.callback(opened.close)
        desk = replace(next(opened), jobs=workers)
        thread = threading.Thread(target=workers.run, args=[desk], daemon=True)
        thread.start()
        stack.callback(thread.join, 20)
        stack.callback(workers.stop)
        yield desk


@pytest.fixture
def app(desk: Desk) -> Flask:
    return create_app(desk)


@pytest.fixture
def key(desk: Desk) -> Any:
    """A caller with a new key of these scopes."""

    def make(app: Flask, *scopes: Role, language: str = "en") -> Caller:
        made = staff.add_key(desk, name="a test", scopes=scopes)
        return Caller(app, made.key, language)

    return make


@pytest.fixture
def client(app: Flask, key: Any) -> Caller:
    """The marketplace's own application."""
    caller: Caller = key(app, Role.INTAKE)
    return caller


@pytest.fixture
def agent(app: Flask, key: Any) -> Caller:
    caller: Caller = key(app, Role.AGENT)
    return caller


@pytest.fixture
def photo() -> File:
    return ("damage_photo", picture(), "box.jpg")
