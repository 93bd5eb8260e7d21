"""Complaints that really went through intake, checks, model and rules, to be copied many times.

What a page has to read and show is as large as the decisions, findings and lines of history
that are stored, so a benchmark of pages must not make these up.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from triage.app import build_desk
from triage.casework.assess import conclude, examine
from triage.casework.submit import submit
from triage.core.complaint import Attachment, Category, Contact, Language, Submission
from triage.core.evidence import EvidenceKind
from triage.core.people import Actor, Role
from triage.desk import Desk
from triage.settings import Settings
from triage.store import db
from triage.store.tables import Assessment, Complaint, Event, Evidence

ROOT = Path(__file__).parents[1]
CORPUS = ROOT / "models" / "corpus"
PHONE_APP = Actor(id="key:bench", name="Shop app", roles=frozenset({Role.INTAKE}))
FILES = {
    EvidenceKind.DAMAGE_PHOTO: ("mug.jpg", "parcel.jpg"),
    EvidenceKind.CHAT_SCREENSHOT: ("chat.png",),
    EvidenceKind.PURCHASE_PROOF: ("receipt.pdf",),
}
#: Which kinds of files a complaint comes with, and how often.
BUNDLES: tuple[tuple[int, tuple[EvidenceKind, ...]], ...] = (
    (3, ()),
    (3, (EvidenceKind.DAMAGE_PHOTO,)),
    (3, (EvidenceKind.DAMAGE_PHOTO, EvidenceKind.PURCHASE_PROOF)),
    (2, (EvidenceKind.CHAT_SCREENSHOT,)),
    (2, (EvidenceKind.DAMAGE_PHOTO, EvidenceKind.CHAT_SCREENSHOT, EvidenceKind.PURCHASE_PROOF)),
)


@dataclass(frozen=True)
class Text:
    """One text of the corpus."""

    text: str
    language: str
    category: str


@dataclass(frozen=True)
class Pattern:
    """What became of one real complaint, as it is stored: columns by name."""

    complaint: dict[str, Any]
    evidence: tuple[dict[str, Any], ...]
    assessment: dict[str, Any]
    events: tuple[dict[str, Any], ...]


class _NoJobs:
    """Nobody waits here: the benchmark judges each complaint at once itself."""

    def promise(self, session: Session, complaint_id: str, round: int) -> None:
        pass


def texts() -> list[Text]:
    """Every text of the corpus that we train on."""
    found = []
    for path in sorted(CORPUS.glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            said = json.loads(line)
            found.append(Text(said["text"], said["lang"], said["category"]))
    return found


def made(folder: Path, count: int, chance: random.Random) -> list[Pattern]:
    """``count`` complaints with texts of the corpus, judged by a whole desk in ``folder``."""
    desk = replace(build_desk(Settings(data_dir=folder)), jobs=_NoJobs())
    db.upgrade(desk.engine)
    desk.examiner.start()
    try:
        chosen = chance.sample(texts(), count)
        return list(_judged(desk, chosen, chance))
    finally:
        desk.examiner.close()
        desk.engine.dispose()


def _judged(desk: Desk, chosen: list[Text], chance: random.Random) -> Iterator[Pattern]:
    for number, each in enumerate(chosen):
        files = chance.choices([b for _, b in BUNDLES], [w for w, _ in BUNDLES])[0]
        receipt = submit(desk, _submission(desk, each, number, files), PHONE_APP)
        examine(desk, receipt.complaint_id)
        conclude(desk, receipt.complaint_id, 1)
        with desk.reading() as session:
            yield _as_stored(session.get_one(Complaint, receipt.complaint_id))


def _submission(desk: Desk, said: Text, number: int, files: tuple[EvidenceKind, ...]) -> Submission:
    today = desk.now().date()
    return Submission(
        text=said.text,
        language=Language(said.language) if said.language in set(Language) else None,
        problem_type=Category(said.category) if number % 4 else None,
        order_number=str(512_000_000 + number),
        amount=Decimal(3000 + 1700 * (number % 90)),
        product="Кружка керамическая 350 мл",
        order_date=today - timedelta(days=12),
        promised_on=today - timedelta(days=6),
        received_on=today - timedelta(days=4) if number % 3 else None,
        contact=Contact(name="Айгүл С.", phone="+7 701 555 12 34"),
        attachments=tuple(_attachment(desk, kind, name) for kind in files for name in FILES[kind]),
    )


def _attachment(desk: Desk, kind: EvidenceKind, name: str) -> Attachment:
    content = (ROOT / "examples" / name).read_bytes()
    declared = "application/pdf" if name.endswith("pdf") else "image/jpeg"
    return Attachment(
        kind=kind,
        filename=name,
        declared_type=declared,
        sha256=desk.blobs.put(content),
        size=len(content),
    )


def _as_stored(row: Complaint) -> Pattern:
    return Pattern(
        complaint=columns_of(row),
        evidence=tuple(columns_of(each) for each in row.evidence),
        assessment=columns_of(row.assessments[-1]),
        events=tuple(columns_of(each) for each in row.events),
    )


def columns_of(row: Complaint | Evidence | Assessment | Event) -> dict[str, Any]:
    """A row's columns by name, JSON already written, so that copies cost nothing."""
    found = {each.name: getattr(row, each.name) for each in row.__table__.columns}
    return {
        name: json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else value
        for name, value in found.items()
    }
