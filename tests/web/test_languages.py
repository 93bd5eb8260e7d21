"""Every sentence of the pages and labels in three languages, and which one is spoken."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

import triage
from tests.pictures import picture
from triage.core.complaint import Category
from triage.languages import FOLDER, catalogue
from triage.messages.labels import LABELS
from triage.messages.pages import PAGE_ERRORS

WEB = Path(triage.__file__).parent / "web"
PLACEHOLDER = re.compile(r"{\w*}")


def sentences():
    """Every sentence that a template or a module of the pages says, and every label."""
    found = extract_from_dir(
        WEB,
        method_map=[("templates/**.html", "jinja2"), ("**.py", "python")],
        keywords={"_": None, "ngettext": (1, 2), "text": None},
    )
    said = {message for _, _, message, _, _ in found}
    labels = {name for names in LABELS.values() for name in names.values()}
    return sorted(said | labels | set(PAGE_ERRORS.values()), key=str)


SENTENCES = sentences()
SINGLE = [each for each in SENTENCES if isinstance(each, str)]
PLURAL = [each for each in SENTENCES if isinstance(each, tuple)]


def test_the_sentences_are_found_at_all():
    assert len(SINGLE) > 200
    assert PLURAL


@pytest.mark.parametrize("language", ["ru", "kk"])
def test_every_sentence_is_translated_with_the_same_placeholders(language):
    known = catalogue(language)
    for sentence in SINGLE:
        said = known._catalog.get(sentence)
        assert said, f"{language}: {sentence!r} is not translated"
        assert set(PLACEHOLDER.findall(said)) == set(PLACEHOLDER.findall(sentence)), sentence


@pytest.mark.parametrize(("language", "forms"), [("ru", 3), ("kk", 2)])
def test_every_counted_sentence_has_all_its_forms(language, forms):
    known = catalogue(language)
    for one, _ in PLURAL:
        for form in range(forms):
            said = known._catalog.get((one, form))
            assert said, f"{language}: {one!r} lacks form {form}"
            assert "{n}" in said


@pytest.mark.parametrize("language", ["ru", "kk"])
@pytest.mark.parametrize("subject", ["labels", "pages"])
def test_no_translation_outlives_its_sentence(language, subject):
    wanted = {each if isinstance(each, str) else each[0] for each in SENTENCES}
    with (FOLDER / language / f"{subject}.po").open("rb") as file:
        kept = {
            message.id if isinstance(message.id, str) else message.id[0]
            for message in read_po(file)
            if message.id
        }
    assert kept - wanted == set()


@pytest.mark.parametrize("language", ["ru", "kk"])
def test_no_two_catalogues_translate_one_sentence_differently(language):
    said: dict[str, str] = {}
    for path in sorted((FOLDER / language).glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file):
                if message.id and isinstance(message.id, str):
                    assert said.setdefault(message.id, message.string) == message.string, path


@pytest.mark.parametrize(
    ("query", "accept", "spoken"),
    [
        pytest.param("", "", "ru", id="Russian where nothing is said"),
        pytest.param("", "kk-KZ,kk;q=0.9,ru;q=0.8", "kk", id="the browser's language"),
        pytest.param("?lang=kk", "ru", "kk", id="the chosen one before the browser's"),
        pytest.param("?lang=xx", "en", "en", id="an unknown choice is none"),
    ],
)
def test_the_page_speaks_the_readers_language(browser, query, accept, spoken):
    browser.open(f"/sign-in{query}", **({"Accept-Language": accept} if accept else {}))
    assert f'<html lang="{spoken}">' in browser.page


def test_a_chosen_language_is_remembered_on_the_next_page(browser):
    browser.open("/sign-in?lang=kk")
    browser.open("/sign-in")
    assert '<html lang="kk">' in browser.page


def test_the_switch_keeps_the_filters_of_the_page(person):
    browser = person()
    browser.open("/queue?priority=urgent&lang=ru")
    assert 'href="/queue?priority=urgent&amp;lang=kk"' in browser.page


LATIN = re.compile(r"[A-Za-z]{3,}")


@pytest.mark.parametrize("language", ["ru", "kk"])
def test_no_word_of_english_is_left_on_a_page_in_another_language(person, file, language):
    complaint_id = file(
        text="Чайник сломан",
        problem_type=Category.DEFECTIVE,
        files=[("damage_photo", picture(shade=7)[:-4000])],
    )
    browser = person()
    for path in ("/queue?status=needs_evidence", f"/cases/{complaint_id}", "/nowhere"):
        browser.open(f"{path}{'&' if '?' in path else '?'}lang={language}")
        content = browser.page.partition("<main id=")[2].partition(">")[2]
        codes = {"Triage", "Telegram", "The", "app", "Asel", *LATIN.findall(complaint_id)}  # names
        content = re.sub(r'<span class="code"[^>]*>.*?</span>', "", content)
        words = LATIN.findall(re.sub(r"<[^>]+>", " ", content))
        said = {word for word in words if not word.isupper()} - codes  # JPEG and the like
        assert said == set(), path
