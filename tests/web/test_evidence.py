"""Files of a case: what is shown is re-encoded, what was sent is only downloaded."""

from __future__ import annotations

import hashlib
import io
import re

import pytest
from PIL import Image

from tests.desks import AIGUL
from tests.pictures import picture
from triage.casework import answer
from triage.core.people import Role
from triage.store.tables import Event, Evidence


@pytest.fixture
def case(file):
    return file(files=[("damage_photo", 1), ("damage_photo", 2), ("purchase_proof", 3)])


def read(browser, address):
    """The whole answer, its file closed again."""
    with browser.client.get(address) as found:
        assert found.data
        return found


def first_file(desk, complaint_id):
    return answer.case(desk, complaint_id, "en", AIGUL)["evidence"][0]


def test_a_preview_is_a_picture_of_our_own_never_the_bytes_that_were_sent(desk, case, person):
    browser = person()
    browser.open(f"/cases/{case}")
    addresses = re.findall(r'<img src="(/evidence/[^"]+/preview)"', browser.page)
    assert len(addresses) == 3

    sent = {picture(shade=shade) for shade in (1, 2, 3)}
    for address in addresses:
        shown = read(browser, address)
        assert shown.status_code == 200
        assert shown.mimetype == "image/jpeg"
        assert shown.data not in sent
        assert Image.open(io.BytesIO(shown.data)).size == (640, 480)
        assert "sandbox" in shown.headers["Content-Security-Policy"]
        assert shown.headers["X-Content-Type-Options"] == "nosniff"
        assert "private" in shown.headers["Cache-Control"]


def test_the_original_is_a_download_whose_opening_is_written_down(desk, case, person):
    evidence = first_file(desk, case)
    sent = {hashlib.sha256(each).hexdigest(): each for each in map(picture, (1, 2, 3))}
    browser = person()

    got = read(browser, f"/evidence/{evidence['id']}/original")

    assert got.status_code == 200
    assert got.data == sent[evidence["sha256"]]
    assert got.headers["Content-Disposition"].startswith("attachment")
    assert got.headers["Cache-Control"] == "no-store"
    assert got.headers["X-Content-Type-Options"] == "nosniff"
    assert got.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    with desk.reading() as session:
        opened = session.query(Event).filter_by(complaint_id=case, verb="open_original").one()
    assert (opened.actor_name, opened.detail) == ("Aigul", {"evidence": evidence["id"]})


def test_a_name_in_kazakh_letters_and_quotes_survives_the_download(desk, case, person):
    evidence = first_file(desk, case)
    with desk.sessions.begin() as session:
        session.get_one(Evidence, evidence["id"]).filename = 'чек "қағаз"; №1.jpg'

    got = read(person(), f"/evidence/{evidence['id']}/original")

    assert "filename*=UTF-8''%D1%87%D0%B5%D0%BA" in got.headers["Content-Disposition"]
    assert "\n" not in got.headers["Content-Disposition"]


def test_a_file_with_a_fault_says_in_words_what_is_wrong_and_how_to_mend_it(desk, file, person):
    broken = picture(shade=7)[:-4000]
    case = file(files=[("damage_photo", broken)])
    browser = person()
    browser.open(f"/cases/{case}")

    findings = first_file(desk, case)["findings"]
    assert findings
    for finding in findings:
        assert finding["message"] in browser.page.replace("&#39;", "'")
        assert finding["cure"] in browser.page.replace("&#39;", "'")


@pytest.mark.parametrize("part", ["preview", "original"])
def test_files_are_for_the_desk_only(desk, case, person, browser, part):
    address = f"/evidence/{first_file(desk, case)['id']}/{part}"
    assert browser.client.get(address).status_code == 302
    assert person("operator", Role.INTAKE).client.get(address).status_code == 403
