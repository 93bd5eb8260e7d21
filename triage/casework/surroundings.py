"""What a case's page shows around the case: its days, its points, cases beside it, who looks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, Select, literal, select, union_all
from sqlalchemy.orm import Session

from triage.casework import answer, films, words
from triage.casework.workplace import others_looking
from triage.core.people import Actor
from triage.core.policy import PriorityScale, RuleBook
from triage.core.status import Action
from triage.core.timeline import Happened, Step, in_order, late_by
from triage.desk import Desk
from triage.evidence.claims import camera_day, local_day
from triage.store import search
from triage.store.tables import Complaint

NEAR = 5  # cases of a kind that are named; of more it is only said that they are there
_GOODS = ("damage_photo", "unboxing_video")  # kinds of files that show the goods
_ORDER_DAYS = {
    Step.ORDERED: "order_date",
    Step.PROMISED: "promised_on",
    Step.DELIVERED: "received_on",
    Step.RETURN_ASKED: "return_requested_on",
    Step.CLAIM_RECEIVED: "claim_received_on",
}


def case(
    desk: Desk, complaint_id: str, language: str, actor: Actor
) -> tuple[dict[str, Any], dict[str, Any]]:
    """The case itself and everything beside it, bounded however many cases there are.

    Raises NotFound.
    """
    with desk.reading() as session:
        row = answer.get(session, complaint_id)
        found = answer.whole(desk, session, row, language, actor)
        return found, {
            "timeline": _timeline(row),
            "points": _points(desk, row, language),
            "related": _related(session, row),
            "looking": others_looking(session, complaint_id, actor, desk.now()),
            "shown": films.shown(session, row.evidence),
            "most_pages": films.most_pages(desk),
        }


def _timeline(row: Complaint) -> dict[str, Any]:
    lines = in_order(_happened(row))
    return {
        "late_by": late_by(lines),
        "lines": [
            {
                "step": line.happened.step,
                "on": line.happened.on,
                "photo": line.happened.photo,
                "odd": list(line.odd),
            }
            for line in lines
        ],
    }


def _happened(row: Complaint) -> Iterator[Happened]:
    for step, column in _ORDER_DAYS.items():
        if (day := getattr(row, column)) is not None:
            yield Happened(step, day)
    yield Happened(Step.FILED, local_day(row.received_at))
    for evidence in row.evidence:
        taken = evidence.signals.get("taken_at")
        if evidence.kind in _GOODS and taken:
            day = camera_day(taken, row.order_date)
            if day is not None:
                yield Happened(Step.PHOTO_TAKEN, day, evidence.filename)
    decided = [event for event in row.events if event.verb in (Action.RESOLVE, Action.REJECT)]
    if decided:
        yield Happened(Step.DECIDED, local_day(decided[-1].at))


def _points(desk: Desk, row: Complaint, language: str) -> dict[str, Any] | None:
    """Which rules gave points for urgency, and from how many a priority is reached."""
    if not row.assessments:
        return None
    latest = row.assessments[-1]
    book = desk.book_of(latest.rulebook)
    return {
        "total": latest.decision.get("points", 0),
        "rules": list(_factors(latest.decision.get("reasons", ()), book, language)),
        "levels": _levels(book.priority),
    }


def _factors(reasons: Any, book: RuleBook, language: str) -> Iterator[dict[str, Any]]:
    for reason in reasons:
        effects = reason["detail"].get("effects", ()) if reason["source"] == "rule" else ()
        for effect in effects:
            if effect["effect"] in ("points", "at_least"):
                yield {
                    "rule": reason["code"],
                    "why": words.reason(reason, book, language)["message"],
                    "points": effect.get("points"),
                    "at_least": effect.get("priority"),
                    "overruled": effect["overruled"],
                }


def _levels(scale: PriorityScale) -> dict[str, int]:
    return {"urgent": scale.urgent, "high": scale.high, "normal": scale.normal}


def _related(session: Session, row: Complaint) -> dict[str, dict[str, Any]]:
    """Other cases of the same order, phone, seller: the newest of each, in one look."""
    wanted: dict[str, ColumnElement[bool]] = {}
    if row.order_number:
        wanted["order"] = Complaint.order_number == row.order_number
    if row.contact_phone and len(search.digits_of(row.contact_phone)) >= 10:
        phones = search.of_phone(row.contact_phone).limit(NEAR + 2)
        wanted["phone"] = Complaint.id.in_(phones)
    if row.seller:
        wanted["seller"] = Complaint.seller == row.seller
    if not wanted:
        return {}
    looks = (select(_newest(row, name, each).subquery()) for name, each in wanted.items())
    found: dict[str, list[dict[str, Any]]] = {}
    for name, complaint_id, status, category, received_at in session.execute(union_all(*looks)):
        case = {"id": complaint_id, "status": status, "category": category}
        found.setdefault(name, []).append({**case, "received_at": received_at})
    return {
        name: {"cases": found[name][:NEAR], "more": len(found[name]) > NEAR}
        for name in wanted
        if name in found
    }


def _newest(row: Complaint, name: str, wanted: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    return (
        select(
            literal(name).label("name"),
            *(Complaint.id, Complaint.status, Complaint.category, Complaint.received_at),
        )
        .where(wanted, Complaint.id != row.id)
        .order_by(Complaint.received_at.desc())
        .limit(NEAR + 1)
    )
