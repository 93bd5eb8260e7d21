"""Ready texts for the forms of a case: in the customer's language, filled with the case's facts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from triage.casework import macros
from triage.core.evidence import EvidenceKind
from triage.desk import Desk
from triage.languages import translate
from triage.messages.labels import LABELS
from triage.web import formats
from triage.web.language import language


@dataclass(frozen=True)
class ReadyText:
    """A text to insert: its name for the reader, what it says to the customer or the desk."""

    macro: macros.Macro
    text: str

    @property
    def id(self) -> str:
        return self.macro.id

    @property
    def name(self) -> str:
        return self.macro.names[language()]


def offered(desk: Desk, case: Mapping[str, Any]) -> Sequence[ReadyText]:
    """Every ready text, filled; notes for the desk are in the reader's language."""
    texts = macros.ready_texts(desk.settings)
    if not texts:
        return ()
    facts = {each: _facts(desk, case, each) for each in {case["language"], language()}}
    return [
        ReadyText(each, each.filled(spoken, facts[spoken]))
        for each in texts
        for spoken in [language() if each.field == "note" else case["language"]]
    ]


def _facts(desk: Desk, case: Mapping[str, Any], spoken: str) -> dict[str, str]:
    due = case["sla"] and case["sla"]["due_at"]
    missing = [
        _kind(desk, line["kind"], spoken)
        for line in case["checklist"]
        if line["state"] in ("missing", "unusable") and line["level"] != "optional"
    ]
    known = {
        "case": case["id"],
        "order_number": case["order"].get("order_number"),
        "seller": case["order"].get("seller"),
        "customer": case["contact"].get("contact_name"),
        "missing": "\n".join(f"– {each}" for each in missing),
        "due": formats.day(due, spoken) if due else None,
    }
    return {name: str(value) for name, value in known.items() if value}


def _kind(desk: Desk, kind: str, spoken: str) -> str:
    found = desk.book.evidence_types.get(EvidenceKind(kind))
    return found.names[spoken] if found else translate(LABELS["kind"][kind], spoken)
