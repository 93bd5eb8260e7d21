"""The admin's pages about the service: its state, its settings, its models, the audit log."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from triage import __version__
from triage.casework import accounts, audit, models
from triage.casework.audit import Asked
from triage.core.people import Role
from triage.desk import Desk
from triage.errors import Invalid
from triage.languages import translate
from triage.messages.errors import ERRORS
from triage.messages.staff import AUDIT
from triage.settings import Settings, variable
from triage.web.formats import ZONE
from triage.web.health import Fresh, readiness
from triage.web.language import language
from triage.web.session import require

_SECRET = ("secret", "password", "access_key")
_MASK = "••••••"
PAGE = 100  # entries of the audit log


def add_admin_pages(pages: Blueprint, desk: Desk) -> None:
    states = Fresh(lambda: readiness(desk))

    @pages.get("/admin")
    def admin() -> ResponseReturnValue:
        require(desk, Role.ADMIN)
        return render_template(
            "admin/state.html",
            states={name: (word, _sentence(code)) for name, (word, code) in states.get().items()},
            version=__version__,
            book=desk.book,
            classifier=desk.classifier,
            started_by=desk.settings,
        )

    @pages.get("/admin/settings")
    def admin_settings() -> ResponseReturnValue:
        require(desk, Role.ADMIN)
        return render_template("admin/settings.html", rows=settings_in_force(desk.settings))

    @pages.get("/admin/models")
    def admin_models() -> ResponseReturnValue:
        require(desk, Role.ADMIN)
        loaded = desk.classifier
        return render_template(
            "admin/models.html", models=models.shelf(desk), loaded=loaded.name if loaded else None
        )

    @pages.get("/admin/audit")
    def audit_log() -> ResponseReturnValue:
        require(desk, Role.ADMIN)
        typed = {name: request.args.get(name, "") for name in ("who", "verb", "since", "target")}
        asked = Asked(
            actor=typed["who"] or None,
            verb=_known_verb(typed["verb"]),
            target=typed["target"] or None,
            since=_day(typed["since"]),
            before=request.args.get("before", type=int),
        )
        found = audit.entries(desk, asked, PAGE + 1)
        return render_template(
            "admin/audit.html",
            entries=found[:PAGE],
            more=found[PAGE - 1].id if len(found) > PAGE else None,
            typed=typed,
            verbs=AUDIT,
            people={f"user:{each.id}": each.name for each in accounts.list_users(desk)},
        )


def settings_in_force(settings: Settings) -> list[Mapping[str, Any]]:
    """Every setting with its value, secrets masked, and whether it is other than the default."""
    return [
        {
            "variable": variable(each),
            "value": _shown(each.name, getattr(settings, each.name)),
            "changed": getattr(settings, each.name) != each.default,
            "help": each.metadata["help"],
        }
        for each in fields(settings)
    ]


def _shown(name: str, value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if any(word in name for word in _SECRET) and value:
        return _MASK
    return _without_password(str(value)) if "://" in str(value) else str(value)


def _without_password(address: str) -> str:
    parts = urlsplit(address)
    if "@" not in parts.netloc:
        return address
    account, _, host = parts.netloc.rpartition("@")
    hidden = f"{account.partition(':')[0]}:{_MASK}@{host}" if ":" in account else parts.netloc
    return urlunsplit(parts._replace(netloc=hidden))


def _sentence(code: str | None) -> str | None:
    """What a state's code says; the code itself where it has no sentence."""
    if code is None:
        return None
    return translate(ERRORS[code], language()) if code in ERRORS else code


def _known_verb(typed: str) -> str | None:
    if typed and typed not in AUDIT:
        raise Invalid("page.unknown_value", field="verb")
    return typed or None


def _day(typed: str) -> datetime | None:
    """The start of a day in Almaty. Raises Invalid("page.unknown_value")."""
    if not typed:
        return None
    try:
        return datetime.fromisoformat(typed).replace(tzinfo=ZONE).astimezone(UTC)
    except ValueError as error:
        raise Invalid("page.unknown_value", field="since") from error
