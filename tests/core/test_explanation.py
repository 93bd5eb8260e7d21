"""Why a rule fired or did not: every comparison with its value; the replay of any decision."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.books import TODAY, a_file, known_of, the_book
from triage.core.comparison import differences, gist_of, gist_under
from triage.core.complaint import Category, Channel, Priority, Wish
from triage.core.conditions import AllOf, AnyOf, Clause, Comparison, Not
from triage.core.decision import judge
from triage.core.evidence import EvidenceKind
from triage.core.explanation import Outcome, explain, trace
from triage.core.facts import Facts, under
from triage.core.policy import matching

CHEAP = Clause("amount", Comparison.LESS_THAN, Decimal(1000))
LATE = Clause("category", Comparison.IS, Category.LATE_DELIVERY)
NAMED = Clause("seller_given", Comparison.IS, True)
KNOWN = Facts(category=Category.DEFECTIVE, amount=Decimal(500), filed_on=TODAY)


@pytest.mark.parametrize(
    ("condition", "holds", "decisive"),
    [
        pytest.param(CHEAP, True, {"amount"}, id="one comparison decides alone"),
        pytest.param(AllOf((CHEAP, LATE)), False, {"category"}, id="all: the one that fails"),
        pytest.param(AllOf((CHEAP, Not(LATE))), True, {"amount", "category"}, id="all: every one"),
        pytest.param(
            AllOf((LATE, NAMED)), False, {"category", "seller_given"}, id="all: both fail"
        ),
        pytest.param(AnyOf((CHEAP, LATE)), True, {"amount"}, id="any: the one that holds"),
        pytest.param(AnyOf((LATE, NAMED)), False, {"category", "seller_given"}, id="any: each"),
        pytest.param(Not(CHEAP), False, {"amount"}, id="not: what holds inside"),
        pytest.param(
            Not(AnyOf((CHEAP, LATE))), False, {"amount"}, id="not any: the one that holds inside"
        ),
    ],
)
def test_the_comparisons_that_decided_are_named(condition, holds, decisive):
    rule = replace(the_book().rules[0], when=condition)
    book = replace(the_book(), rules=(rule,))

    found = explain(KNOWN, book)[0]

    assert found.when.holds is holds
    assert {each.clause.fact for each in found.decisive} == decisive


def test_every_part_is_asked_with_the_value_that_it_met():
    found = trace(AllOf((LATE, CHEAP)), KNOWN).to_json()

    assert [part["value"] for part in found["parts"]] == ["defective", "500"]
    assert [part["wanted"] for part in found["parts"]] == ["late_delivery", "1000"]
    assert [part["holds"] for part in found["parts"]] == [False, True]


@pytest.mark.parametrize(
    ("valid", "outcome"),
    [
        pytest.param({}, Outcome.FIRED, id="always in force"),
        pytest.param({"valid_from": date(2026, 11, 24)}, Outcome.NOT_YET, id="from tomorrow"),
        pytest.param({"valid_from": TODAY, "valid_to": TODAY}, Outcome.FIRED, id="on that day"),
        pytest.param({"valid_to": date(2026, 11, 22)}, Outcome.EXPIRED, id="until yesterday"),
    ],
)
def test_a_rule_out_of_force_is_told_from_one_that_does_not_match(valid, outcome):
    rule = replace(the_book().rules[0], when=CHEAP, **valid)
    assert explain(KNOWN, replace(the_book(), rules=(rule,)))[0].outcome is outcome


def test_an_unknown_fact_is_shown_as_unknown():
    assert trace(CHEAP, Facts()).value is None


@pytest.mark.parametrize("profile", ["humane", "strict_seed"])
def test_what_is_explained_as_fired_is_what_fires(profile):
    book = the_book(profile)
    facts = known_of("defective", amount=500_000, files=("damage_photo",))
    fired = [each.rule for each in explain(facts, book) if each.outcome is Outcome.FIRED]
    assert tuple(fired) == matching(book.rules, facts)


ANY_FACTS = st.builds(
    Facts,
    channel=st.sampled_from(Channel),
    category=st.none() | st.sampled_from(Category),
    category_source=st.sampled_from([None, "model", "customer", "agent"]),
    claimed=st.none() | st.sampled_from(Category),
    model_best=st.none() | st.just("defective"),
    model_confidence=st.none() | st.decimals(0, 100, places=1),
    model_priority=st.none() | st.sampled_from(Priority),
    model_priority_confidence=st.none() | st.decimals(0, 100, places=1),
    model_danger=st.none() | st.decimals(0, 100, places=1),
    product_category=st.none() | st.sampled_from(sorted(the_book().goods)),
    amount=st.none() | st.decimals(0, 10_000_000, places=2),
    days_since_order=st.none() | st.integers(0, 900),
    days_since_receipt=st.none() | st.integers(0, 900),
    days_overdue=st.none() | st.integers(0, 90),
    wish=st.none() | st.sampled_from(Wish),
    symptom=st.none() | st.sampled_from(sorted(the_book().symptoms)),
    safety_risk=st.none() | st.booleans(),
    appeal=st.integers(0, 3),
    seller_complaints=st.none() | st.integers(0, 30),
    usable_damage_photo=st.integers(0, 5),
    filed_on=st.dates(date(2020, 1, 1), date(2030, 1, 1)),
    files=st.lists(st.sampled_from([a_file("damage_photo"), a_file("other", "file.empty")])).map(
        tuple
    ),
    priority_override=st.none() | st.sampled_from(Priority),
    waived=st.frozensets(st.sampled_from(EvidenceKind)),
    evidence_grace_over=st.booleans(),
)  # fmt: skip


@given(facts=ANY_FACTS, profile=st.sampled_from(["humane", "strict_seed"]))
@settings(max_examples=60, deadline=None)
def test_a_decision_replays_from_its_stored_facts(facts, profile):
    book = the_book(profile)
    made = judge(facts, book)
    stored = json.loads(json.dumps({"facts": facts.to_json(), "decision": made.to_json()}))

    again = judge(Facts.from_json(stored["facts"]), book)

    assert again == made
    assert json.loads(json.dumps(again.to_json())) == stored["decision"]
    assert differences(gist_of(stored["decision"]), gist_under(facts, book)) == {}


@given(facts=ANY_FACTS)
@settings(max_examples=60, deadline=None)
def test_the_rules_that_a_problem_type_leaves_out_would_not_have_matched(facts):
    book = the_book()
    assert matching(book.rules_for(facts.category), facts) == matching(book.rules, facts)


@given(facts=ANY_FACTS)
@settings(max_examples=30, deadline=None)
def test_an_explanation_agrees_with_the_judge(facts):
    fired = [each.rule.id for each in explain(facts, the_book()) if each.outcome is Outcome.FIRED]
    told = [reason.code for reason in judge(facts, the_book()).reasons if reason.source == "rule"]
    assert fired == told


def test_facts_follow_the_lists_of_the_book_that_is_tried():
    facts = known_of("refund_refused", product_category="underwear")
    lists = replace(the_book().lists, members={})
    assert facts.lists
    assert under(facts, the_book().lists) == facts
    assert under(facts, lists).lists == frozenset()
