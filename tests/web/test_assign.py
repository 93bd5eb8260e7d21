"""Cases given to agents: who may give what, what "take the next" makes of it, teams."""

from __future__ import annotations

import re

import pytest

from tests.desks import AIGUL, BERIK
from tests.web.conftest import PASSWORD
from triage.casework import accounts, answer, bulk, staff, work
from triage.casework.audit import OPERATOR
from triage.casework.queue import QueueFilters
from triage.casework.work import ActionRequest
from triage.core.complaint import Category
from triage.core.people import Actor, Role
from triage.core.status import Action
from triage.errors import Invalid, Refused

LEAD = Actor(id="user:3", name="Lead", roles=frozenset({Role.QA}), is_person=True)


@pytest.fixture
def aigul(person):
    return person("aigul")


@pytest.fixture
def berik(aigul, person):
    return person("berik")


def give(desk, case, actor, to):
    return bulk.assign_many(desk, [case], actor, to)[0].error


def seen(desk, case, actor=AIGUL):
    return answer.case(desk, case, "en", actor)["assigned"]


def test_cases_are_assigned_to_oneself_after_a_question(aigul, desk, file):
    cases = [file(order_number=f"97808096{n}") for n in range(2)]
    aigul.open("/queue")
    assert 'formaction="/queue/assign"' in aigul.page

    aigul.send("/queue/assign", ids=cases)
    assert "For 2 cases" in aigul.text()
    assert "You may take free cases for yourself" in aigul.text()
    aigul.send("/queue/assign/act", ids=cases, to="user:1", note="My street")

    assert "Done: 2. Refused: 0." in aigul.text()
    assert seen(desk, cases[0]) == {"name": "Aigul", "mine": True}
    aigul.open(f"/cases/{cases[0]}")
    assert "This case is meant for you" in aigul.text()
    assert "Assigned Aigul" in aigul.text(), "the history says so"
    assert "My street" in aigul.text()
    aigul.open("/queue?mine=1")
    assert set(re.findall(r'data-case="(\w+)"', aigul.page)) == set(cases)
    aigul.open("/queue?mine=1&q=978080961")
    assert re.findall(r'data-case="(\w+)"', aigul.page) == cases[1:]


def test_the_next_case_is_not_one_that_waits_for_a_colleague(aigul, berik, desk, file, clock):
    first = file()
    assert give(desk, first, AIGUL, "user:1") is None

    assert work.claim_next(desk, BERIK) is None
    second = file(order_number="978080964")
    assert work.claim_next(desk, BERIK) == second
    assert work.claim_next(desk, AIGUL) == first


def test_an_overdue_case_is_anybodys(aigul, berik, desk, file, clock):
    case = file()
    give(desk, case, AIGUL, "user:1")
    clock.forward(days=10)

    assert work.claim_next(desk, BERIK) == case
    assert seen(desk, case) is None, "whoever takes it has it"


def test_an_agent_hands_on_only_what_is_theirs(aigul, berik, desk, file):
    case = file()
    assert give(desk, case, AIGUL, "user:2").code == "assign.others"
    assert give(desk, case, AIGUL, "user:1") is None
    assert give(desk, case, BERIK, "user:2").code == "assign.not_yours"
    assert give(desk, case, AIGUL, "user:2") is None
    assert seen(desk, case, BERIK) == {"name": "Berik", "mine": True}
    assert give(desk, case, BERIK, "") is None
    assert seen(desk, case) is None


def test_quality_control_gives_any_case_to_any_agent(aigul, berik, person, desk, file):
    case = file()
    lead = person("lead", Role.QA)
    lead.open("/queue")
    lead.send("/queue/assign", ids=[case])
    assert "You may assign any case." in lead.text()
    assert re.findall(r'<option value="([^"]*)"', lead.page) == ["user:1", "user:2", ""]
    lead.send("/queue/assign/act", ids=[case], to="user:1")
    lead.send("/queue/assign/act", ids=[case], to="user:2")
    assert seen(desk, case) == {"name": "Berik", "mine": False}


def test_a_case_in_somebodys_hands_is_not_taken_out_of_them(aigul, berik, person, desk, file):
    case = file()
    work.act(desk, case, Action.CLAIM, AIGUL, ActionRequest())

    refused = give(desk, case, LEAD, "user:2")
    assert (refused.code, refused.facts["name"]) == ("assign.held", "Aigul")

    assert give(desk, case, AIGUL, "user:2") is None, "whoever holds it hands it over"
    found = answer.case(desk, case, "en", BERIK)
    assert found["lease"] is None
    assert found["status"] == "queued"


