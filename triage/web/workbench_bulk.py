"""One action to the chosen cases of the queue: asked once more, then told case by case."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from triage.casework import bulk
from triage.core.people import Role
from triage.core.status import Action
from triage.desk import Desk
from triage.errors import Invalid, TriageError
from triage.web.action_forms import FORMS, ActionForm, to_wish
from triage.web.errors import sentence_of, status_of
from triage.web.session import require


def add_bulk_pages(pages: Blueprint, desk: Desk) -> None:
    @pages.post("/queue/many")
    def ask_many() -> ResponseReturnValue:
        require(desk, Role.AGENT)
        return _ask(desk)

    @pages.post("/queue/many/act")
    def act_on_many() -> ResponseReturnValue:
        actor = require(desk, Role.AGENT)
        form = _form()
        try:
            _need_answers(form)
            outcomes = bulk.act_on_many(
                desk, _chosen(), form.action, actor, to_wish(form, request.form)
            )
        except Invalid as error:
            return _ask(desk, error)
        told = [(each, sentence_of(each.error) if each.error else None) for each in outcomes]
        return render_template("bulk_done.html", action=form.action, outcomes=told)


def _need_answers(form: ActionForm) -> None:
    for question in form.questions:
        if question.needed and not request.form.get(question.name, "").strip():
            raise Invalid(f"action.needs_{question.name}", field=question.name)


def _ask(desk: Desk, error: TriageError | None = None) -> ResponseReturnValue:
    chosen = _chosen()
    if not chosen and error is None:
        error = Invalid("bulk.none_chosen", field="ids")
    page = render_template(
        "bulk.html",
        form=_form(),
        rows=list(bulk.standing(desk, chosen).values()),
        trouble=None if error is None else sentence_of(error),
        typed=request.form,
    )
    return page, 200 if error is None else status_of(error)


def _chosen() -> list[str]:
    return list(dict.fromkeys(request.form.getlist("ids")))


def _form() -> ActionForm:
    """Raises Invalid("bulk.not_for_many") for an action that is none of ours."""
    wanted = request.form.get("action", "")
    if wanted not in set(bulk.ACTIONS):
        raise Invalid("bulk.not_for_many", field="action")
    return FORMS[Action(wanted)]
