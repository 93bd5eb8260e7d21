"""What the rules ask for and every limit, for a client that builds its form."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from zoneinfo import ZoneInfo

from triage.casework.submit import MAX_TEXT
from triage.casework.words import text
from triage.core.catalogue import EvidenceType, Goods, Named
from triage.core.complaint import Category, Wish
from triage.core.policy import Prospect, prospects
from triage.desk import Desk
from triage.evidence import EXTENSIONS, accepted_types
from triage.languages import translate
from triage.messages.labels import LABELS

_HERE = ZoneInfo("Asia/Almaty")


def policy(desk: Desk, language: str) -> dict[str, Any]:
    """Problem types with the evidence that each is or may be asked for, kinds, words, limits.

    What one complaint is asked for depends on all its facts: that is its ``checklist``.
    """
    book = desk.book
    return {
        "rulebook": book.version,
        "language": language,
        "problem_types": [
            {
                "code": str(each.category),
                "name": text(each.names, language),
                "evidence": _asked(desk, each.category, language),
            }
            for each in book.problem_types.values()
        ],
        "evidence_kinds": [
            kind_of_evidence(desk, each, language) for each in book.evidence_types.values()
        ],
        "product_categories": _named(book.goods.values(), language),
        "symptoms": _named(book.symptoms.values(), language),
        "return_answers": _named(book.answers.values(), language),
        "wishes": [
            {"code": str(wish), "name": translate(LABELS["wish"][wish], language)} for wish in Wish
        ],
        "sla": [
            {
                "class": str(sla),
                "name": text(terms.names, language),
                "days": terms.days,
                "counted": str(terms.counted),
            }
            for sla, terms in book.sla.classes.items()
        ],
        "limits": _limits(desk),
    }


def _asked(desk: Desk, category: Category, language: str) -> list[dict[str, Any]]:
    today = desk.now().astimezone(_HERE).date()
    return [_line(each, language) for each in prospects(desk.book, category, today)]


def _line(prospect: Prospect, language: str) -> dict[str, Any]:
    """One thing that may be asked for; ``always`` whatever else the complaint says."""
    require = prospect.require
    return {
        "kind": str(require.kind),
        "level": str(require.level),
        "count": require.count,
        "always": prospect.always,
        "from": str(require.supplier),
        "instead": [{"kind": str(s.kind), "count": s.count} for s in require.instead if s.kind],
        "rule": prospect.rule.id,
        "why": text(prospect.rule.why, language),
    }


def kind_of_evidence(desk: Desk, kind: EvidenceType, language: str) -> dict[str, Any]:
    """What a kind is called, how to make it well, and what of it is accepted."""
    limits = desk.examiner.limits
    types = accepted_types(kind.kind, limits)
    return {
        "kind": str(kind.kind),
        "name": text(kind.names, language),
        "hint": text(kind.hint, language),
        "accepts": [text(each, language) for each in kind.accepts],
        "media_types": list(types),
        "extensions": sorted({f".{name}" for each in types for name in EXTENSIONS[each]}),
        "max_bytes": limits.max_bytes(kind.kind),
    }


def _limits(desk: Desk) -> dict[str, int]:
    limits = desk.examiner.limits
    return {
        "text_characters": MAX_TEXT,
        "files": desk.settings.max_files,
        "request_bytes": desk.settings.max_request_bytes,
        "photo_bytes": limits.photo_bytes,
        "screenshot_bytes": limits.screenshot_bytes,
        "video_bytes": limits.video_bytes,
        "document_bytes": limits.document_bytes,
        "picture_pixels": limits.frame_pixels,
        "document_pages": limits.pages,
    }


def _named(things: Iterable[Named | Goods], language: str) -> list[dict[str, str]]:
    return [{"code": each.code, "name": text(each.names, language)} for each in things]
