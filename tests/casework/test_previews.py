"""The copy that people are shown: made at the first view, kept, and never the file itself."""

from __future__ import annotations

import hashlib
import io
from dataclasses import replace

import pytest
from PIL import Image

from tests.evidence import files, films
from tests.pictures import picture
from triage.casework import answer, previews
from triage.casework.erase import erase
from triage.core.people import Actor, Role
from triage.errors import NotFound
from triage.evidence import NobodyLooked
from triage.store.tables import NOT_MADE, Complaint, Evidence

OPERATOR = Actor(id="operator", name="Command line", roles=frozenset({Role.ADMIN}))
JPEG = files.picture("JPEG")


class Looks:
    """In place of the examiner's own: what it answers, and how often it was asked."""

    def __init__(self, answer=None, *, before=None):
        self.answer, self.before, self.asked = answer, before, 0

    def preview(self, item, fd):
        self.asked += 1
        if self.before:
            self.before()
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


def kept(desk, complaint_id):
    with desk.reading() as session:
        (row,) = session.get_one(Complaint, complaint_id).evidence
    return row


def viewed(desk, row):
    stream, media_type = previews.open_preview(desk, row.id)
    assert media_type == "image/jpeg"
    with stream:
        return stream.read()


def test_it_is_made_when_somebody_first_wants_to_see_it_and_kept(desk, file, attach):
    complaint_id = file(attachments=(attach(),))
    row = kept(desk, complaint_id)
    assert row.preview == NOT_MADE
    assert answer.evidence(row, "en")["preview"], "a page may ask for it"

    first = viewed(desk, row)

    again = replace(desk, examiner=Looks(AssertionError("made twice")))
    assert viewed(again, kept(desk, complaint_id)) == first
    assert desk.blobs.exists(kept(desk, complaint_id).preview)


def test_it_is_never_what_was_sent(desk, file, attach):
    sent = picture(3)
    row = kept(desk, file(attachments=(attach(content=sent),)))
    shown = viewed(desk, row)
    assert shown != sent
    with Image.open(io.BytesIO(shown)) as copy, Image.open(io.BytesIO(sent)) as original:
        assert (copy.format, copy.size) == ("JPEG", original.size)


def test_of_a_document_it_is_the_first_page(desk, file, attach):
    row = kept(desk, file(attachments=(attach("expert_report", files.pdf(2)),)))
    assert Image.open(io.BytesIO(viewed(desk, row))).size == (1600, 1600)


def test_of_a_film_it_is_there_from_the_beginning(desk, file, attach):
    row = kept(desk, file(attachments=(attach("unboxing_video", films.mp4()),)))
    assert row.preview is not None
    assert desk.blobs.exists(row.preview)
    still = replace(desk, examiner=Looks(AssertionError("watched twice")))
    assert Image.open(io.BytesIO(viewed(still, row))).size == films.SIZE


def test_of_what_cannot_be_seen_there_is_none(desk, file, attach):
    row = kept(desk, file(attachments=(attach(content=JPEG[:60]),)))
    assert row.preview is None
    assert not answer.evidence(row, "en")["preview"]
    with pytest.raises(NotFound, match=r"evidence\.no_preview"):
        previews.open_preview(desk, row.id)


def test_what_cannot_be_copied_after_all_is_not_tried_again(desk, file, attach):
    row = kept(desk, file(attachments=(attach(),)))
    looks = Looks(None)
    for _ in range(2):
        with pytest.raises(NotFound, match=r"evidence\.no_preview"):
            previews.open_preview(replace(desk, examiner=looks), row.id)
    assert looks.asked == 1
    assert not answer.evidence(kept(desk, row.complaint_id), "en")["preview"], "pages say so"


@pytest.mark.parametrize(
    ("looks", "error"),
    [
        pytest.param(Looks(NobodyLooked()), NotFound, id="no_sandbox"),
        pytest.param(Looks(JPEG, before=lambda: 1 / 0), ZeroDivisionError, id="a_crash"),
    ],
)
def test_what_stopped_it_once_does_not_stop_the_next_view(desk, file, attach, looks, error):
    row = kept(desk, file(attachments=(attach(),)))
    with pytest.raises(error):
        previews.open_preview(replace(desk, examiner=looks), row.id)
    assert viewed(desk, row)[:2] == b"\xff\xd8"


def test_who_fails_does_not_undo_what_somebody_else_made_meanwhile(desk, file, attach):
    row = kept(desk, file(attachments=(attach(),)))
    slow = Looks(None, before=lambda: viewed(desk, row))
    with pytest.raises(NotFound):
        previews.open_preview(replace(desk, examiner=slow), row.id)
    assert desk.blobs.exists(kept(desk, row.complaint_id).preview)


def test_a_copy_of_what_was_erased_meanwhile_is_not_kept(desk, file, attach):
    row = kept(desk, file(attachments=(attach(),)))
    gone = Looks(JPEG, before=lambda: erase(desk, row.complaint_id, OPERATOR))
    with pytest.raises(NotFound, match=r"evidence\.no_preview"):
        previews.open_preview(replace(desk, examiner=gone), row.id)
    with desk.reading() as session:
        assert session.get(Evidence, row.id) is None
    assert not desk.blobs.exists(hashlib.sha256(JPEG).hexdigest())


def test_one_file_of_two_complaints_has_one_copy_until_both_are_gone(desk, file, attach):
    first, other = (file(attachments=(attach(),)) for _ in range(2))
    assert viewed(desk, kept(desk, first)) == viewed(desk, kept(desk, other))
    copy = kept(desk, other).preview
    erase(desk, first, OPERATOR)
    assert desk.blobs.exists(copy)
    erase(desk, other, OPERATOR)
    assert not desk.blobs.exists(copy)
