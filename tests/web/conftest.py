"""A browser without JavaScript for the pages: signs in, reads, fills in forms."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.desks import INTAKE, Clock, open_desk
from tests.pictures import picture
from triage.casework import staff
from triage.casework.submit import submit
from triage.core.complaint import Attachment, Category, Contact, Submission
from triage.core.evidence import EvidenceKind
from triage.core.people import Role
from triage.desk import Desk
from triage.evidence import Examiner
from triage.web import pages
from triage.web.errors import error_page

File = tuple[str, int | bytes]
PASSWORD = "correct horse battery staple"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def desk(tmp_path: Path, sqlite_url: str, examiner: Examiner, clock: Clock) -> Iterator[Desk]:
    yield from open_desk(tmp_path, sqlite_url, examiner, clock)


@pytest.fixture
def app(desk: Desk) -> Flask:
    app = Flask("triage", static_folder=None)
    app.register_blueprint(pages(desk))
    app.register_error_handler(Exception, error_page)
    return app


@dataclass
class Browser:
    """What a person can do: open an address, fill in a form of the page that is open."""

    client: FlaskClient
    page: str = ""

    def open(self, path: str, **headers: str) -> TestResponse:
        answer = self.client.get(path, headers=headers, follow_redirects=True)
        self.page = answer.text
        return answer

    def token(self) -> str:
        """The hidden token of the forms on the open page."""
        return re.search(r'name="csrf_token" value="([^"]+)"', self.page)[1]

    def send(self, path: str, *, follow: bool = True, **fields: Any) -> TestResponse:
        """Send the form of the open page that belongs to ``path``."""
        fields.setdefault("csrf_token", self.token())
        answer = self.client.post(path, data=fields, follow_redirects=follow)
        self.page = answer.text
        return answer

    def sign_in(self, login: str, password: str = PASSWORD) -> TestResponse:
        self.open("/sign-in?lang=en")
        return self.send("/sign-in", login=login, password=password)

    def text(self) -> str:
        """The words of the page, without its tags."""
        return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", self.page))


@pytest.fixture
def browser(app: Flask) -> Browser:
    return Browser(app.test_client())


@pytest.fixture
def person(desk: Desk, app: Flask) -> Callable[..., Browser]:
    """A member of staff who has signed in, in English."""

    def come(login: str = "aigul", role: Role = Role.AGENT) -> Browser:
        staff.add_user(desk, login=login, name=login.title(), password=PASSWORD, role=role)
        browser = Browser(app.test_client())
        browser.open("/sign-in?lang=en")
        answer = browser.send("/sign-in", follow=False, login=login, password=PASSWORD)
        assert answer.status_code == 303
        return browser

    return come


@pytest.fixture
def file(desk: Desk) -> Callable[..., str]:
    """File a complaint about a late delivery, which needs no files, and triage it; its id."""

    def make(text: str = "It is late", files: Sequence[File] = (), **said: Any) -> str:
        given: dict[str, Any] = {
            "problem_type": Category.LATE_DELIVERY,
            "order_number": "978080963",
            "amount": Decimal(15000),
            "order_date": date(2026, 11, 16),
            "contact": Contact(name="Asel N.", phone="+7 701 000 00 00"),
            "attachments": tuple(attachment(desk, kind, content) for kind, content in files),
            **said,
        }
        receipt = submit(desk, Submission(text=text, **given), INTAKE)
        desk.jobs.keep(desk)  # type: ignore[attr-defined]
        return receipt.complaint_id

    return make


def attachment(desk: Desk, kind: str, content: int | bytes, name: str = "box.jpg") -> Attachment:
    """A file as it has just come in; a number is the shade of a picture."""
    body = picture(shade=content) if isinstance(content, int) else content
    return Attachment(
        kind=EvidenceKind(kind),
        filename=name,
        declared_type="image/jpeg",
        sha256=desk.blobs.put(body),
        size=len(body),
    )
