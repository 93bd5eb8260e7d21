"""Saved views, search, bulk actions, ready texts, who looks: what makes a desk quick."""

from __future__ import annotations

import re
from datetime import date

import pytest

from triage.casework import answer, bulk, macros, workplace
from triage.core.complaint import Category, Contact
from triage.core.people import Actor, Role
from triage.settings import Settings

ANYBODY = Actor(id="user:99", name="Reader", roles=frozenset({Role.AGENT}))


def shown(desk, complaint_id):
    return answer.case(desk, complaint_id, "en", ANYBODY)


@pytest.fixture
def aigul(person):
    return person()


def test_the_search_looks_at_all_cases_also_closed_ones(aigul, file):
    kettle = file("Чайник сгорел", order_number="978080963", seller="TechnoSfera")
    sofa = file("Диван не привезли", order_number="978080964")
    aigul.open(f"/cases/{kettle}")
    aigul.send(f"/cases/{kettle}/actions/withdraw")

    for asked in ("чайника", "978080963", "technosf"):
        aigul.open(f"/queue?q={asked}")
        assert kettle in aigul.page, asked
        assert sofa not in aigul.page, asked
    assert "1 case found" in aigul.text()


def test_overdue_cases_are_found_by_a_filter(aigul, file, clock):
    late = file("late")
    aigul.open("/queue?overdue=1")
    assert late not in aigul.page
    clock.forward(days=30)
    aigul.sign_in("aigul")
    aigul.open("/queue?overdue=1")
    assert late in aigul.page


def test_filters_are_kept_under_a_name_and_removed_again(aigul, person):
    aigul.open("/queue?priority=urgent&channel=app")
    aigul.send("/queue/views", name="  On  fire ", priority="urgent", channel="app")
    aigul.open("/queue")
    assert 'href="/queue?priority=urgent&amp;channel=app">On fire</a>' in aigul.page

    berik = person("berik")
    berik.open("/queue")
    assert "On fire" not in berik.page
    view = re.search(r"/queue/views/(\d+)/remove", aigul.page)[1]
    berik.open("/queue?mine=1")
    assert berik.send(f"/queue/views/{view}/remove").status_code == 404

    aigul.send(f"/queue/views/{view}/remove")
    assert "On fire" not in aigul.page


def test_a_view_needs_a_name_and_there_are_not_too_many(aigul, monkeypatch):
    aigul.open("/queue?mine=1")
    assert aigul.send("/queue/views", name=" ", mine="1").status_code == 422
    assert "The view has no name." in aigul.page
    monkeypatch.setattr(workplace, "MOST_VIEWS", 1)
    aigul.send("/queue/views", name="one", mine="1")
    assert aigul.send("/queue/views", name="two", mine="1").status_code == 409
    assert aigul.send("/queue/views", name="one", overdue="1").status_code == 200


def test_the_state_of_the_queue_is_new_only_when_it_changed(aigul, file):
    first = file("late")
    answer = aigul.open("/queue/state")
    assert answer.json == {"ids": [first]}
    same = aigul.open("/queue/state", **{"If-None-Match": answer.headers["ETag"]})
    assert (same.status_code, same.data) == (304, b"")

    second = file("late")
    changed = aigul.open("/queue/state", **{"If-None-Match": answer.headers["ETag"]})
    assert set(changed.json["ids"]) == {first, second}
    assert aigul.open("/queue/state?channel=phone").json == {"ids": []}


def test_many_cases_are_noted_at_once_after_a_question(aigul, desk, file):
    cases = [file("late") for _ in range(2)]
    aigul.open("/queue")
    aigul.send("/queue/many", ids=cases, action="note")
    assert "For 2 cases" in aigul.text()
    assert aigul.send("/queue/many/act", ids=cases, action="note", note=" ").status_code == 422
    aigul.send("/queue/many/act", ids=cases, action="note", note="One courier.")
    assert "Done: 2. Refused: 0." in aigul.text()
    for each in cases:
        assert shown(desk, each)["history"][-1]["note"] == "One courier."


def test_a_refusal_of_one_case_stops_no_other(aigul, person, desk, file):
    theirs, free = file("late"), file("late")
    berik = person("berik")
    berik.open(f"/cases/{theirs}")
    berik.send(f"/cases/{theirs}/actions/claim")
    aigul.open(f"/cases/{free}")
    aigul.send(f"/cases/{free}/actions/claim")

    aigul.open("/queue")
    aigul.send("/queue/many/act", ids=[theirs, free, "NOBODY22"], action="release")

    assert "Done: 1. Refused: 2." in aigul.text()
    assert shown(desk, free)["status"] == "queued"
    assert shown(desk, theirs)["status"] == "under_review"


