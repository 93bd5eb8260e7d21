"""The same word, however it was typed, becomes one base spelling."""

from __future__ import annotations

import pytest

from triage.classifier.tokens import tokenise


def bases(text: str) -> list[str]:
    return [token.text for token in tokenise(text)[0]]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("ҚАЙТАРМАЙДЫ", "кайтармайды", id="kazakh letters and their russian stand-ins"),
        pytest.param("істемейді", "истемейды", id="і is typed as и or ы"),
        pytest.param("ақшамды қайтармай жатыр", "aqshamdy qaitarmai jatyr", id="latin kazakh"),
        pytest.param("тапсырыс келмеді", "tapsyrys kelmedi", id="latin kazakh, y and e"),
        pytest.param("заказ не пришёл, верните деньги", "zakaz ne prishel, vernite dengi",
                     id="romanised russian"),
        pytest.param("тапсырыс кeлмeдi", "тапсырыс келмеді", id="latin lookalikes in a word"),
        pytest.param("ужааааасно", "ужасно", id="a letter held down"),
        pytest.param("ещё", "еще", id="yo without its dots"),
        pytest.param("каче\u00adство", "качество", id="a soft hyphen inside"),
        pytest.param("мои\u0306", "мой", id="an accent that was typed separately"),
        pytest.param("!!!!!", "!!", id="shouting has one length"),
    ],
)  # fmt: skip
def test_two_spellings_of_one_thing_are_equal(one: str, other: str) -> None:
    assert bases(one) == bases(other)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("жду 3 дня", "03-6", id="days"),
        pytest.param("жду 12 дней", "07-13", id="more than a week"),
        pytest.param("жду 30 дней", "014-31", id="weeks"),
        pytest.param("стоил 249 000 тенге", "0hundreds-of-thousands", id="thousands spaced"),
        pytest.param("стоил 249000,50 тенге", "0hundreds-of-thousands", id="decimals"),
        pytest.param("звоните 87011234567", "0long", id="a phone is no amount"),
    ],
)
def test_numbers_become_their_size(text: str, expected: str) -> None:
    assert expected in bases(text)


def test_english_stays_latin() -> None:
    assert bases("The kettle was broken") == ["the", "kettle", "was", "broken"]


def test_a_brand_in_a_russian_text_stays_latin() -> None:
    assert "iphone" in bases("купил iPhone, он не включается")


def test_every_token_knows_its_place_in_the_customers_text() -> None:
    text = "Ақшамды  қайтармайды, 5 күн болды!!!"
    assert [text[token.start : token.end] for token in tokenise(text)[0]] == [
        "Ақшамды", "қайтармайды", "5", "күн", "болды", "!!!",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "means_but"),
    [
        pytest.param("туси адеми екен брак матасы жука", True, id="but, in russian letters"),
        pytest.param("рахмет брак бонусты кайтармады", True, id="but, before a grievance"),
        pytest.param("тауар брак келди, кайтарып алмайды", False, id="it came defective"),
        pytest.param("жаксы зат екен, брак жок", False, id="there is no defect"),
        pytest.param("маган келгени брак", False, id="the last word"),
        pytest.param("Тауар жақсы, брак шықты деп ойлаймын", False, id="kazakh letters at hand"),
        pytest.param("Пришел брак и все", False, id="russian"),
    ],
)
def test_the_russian_word_for_defect_is_but_in_russian_letter_kazakh(
    text: str, means_but: bool
) -> None:
    assert ("бирак" in bases(text)) is means_but
    assert ("брак" in bases(text)) is not means_but


@pytest.mark.parametrize(
    "text",
    ["", " \n", "²", "м² ½", "\ud800", "\x00", "9" * 5000, "😡😡", "...", "𝕬𝖇", "ъ", "\u200d"],
)
def test_no_text_is_too_strange_to_read(text: str) -> None:
    tokenise(text)