def test_an_assignment_outlives_waiting_and_ends_with_giving_back(aigul, desk, file):
    case = file()
    give(desk, case, AIGUL, "user:1")
    work.act(desk, case, Action.CLAIM, AIGUL, ActionRequest())
    work.act(desk, case, Action.WAIT_SELLER, AIGUL, ActionRequest())
    assert seen(desk, case) == {"name": "Aigul", "mine": True}
    work.act(desk, case, Action.CLAIM, AIGUL, ActionRequest())
    work.act(desk, case, Action.RELEASE, AIGUL, ActionRequest())
    assert seen(desk, case) is None


def test_a_closed_case_is_for_nobody(aigul, desk, file):
    case = file()
    give(desk, case, AIGUL, "user:1")
    work.act(desk, case, Action.CLAIM, AIGUL, ActionRequest())
    work.act(desk, case, Action.RESOLVE, AIGUL, ActionRequest(reason="Refunded."))
    assert seen(desk, case) is None
    assert give(desk, case, AIGUL, "user:1").code == "assign.closed"


def test_an_appeal_is_not_given_to_whoever_decided(aigul, berik, desk, file):
    case = file()
    work.act(desk, case, Action.CLAIM, AIGUL, ActionRequest())
    work.act(desk, case, Action.RESOLVE, AIGUL, ActionRequest(reason="Refunded."))
    work.act(desk, case, Action.APPEAL, BERIK, ActionRequest(reason="No money came."))

    assert give(desk, case, LEAD, "user:1").code == "assign.same_agent"
    assert give(desk, case, LEAD, "user:2") is None


@pytest.mark.parametrize("deed", ["closed", "moved"])
def test_nothing_waits_for_somebody_who_has_left(aigul, berik, desk, file, deed):
    case = file()
    give(desk, case, LEAD, "user:1")
    if deed == "closed":
        accounts.set_disabled(desk, 1, True, OPERATOR)
    else:
        accounts.set_role(desk, 1, Role.INTAKE, OPERATOR)
    assert seen(desk, case) is None
    with pytest.raises(Invalid) as refused:
        bulk.assign_many(desk, [case], LEAD, "user:1")
    assert refused.value.code == "assign.unknown"


def test_a_program_assigns_nothing(aigul, desk, file):
    program = Actor(id="key:x", name="A script", roles=frozenset({Role.AGENT}))
    with pytest.raises(Refused):
        bulk.assign_many(desk, [file()], program, "user:1")


def test_one_refusal_stops_no_other(aigul, berik, desk, file):
    theirs, free = file(), file(order_number="978080964")
    give(desk, theirs, BERIK, "user:2")
    aigul.open("/queue")
    aigul.send("/queue/assign/act", ids=[theirs, free, "NOBODY22"], to="user:1")
    assert "Done: 1. Refused: 2." in aigul.text()
    assert "This case is meant for Berik" in aigul.text()
    assert seen(desk, free)["mine"]


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        pytest.param({"to": "user:1"}, "No case was chosen", id="none chosen"),
        pytest.param({"ids": ["X"], "to": "user:99"}, "no such agent", id="unknown agent"),
        pytest.param(
            {"ids": [f"X{n}" for n in range(51)], "to": "user:1"}, "Too many cases", id="too many"
        ),
    ],
)
def test_what_cannot_be_assigned_is_said(aigul, fields, said):
    aigul.open("/queue")
    assert aigul.send("/queue/assign/act", **fields).status_code == 422
    assert said in aigul.text()


def test_intake_assigns_nothing(person, file):
    operator = person("operator", Role.INTAKE)
    operator.open("/intake")
    assert operator.send("/queue/assign", ids=[file()]).status_code == 403


def test_the_queue_can_be_narrowed_to_a_team(aigul, desk, file):
    late = file()
    fraud = file(problem_type=Category.SELLER_FRAUD, order_number="978080964", text="Fraud")
    teams = {each: answer.case(desk, each, "en", AIGUL)["team"] for each in (late, fraud)}
    assert len(set(teams.values())) == 2

    for case, team in teams.items():
        aigul.open(f"/queue?team={team}")
        assert re.findall(r'data-case="(\w+)"', aigul.page) == [case]
        assert f'value="{team}" selected' in aigul.page
        assert work.claim_next(desk, AIGUL, QueueFilters(team=team)) == case
    aigul.open("/queue?team=%27OR")
    assert aigul.page.count("data-case=") == 2, "what is no team filters nothing"


def test_staff_are_listed_by_name_without_those_who_left(aigul, berik, desk):
    staff.add_user(desk, login="zarina", name="Zarina", password=PASSWORD, role=Role.QA)
    accounts.set_disabled(desk, 2, True, OPERATOR)
    aigul.open("/queue")
    aigul.send("/queue/assign", ids=["X"])
    assert "Zarina" not in aigul.page
    assert "Berik" not in aigul.page
