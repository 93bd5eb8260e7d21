"""Recycled evidence: the same file, or the same picture, in another complaint."""

from __future__ import annotations

import io
from concurrent.futures import ThreadPoolExecutor

import pytest
from PIL import Image
from sqlalchemy import delete

from tests.desks import AIGUL, BERIK, INTAKE
from tests.evidence.scenes import scene
from triage.casework import answer, work
from triage.casework.assess import conclude, examine
from triage.casework.files import stage
from triage.casework.work import ActionRequest
from triage.core.complaint import Contact
from triage.core.status import Action
from triage.store.pictures import Likeness, Picture
from triage.store.tables import Complaint, Evidence

OTHER, SIMILAR = "duplicate.other_complaint", "duplicate.similar_picture"


def jpeg(picture: Image.Image, quality: int = 90) -> bytes:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=quality)
    return out.getvalue()


ORIGINAL = jpeg(scene(1))
COPY = jpeg(scene(1).resize((800, 600)), 50)
MIRRORED = jpeg(scene(1).transpose(Image.Transpose.FLIP_LEFT_RIGHT))
ANOTHER = jpeg(scene(2))
RUSLAN = {"order_number": "978080111", "contact": Contact(phone="+7 701 111 11 11")}
SALTANAT = {"order_number": "978080222", "contact": Contact(phone="+7 702 222 22 22")}


@pytest.fixture
def sent(file, attach):
    """File a complaint with these pictures, by one of two strangers; its id."""

    def make(*contents: bytes, kind: str = "damage_photo", **said: object) -> str:
        attachments = tuple(attach(kind, content) for content in contents)
        return file(attachments=attachments, **said)

    return make


def said(desk, complaint_id, code, actor=AIGUL):
    """The findings of that code, by the file's place."""
    shown = answer.complaint(desk, complaint_id, "en", actor)
    return [f for each in shown["evidence"] for f in each["findings"] if f["code"] == code]


def elsewhere(desk, complaint_id):
    shown = answer.case(desk, complaint_id, "en", AIGUL)
    return [use for each in shown["evidence"] for use in each["elsewhere"]]


def test_the_same_file_of_a_stranger_is_flagged_and_never_refused(desk, sent):
    first = sent(ORIGINAL, **RUSLAN)
    second = sent(ORIGINAL, **SALTANAT)

    (finding,) = said(desk, second, OTHER)
    assert (finding["level"], finding["measured"]) == ("weak", 1)
    shown = answer.complaint(desk, second, "en", AIGUL)
    assert shown["evidence"][0]["verdict"] == "flagged"
    assert shown["status"] != "rejected"
    (use,) = elsewhere(desk, second)
    assert (use["case"], use["relation"], use["distance"]) == (first, "nothing", None)


@pytest.mark.parametrize(
    "content", [pytest.param(COPY, id="smaller"), pytest.param(MIRRORED, id="mirrored")]
)
def test_a_picture_like_one_of_a_stranger_is_flagged(desk, sent, content):
    first = sent(ORIGINAL, **RUSLAN)
    second = sent(content, **SALTANAT)

    assert said(desk, second, OTHER) == []
    (finding,) = said(desk, second, SIMILAR)
    assert finding["level"] == "weak"
    assert finding["measured"] <= finding["limit"] == 31
    assert [use["case"] for use in elsewhere(desk, second)] == [first]


def test_the_earlier_case_shows_it_when_it_is_opened_again(desk, sent):
    same, alike = sent(ORIGINAL, **RUSLAN), sent(ANOTHER, **RUSLAN)
    later = sent(ORIGINAL, jpeg(scene(2).resize((640, 480)), 40), **SALTANAT)
    assert [use["case"] for use in elsewhere(desk, same)] == [later]
    assert [use["case"] for use in elsewhere(desk, alike)] == [later]


