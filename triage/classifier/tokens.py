"""A text as tokens in base spelling, each with its place in the customer's own text."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from triage.classifier.language import WORD, Clue, clue, identify
from triage.classifier.letters import fold, plain, script_of, to_cyrillic

_NUMBER = r"\d+(?:[ \u00a0\u202f]\d{3})*(?:[.,]\d+)?"
_PICTURE = r"[\u2600-\u27bf\U0001f300-\U0001faff]"
_TOKEN = re.compile(rf"{WORD.pattern}|{_NUMBER}|[!?]+|\){{2,}}|\({{2,}}|{_PICTURE}")
_DECIMALS = re.compile(r"[.,]\d{1,2}$")
_NOT_DIGIT = re.compile(r"\D")

# Numbers matter by their size: a day, a week, two weeks, a month; a cheap thing, a dear one.
# (largest number of the class, its token); tokens start with 0, which no word does.
_SIZES = (
    (1, "01"),
    (2, "02"),
    (6, "03-6"),
    (13, "07-13"),
    (31, "014-31"),
    (999, "0hundreds"),
    (9_999, "0thousands"),
    (99_999, "0tens-of-thousands"),
    (1_000_000, "0hundreds-of-thousands"),
)
_LONG_NUMBER = 9  # digits and more: a phone, an order, a card

# What follows the noun «брак» (a defect) in a Kazakh sentence: it came, turned out, is, there
# is none. Before anything else the word is бірақ ("but") in Russian letters.
_AFTER_DEFECT = re.compile(r"(?:кел|шик|бол|екен|ед|жок|жибер|тап|деп|де$|зат|тауар|бар$|сат|бер)")
_BEFORE_DEFECT = frozenset({"завод", "заводскои", "заводски", "зауиттик", "тауар"})
_BUT = "бирак"

_LEAST_WORDS = 7  # of a part; shorter ones are read together with what follows
_PAUSE = re.compile(r"[.,;:…\n]")
_MARKS = frozenset("!?()")
_TURNS = frozenset({"но", _BUT, "однако", "зато", "хотя", "а", "ал"})  # base spellings


class Token(NamedTuple):
    """``text`` is the base spelling; ``start`` and ``end`` are places in the customer's text."""

    text: str
    start: int
    end: int


Read = tuple[list[Token], str | None]
"""A text as ``tokenise`` gives it."""


class _Spelling(NamedTuple):
    """What is known of one piece of text, whatever stands around it; kept, since words repeat."""

    clue: Clue | None  # None: not a word
    base: str
    romanised: str  # the base if Latin letters stand for Cyrillic ones


def tokenise(text: str) -> Read:
    """Words, numbers (as classes of size), marks and pictures in order, and the language."""
    matches = list(_TOKEN.finditer(text))
    spellings = [_spelling(match.group()) for match in matches]
    clues = [spelling.clue for spelling in spellings if spelling.clue is not None]
    language, romanised = identify(clues)
    bases = [spelling.romanised if romanised else spelling.base for spelling in spellings]
    if language == "kk" and "брак" in bases and not any(word.kazakh_letters for word in clues):
        bases = _tell_but_from_defect(bases)
    found = [
        Token(base, match.start(), match.end()) for base, match in zip(bases, matches, strict=True)
    ]
    return found, language


@lru_cache(maxsize=50_000)
def _spelling(piece: str) -> _Spelling:
    first = piece[0]
    if first.isalpha():
        word = plain(piece)
        base = fold(word) or word
        latin = script_of(word) == "latin"
        return _Spelling(clue(word), base, fold(to_cyrillic(word)) if latin else base)
    if first.isdecimal():
        mark = _size_of(piece)
        return _Spelling(None, mark, mark)
    mark = first if len(piece) == 1 else first * 2
    return _Spelling(None, mark, mark)


def _size_of(number: str) -> str:
    digits = _NOT_DIGIT.sub("", _DECIMALS.sub("", number))
    if len(digits) >= _LONG_NUMBER:
        return "0long"
    value = int(digits)
    return next((name for largest, name in _SIZES if value <= largest), "0millions")


def _tell_but_from_defect(bases: list[str]) -> list[str]:
    """Russian-letter Kazakh writes бірақ ("but") as «брак» (domain facts 6.1, traps)."""
    around = zip(["", *bases], bases, [*bases[1:], ""], strict=False)
    return [
        _BUT if base == "брак" and _joins_clauses(before, after) else base
        for before, base, after in around
    ]


def _joins_clauses(before: str, after: str) -> bool:
    return bool(after) and before not in _BEFORE_DEFECT and not _AFTER_DEFECT.match(after)


def parts(text: str, tokens: list[Token]) -> list[int]:
    """Which part of the text each token is in, from 0: it is cut where it pauses or turns."""
    numbers = []
    part = words = end = 0
    for token in tokens:
        if words >= _LEAST_WORDS and (
            token.text in _TURNS
            or token.text[0] in _MARKS
            or _PAUSE.search(text, end, token.start) is not None
        ):
            part, words = part + 1, 0
        numbers.append(part)
        words, end = words + 1, token.end
    return numbers
