"""What agents keep for themselves and see of each other: saved views, who looks at a case."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from triage.core.people import Actor
from triage.desk import Desk
from triage.errors import Conflict, Invalid, NotFound
from triage.store.tables import Complaint
from triage.store.workplaces import SavedView, Viewer

MOST_VIEWS = 20  # of one person; more nobody reads
LONGEST_NAME = 60
LOOKING_SECONDS = 60  # a page says every third of it that it is still open


def list_views(desk: Desk, actor: Actor) -> list[SavedView]:
    """The person's own views, by name."""
    with desk.reading() as session:
        wanted = select(SavedView).filter_by(owner=actor.id).order_by(SavedView.name)
        return list(session.scalars(wanted))


def save_view(desk: Desk, actor: Actor, name: str, query: str) -> None:
    """Keep filters under a name; the same name again replaces them.

    Raises Invalid("view.needs_name"), Conflict("view.too_many").
    """
    name = " ".join(name.split())[:LONGEST_NAME]
    if not name:
        raise Invalid("view.needs_name", field="name")
    with desk.sessions.begin() as session:
        known = session.scalar(select(SavedView).filter_by(owner=actor.id, name=name))
        if known is not None:
            known.query = query
            return
        count = session.scalar(select(func.count()).where(SavedView.owner == actor.id)) or 0
        if count >= MOST_VIEWS:
            raise Conflict("view.too_many", limit=MOST_VIEWS)
        view = SavedView(owner=actor.id, name=name, query=query, made_at=desk.now())
        session.add(view)


def remove_view(desk: Desk, actor: Actor, view_id: int) -> None:
    """Raises NotFound for a view that is not (or no longer) the person's own."""
    with desk.sessions.begin() as session:
        view = session.get(SavedView, view_id)
        if view is None or view.owner != actor.id:
            raise NotFound("view.unknown")
        session.delete(view)


def look_at(desk: Desk, complaint_id: str, actor: Actor) -> list[str]:
    """Say that the person has the case's page open; the names of others who have.

    Raises NotFound.
    """
    now = desk.now()
    with desk.sessions.begin() as session:
        if session.get(Complaint, complaint_id) is None:
            raise NotFound("complaint.unknown")
        gone = now - timedelta(seconds=LOOKING_SECONDS)
        session.execute(
            delete(Viewer).where(Viewer.complaint_id == complaint_id, Viewer.seen_at < gone)
        )
        viewer = Viewer(complaint_id=complaint_id, actor=actor.id, name=actor.name, seen_at=now)
        session.merge(viewer)
        session.flush()
        return others_looking(session, complaint_id, actor, now)


def others_looking(session: Session, complaint_id: str, actor: Actor, now: datetime) -> list[str]:
    """The names of those who have the case's page open, without ``actor``."""
    wanted = (
        select(Viewer.name)
        .where(
            Viewer.complaint_id == complaint_id,
            Viewer.actor != actor.id,
            Viewer.seen_at >= now - timedelta(seconds=LOOKING_SECONDS),
        )
        .order_by(Viewer.name)
    )
    return list(session.scalars(wanted))
