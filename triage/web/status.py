"""The customer's page without an account: by a signed link, or by number and access code."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request
from flask import url_for as address_of
from flask.typing import ResponseReturnValue

from triage.casework import access, customer, customer_view
from triage.casework.attempts import Limit
from triage.casework.submit import wait_for_triage
from triage.desk import Desk
from triage.errors import NotFound, Refused, TriageError
from triage.web import rates, status_files, status_outside
from triage.web.errors import sentence_of, status_of
from triage.web.language import language
from triage.web.rates import TooOften, sender

JUDGING_SECONDS = 8.0  # how long an answer waits for the verdict on files that were just sent
LOOKUPS = Limit(name="status", most=10, seconds=60)  # from one address
LOOKUPS_OF_ONE = Limit(name="status-of-one", most=20, seconds=3600)  # from wherever
CHANGES = Limit(name="status-change", most=60, seconds=3600)  # of one complaint
LONGEST_TYPED = 40  # characters of a number or a code

Change = Callable[[str], None]


def add_status_page(pages: Blueprint, desk: Desk) -> None:
    _add_lookup(pages, desk)
    _add_changes(pages, desk)
    status_outside.add_outside_pages(pages, desk, private)

    @pages.get("/status/<token>")
    def status(token: str) -> ResponseReturnValue:
        return private(_shown(desk, token, access.open_token(desk, token)))

    @pages.get("/status/<token>/files/<evidence_id>")
    def status_preview(token: str, evidence_id: str) -> ResponseReturnValue:
        found = status_files.preview(desk, access.open_token(desk, token), evidence_id)
        return private(found)


def private(answer: ResponseReturnValue) -> Response:
    """Kept by no machine, found by none, and its address told to no other page."""
    response = make_response(answer)
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def most_bytes(desk: Desk) -> int | None:
    """How large this request may be, where it may bring files; None for any other page."""
    takes_files = request.endpoint in ("pages.status_files_sent", "pages.status_appeal")
    return min(desk.settings.max_request_bytes, status_files.MOST_BYTES) if takes_files else None


def _add_lookup(pages: Blueprint, desk: Desk) -> None:
    @pages.get("/status")
    def status_lookup() -> ResponseReturnValue:
        return private(render_template("status/lookup.html", number="", problem=None))

    @pages.post("/status")
    def status_find() -> ResponseReturnValue:
        number = request.form.get("number", "").strip()[:LONGEST_TYPED]
        code = request.form.get("code", "").strip()[:LONGEST_TYPED]
        try:
            rates.count(desk, LOOKUPS, sender())
            rates.count(desk, LOOKUPS_OF_ONE, access.plain_number(number))
            found = access.find_by_code(desk, number, code)
            if found is None:
                raise Refused("status.not_found")
        except Refused as refusal:
            return private(_again(refusal, number))
        # Neither the number nor the code stands in the address, so neither comes into a log.
        return private(redirect(address_of(".status", token=access.visit_token(desk, found)), 303))


def _again(refusal: Refused, number: str) -> ResponseReturnValue:
    page = render_template("status/lookup.html", number=number, problem=sentence_of(refusal))
    response = make_response(page, 429 if isinstance(refusal, TooOften) else 403)
    if isinstance(refusal, TooOften):
        response.headers["Retry-After"] = str(refusal.facts["seconds"])
    return response


class _Changes:
    """What the forms of the page do, each counted, answered on the page itself where refused."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def make(self, token: str, what: str, do: Change) -> ResponseReturnValue:
        """Do it, then show the page; where it is refused, beside the form and with its text."""
        complaint_id = access.open_token(self._desk, token)
        try:
            rates.count(self._desk, CHANGES, complaint_id)
            do(complaint_id)
        except NotFound:
            raise
        except TriageError as error:
            typed = request.form.get("text", "")[: customer.LONGEST + 1]
            failure = {"form": what, "sentence": sentence_of(error), "text": typed}
            code = 429 if isinstance(error, TooOften) else status_of(error)
            return private(make_response(_shown(self._desk, token, complaint_id, failure), code))
        flash(what, "status")
        return private(redirect(address_of(".status", token=token) + f"#{_PLACE[what]}", 303))

    def add_files(self, complaint_id: str) -> None:
        """Each is judged before the page comes back, as far as that goes quickly."""
        customer.check_room(self._desk, complaint_id, status_files.count())
        customer.add_files(self._desk, complaint_id, status_files.keep(self._desk))
        wait_for_triage(self._desk, complaint_id, JUDGING_SECONDS)

    def write(self, complaint_id: str) -> None:
        customer.write(self._desk, complaint_id, request.form.get("text", ""))

    def appeal(self, complaint_id: str) -> None:
        customer.check_appeal(self._desk, complaint_id)
        customer.check_room(self._desk, complaint_id, status_files.count())
        new = request.form.get("text", "")
        customer.appeal(self._desk, complaint_id, new, status_files.keep(self._desk))
        wait_for_triage(self._desk, complaint_id, JUDGING_SECONDS)

    def withdraw(self, complaint_id: str) -> None:
        customer.withdraw(self._desk, complaint_id)


def _add_changes(pages: Blueprint, desk: Desk) -> None:
    changes = _Changes(desk)

    @pages.post("/status/<token>/files")
    def status_files_sent(token: str) -> ResponseReturnValue:
        return changes.make(token, "files", changes.add_files)

    @pages.post("/status/<token>/message")
    def status_message(token: str) -> ResponseReturnValue:
        return changes.make(token, "message", changes.write)

    @pages.post("/status/<token>/appeal")
    def status_appeal(token: str) -> ResponseReturnValue:
        return changes.make(token, "appeal", changes.appeal)

    @pages.get("/status/<token>/withdraw")
    def status_withdraw(token: str) -> ResponseReturnValue:
        found = customer_view.page(desk, access.open_token(desk, token), language())
        return private(render_template("status/withdraw.html", case=found, token=token))

    @pages.post("/status/<token>/withdraw")
    def status_withdrawn(token: str) -> ResponseReturnValue:
        return changes.make(token, "withdraw", changes.withdraw)


_PLACE = {
    "files": "files-title",
    "message": "thread-title",
    "appeal": "thread-title",
    "withdraw": "content",
}


def _shown(desk: Desk, token: str, complaint_id: str, failure: dict[str, Any] | None = None) -> str:
    found = customer_view.page(desk, complaint_id, language())
    outside = found["decision"] or (found["sla"] and found["sla"]["breached"])
    return render_template(
        "status/page.html",
        case=found,
        token=token,
        failure=failure,
        kinds=status_files.kinds(desk, found["kinds"]),
        ladder=status_outside.ladder() if outside else [],
        words=status_outside.words,
        longest=customer.LONGEST,
    )
