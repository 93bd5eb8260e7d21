"""What comes next outside the service: the steps, the claim letter, the case to take away."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Any

from flask import Blueprint, Response, render_template, send_file
from flask.typing import ResponseReturnValue

from triage.casework import access, export
from triage.desk import Desk
from triage.languages import translate
from triage.messages import status as sentences
from triage.web.language import language

_SUBJECTS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "stage": sentences.STAGE,
        "stage_state": sentences.STAGE_STATE,
        "now": sentences.NOW,
        "told": sentences.TOLD,
        "demand": sentences.DEMAND,
        "ground": sentences.GROUND,
    }
)


def words(subject: str, code: str | None) -> str:
    """What the status page calls a code; nothing for a code that it has no words for."""
    return translate(_SUBJECTS[subject].get(code or "", ""), language())


def ladder() -> list[dict[str, str]]:
    """The steps outside, in the reader's language, each with its code and source."""
    return [
        {"code": code, **{name: translate(said, language()) for name, said in step.items()}}
        for code, step in sentences.LADDER.items()
    ]


def add_outside_pages(
    pages: Blueprint, desk: Desk, private: Callable[[ResponseReturnValue], Response]
) -> None:
    @pages.get("/status/<token>/letter")
    def status_letter(token: str) -> ResponseReturnValue:
        found = export.for_customer(desk, access.open_token(desk, token), language())
        page = render_template("status/letter.html", case=found, token=token, words=words)
        return private(page)

    @pages.get("/status/<token>/export")
    def status_export(token: str) -> ResponseReturnValue:
        complaint_id = access.open_token(desk, token)
        packed = export.pack_for_customer(desk, complaint_id, _written(desk, complaint_id))
        name = f"complaint-{complaint_id}.zip"
        sent = send_file(
            packed,
            mimetype="application/zip",
            as_attachment=True,
            download_name=name,
            conditional=False,
            etag=False,
        )
        return private(sent)


def _written(desk: Desk, complaint_id: str) -> Iterator[tuple[str, str]]:
    """The pages of the ZIP: the case and the letter, to be read and printed without us."""
    found: dict[str, Any] = export.for_customer(desk, complaint_id, language())
    yield "case.html", render_template("status/export.html", case=found, words=words)
