"""The page of one case: all that is known about it, and what can be done with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from triage.casework import answer, assigning, surroundings, work, workplace
from triage.core.complaint import Category, Priority
from triage.core.evidence import EvidenceKind
from triage.core.people import Actor, Role
from triage.core.status import CLOSED, Action
from triage.desk import Desk
from triage.errors import Conflict, Invalid, NotFound, Refused
from triage.web.action_forms import FORMS, ActionForm, Answers, forms_for, to_wish
from triage.web.errors import sentence_of, status_of
from triage.web.language import language
from triage.web.ready_texts import offered
from triage.web.session import require

READERS = (Role.AGENT, Role.QA)


@dataclass(frozen=True, kw_only=True)
class Failure:
    """A form that is open with what was typed; ``sentence`` says why it was refused, if it was."""

    action: Action
    sentence: str | None
    field: str | None
    typed: Answers


def add_case_pages(pages: Blueprint, desk: Desk) -> None:
    @pages.get("/cases/<complaint_id>")
    def case(complaint_id: str) -> ResponseReturnValue:
        return _show(desk, complaint_id, require(desk, *READERS))

    @pages.post("/cases/<complaint_id>/actions/<action>")
    def act(complaint_id: str, action: str) -> ResponseReturnValue:
        actor = require(desk, *READERS)
        form = _form_of(action)
        if request.form.get("insert"):
            return _show_with_ready_text(desk, complaint_id, actor, form)
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

    @pages.post("/cases/<complaint_id>/looking")
    def looking(complaint_id: str) -> ResponseReturnValue:
        """The page is still open: who else has it open."""
        actor = require(desk, *READERS)
        return jsonify(names=workplace.look_at(desk, complaint_id, actor))


def _form_of(action: str) -> ActionForm:
    form = FORMS.get(Action(action)) if action in set(Action) else None
    if form is None:
        raise NotFound("action.unknown")
    return form


def _text(fact: object) -> str | None:
    return None if fact is None else str(fact)


def _show_with_ready_text(desk: Desk, complaint_id: str, actor: Actor, form: ActionForm) -> str:
    """The same page with a ready text added to what was typed: for browsers without scripts."""
    found = answer.case(desk, complaint_id, language(), actor)
    field, _, wanted = request.form["insert"].partition(":")
    chosen = request.form.get(f"ready-{field}", wanted)
    text = next((each.text for each in offered(desk, found) if each.id == chosen), None)
    typed: Answers = MultiDict(request.form)
    if text is not None and field in {question.name for question in form.questions}:
        typed[field] = "\n\n".join(part for part in (typed.get(field, "").strip(), text) if part)
    failure = Failure(action=form.action, sentence=None, field=None, typed=typed)
    return _show(desk, complaint_id, actor, failure)


def _show(desk: Desk, complaint_id: str, actor: Actor, failure: Failure | None = None) -> str:
    found, around = surroundings.case(desk, complaint_id, language(), actor)
    return render_template(
        "case.html",
        case=found,
        around=around,
        forms=forms_for(found["desk_actions"]) if actor.may(Role.AGENT) else [],
        may_assign=assigning.is_open(found["status"]) and assigning.may_assign(actor),
        ready=offered(desk, found),
        failure=failure,
        kinds=_kinds(found["checklist"]),
        categories=list(Category),
        priorities=list(Priority),
        closed=CLOSED,
        looking_seconds=workplace.LOOKING_SECONDS // 3,
    )


def _kinds(checklist: Sequence[Mapping[str, Any]]) -> dict[str, list[str]]:
    """Which kinds of evidence the forms offer, and which of them the case is short of."""
    lacking = [line for line in checklist if line["state"] in ("missing", "unusable")]
    return {
        "all": [str(kind) for kind in EvidenceKind],
        "short": [line["kind"] for line in lacking if line["level"] != "optional"],
        "waivable": [line["kind"] for line in lacking],
    }