@pytest.mark.parametrize(
    ("ids", "action"),
    [
        pytest.param(["X"], "resolve", id="not for many"),
        pytest.param(["X"], "nonsense", id="no action"),
        pytest.param([], "note", id="nothing chosen"),
        pytest.param([f"X{n}" for n in range(bulk.MOST + 1)], "note", id="too many"),
    ],
)
def test_what_cannot_be_done_to_many(aigul, file, ids, action):
    file("late")
    aigul.open("/queue")
    sent = aigul.send("/queue/many/act", ids=ids, action=action, note="x", reason="x")
    assert sent.status_code == 422


def test_a_ready_text_comes_in_the_customers_language_and_keeps_what_was_typed(aigul, file):
    case = file("Кешікті", order_number="978080963", language="kk")
    aigul.open(f"/cases/{case}")
    aigul.send(f"/cases/{case}/actions/claim")
    path = f"/cases/{case}/actions/request_evidence"

    aigul.send(path, insert="message", message="Typed.", **{"ready-message": "ask-for-missing"})

    typed = re.search(r'name="message"[^>]*>([^<]*)<', aigul.page)[1]
    assert typed.startswith("Typed.")
    assert "978080963 тапсырысы" in typed
    assert "Under review" in aigul.text(), "nothing was sent"


def test_shipped_ready_texts_fit_their_forms():
    from triage.web.action_forms import FORMS

    texts = macros.ready_texts(Settings())
    assert texts
    for each in texts:
        assert set(each.actions) <= {str(action) for action in FORMS}
        assert all(
            each.field in {question.name for question in FORMS[action].questions}
            for action in FORMS
            if str(action) in each.actions
        )


@pytest.mark.parametrize(
    ("text", "says"),
    [
        pytest.param("macros: 5", "not iterable", id="no list"),
        pytest.param("{", "macros.yaml", id="no YAML"),
        pytest.param(
            "macros: [{id: a, field: text, name: {ru: a, kk: a, en: a},"
            " text: {ru: a, kk: a, en: a}}]",
            "field is one of",
            id="unknown field",
        ),
        pytest.param(
            "macros: [{id: a, field: note, name: {ru: a, kk: a, en: a},"
            " text: {ru: a, kk: '{sum}', en: a}}]",
            "there is no {sum}",
            id="unknown placeholder",
        ),
    ],
)
def test_ready_texts_that_make_no_sense_say_why(tmp_path, text, says):
    (tmp_path / macros.FILE).write_text(text)
    with pytest.raises(macros.MacroError, match=re.escape(says)):
        macros.ready_texts(Settings(rules_dir=tmp_path))


def test_a_folder_without_ready_texts_has_none(tmp_path):
    assert macros.ready_texts(Settings(rules_dir=tmp_path)) == ()


def test_colleagues_see_who_looks_at_a_case(aigul, person, file, clock):
    case = file("late")
    berik = person("berik")
    for each in (aigul, berik):
        each.open(f"/cases/{case}")
    token = {"X-CSRF-Token": berik.token()}
    assert berik.client.post(f"/cases/{case}/looking", headers=token).json == {"names": []}
    assert berik.client.post("/cases/NOBODY22/looking", headers=token).status_code == 404

    aigul.open(f"/cases/{case}")
    assert "Also looking at this case: Berik" in aigul.text()
    clock.forward(minutes=2)
    aigul.open(f"/cases/{case}")
    assert re.search(r'id="looking"[^>]* hidden', aigul.page)


def test_a_case_shows_its_days_its_points_and_the_cases_beside_it(aigul, file):
    contact = Contact(name="Asel", phone="+7 701 555 12 34")
    other = file("late", order_number="978080963", seller="Tehno", contact=contact)
    case = file(
        "broken",
        problem_type=Category.DEFECTIVE,
        order_number="978080963",
        seller="Tehno",
        contact=Contact(name="Asel", phone="8 (701) 555-12-34"),
        order_date=date(2026, 11, 16),
        promised_on=date(2026, 11, 14),
        received_on=date(2026, 11, 15),
    )
    aigul.open(f"/cases/{case}")
    said = aigul.text()

    assert "Delivered before it was ordered." in said
    assert "1 day later than promised" in said
    assert re.search(r"\d+ points? for urgency", said)
    for name in ("The same order", "The same phone", "The same seller"):
        assert re.search(rf"{name}\s+{other}", said), name


def test_notes_and_words_to_the_customer_look_apart(aigul, file):
    case = file("late")
    aigul.open(f"/cases/{case}")
    aigul.send(f"/cases/{case}/actions/claim")
    aigul.send(f"/cases/{case}/actions/note", note="Between us.")
    aigul.send(f"/cases/{case}/actions/resolve", reason="You get it back.")
    assert re.search(r'wrote internal"><span[^>]*>For the desk only</span>Between us', aigul.page)
    assert re.search(r'wrote to-customer"><span[^>]*>To the customer</span>You get', aigul.page)
