"""The language of a text, Kazakh in all of its spellings."""

from __future__ import annotations

import pytest

from triage.classifier.language import detect


@pytest.mark.parametrize(
    ("text", "language"),
    [
        pytest.param("Прошу вернуть деньги за чайник", "ru", id="russian"),
        pytest.param("Сломался", "ru", id="one russian word"),
        pytest.param("Ақшамды қайтарып беріңіздер", "kk", id="kazakh"),
        pytest.param("Заряды тез бітеді", "kk", id="kazakh with one letter of its own"),
        pytest.param("Акшамды кайтармай жатыр, сатушы жауап бермейди", "kk", id="russian letters"),
        pytest.param("тапсырыс али келмеди, кашан келеди", "kk", id="russian letters, question"),
        pytest.param("aqshamdy qaitarmaidy, satushy jauap bermeidi", "kk", id="latin"),
        pytest.param("zakaz kelmedi, 2 apta boldy", "kk", id="latin with a russian word"),
        pytest.param("zakaz ne prishel, vernite dengi", "ru", id="romanised russian"),
        pytest.param("Возврат жасамайды, отказ берді", "kk", id="mixed, kazakh verbs"),
        pytest.param("The seller did not refund my money", "en", id="english"),
        pytest.param(
            "Great pan, my eggs finally slide", "en", id="english without its little words"
        ),
        pytest.param("my kettle's cord melted", "en", id="english whose words sound Russian"),
        pytest.param("Bad quality", "en", id="two english words"),
        pytest.param(
            "ya kupil chainik i on ne greet", "ru", id="romanised russian that sounds english"
        ),
        pytest.param("penal s dinozavrami, slomalsya srazu", "ru", id="romanised, s is a word"),
        pytest.param("Купил iPhone 15 Pro Max, не включается", "ru", id="russian with a brand"),
        pytest.param("iPhone 15 Pro Max", None, id="a product name alone"),
        pytest.param("Samsung Galaxy Buds", None, id="a product name that looks english"),
        pytest.param("", None, id="empty"),
        pytest.param("12345 !!! ...", None, id="no words"),
        pytest.param("你好", None, id="another script"),
    ],
)
def test_detects(text: str, language: str | None) -> None:
    assert detect(text) == language
