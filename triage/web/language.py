"""Which language a request is answered in, and our sentences in it."""

from __future__ import annotations

import functools

from flask import g, request, session
from markupsafe import Markup, escape

from triage.languages import LANGUAGES, best_language, catalogue, fill, translate
from triage.messages.labels import LABELS

#: How each language calls itself: a reader looks for the own word, so these are not translated.
OWN_NAMES = {"ru": "Русский", "kk": "Қазақша", "en": "English"}


def language() -> str:
    """``?lang=`` (remembered in the session), else what the session remembers, else the browser.

    Signing in puts the account's language into the session.
    """
    found: str | None = g.get("language")  # asked for a thousand times by one page
    if found is None:
        found = g.language = _chosen()
    return found


def _chosen() -> str:
    asked = request.args.get("lang")
    if asked in LANGUAGES:
        session["language"] = session["language_chosen"] = asked
        return asked
    kept = session.get("language")
    if kept in LANGUAGES:
        return str(kept)
    return best_language(request.headers.get("Accept-Language"))


def text(sentence: str, **facts: object) -> Markup:
    """``_("In {place}", place=…)`` of the templates: translated, then filled with escaped facts."""
    said = _translated(sentence, language())
    return _filled(said, facts) if facts else said


@functools.lru_cache(maxsize=4096)
def _translated(sentence: str, spoken: str) -> Markup:
    """A long table says the same words in every row."""
    return escape(translate(sentence, spoken))


def plural(one: str, many: str, count: int, **facts: object) -> Markup:
    """``ngettext`` of the templates: the form that ``count`` asks for; ``{n}`` is the count."""
    if language() == "en":
        sentence = one if count == 1 else many
    else:
        sentence = str(catalogue(language()).ungettext(one, many, count))
    return _filled(escape(sentence), {"n": count, **facts})


def label(subject: str, code: str | None) -> str:
    """What a code is called on a page; a code without a name is shown as it is."""
    if code is None:
        return ""
    name = LABELS[subject].get(code)
    return code if name is None else translate(name, language())


def _filled(sentence: Markup, facts: dict[str, object]) -> Markup:
    # The escaped facts only ever replace placeholders of our own escaped sentence.
    escaped = {name: escape(fact) for name, fact in facts.items()}
    return Markup(fill(str(sentence), escaped))  # noqa: S704 (escaped right above)
