"""Agents see where else a file was used: the case as a link, both pictures side by side."""

from __future__ import annotations

import io

import pytest

from tests.evidence.scenes import scene
from triage.core.complaint import Contact


def jpeg(size: tuple[int, int]) -> bytes:
    out = io.BytesIO()
    scene(1).resize(size).save(out, "JPEG", quality=80)
    return out.getvalue()


@pytest.fixture
def pair(file) -> tuple[str, str]:
    """Two cases of strangers with one picture."""
    first = file(files=[("damage_photo", jpeg((1280, 960)))])
    stranger = {"order_number": "978080999", "contact": Contact(phone="+7 702 222 22 22")}
    return first, file(files=[("damage_photo", jpeg((800, 600)))], **stranger)


def test_both_cases_lead_to_each_other(person, pair):
    agent = person()
    for one, other in (pair, pair[::-1]):
        agent.open(f"/cases/{one}?lang=en")
        assert f'href="/cases/{other}"' in agent.page
        assert f"Also used in case {other}" in agent.text()
        assert "Compare the pictures" in agent.text()
        assert agent.page.count("/preview") == 4  # the link, the picture, and both to compare


@pytest.mark.parametrize(
    ("language", "words"), [("ru", "Есть и в обращении {}"), ("kk", "{} өтінішінде де бар")]
)
def test_it_is_said_in_the_readers_language(person, pair, language, words):
    agent = person()
    agent.open(f"/cases/{pair[1]}?lang={language}")
    assert words.format(pair[0]) in agent.text()


def test_a_case_of_its_own_says_nothing(person, file):
    agent = person()
    agent.open(f"/cases/{file(files=[('damage_photo', jpeg((640, 480)))])}?lang=en")
    assert "Also used" not in agent.text()
