"""The customer's page behind a signed link: how the case stands, without an account."""

from __future__ import annotations

from flask import Blueprint, make_response, render_template
from flask.typing import ResponseReturnValue

from triage.casework import answer
from triage.desk import Desk
from triage.web.language import language


def add_status_page(pages: Blueprint, desk: Desk) -> None:
    @pages.get("/status/<token>")
    def status(token: str) -> ResponseReturnValue:
        found = answer.status_page(desk, token, language())
        page = make_response(render_template("status.html", case=found))
        page.headers["X-Robots-Tag"] = "noindex, nofollow"
        page.headers["Cache-Control"] = "no-store"
        return page
