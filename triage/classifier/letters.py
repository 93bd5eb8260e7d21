"""Letters: one base spelling for Kazakh, Russian and Latin writing of the same word."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

KAZAKH_LETTERS = frozenset("әғқңөұүһі")
"""Letters of the Kazakh alphabet that the Russian one lacks, in lower case."""

# Pairs that people mix up when they type: the Kazakh letter and its Russian stand-in, and the
# vowels that Russian-letter Kazakh confuses (істемейді, истемейди, истемейды). Hard and soft
# signs go, because hurried writers drop them.
_FOLD = str.maketrans(
    {
        **dict(zip("әғқңөұүһ", "агкноуух", strict=True)),
        **dict.fromkeys("іыйѝ", "и"),
        **dict.fromkeys("ёэє", "е"),
        "щ": "ш",
        "ъ": None,
        "ь": None,
    }
)
_INVISIBLE = str.maketrans(dict.fromkeys("\u00ad\u200b\u200c\u200d\u2060\ufeff"))
_LOOKALIKES = dict(zip("abcehikmoptxyí", "авсенікмортхуі", strict=True))
_TO_CYRILLIC = str.maketrans(_LOOKALIKES)
_LOOKALIKE_LETTERS = frozenset(_LOOKALIKES)

_CYRILLIC_OF = {
    "shch": "ш", "sch": "ш", "sh": "ш", "ch": "ч", "zh": "ж", "kh": "х", "gh": "г",
    "ae": "а", "ya": "я", "ia": "я", "yu": "ю", "iu": "ю", "yo": "е", "ts": "ц",
    **dict(zip("abcdefghijklmnopqrstuvwxyz", "абкдефгхижклмнопкрстуууксиз", strict=False)),
    **dict(zip("äáǵğńñöóūüúıíşçýž", "ааггннооуууиишчуж", strict=True)),
    "v": "в", "w": "у", "x": "х", "y": "и", "z": "з", "c": "ц",
}  # fmt: skip
_NASAL = "ng(?![aeiouyıöüäáóú])"  # ң; before a vowel it is as often н and г (dengi, «деньги»)
_LATIN_UNIT = re.compile("|".join([_NASAL, *sorted(_CYRILLIC_OF, key=len, reverse=True)]))
_REPEATED = re.compile(r"(.)\1+")
_CYRILLIC = re.compile(r"[\u0400-\u052f]")
_LATIN = re.compile(r"[a-z\u00df-\u024f]")


def plain(word: str) -> str:
    """Lower case, composed accents, invisible characters out, lookalikes of one script."""
    text = word if word.isascii() else unicodedata.normalize("NFC", word.translate(_INVISIBLE))
    text = text.casefold()
    if _CYRILLIC.search(text) and _LATIN.search(text):
        return _one_script(text)
    return text


def _one_script(word: str) -> str:
    """A word in two scripts: lookalikes take the Cyrillic side, the rest is transliterated."""
    latin = {letter for letter in word if _LATIN.match(letter)}
    return word.translate(_TO_CYRILLIC) if latin <= _LOOKALIKE_LETTERS else to_cyrillic(word)


def to_cyrillic(word: str) -> str:
    """Latin-script Kazakh or Russian in Cyrillic base letters: ``qaitarmaidy`` → ``каитармаиди``.

    Takes a word that went through ``plain``; letters of other scripts stay.
    """
    return _LATIN_UNIT.sub(lambda unit: _CYRILLIC_OF.get(unit.group(), "н"), word)


@lru_cache(maxsize=50_000)
def fold(word: str) -> str:
    """The base spelling of a plain word: Kazakh letters folded, runs of a letter shortened.

    Latin words keep their doubled letters, where these tell words apart; only runs of three and
    more (``sooooo``) are shortened there.
    """
    if word.isascii():
        return _shorten(word, keep=2) if _REPEATED.search(word) else word
    return _REPEATED.sub(r"\1", word.translate(_FOLD))


def _shorten(word: str, *, keep: int) -> str:
    return re.sub(r"(.)\1{2,}", lambda run: run.group(1) * keep, word)


def script_of(word: str) -> str | None:
    """``cyrillic``, ``latin`` or None for a plain word; the first letter that tells decides."""
    if _CYRILLIC.search(word):
        return "cyrillic"
    return "latin" if _LATIN.search(word) else None
