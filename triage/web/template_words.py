"""What every template may say: sentences, names, times, sums and the addresses of our files."""

from __future__ import annotations

import functools
import hashlib
import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from flask import request, url_for
from flask.sansio.app import App
from markupsafe import Markup, escape

from triage.core.evidence import EvidenceKind
from triage.core.people import Actor
from triage.desk import Desk
from triage.languages import LANGUAGES, say
from triage.messages.reasons import CLOCK
from triage.web import formats
from triage.web.language import OWN_NAMES, label, language, plural, text
from triage.web.session import csrf_token, signed_in

STATIC = Path(__file__).parent / "static"


def add_words(app: App, desk: Desk) -> None:
    """Put the words into the app's template environment."""
    environment = app.jinja_env
    environment.trim_blocks = environment.lstrip_blocks = True
    # "_" takes {placeholders}, as every other sentence of ours does; Babel still extracts it.
    environment.globals.update(
        _=text,
        ngettext=plural,
        label=label,
        asset=_asset,
        csrf_token=csrf_token,
        languages=LANGUAGES,
        own_names=OWN_NAMES,
        in_language=_in_language,
        now=desk.now,
        lease_minutes=desk.settings.lease_minutes,
        page_language=language,
        visitor=functools.partial(_visitor, desk),
        named=functools.partial(_named, desk),
        kind_name=functools.partial(_kind_name, desk),
        code=_code,
        as_is=_as_is,
        step=_step,
    )
    environment.filters.update(
        moment=lambda value: formats.moment(value, language()),
        short_moment=lambda value: formats.short_moment(value, desk.now(), language()),
        day=lambda value: formats.day(value, language()),
        spoken=lambda value: formats.spoken(value, language()),
        money=formats.money,
        share=formats.share,
        number=lambda value: formats.number(value, language()),
        percent=lambda value: formats.percent(value, language()),
        size=lambda octets: formats.size(octets, language()),
        remaining=lambda until: formats.remaining(until, desk.now(), language()),
        overdue=lambda until: formats.to_moment(until) < desk.now(),
        marked=mark_terms,
        length_of=formats.length,
        formats=formats.types,
        fact=_fact,
    )


def _visitor(desk: Desk) -> Actor | None:
    return signed_in(desk)


def _named(desk: Desk, code: str | None) -> str:
    """What the rule book calls a problem type, a symptom, a goods category, …"""
    if not code:
        return ""
    names = desk.book.find_names(code)
    return names[language()] if names else code


def _kind_name(desk: Desk, kind: str) -> str:
    """What the rule book calls a kind of evidence; the reasons of a decision say it so too."""
    found = desk.book.evidence_types.get(EvidenceKind(kind))
    return found.names[language()] if found else label("kind", kind)


def _code(code: str) -> Markup:
    """A code that is the same in every language: an id, a version, a type of file."""
    return Markup('<span class="code" translate="no">{}</span>').format(code)


def _as_is(words: str) -> Markup:
    """What somebody wrote or is called: no page and no browser translates it."""
    return Markup('<span translate="no">{}</span>').format(words)


def _step(step: Mapping[str, Any]) -> str:
    """One step of a clock's derivation, with its days and moments as people write them."""
    sentence = CLOCK.get(step["code"])
    if sentence is None:
        return str(step["message"])
    shown = {name: _shown(name, value) for name, value in step.items()}
    return say(sentence, language(), shown)


def _shown(name: str, value: object) -> object:
    if not isinstance(value, str) or name not in _TIMES:
        return value
    if "T" in value:
        return formats.moment(value, language())
    return formats.weekday(value, language())


_TIMES = frozenset({"at", "since", "until", "day"})


def _fact(value: object) -> str:
    """A fact about the order in words: yes or no, a day, or as it was written."""
    if isinstance(value, bool):
        return text("Yes") if value else text("No")
    if isinstance(value, date | datetime):
        return formats.day(value, language())
    return str(value)


@functools.cache
def _version(filename: str) -> str:
    return hashlib.sha256((STATIC / filename).read_bytes()).hexdigest()[:12]


def _asset(filename: str) -> str:
    return url_for("pages.static", filename=filename, v=_version(filename))


def _in_language(other: str) -> str:
    """This page's address in another language. An answer to a form has no address of its own."""
    path = request.path if request.method == "GET" else _page_of_form()
    kept = [(name, v) for name, v in request.args.items(multi=True) if name != "lang"]
    return f"{path}?{urlencode([*kept, ('lang', other)])}"


def _page_of_form() -> str:
    return re.sub(r"/actions/[a-z_]+$", "", request.path)


def mark_terms(words: str, terms: Sequence[dict[str, Any]]) -> Markup:
    """The customer's text with the words that pushed the model marked; everything escaped.

    A word's class says whether it spoke for the predicted category or against it.
    """
    weights = {str(t["term"]): float(t.get("weight", 0)) for t in terms if t.get("term")}
    wanted = sorted(weights, key=len, reverse=True)
    if not wanted:
        return escape(words)
    # A term of two words was read across whatever stood between them: "cannot: it leaks".
    spelt = (r"\W{1,3}".join(map(re.escape, term.split())) for term in wanted)
    pattern = re.compile("|".join(rf"(?<!\w)({each})(?!\w)" for each in spelt), re.IGNORECASE)
    parts: list[Markup] = []
    end = 0
    for found in pattern.finditer(words):
        side = "against" if weights[wanted[(found.lastindex or 1) - 1]] < 0 else "for"
        mark = Markup('<mark class="{}">{}</mark>').format(side, found[0])
        parts += [escape(words[end : found.start()]), mark]
        end = found.end()
    return Markup("").join([*parts, escape(words[end:])])
