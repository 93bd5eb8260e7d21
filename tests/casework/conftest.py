"""What the tests of the verbs share: a desk on both databases, files, and a complaint."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from tests.desks import INTAKE, Clock, open_desk
from tests.pictures import picture
from triage.casework.submit import submit
from triage.core.complaint import Attachment, Category, Submission
from triage.core.evidence import EvidenceKind
from triage.desk import Desk
from triage.evidence import Examiner


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def desk(tmp_path: Path, database_url: str, examiner: Examiner, clock: Clock) -> Iterator[Desk]:
    yield from open_desk(tmp_path, database_url, examiner, clock)


@pytest.fixture
def attach(desk: Desk) -> Callable[..., Attachment]:
    """A file that has just come in, as a picture of so many pixels or as given bytes."""

    def make(
        kind: str = "damage_photo", content: bytes | None = None, shade: int = 0
    ) -> Attachment:
        body = picture(shade) if content is None else content
        return Attachment(
            kind=EvidenceKind(kind),
            filename="file.jpg",
            declared_type="image/jpeg",
            sha256=desk.blobs.put(body),
            size=len(body),
        )

    return make


@pytest.fixture
def file(desk: Desk) -> Callable[..., str]:
    """File a complaint and triage it; its id."""

    def make(text: str = "It came broken", *, triaged: bool = True, **said: object) -> str:
        given: dict[str, object] = {
            "problem_type": Category.DEFECTIVE,
            "order_number": "978080963",
            "amount": Decimal(15000),
            "order_date": date(2026, 11, 16),
            "received_on": date(2026, 11, 20),
            **said,
        }
        receipt = submit(desk, Submission(text=text, **given), INTAKE)  # type: ignore[arg-type]
        if triaged:
            desk.jobs.keep(desk)  # type: ignore[attr-defined]
        return receipt.complaint_id

    return make


@pytest.fixture
def queued(file: Callable[..., str]) -> str:
    """A complaint that needs nothing more and waits for an agent."""
    return file("where is it, it is late", problem_type=Category.LATE_DELIVERY, received_on=None)
