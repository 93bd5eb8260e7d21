"""Videos are watched and documents leafed through in the browser; the originals stay sealed."""

from __future__ import annotations

import re

import pytest

from tests.desks import AIGUL
from tests.evidence.films import film
from tests.evidence.test_showing import papers
from triage.casework import answer, erase, films
from triage.core.people import Role
from triage.evidence import NobodyLooked
from triage.store.films import Film


@pytest.fixture
def filmed(file):
    return file(files=[("unboxing_video", film())])


def film_of(desk, complaint_id):
    evidence = answer.case(desk, complaint_id, "en", AIGUL)["evidence"][0]
    return f"/evidence/{evidence['id']}/film"


def test_a_video_is_announced_then_played_from_a_copy(desk, filmed, person):
    browser = person()
    browser.open(f"/cases/{filmed}")
    assert "A copy to watch is being made" in browser.text()
    assert "<video" not in browser.page
    assert browser.open(film_of(desk, filmed)).status_code == 404

    assert films.make_due(desk) is not None
    assert films.make_due(desk) is None, "once is enough"

    browser.open(f"/cases/{filmed}")
    player = re.search(r"<video[^>]+>", browser.page)[0]
    assert "controls" in player
    assert 'preload="none"' in player
    assert f'src="{film_of(desk, filmed)}"' in player
    assert re.search(r'poster="/evidence/\w+/preview"', player)
    assert 'aria-label="Video: Unboxing video, box.jpg"' in player


def test_the_player_is_given_the_piece_that_it_asks_for(desk, filmed, person):
    films.make_due(desk)
    browser = person()

    with browser.client.get(film_of(desk, filmed), headers={"Range": "bytes=4-11"}) as piece:
        assert piece.status_code == 206
        assert piece.data == b"ftypisom"
        assert piece.mimetype == "video/mp4"
        assert piece.headers["Cache-Control"] == "private, no-store"
        assert piece.headers["X-Content-Type-Options"] == "nosniff"
    with browser.client.get(film_of(desk, filmed)) as whole:
        assert whole.status_code == 200
        assert whole.data != film()


def test_of_a_video_that_cannot_be_copied_the_first_picture_stays(desk, filmed, person, mocked):
    films.make_due(desk)

    browser = person()
    browser.open(f"/cases/{filmed}")
    assert "<video" not in browser.page
    assert "is being made" not in browser.text()
    assert 'class="shot"' in browser.page


@pytest.fixture
def mocked(desk, monkeypatch):
    monkeypatch.setattr(desk.examiner, "film", lambda *_: None)


def test_a_worker_that_dies_over_a_film_is_not_sent_to_it_for_ever(
    desk, filmed, clock, monkeypatch
):
    def die(*_):
        raise MemoryError

    monkeypatch.setattr(desk.examiner, "film", die)
    for _ in range(films.TRIES):
        with pytest.raises(MemoryError):
            films.make_due(desk)
        assert films.make_due(desk) is None, "held for a while"
        clock.forward(minutes=15, seconds=1)
    assert films.make_due(desk) is None
    with desk.reading() as session:
        assert session.query(Film).one().due_at is None


def test_a_film_that_nobody_could_make_for_now_is_made_later(desk, filmed, clock, monkeypatch):
    with monkeypatch.context() as patched:
        patched.setattr(desk.examiner, "film", nobody)
        with pytest.raises(NobodyLooked):
            films.make_due(desk)
    clock.forward(minutes=15, seconds=1)

    assert films.make_due(desk) is not None
    with desk.reading() as session:
        assert session.query(Film).one().sha256 is not None


def test_a_page_that_nobody_can_draw_for_now_is_not_there(desk, file, person, monkeypatch):
    case = file(files=[("purchase_proof", papers(2))])
    evidence = answer.case(desk, case, "en", AIGUL)["evidence"][0]
    monkeypatch.setattr(desk.examiner, "page", nobody)

    assert person().open(f"/evidence/{evidence['id']}/pages/2").status_code == 404


def nobody(*_):
    raise NobodyLooked


def test_the_film_goes_when_the_case_is_erased(desk, filmed):
    films.make_due(desk)
    with desk.reading() as session:
        kept = session.query(Film).one().sha256
    assert desk.blobs.exists(kept)

    erase.erase(desk, filmed, AIGUL)

    assert not desk.blobs.exists(kept)
    with desk.reading() as session:
        assert session.query(Film).count() == 0


def test_films_and_pages_are_for_the_desk_only(desk, filmed, app, person):
    films.make_due(desk)
    address = film_of(desk, filmed)
    assert "/sign-in" in app.test_client().get(address).headers["Location"]
    assert person("operator", Role.INTAKE).open(address).status_code == 403


def test_the_pages_of_a_document_are_leafed_through(desk, file, person):
    case = file(files=[("purchase_proof", papers(3))])
    browser = person()
    browser.open(f"/cases/{case}")

    assert "application/pdf · 3 pages" in browser.text()
    links = re.findall(r'href="(/evidence/\w+/pages/\d)" data-picture="([^"]+)"', browser.page)
    assert [name for _, name in links] == [
        "Receipt and purchase documents: box.jpg (page 2)",
        "Receipt and purchase documents: box.jpg (page 3)",
    ]
    with browser.client.get(links[1][0]) as page:
        assert page.status_code == 200
        assert page.mimetype == "image/jpeg"
        assert page.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    past = links[1][0].replace("/pages/3", "/pages/4")
    assert browser.open(past).status_code == 404


def test_only_the_first_thirty_pages_are_shown_and_it_is_said(file, person):
    case = file(files=[("purchase_proof", papers(33))])
    browser = person()
    browser.open(f"/cases/{case}")
    assert browser.page.count("/pages/") == 29
    assert "Further pages are in the original." in browser.text()