@pytest.mark.parametrize(
    ("again", "relation"),
    [
        pytest.param({**SALTANAT, "contact": RUSLAN["contact"]}, "customer", id="same phone"),
        pytest.param({**SALTANAT, "order_number": "978080111"}, "order", id="same order"),
    ],
)
@pytest.mark.parametrize(("content", "code"), [(ORIGINAL, OTHER), (COPY, SIMILAR)])
def test_what_the_same_customer_sends_again_is_only_a_note(
    desk, sent, again, relation, content, code
):
    sent(ORIGINAL, **RUSLAN)
    second = sent(content, **again)
    assert [finding["level"] for finding in said(desk, second, code)] == ["note"]
    assert [use["relation"] for use in elsewhere(desk, second)] == [relation]


def test_other_pictures_receipts_of_one_form_and_unattached_uploads_say_nothing(desk, sent, attach):
    sent(ORIGINAL, **RUSLAN)
    stage(desk, attach(content=jpeg(scene(5))), INTAKE)  # no complaint has it: it is in no case
    other = sent(ANOTHER, jpeg(scene(5)), **SALTANAT)
    form = sent(COPY, kind="purchase_proof", **SALTANAT)
    for complaint_id in (other, form):
        assert said(desk, complaint_id, SIMILAR) == said(desk, complaint_id, OTHER) == []


@pytest.mark.parametrize("content", [b"", b"not a picture"])
def test_files_that_are_no_evidence_are_not_compared(desk, sent, content):
    sent(content, **RUSLAN)
    second = sent(content, **SALTANAT)
    assert said(desk, second, OTHER) == []
    assert elsewhere(desk, second) == []


def test_cases_merged_with_this_one_are_this_case(desk, sent):
    first, second = sent(ORIGINAL, COPY, **RUSLAN), sent(ORIGINAL, **SALTANAT)
    with desk.sessions.begin() as session:
        for complaint_id in (first, second):
            session.get_one(Complaint, complaint_id).status = "queued"
    work.act(desk, second, Action.CLAIM, BERIK, ActionRequest())
    work.act(desk, second, Action.MERGE, BERIK, ActionRequest(into=first, reason="twice"))
    assert elsewhere(desk, first) == []
    assert elsewhere(desk, second) == []


def test_who_may_not_see_other_cases_is_not_told_their_numbers(desk, sent):
    first = sent(ORIGINAL, **RUSLAN)
    second = sent(ORIGINAL, **SALTANAT)
    for_the_app = answer.complaint(desk, second, "en", INTAKE)
    assert said(desk, second, OTHER, INTAKE)
    assert first not in str(for_the_app)
    page = answer.status_page(desk, answer.status_token(desk, second), "en")
    assert "duplicate" not in str(page)
    assert first not in str(page)


def test_of_two_filed_at_the_same_moment_at_least_one_sees_the_other(desk, sent):
    """Each is indexed and committed before it looks, so they cannot both look too early."""
    for _ in range(3):
        pair = [sent(ORIGINAL, triaged=False, **RUSLAN), sent(COPY, triaged=False, **SALTANAT)]

        def triage(complaint_id: str) -> None:
            examine(desk, complaint_id)
            conclude(desk, complaint_id, 1)

        with ThreadPoolExecutor(2) as pool:
            list(pool.map(triage, pair))
        assert any(
            use["case"] == other
            for one, other in (pair, pair[::-1])
            for use in elsewhere(desk, one)
        )
        assert said(desk, pair[0], SIMILAR) or said(desk, pair[1], SIMILAR)


def test_what_was_judged_before_there_was_an_index_gets_into_it(desk, sent):
    first = sent(ORIGINAL, **RUSLAN)
    with desk.sessions.begin() as session:
        session.execute(delete(Picture))
    second = sent(COPY, **SALTANAT)
    assert elsewhere(desk, second) == []
    examine(desk, first)
    with desk.reading() as session:
        assert session.query(Likeness).count() == 1
    assert [use["case"] for use in elsewhere(desk, second)] == [first]


def test_an_erased_file_is_nowhere_any_more(desk, sent):
    first = sent(ORIGINAL, **RUSLAN)
    second = sent(COPY, **SALTANAT)
    with desk.sessions.begin() as session:
        session.query(Evidence).filter_by(complaint_id=first).delete()
    assert elsewhere(desk, second) == []
