"""The agents' queue: filters, search, saved views, and what has changed since it was opened."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Any, TypeVar
from urllib.parse import urlencode

from flask import Blueprint, Response, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from triage.casework import answer, assigning, bulk, work, workplace
from triage.casework.queue import QueueFilters, View, first_ids
from triage.core.complaint import Category, Channel, Language, Priority
from triage.core.people import Actor, Role
from triage.core.status import OPEN, PAUSED, Status
from triage.desk import Desk
from triage.errors import Conflict, Invalid
from triage.web.action_forms import Answers
from triage.web.errors import sentence_of, status_of
from triage.web.language import language
from triage.web.session import require

PAGE_LENGTH = 50
POLL_SECONDS = 15
READERS = (Role.AGENT, Role.QA)
FILTERS = ("priority", "category", "status", "channel", "language", "team", "overdue", "mine", "q")
_Code = TypeVar("_Code", bound=StrEnum)
_TEAM = re.compile(r"[a-z][a-z0-9_]{0,39}")
_CHOICES: Mapping[str, Any] = {
    "priority": Priority,
    "category": Category,
    "status": [status for status in Status if status in OPEN],
    "channel": Channel,
    "language": Language,
}


def add_queue_pages(pages: Blueprint, desk: Desk) -> None:
    @pages.get("/queue")
    def queue() -> ResponseReturnValue:
        return _show(desk, require(desk, *READERS))

    @pages.get("/queue/state")
    def queue_state() -> ResponseReturnValue:
        """Which cases the first page would show now; 304 where these are still the same."""
        actor = require(desk, *READERS)
        with desk.reading() as session:
            view = View(filters=filters_from(request.args), actor=actor, now=desk.now())
            ids = first_ids(session, view, PAGE_LENGTH)
        response: Response = jsonify(ids=ids)
        response.set_etag(hashlib.sha256(" ".join(ids).encode()).hexdigest()[:20], weak=True)
        response.headers["Cache-Control"] = "private, no-cache"
        return response.make_conditional(request)

    @pages.post("/queue/next")
    def take_next() -> ResponseReturnValue:
        actor = require(desk, Role.AGENT)
        complaint_id = work.claim_next(desk, actor, filters_from(request.form))
        if complaint_id is None:
            flash("queue_empty", "notice")
            return redirect(_address(kept(request.form)), 303)
        return redirect(url_for(".case", complaint_id=complaint_id), 303)


def add_view_pages(pages: Blueprint, desk: Desk) -> None:
    @pages.post("/queue/views")
    def save_view() -> ResponseReturnValue:
        actor = require(desk, *READERS)
        filters = kept(request.form)
        try:
            workplace.save_view(desk, actor, request.form.get("name", ""), urlencode(filters))
        except (Conflict, Invalid) as error:
            return _show(desk, actor, sentence_of(error)), status_of(error)
        return redirect(_address(filters), 303)

    @pages.post("/queue/views/<int:view_id>/remove")
    def remove_view(view_id: int) -> ResponseReturnValue:
        workplace.remove_view(desk, require(desk, *READERS), view_id)
        return redirect(url_for(".queue"), 303)


def _show(desk: Desk, actor: Actor, trouble: str | None = None) -> str:
    given = request.form if request.method == "POST" else request.args
    filters = filters_from(given)
    cursor = request.args.get("cursor") or None
    found = answer.queue(desk, actor, language(), cursor=cursor, limit=PAGE_LENGTH, filters=filters)
    return render_template(
        "queue.html",
        found=found,
        filters=filters,
        kept=kept(given),
        cursor=cursor,
        choices={**_CHOICES, "team": list(desk.book.teams)},
        paused=PAUSED,
        views=workplace.list_views(desk, actor),
        trouble=trouble,
        bulk_actions=bulk.ACTIONS if actor.may(Role.AGENT) else (),
        may_assign=assigning.may_assign(actor),
        poll_seconds=POLL_SECONDS,
    )


def kept(given: Answers) -> dict[str, str]:
    """The filters as they were given, to be handed on to an address or a form."""
    return {name: given[name].strip()[:100] for name in FILTERS if given.get(name, "").strip()}


def filters_from(given: Answers) -> QueueFilters:
    """The filters of an address; a value that is no choice of ours filters nothing."""
    return QueueFilters(
        status=_known(Status, given.get("status")),
        priority=_known(Priority, given.get("priority")),
        category=_known(Category, given.get("category")),
        channel=_known(Channel, given.get("channel")),
        language=_known(Language, given.get("language")),
        team=_team(given.get("team", "")),
        overdue=bool(given.get("overdue")),
        mine=bool(given.get("mine")),
        q=given.get("q", "").strip()[:100] or None,
    )


def _team(given: str) -> str | None:
    """A team may have left the book since; what it was given can still be looked for."""
    return given if _TEAM.fullmatch(given) else None


def _known(codes: type[_Code], given: str | None) -> _Code | None:
    return codes(given) if given in set(codes) else None


def _address(filters: Mapping[str, str]) -> str:
    """Of the queue under these filters."""
    return f"{url_for('pages.queue')}?{urlencode(filters)}" if filters else url_for("pages.queue")
