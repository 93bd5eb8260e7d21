"""Chosen cases given to an agent: asked once more, then told case by case."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from triage.casework import assigning, bulk
from triage.core.people import Actor, Role
from triage.desk import Desk
from triage.errors import Invalid, Refused, TriageError
from triage.web.errors import sentence_of, status_of
from triage.web.session import require

GIVERS = (Role.AGENT, Role.QA)
NOTE_LENGTH = 500


def add_assign_pages(pages: Blueprint, desk: Desk) -> None:
    @pages.post("/queue/assign")
    def ask_assign() -> ResponseReturnValue:
        return _ask(desk, require(desk, *GIVERS))

    @pages.post("/queue/assign/act")
    def assign_many() -> ResponseReturnValue:
        actor = require(desk, *GIVERS)
        note = request.form.get("note", "").strip()[:NOTE_LENGTH]
        try:
            outcomes = bulk.assign_many(desk, _chosen(), actor, request.form.get("to", ""), note)
        except (Invalid, Refused) as error:
            return _ask(desk, actor, error)
        told = [(each, sentence_of(each.error) if each.error else None) for each in outcomes]
        return render_template("bulk_done.html", action=assigning.VERB, outcomes=told)


def _ask(desk: Desk, actor: Actor, error: TriageError | None = None) -> ResponseReturnValue:
    chosen = _chosen()
    if not chosen and error is None:
        error = Invalid("bulk.none_chosen", field="ids")
    page = render_template(
        "assign.html",
        rows=list(bulk.standing(desk, chosen).values()),
        agents=assigning.agents(desk),
        me=actor.id,
        gives_all=actor.may(Role.QA),
        trouble=None if error is None else sentence_of(error),
        typed=request.form,
        note_length=NOTE_LENGTH,
    )
    return page, 200 if error is None else status_of(error)


def _chosen() -> list[str]:
    return list(dict.fromkeys(request.form.getlist("ids")))
