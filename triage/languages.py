"""From an English sentence to Russian and Kazakh: reads translations/<language>/*.po.

The catalogues are read as text at first use, so that there is no compiled copy to go stale.
"""

from __future__ import annotations

import functools
import io
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path

from babel.dates import format_date
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations

LANGUAGES = ("ru", "kk", "en")
DEFAULT = "ru"  # most customers' language; also the answer to an unknown Accept-Language
FOLDER = Path(__file__).parent / "translations"


@functools.cache
def catalogue(language: str) -> Translations:
    """All catalogues of one language as one set of gettext translations."""
    merged = Catalog(locale=language)
    for path in sorted((FOLDER / language).glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file, locale=language):
                if message.id:
                    merged.add(message.id, message.string, context=message.context)
    compiled = io.BytesIO()
    write_mo(compiled, merged)
    compiled.seek(0)
    return Translations(compiled)


def translate(sentence: str, language: str) -> str:
    """The sentence in ``language``; English where there is no translation."""
    if language == "en" or not sentence:
        return sentence
    return str(catalogue(language).ugettext(sentence))


def fill(sentence: str, facts: Mapping[str, object]) -> str:
    """The sentence with its ``{placeholders}`` filled; one without a fact stays as it is."""
    try:
        return sentence.format_map(_Facts(facts))
    except (ValueError, IndexError):  # a brace that is not a placeholder
        return sentence


def say(sentence: str, language: str, facts: Mapping[str, object] | None = None) -> str:
    """Translate, then fill."""
    return fill(translate(sentence, language), facts or {})


_DAY = {"ru": "d MMMM y 'г.'", "kk": "y 'ж.' d MMMM", "en": "d MMMM y"}


def spoken_day(day: date, language: str) -> str:
    """``22 ноября 2026 г.``"""
    return format_date(day, _DAY[language], locale=language)


def spoken_sum(amount: Decimal) -> str:
    """``123 456`` or ``123 456,50``: tenge, without their sign, in all three languages."""
    whole = amount == amount.to_integral_value()
    # As Babel writes it in Russian and Kazakh, in a tenth of the time: sums are hardly ever alike.
    english = f"{amount:,.0f}" if whole else f"{amount:,.2f}"
    return english.translate(_MARKS)


_MARKS = str.maketrans({",": "\N{NO-BREAK SPACE}", ".": ","})


class _Facts(dict[str, object]):
    def __missing__(self, key: str) -> str:
        return "{" + key + "}"


def best_language(accept: str | None, default: str = DEFAULT) -> str:
    """The language that an Accept-Language header asks for, among ours."""
    wanted: list[tuple[float, int, str]] = []
    for place, part in enumerate((accept or "").split(",")[:20]):
        tag, _, rest = part.strip().partition(";")
        try:
            weight = float(rest.partition("=")[2]) if rest else 1.0
        except ValueError:
            weight = 0.0
        base = tag.strip().lower().partition("-")[0]
        if base in LANGUAGES and weight > 0:
            wanted.append((-weight, place, base))
    return min(wanted)[2] if wanted else default
