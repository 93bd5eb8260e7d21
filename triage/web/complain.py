"""The customer's form at ``/complain``: a complaint in five steps, with or without a script.

Every step keeps what was typed in the draft before it looks at it, so nothing is lost on the way.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from triage.casework import answer, drafts, uploading
from triage.casework.attempts import Limit
from triage.casework.submit import MAX_TEXT, wait_for_triage
from triage.core.complaint import Submission, Wish
from triage.core.email_address import LONGEST_EMAIL
from triage.core.evidence import EvidenceKind
from triage.desk import Desk
from triage.errors import Conflict, Invalid, NotFound, TriageError
from triage.languages import LANGUAGES, translate
from triage.messages.complain import HINT, QUESTION
from triage.store.drafts import Draft
from triage.web import complain_form as form
from triage.web import formats
from triage.web.complain_draft import remember, secret_of_draft
from triage.web.complain_files import add_file_forms
from triage.web.errors import sentence_of
from triage.web.intake_form import LONGEST
from triage.web.language import label, language
from triage.web.rates import is_free

TRIAGE_SECONDS = 4.0  # how long the receipt waits for the due date
#: From one address. Mobile networks put thousands of customers behind one.
STARTS = Limit(name="form-start", most=60, seconds=60)
CHANGES = Limit(name="form-change", most=600, seconds=60)

PATHS = {
    "complain": "/complain",
    "complain_details": "/complain/details",
    "complain_evidence": "/complain/evidence",
    "complain_contact": "/complain/contact",
    "complain_check": "/complain/check",
}
STEPS = tuple(PATHS)
TICKS = ("contacted_outside", "hardship_declared", "on_credit")


def add_complain_pages(pages: Blueprint, desk: Desk) -> None:
    """The steps of the form, its files and its receipt."""

    def shown(step: str) -> Callable[[], ResponseReturnValue]:
        return lambda: _show(desk, step, _open_draft(desk))

    def answered(step: str) -> Callable[[], ResponseReturnValue]:
        limit = STARTS if step == "complain" else CHANGES
        return lambda: _step(desk, step, limit)

    for step, path in PATHS.items():
        pages.add_url_rule(path, step, shown(step), methods=["GET"])
        if step not in ("complain_evidence", "complain_check"):
            pages.add_url_rule(path, f"{step}_answered", answered(step), methods=["POST"])

    @pages.post("/complain/check")
    def complain_file() -> ResponseReturnValue:
        return _file(desk) if is_free(desk, CHANGES) else too_fast()

    @pages.post("/complain/keep")
    def complain_keep() -> ResponseReturnValue:
        return _keep(desk)

    @pages.get("/complain/filed")
    def complain_filed() -> ResponseReturnValue:
        return _receipt(desk)

    add_file_forms(pages, desk, CHANGES, _show)


KEPT = frozenset(
    {name for each in form.QUESTIONS.values() for name in each.names} - set(TICKS)
) | set(form.CONTACT)


def too_fast() -> Response:
    """The page for an address that sends too much at once."""
    sentence = sentence_of(Invalid("page.too_fast"))
    page = make_response(render_template("error.html", status=429, sentence=sentence), 429)
    page.headers["Retry-After"] = "60"
    return page


def _open_draft(desk: Desk) -> Draft | None:
    """The draft that this browser writes; None before the first answer and after filing."""
    try:
        return drafts.get(desk, secret_of_draft(desk))
    except (NotFound, Conflict):
        return None


def _names(desk: Desk, step: str, draft: Draft) -> tuple[str, ...]:
    """The fields of a step; its form is made for the problem type."""
    if step == "complain":
        return ("problem_type",)
    if step == "complain_contact":
        return form.CONTACT
    category = form.category_of(draft.answers, desk.book)
    return form.QUESTIONS[category].names if category else ()


def _step(desk: Desk, step: str, limit: Limit) -> ResponseReturnValue:
    """Keep what was typed, then go on, or show what has to be corrected."""
    if not is_free(desk, limit):
        return too_fast()
    draft, secret = _open_draft(desk), secret_of_draft(desk)
    if draft is None and step != "complain":
        filed = drafts.find(desk, secret_of_draft(desk))
        return redirect(url_for(".complain_filed" if filed else ".complain"), 303)
    if draft is None:
        secret = drafts.begin(desk)
        draft = drafts.get(desk, secret)
    names = _names(desk, step, draft)
    draft = drafts.write(desk, draft, {name: request.form.get(name, "") for name in names})
    onward = _onward(desk, step, draft, names)
    response = onward if isinstance(onward, Response) else make_response(*onward)
    return remember(response, desk, secret) if secret else response  # as long as the draft


def _onward(
    desk: Desk, step: str, draft: Draft, names: tuple[str, ...]
) -> Response | tuple[str, int]:
    other = request.form.get("lang")
    if other in LANGUAGES:
        return make_response(redirect(url_for(f".{step}", lang=other), 303))
    _, wrong = _read(desk, draft)
    if any(name in wrong for name in names):
        return _page(desk, step, draft, {n: e for n, e in wrong.items() if n in names}), 422
    back = request.form.get("back") == "check"
    after = "complain_check" if back else STEPS[STEPS.index(step) + 1]
    return make_response(redirect(url_for(f".{after}"), 303))


def _read(desk: Desk, draft: Draft) -> tuple[Submission, dict[str, Invalid]]:
    submission, wrong = form.read(draft.answers, desk.book, formats.to_moment(desk.now()).date())
    order = ("problem_type", *(n for each in form.QUESTIONS.values() for n in each.names))
    place = {name: n for n, name in reversed(list(enumerate((*order, *form.CONTACT))))}
    return submission, dict(sorted(wrong.items(), key=lambda item: place[item[0]]))


def _keep(desk: Desk) -> ResponseReturnValue:
    """What is typed, while it is typed: for the page's script."""
    draft = _open_draft(desk)
    if draft is not None and is_free(desk, CHANGES):
        drafts.write(desk, draft, {n: v for n, v in request.form.items() if n in KEPT})
    return "", 204


