"""The agents' pages: the queue, one case, and what can be done with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from triage.casework import answer, work
from triage.casework.queue import QueueFilters
from triage.core.complaint import Category, Channel, Language, Priority
from triage.core.evidence import EvidenceKind
from triage.core.people import Actor, Role
from triage.core.status import OPEN, PAUSED, Action, Status
from triage.desk import Desk
from triage.errors import Conflict, Invalid, NotFound, Refused
from triage.web.action_forms import FORMS, Answers, forms_for, to_wish
from triage.web.errors import sentence_of, status_of
from triage.web.language import language
from triage.web.session import require

PAGE_LENGTH = 50
READERS = (Role.AGENT, Role.QA)
_Code = TypeVar("_Code", bound=StrEnum)


@dataclass(frozen=True, kw_only=True)
class Failure:
    """An action that was refused: shown beside its form, with what was typed."""

    action: Action
    sentence: str
    field: str | None
    typed: Answers


def add_queue_pages(pages: Blueprint, desk: Desk) -> None:
    @pages.get("/queue")
    def queue() -> ResponseReturnValue:
        actor = require(desk, *READERS)
        filters = filters_from(request.args)
        found = answer.queue(
            desk,
            actor,
            language(),
            cursor=request.args.get("cursor") or None,
            limit=PAGE_LENGTH,
            filters=filters,
        )
        choices = {
            "priority": Priority,
            "category": Category,
            "status": [status for status in Status if status in OPEN],
            "channel": Channel,
            "language": Language,
        }
        return render_template(
            "queue.html", found=found, filters=filters, choices=choices, paused=PAUSED
        )

    @pages.post("/queue/next")
    def take_next() -> ResponseReturnValue:
        actor = require(desk, Role.AGENT)
        complaint_id = work.claim_next(desk, actor, filters_from(request.form))
        if complaint_id is None:
            flash("queue_empty", "notice")
            return redirect(url_for(".queue", **_kept_filters()), 303)
        return redirect(url_for(".case", complaint_id=complaint_id), 303)


def _kept_filters() -> dict[str, Any]:
    names = ("priority", "category", "status", "channel", "language", "mine", "q")
    return {name: request.form[name] for name in names if request.form.get(name)}


def filters_from(given: Answers) -> QueueFilters:
    """The filters of an address; a value that is no choice of ours filters nothing."""
    return QueueFilters(
        status=_known(Status, given.get("status")),
        priority=_known(Priority, given.get("priority")),
        category=_known(Category, given.get("category")),
        channel=_known(Channel, given.get("channel")),
        language=_known(Language, given.get("language")),
        mine=bool(given.get("mine")),
        q=given.get("q", "").strip()[:100] or None,
    )


def _known(codes: type[_Code], given: str | None) -> _Code | None:
    return codes(given) if given in set(codes) else None


def add_case_pages(pages: Blueprint, desk: Desk) -> None:
    @pages.get("/cases/<complaint_id>")
    def case(complaint_id: str) -> ResponseReturnValue:
        return _show(desk, complaint_id, require(desk, *READERS))

    @pages.post("/cases/<complaint_id>/actions/<action>")
    def act(complaint_id: str, action: str) -> ResponseReturnValue:
        actor = require(desk, *READERS)
        form = FORMS.get(Action(action)) if action in set(Action) else None
        if form is None:
            raise NotFound("action.unknown")
        try:
            work.act(desk, complaint_id, form.action, actor, to_wish(form, request.form))
        except (Conflict, Invalid, Refused) as error:
            failure = Failure(
                action=form.action,
                sentence=sentence_of(error),
                field=_text(error.facts.get("field")),
                typed=request.form,
            )
            return _show(desk, complaint_id, actor, failure), status_of(error)
        flash(form.action.value, "done")
        return redirect(url_for(".case", complaint_id=complaint_id), 303)

    @pages.post("/cases/<complaint_id>/lease")
    def keep_lease(complaint_id: str) -> ResponseReturnValue:
        actor = require(desk, Role.AGENT)
        kept = work.keep_lease(desk, complaint_id, actor)
        return "", 204 if kept else 409


def _text(fact: object) -> str | None:
    return None if fact is None else str(fact)


def _show(desk: Desk, complaint_id: str, actor: Actor, failure: Failure | None = None) -> str:
    found = answer.case(desk, complaint_id, language(), actor)
    return render_template(
        "case.html",
        case=found,
        forms=forms_for(found["desk_actions"]) if actor.may(Role.AGENT) else [],
        failure=failure,
        kinds=_kinds(found["checklist"]),
        categories=list(Category),
        priorities=list(Priority),
    )


def _kinds(checklist: Sequence[Mapping[str, Any]]) -> dict[str, list[str]]:
    """Which kinds of evidence the forms offer, and which of them the case is short of."""
    lacking = [line for line in checklist if line["state"] in ("missing", "unusable")]
    return {
        "all": [str(kind) for kind in EvidenceKind],
        "short": [line["kind"] for line in lacking if line["level"] != "optional"],
        "waivable": [line["kind"] for line in lacking],
    }
