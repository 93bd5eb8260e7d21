"""The phone operator's pages: a complaint written down during the call, and what to read out."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping

from flask import (
    Blueprint,
    flash,
    get_flashed_messages,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from triage.casework import access, answer
from triage.casework.submit import (
    MAX_TEXT,
    Idempotency,
    fingerprint_of,
    submit,
    wait_for_triage,
)
from triage.core.complaint import Wish
from triage.core.people import Role
from triage.desk import Desk
from triage.errors import Conflict, Invalid, TriageError, Unavailable
from triage.web import formats
from triage.web.errors import sentence_of, status_of
from triage.web.intake_form import LONGEST, Answers, read
from triage.web.language import language
from triage.web.session import require

CODE = "access_code"  # shown on the next page only: what is kept is its mark
TRIAGE_SECONDS = 4.0  # how long the receipt waits for the due date: the caller is on the line


def add_intake_pages(pages: Blueprint, desk: Desk) -> None:
    @pages.get("/intake")
    def intake() -> ResponseReturnValue:
        require(desk, Role.INTAKE)
        return _form(desk, MultiDict(), {})

    @pages.post("/intake")
    def file_call() -> ResponseReturnValue:
        actor = require(desk, Role.INTAKE)
        typed = request.form
        submission, wrong = read(typed, desk.book, formats.to_moment(desk.now()).date())
        if wrong:
            return _form(desk, typed, wrong), 422
        once = Idempotency(f"intake-form:{_form_id(typed)}", fingerprint_of(submission))
        try:
            receipt = submit(desk, submission, actor, once)
        except Invalid as error:
            return _form(desk, typed, {str(error.facts["field"]): error}), status_of(error)
        except (Conflict, Unavailable) as error:
            return _form(desk, typed, {}, error), status_of(error)
        if receipt.created:
            flash(access.give_code(desk, receipt.complaint_id), CODE)
        return redirect(url_for(".receipt", complaint_id=receipt.complaint_id), 303)

    _add_receipts(pages, desk)


def _add_receipts(pages: Blueprint, desk: Desk) -> None:
    @pages.get("/intake/<complaint_id>")
    def receipt(complaint_id: str) -> ResponseReturnValue:
        actor = require(desk, Role.INTAKE)
        complaint_id = complaint_id.upper()
        wait_for_triage(desk, complaint_id, TRIAGE_SECONDS)
        found = answer.complaint(desk, complaint_id, language(), actor)
        shown = get_flashed_messages(category_filter=[CODE])
        return render_template("receipt.html", case=found, access_code=next(iter(shown), None))

    @pages.post("/intake/<complaint_id>/code")
    def new_code(complaint_id: str) -> ResponseReturnValue:
        require(desk, Role.INTAKE)
        flash(access.give_code(desk, complaint_id.upper()), CODE)
        return redirect(url_for(".receipt", complaint_id=complaint_id.upper()), 303)


def _form(
    desk: Desk, typed: Answers, wrong: Mapping[str, Invalid], trouble: TriageError | None = None
) -> str:
    """The form with what was typed; ``trouble`` is of the whole form, not of one field."""
    # What was filed already needs an id of its own to be filed once more; all else keeps its id.
    form_id = _new_id() if isinstance(trouble, Conflict) else _form_id(typed)
    return render_template(
        "intake.html",
        typed=typed,
        wrong={name: sentence_of(error) for name, error in wrong.items()},
        trouble=sentence_of(trouble) if trouble else None,
        form_id=form_id,
        today=formats.to_moment(desk.now()).date().isoformat(),
        longest={**LONGEST, "text": MAX_TEXT},
        problem_types=list(desk.book.problem_types),
        symptoms=list(desk.book.symptoms),
        wishes=list(Wish),
    )


def _form_id(typed: Answers) -> str:
    """The id that this form was opened with: sent twice, it is one complaint."""
    given = typed.get("form_id", "")
    return given if re.fullmatch(r"[A-Za-z0-9_-]{16,64}", given) else _new_id()


def _new_id() -> str:
    return secrets.token_urlsafe(16)
