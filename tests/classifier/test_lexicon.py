"""Topics of words: any form and script, negation told, a negation taken back by another."""

from __future__ import annotations

import pytest

from triage.classifier.lexicon import topics
from triage.classifier.tokens import tokenise


def said(text: str) -> list[str]:
    return [topic for _place, topic in topics([token.text for token in tokenise(text)[0]])]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("сломался", ["broken"], id="Russian fault"),
        pytest.param("сынып қалды", ["broken"], id="Kazakh fault"),
        pytest.param("synyp qaldy, sapasy nashar", ["broken", "cheap", "cheap"], id="Latin"),
        pytest.param("не доставили", ["parcel-"], id="Russian negation"),
        pytest.param("жеткізбеді", ["parcel-"], id="Kazakh negated verb"),
        pytest.param("қайтармайды", ["refund-"], id="Kazakh present"),
        pytest.param("не очень понравилось", ["praise-"], id="over one word"),
    ],
)
def test_topics(text: str, expected: list[str]) -> None:
    assert said(text) == expected
