"""Pages for people: sign-in, the workbench, the phone intake, the customer's status page."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, Response, request
from flask.blueprints import BlueprintSetupState

from triage.desk import Desk
from triage.web import complain_files, headers, status
from triage.web.account import add_account_pages
from triage.web.account_own import add_own_account
from triage.web.admin import add_admin_pages
from triage.web.admin_people import add_people_pages
from triage.web.complain import add_complain_pages
from triage.web.dashboard import add_dashboard
from triage.web.errors import error_page
from triage.web.evidence import add_evidence_pages
from triage.web.intake import add_intake_pages
from triage.web.oidc import add_provider_pages
from triage.web.packed import pack
from triage.web.rulebook import add_rule_pages
from triage.web.session import check_origin, keep_language
from triage.web.status import add_status_page
from triage.web.template_words import STATIC, add_words
from triage.web.uploads import add_uploads
from triage.web.workbench import add_case_pages
from triage.web.workbench_assign import add_assign_pages
from triage.web.workbench_bulk import add_bulk_pages
from triage.web.workbench_queue import add_queue_pages, add_view_pages

MOST_FORM_BYTES = 256 * 1024  # the pages' own forms are text; files come in through the API


def pages(desk: Desk) -> Blueprint:
    """All pages as one blueprint, with its templates, files, session and headers.

    Errors of its own routes become pages; ``web.errors.error_page`` does the same for
    addresses that belong to nobody.
    """
    blueprint = Blueprint(
        "pages",
        __name__,
        template_folder="templates",
        static_folder="static",
        static_url_path="/assets",
    )
    blueprint.record_once(lambda state: _settle(state, desk))
    blueprint.register_error_handler(Exception, error_page)

    @blueprint.before_request
    def guard() -> None:
        request.max_content_length = (
            complain_files.most_bytes(desk) or status.most_bytes(desk) or MOST_FORM_BYTES
        )
        check_origin(desk)
        keep_language(desk)

    @blueprint.after_request
    def secure(response: Response) -> Response:
        if request.endpoint == "pages.static" and request.args.get("v"):
            # The address changes with the content, so a copy never goes stale.
            response.headers["Cache-Control"] = f"public, max-age={headers.A_YEAR}, immutable"
            response = pack(response, STATIC, (request.view_args or {}).get("filename", ""))
        return headers.secure(response, https=desk.settings.url.startswith("https:"))

    add_account_pages(blueprint, desk)
    add_provider_pages(blueprint, desk)
    add_own_account(blueprint, desk)
    add_admin_pages(blueprint, desk)
    add_people_pages(blueprint, desk)
    add_dashboard(blueprint, desk)
    add_queue_pages(blueprint, desk)
    add_view_pages(blueprint, desk)
    add_bulk_pages(blueprint, desk)
    add_assign_pages(blueprint, desk)
    add_case_pages(blueprint, desk)
    add_rule_pages(blueprint, desk)
    add_evidence_pages(blueprint, desk)
    add_intake_pages(blueprint, desk)
    add_complain_pages(blueprint, desk)
    add_uploads(blueprint, desk)
    add_status_page(blueprint, desk)
    return blueprint


def _settle(state: BlueprintSetupState, desk: Desk) -> None:
    app = state.app
    https = desk.settings.url.startswith("https:")
    app.secret_key = desk.secret
    app.config.update(
        # The prefix makes browsers hold the cookie to this host; it needs https.
        SESSION_COOKIE_NAME="__Host-triage" if https else "triage",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=https,
        SESSION_COOKIE_PATH="/",
        SESSION_REFRESH_EACH_REQUEST=False,
        PERMANENT_SESSION_LIFETIME=timedelta(hours=desk.settings.session_hours),
    )
    add_words(app, desk)
