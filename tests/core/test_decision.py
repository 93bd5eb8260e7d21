"""What becomes of a complaint: status, category, priority, term, checklist and every reason."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.books import (
    NOW,
    TODAY,
    a_case,
    a_file,
    a_prediction,
    codes,
    decided,
    known_of,
    states,
    the_book,
    unchecked,
)
from triage.core.case import SlaClass
from triage.core.complaint import Category, Priority
from triage.core.conditions import Clause, Comparison
from triage.core.decision import Decision, decide, judge
from triage.core.evidence import EvidenceKind, Level
from triage.core.facts import Facts, facts_of
from triage.core.policy import Basis, Effect, Require, RequirementLevel, Rule, RuleBook
from triage.messages.reasons import REASONS

ENOUGH = ("damage_photo", "damage_photo", "purchase_proof")
VIRUS = a_file("damage_photo", "malware.found", level=Level.DANGEROUS)
NOT_A_PHOTO = a_file("damage_photo", "image.corrupt")


# ---- status --------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("files", "status"),
    [
        pytest.param((), "needs_evidence", id="nothing was sent"),
        pytest.param(ENOUGH, "queued", id="all was sent"),
        pytest.param(ENOUGH[1:], "needs_evidence", id="one photo of two"),
        pytest.param((NOT_A_PHOTO, *ENOUGH[1:]), "needs_evidence", id="one of two is unusable"),
        pytest.param((VIRUS, "purchase_proof"), "queued", id="a dangerous file: to a person"),
        pytest.param((VIRUS,), "queued", id="even when other evidence is missing"),
        pytest.param(
            (unchecked("damage_photo"), *ENOUGH[1:]), "queued", id="one could not be checked"
        ),
        pytest.param(
            (unchecked("damage_photo"), "purchase_proof"),
            "needs_evidence",
            id="one could not be checked, the other never came",
        ),
        pytest.param(
            (unchecked("purchase_proof"),), "needs_evidence", id="unchecked proof, no photos"
        ),
    ],
)
def test_missing_evidence_holds_a_complaint_unless_a_person_has_to_look(
    files: tuple[Any, ...], status: str
) -> None:
    assert decided("defective", files=files).status == status


def test_files_that_came_but_are_no_use_are_unusable_and_none_at_all_is_missing() -> None:
    made = decided("defective", files=(NOT_A_PHOTO,))
    assert states(made) == {"damage_photo": "unusable", "purchase_proof": "missing"}
    assert {"evidence.unusable", "evidence.missing", "image.corrupt"} <= codes(made)


def test_a_file_that_could_not_be_checked_is_never_counted_as_evidence() -> None:
    made = decided("defective", files=(unchecked("damage_photo"), *ENOUGH[1:]))
    line = next(line for line in made.checklist if line.kind == "damage_photo")
    assert (line.state, line.have, line.unchecked) == ("missing", 1, True)
    assert "evidence.unchecked" in codes(made)
    assert "evidence.missing" not in codes(made)


def test_a_dangerous_file_is_never_counted_as_evidence() -> None:
    made = decided("defective", files=(VIRUS, *ENOUGH[1:]))
    assert states(made)["damage_photo"] == "missing"
    assert {"malware.found", "evidence.dangerous"} <= codes(made)
    assert "evidence.missing" in codes(made, overruled=True)


def test_when_the_time_for_evidence_is_over_the_case_is_reviewed_as_it_is() -> None:
    made = decided("defective", evidence_grace_over=True)
    assert made.status == "queued"
    assert "evidence.grace_over" in codes(made)
    assert "evidence.missing" in codes(made, overruled=True)


def test_what_an_agent_waived_is_not_asked_for() -> None:
    made = decided("defective", files=ENOUGH[:2], waived=frozenset({EvidenceKind.PURCHASE_PROOF}))
    assert made.status == "queued"
    assert states(made)["purchase_proof"] == "waived"
    assert "evidence.waived" in codes(made)
    assert "defect-purchase-proof" in codes(made, overruled=True)


def test_what_the_operator_supplies_never_holds_the_customer_up() -> None:
    made = decided(
        "defective", files=ENOUGH, product_category="laptop", received_on=date(2026, 11, 1)
    )
    assert states(made)["expert_report"] == "missing"
    assert made.status == "queued"
    assert "evidence.arranged" in codes(made)


@pytest.mark.parametrize(
    ("claimed", "prediction"),
    [
        pytest.param("other", a_prediction(None), id="other was claimed"),
        pytest.param(None, a_prediction(None), id="nobody knows"),
        pytest.param(None, a_prediction("other"), id="other was predicted"),
        pytest.param(None, a_prediction("defective", 0.3, abstained=True), id="model unsure"),
    ],
)
def test_nothing_is_asked_for_while_the_problem_is_not_known(
    claimed: str | None, prediction: Any
) -> None:
    made = decided(claimed, prediction=prediction)
    assert made.checklist == ()
    assert made.status == "queued"


# ---- category ------------------------------------------------------------------------------
def test_claim_and_prediction_stand_side_by_side_and_disagreement_is_a_reason() -> None:
    made = decided("defective", prediction=a_prediction("refund_refused"), files=ENOUGH)
    assert (made.category, made.category_source) == ("defective", "customer")
    assert {"category.claimed", "category.disagreement"} <= codes(made, overruled=False)
    assert "model.predicted" in codes(made, overruled=True)


def test_an_agent_overrules_the_customer_and_the_claim_stays_among_the_reasons() -> None:
    made = decided("defective", category=Category.LATE_DELIVERY, order_number="978080963")
    assert (made.category, made.category_source) == ("late_delivery", "agent")
    assert "category.claimed" in codes(made, overruled=True)
    assert made.status == "queued"


@pytest.mark.parametrize(
    ("prediction", "code"),
    [
        pytest.param(a_prediction(None), "model.missing", id="no model"),
        pytest.param(a_prediction("other", 0.4, abstained=True), "model.abstained", id="unsure"),
    ],
)
def test_unknown_stays_unknown_and_goes_to_a_person(prediction: Any, code: str) -> None:
    made = decided(prediction=prediction)
    assert (made.category, made.category_source, made.status) == (None, None, "queued")
    assert {code, "category.unknown"} <= codes(made)


def a_rule(rule_id: str, then: Effect, fact: str = "appeal", wanted: object = 0) -> Rule:
    return Rule(
        id=rule_id,
        when=Clause(fact, Comparison.IS, wanted),
        then=then,
        why={"en": rule_id},
        basis=Basis.OPERATOR_DEFAULT,
        source="test",
    )


def with_rules(*rules: Rule) -> RuleBook:
    return replace(the_book(), rules=rules)


@pytest.mark.parametrize(
    ("claimed", "prediction", "category", "source"),
    [
        pytest.param(None, None, "late_delivery", "rule", id="nobody else knows"),
        pytest.param(None, "defective", "late_delivery", "rule", id="the rule before the model"),
        pytest.param("other", "defective", "other", "customer", id="the customer before the rule"),
    ],
)
def test_a_rule_may_give_the_category(
    claimed: str | None, prediction: str | None, category: str, source: str
) -> None:
    book = with_rules(a_rule("late", Effect(category=Category.LATE_DELIVERY)))
    made = decided(claimed, prediction=a_prediction(prediction), book=book)
    assert (made.category, made.category_source) == (category, source)
    assert ("late" in codes(made, overruled=True)) is (source != "rule")


# ---- term, team, words for the customer ------------------------------------------------------
@pytest.mark.parametrize(
    ("claimed", "known", "sla_class"),
    [
        pytest.param("defective", {}, "standard", id="no check needed"),
        pytest.param("late_delivery", {}, "standard", id="late"),
        pytest.param("refund_refused", {}, "complex", id="refusal"),
        pytest.param("seller_fraud", {}, "complex", id="fraud"),
        pytest.param("defective", {"amount": 100_000}, "complex", id="expensive"),
        pytest.param(
            "defective",
            {"files": (a_file("purchase_proof", "receipt.amount_mismatch", level=Level.WEAK),)},
            "complex",
            id="evidence that does not agree",
        ),
        pytest.param("defective", {"sla_class": SlaClass.EXPERT}, "expert", id="raised before"),
        pytest.param("refund_refused", {"sla_class": SlaClass.STANDARD}, "complex", id="upwards"),
    ],
)
def test_the_term_is_the_longest_that_anything_asks_for(
    claimed: str, known: dict[str, Any], sla_class: str
) -> None:
    made = decided(claimed, **known)
    assert made.sla_class == sla_class
    assert ("sla.kept" in codes(made)) is (sla_class == "expert")


@pytest.mark.parametrize(
    ("claimed", "known", "team"),
    [
        pytest.param("late_delivery", {}, "delivery", id="by problem type"),
        pytest.param("late_delivery", {"appeal": 1}, "senior", id="an appeal to others"),
        pytest.param("defective", {"safety_risk": True, "appeal": 1}, "safety", id="safety first"),
        pytest.param(None, {}, None, id="nobody in particular"),
    ],
)
def test_the_first_rule_that_names_a_team_wins(
    claimed: str | None, known: dict[str, Any], team: str | None
) -> None:
    assert decided(claimed, **known).team == team


def test_warnings_and_questions_are_ids_of_rules_that_have_the_words() -> None:
    made = decided("refund_refused", product_category="underwear")
    assert "not-returnable-by-law" in made.warnings
    assert made.questions == ("refusal-when-asked",)
    for rule_id in (*made.warnings, *made.questions):
        rule = the_book().by_id[rule_id]
        assert {"ru", "kk", "en"} == (rule.then.warn or rule.then.ask).keys()


# ---- rules that ask for the same ---------------------------------------------------------------
def test_the_strictest_of_two_rules_counts_and_the_other_is_recorded_as_overruled() -> None:
    def asks(level: str, count: int) -> Effect:
        kind = EvidenceKind.CHAT_SCREENSHOT
        return Effect(require=(Require(kind=kind, level=RequirementLevel(level), count=count),))

    book = with_rules(
        a_rule("nice", asks("optional", 9)),
        a_rule("one", asks("required_at_intake", 1)),
        a_rule("two", asks("required_at_intake", 2)),
        a_rule("later", asks("required_for_decision", 5)),
    )
    made = decided(book=book)
    assert [(line.rule, line.asked) for line in made.checklist] == [("two", 2)]
    assert {"nice", "one", "later"} <= codes(made, overruled=True)


def test_a_rule_may_waive_what_another_asks_for() -> None:
    kind = EvidenceKind.UNBOXING_VIDEO
    asks = Effect(require=(Require(kind=kind, level=RequirementLevel.REQUIRED_AT_INTAKE),))
    book = with_rules(a_rule("asks", asks), a_rule("waives", Effect(waive=frozenset({kind}))))
    made = decided(book=book)
    assert states(made) == {"unboxing_video": "waived"}
    assert made.status == "queued"


def test_a_rule_is_in_force_for_complaints_filed_in_its_time() -> None:
    rule = replace(a_rule("may", Effect(points=50)), valid_from=TODAY, valid_to=date(2026, 11, 24))
    book = with_rules(rule)
    for filed_on, points in ((21, 0), (23, 50), (24, 50), (25, 0)):
        made = decide(a_case(filed_at=NOW.replace(day=filed_on)), a_prediction(None), book, NOW)
        assert made.points == points


# ---- the whole ---------------------------------------------------------------------------------
FACTS = st.builds(
    replace,
    st.sampled_from([known_of(str(category)) for category in Category] + [known_of()]),
    amount=st.none() | st.integers(0, 10**6),
    symptom=st.none() | st.sampled_from(sorted(the_book().symptoms)),
    appeal=st.integers(0, 4),
    days_since_receipt=st.none() | st.integers(0, 400),
    usable_damage_photo=st.integers(0, 4),
    usable_purchase_proof=st.integers(0, 1),
    order_number_given=st.booleans(),
    safety_risk=st.none() | st.booleans(),
    evidence_grace_over=st.booleans(),
    model_priority=st.none() | st.sampled_from(Priority),
    model_priority_confidence=st.none() | st.integers(0, 100),
    files=st.lists(
        st.sampled_from([VIRUS, NOT_A_PHOTO, unchecked("purchase_proof")]), max_size=3
    ).map(tuple),
    lists=st.none() | st.frozensets(st.sampled_from(sorted(the_book().goods_lists))),
)
PROFILES = st.sampled_from(["humane", "strict_seed"])


@given(facts=FACTS, profile=PROFILES)
def test_a_decision_replays_exactly_from_its_stored_facts(facts: Facts, profile: str) -> None:
    book = the_book(profile)
    stored = json.loads(json.dumps(facts.to_json()))
    assert judge(Facts.from_json(stored), book) == judge(facts, book)


@given(facts=FACTS, profile=PROFILES)
def test_every_reason_has_its_sentence_and_is_plain(facts: Facts, profile: str) -> None:
    book = the_book(profile)
    made = judge(facts, book)
    assert json.loads(json.dumps(made.to_json()))
    for reason in made.reasons:
        if reason.source == "rule":
            assert reason.code in book.by_id
        elif reason.code not in facts.findings | {f.code for x in facts.files for f in x.findings}:
            REASONS[reason.code].format_map(reason.detail)


@given(facts=FACTS, profile=PROFILES)
def test_a_complaint_waits_only_for_what_the_customer_can_send(facts: Facts, profile: str) -> None:
    made = judge(facts, the_book(profile))
    owed = [line for line in made.checklist if line.owed_by_customer]
    if made.status == "needs_evidence":
        assert owed
        assert not facts.evidence_grace_over
        assert VIRUS not in facts.files
    else:
        assert not owed or facts.evidence_grace_over or VIRUS in facts.files


@given(facts=FACTS, suggestion=st.sampled_from(Priority), sure=st.integers(0, 100))
def test_whatever_the_model_says_it_never_lowers_the_priority(
    facts: Facts, suggestion: Priority, sure: int
) -> None:
    silent = replace(facts, model_priority=None, model_priority_confidence=None)
    spoken: Any = replace(facts, model_priority=suggestion, model_priority_confidence=sure)
    assert judge(spoken, the_book()).priority.rank >= judge(silent, the_book()).priority.rank


def test_the_same_facts_under_the_same_book_are_the_same_decision() -> None:
    case = a_case("defective", files=ENOUGH, amount=150_000)
    first: Decision = decide(case, a_prediction("defective"), the_book(), NOW)
    facts = facts_of(case, a_prediction("defective"), TODAY, the_book().lists)
    assert judge(facts, the_book()) == first
    assert (first.rulebook, first.model) == (the_book().version, "2026-11-22-abc")