def _show(
    desk: Desk,
    step: str,
    draft: Draft | None,
    trouble: TriageError | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    """A step's page; whoever comes to a later one without the first is sent there."""
    typed: Mapping[str, str] = draft.answers if draft else {}
    if step != "complain" and form.category_of(typed, desk.book) is None:
        return redirect(url_for(".complain"), 303)
    if draft is not None and step == "complain_check":
        _, wrong = _read(desk, draft)
        if wrong:  # an address was opened past a step, or a rule of the form has changed
            first = next(iter(wrong))
            step = "complain_contact" if first in form.CONTACT else "complain_details"
            return _page(desk, step, draft, wrong), 422
    return _page(desk, step, draft, {}, trouble), status


def _page(
    desk: Desk,
    step: str,
    draft: Draft | None,
    wrong: Mapping[str, Invalid],
    trouble: TriageError | None = None,
) -> str:
    typed: Mapping[str, str] = draft.answers if draft else {}
    category = form.category_of(typed, desk.book)
    shown: dict[str, Any] = {}
    if draft is not None and step in ("complain_evidence", "complain_check"):
        shown = _with_files(desk, draft)
    return render_template(
        f"complain/{step.removeprefix('complain_').replace('complain', 'type')}.html",
        step=step,
        number=STEPS.index(step) + 1,
        steps=len(STEPS),
        typed=typed,
        questions=form.QUESTIONS[category] if category else None,
        wrong={name: sentence_of(error) for name, error in wrong.items()},
        trouble=sentence_of(trouble) if trouble else None,
        trouble_field=trouble.facts.get("field") if trouble else None,
        back=request.values.get("back") == "check",
        question=_question,
        hint=lambda name: translate(HINT.get(name, ""), language()),
        today=formats.to_moment(desk.now()).date().isoformat(),
        longest={**LONGEST, "text": MAX_TEXT, "contact_email": LONGEST_EMAIL},
        choices=_choices(desk, typed),
        filed=drafts.find(desk, secret_of_draft(desk)) if draft is None else None,
        **shown,
    )


def _question(name: str) -> str:
    return translate(QUESTION[name], language()) if name in QUESTION else label("fact", name)


def _choices(desk: Desk, typed: Mapping[str, str]) -> Mapping[str, list[str]]:
    book, category = desk.book, form.category_of(typed, desk.book)
    return {
        "problem_type": [str(each) for each in book.problem_types],
        "symptom": form.symptoms(book, category) if category else [],
        "product_category": list(book.goods),
        "return_answer": list(book.answers),
        "wish": [str(each) for each in Wish],
    }


def _with_files(desk: Desk, draft: Draft) -> dict[str, Any]:
    """What the rules ask for in this case, and the files that are here, by their kind."""
    submission, _ = _read(desk, draft)
    rows = drafts.files_of(desk, draft)
    preview = drafts.preview_checklist(desk, submission, rows, language())
    asked = {line["kind"] for line in preview.checklist}
    others = drafts.other_kinds(desk, asked, language())
    return {
        "preview": preview,
        "others": others,
        "files": [answer.evidence(each, language(), whole=False) for each in rows],
        "coming": uploading.list_open(desk, draft.owner),
        "submission": submission,
        "kinds": [str(kind) for kind in EvidenceKind],
    }


def _file(desk: Desk) -> ResponseReturnValue:
    """File the draft; sent twice, it is one complaint."""
    secret = secret_of_draft(desk)
    draft = drafts.find(desk, secret)
    if draft is None or secret is None:
        return redirect(url_for(".complain"), 303)
    if draft.complaint_id is None:
        submission, wrong = _read(desk, draft)
        if wrong:
            return _show(desk, "complain_check", draft)
        try:
            drafts.file(desk, secret, submission)
        except TriageError as error:
            return _show(desk, "complain_check", draft, error, 503)
    return redirect(url_for(".complain_filed"), 303)


def _receipt(desk: Desk) -> ResponseReturnValue:
    secret = secret_of_draft(desk)
    draft = drafts.find(desk, secret)
    if draft is None or draft.complaint_id is None:
        return redirect(url_for(".complain"), 303)
    wait_for_triage(desk, draft.complaint_id, TRIAGE_SECONDS)
    return render_template("complain/filed.html", case=drafts.receipt(desk, secret, language()))
