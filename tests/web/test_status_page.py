"""What a customer sees behind the signed link, without an account."""

from __future__ import annotations

import pytest

from triage.casework import answer
from triage.core.complaint import Category


@pytest.fixture
def link(desk, file):
    def make(**said):
        complaint_id = file(**said)
        return complaint_id, f"/status/{answer.status_token(desk, complaint_id)}"

    return make


def test_the_page_says_stage_and_what_is_missing_and_until_when(browser, link):
    complaint_id, address = link(problem_type=Category.DEFECTIVE)
    assert browser.open(f"{address}?lang=en").status_code == 200
    said = browser.text()
    assert complaint_id in said
    assert "Evidence needed" in said
    assert "What is still missing Photo of the damage" in said
    assert "The clock stands still" in said
    assert "How this date was counted" in said


def test_the_page_says_of_each_file_whether_it_counts(browser, link):
    files = [("damage_photo", b"not a picture"), ("purchase_proof", 4)]
    _, address = link(files=files)
    browser.open(f"{address}?lang=en")
    assert "Not usable" in browser.text()
    assert "File accepted" in browser.text()
    assert 'class="cure"' in browser.page


def test_nothing_personal_is_on_the_page(browser, link):
    _, address = link(text="My name is Asel", seller="Some seller", files=[("other", 5)])
    browser.open(address)
    for personal in ("Asel", "701 000", "978080963", "Some seller", "box.jpg"):
        assert personal not in browser.page


def test_no_machine_keeps_the_page(browser, link):
    _, address = link()
    answer_ = browser.open(address)
    assert answer_.headers["Cache-Control"] == "no-store"
    assert "noindex" in answer_.headers["X-Robots-Tag"]
    assert 'content="noindex, nofollow"' in browser.page


def test_a_number_alone_or_a_changed_token_opens_nothing(browser, link):
    complaint_id, address = link()
    for path in (f"/status/{complaint_id}", address[:-1], address + "x"):
        assert browser.open(path).status_code == 404
