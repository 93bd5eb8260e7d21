"""What is written beside the conditions: translations, sources of law, the time of a rule."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from triage.core.catalogue import Texts
from triage.core.policy import Basis, Rule, RuleBook
from triage.rulebook.lint.notes import Level, Note
from triage.rulebook.lint.witness import Witness

_ARTICLE = re.compile(r"\b(art|article|ст|статья)\.? ?\d|\d-?(бап|тармақ)", re.IGNORECASE)
_CYRILLIC = re.compile(r"[а-яёәғқңөұүһі]", re.IGNORECASE)
_SOON = timedelta(days=30)


def check_wording(book: RuleBook, rule: Rule, today: date) -> Iterator[Note]:
    """What can be said about one rule without knowing when it fires."""
    yield from _of_time(rule, today)
    if rule.basis is Basis.LAW and not _ARTICLE.search(rule.source):
        yield _without_article(f"rule '{rule.id}'", rule.place, rule.source)
    for what, texts in (("why", rule.why), ("warn", rule.then.warn), ("ask", rule.then.ask)):
        yield from _of_texts(rule, what, texts)


def check_lists(book: RuleBook) -> Iterator[Note]:
    """Lists of goods that name the law without an article."""
    for each in book.goods_lists.values():
        if each.basis == Basis.LAW and not _ARTICLE.search(each.source):
            place = book.places.get(f"lists/{each.code}", "goods.yaml:1")
            yield _without_article(f"the list '{each.code}'", place, each.source)


def _without_article(what: str, place: str, source: str) -> Note:
    return Note(
        code="law.no_article",
        level=Level.WARNING,
        place=place,
        sentence=f"{what} calls itself law, and its source names no article: '{source[:60]}'",
        cure="Write the law and the article (Law No. 274-IV, art. 30(1)), or 'operator default'.",
    )


def _of_time(rule: Rule, today: date) -> Iterator[Note]:
    code, level, sentence, cure = "", Level.HINT, "", ""
    if rule.valid_to < today:
        code, level = "rule.expired", Level.WARNING
        sentence = f"rule '{rule.id}' ended on {rule.valid_to}"
        cure = "Take it out: earlier cases are judged by the book of their time."
    elif rule.valid_from > today:
        code, sentence = "rule.later", f"rule '{rule.id}' begins on {rule.valid_from} only"
    elif rule.valid_to < date.max and rule.valid_to <= today + _SOON:
        code, sentence = "rule.ends_soon", f"rule '{rule.id}' ends on {rule.valid_to}"
    if code:
        yield Note(
            code=code,
            level=level,
            place=rule.place,
            sentence=sentence,
            cure=cure,
            witness=_matching_today(rule, today),
        )


def _matching_today(rule: Rule, today: date) -> Witness | None:
    """An example that would match if it were not for the day."""
    for example in rule.examples:
        if example.match and _outside(rule, today):
            given = example.given.to_json()
            if "product_category" in given:
                given.pop("lists", None)
            return Witness(given, today)
    return None


def _outside(rule: Rule, today: date) -> bool:
    """Whether a complaint of that day is outside the time of the rule."""
    return not rule.valid_from <= today <= rule.valid_to


def _of_texts(rule: Rule, what: str, texts: Texts) -> Iterator[Note]:
    if not texts:
        return
    for language, problem in _oddities(texts).items():
        yield Note(
            code="text.untranslated",
            level=Level.WARNING,
            place=rule.place,
            sentence=f"rule '{rule.id}': the text '{what}' in '{language}' {problem}",
            cure="Translate it.",
        )


def _oddities(texts: Mapping[str, str]) -> Mapping[str, str]:
    """Languages whose text is not in that language, with what gives it away."""
    found: dict[str, str] = {}
    if _CYRILLIC.search(texts["en"]):
        found["en"] = "is written in Cyrillic letters"
    for language in ("ru", "kk"):
        if not _CYRILLIC.search(texts[language]):
            found[language] = "has no Cyrillic letter"
        elif texts[language] == texts["en"]:
            found[language] = "is the English text"
    if texts["kk"] == texts["ru"] and "kk" not in found:
        found["kk"] = "is the Russian text"
    return found
