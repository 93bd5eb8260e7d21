"""How facts are made from a case file, and that they are stored and read back unchanged."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.books import NOW, TODAY, a_case, a_file, a_prediction, known_of, the_book, unchecked
from triage.core.case import CaseFile, JudgedEvidence, SlaClass
from triage.core.complaint import Category, Channel, Language, Priority, Wish
from triage.core.evidence import EvidenceKind, Finding, Level, Verdict
from triage.core.facts import VOCABULARY, Facts, facts_of, fold
from triage.core.prediction import NO_MODEL, Prediction
from triage.core.vocabulary import Shape

LISTS = the_book().lists


@pytest.mark.parametrize(
    ("claimed", "overridden", "prediction", "category", "source"),
    [
        pytest.param(
            "defective", "late_delivery", "other", "late_delivery", "agent", id="an agent first"
        ),
        pytest.param("defective", None, "other", "defective", "customer", id="then the customer"),
        pytest.param(None, None, "other", "other", "model", id="then the model"),
        pytest.param(None, None, None, None, None, id="else nobody"),
    ],
)
def test_the_category_in_force_is_the_first_that_somebody_gave(
    claimed: str | None,
    overridden: str | None,
    prediction: str | None,
    category: str | None,
    source: str | None,
) -> None:
    said = {} if overridden is None else {"category": Category(overridden)}
    model = NO_MODEL if prediction is None else a_prediction(prediction)
    facts = facts_of(a_case(claimed, **said), model, TODAY, LISTS)
    assert (facts.category, facts.category_source) == (category, source)


@pytest.mark.parametrize(
    "prediction",
    [
        pytest.param(NO_MODEL, id="no model"),
        pytest.param(a_prediction("defective", 0.4, abstained=True), id="abstained"),
        pytest.param(a_prediction("complaint_about_rain"), id="a label that is not ours"),
    ],
)
def test_a_model_that_does_not_know_leaves_the_category_unknown(prediction: Prediction) -> None:
    facts = facts_of(a_case(), prediction, TODAY, LISTS)
    assert facts.category is None
    assert facts.predicted is None


def test_what_the_model_thought_is_kept_even_when_it_abstained() -> None:
    prediction = a_prediction(
        "defective", 0.41, abstained=True, priority="high", priority_confidence=0.876
    )
    facts = facts_of(a_case(), prediction, TODAY, LISTS)
    assert (facts.model_best, facts.model_confidence) == ("defective", Decimal("41.0"))
    assert (facts.model_priority, facts.model_priority_confidence) == ("high", Decimal("87.6"))


@pytest.mark.parametrize(
    ("known", "fact", "value"),
    [
        pytest.param({"order_date": date(2026, 11, 13)}, "days_since_order", 10, id="order"),
        pytest.param({"received_on": TODAY}, "days_since_receipt", 0, id="received today"),
        pytest.param(
            {"received_on": date(2026, 11, 24)}, "days_since_receipt", None, id="in the future"
        ),
        pytest.param({}, "days_since_receipt", None, id="not received"),
        pytest.param(
            {"return_requested_on": date(2026, 11, 12)},
            "days_since_return_request",
            11,
            id="asked for a return",
        ),
        pytest.param({"promised_on": date(2026, 11, 20)}, "days_overdue", 3, id="still not here"),
        pytest.param({"promised_on": date(2026, 11, 30)}, "days_overdue", 0, id="not due yet"),
        pytest.param(
            {"promised_on": date(2026, 11, 10), "received_on": date(2026, 11, 12)},
            "days_overdue",
            2,
            id="came two days late",
        ),
        pytest.param({"order_number": "978080963"}, "order_number_given", True, id="order number"),
        pytest.param({"order_number": ""}, "order_number_given", False, id="an empty one"),
        pytest.param({"amount": "1.50"}, "amount", Decimal("1.50"), id="amount"),
        pytest.param({"product_category": " СМАРТФОН "}, "product_category", "smartphone", id="ru"),
        pytest.param({"product_category": "Теледидарлар"}, "product_category", "tv", id="kk"),
        pytest.param({"product_category": "spaceship"}, "product_category", None, id="no goods"),
        pytest.param({"product_category": "spaceship"}, "lists", None, id="so no lists either"),
        pytest.param({"product_category": "books"}, "lists", frozenset(), id="on no list"),
        pytest.param({"symptom": "Не включается"}, "symptom", "not_working", id="symptom in words"),
        pytest.param({"symptom": "wrong_item"}, "symptom", "wrong_item", id="symptom by code"),
        pytest.param({"symptom": "meh"}, "symptom", None, id="a symptom that nobody knows"),
        pytest.param({"return_answer": "отказ"}, "return_answer", "refused", id="seller refused"),
        pytest.param({"return_answer": "позже"}, "return_answer", "other", id="other words"),
    ],
)
def test_a_fact_follows_from_the_case_file(known: dict[str, Any], fact: str, value: object) -> None:
    assert getattr(known_of(**known), fact) == value


def test_days_since_receipt_are_counted_to_the_filing_so_the_checklist_stands_still() -> None:
    case = a_case(received_on=date(2026, 11, 13), promised_on=date(2026, 11, 10))
    later = facts_of(case, NO_MODEL, date(2026, 12, 20), LISTS)
    assert later.days_since_receipt == 10


def test_the_day_of_filing_is_the_day_in_almaty() -> None:
    case = a_case(filed_at=datetime(2026, 11, 23, 19, 30, tzinfo=UTC))
    assert facts_of(case, NO_MODEL, TODAY, LISTS).filed_on == date(2026, 11, 24)


def test_only_usable_files_are_counted_and_copies_once() -> None:
    facts = known_of(
        files=(
            "damage_photo",
            a_file("damage_photo", "image.blurred", level=Level.WEAK),
            a_file("damage_photo", "image.corrupt"),
            a_file("damage_photo", "malware.found", level=Level.DANGEROUS),
            unchecked("damage_photo"),
            a_file("damage_photo", "duplicate.same_complaint", level=Level.WEAK),
            "purchase_proof",
        )
    )
    assert (facts.usable_damage_photo, facts.usable_purchase_proof) == (2, 1)
    assert {"image.corrupt", "malware.found", "check.timed_out"} <= facts.findings


def test_the_vocabulary_says_what_every_fact_means() -> None:
    for name, spec in VOCABULARY.items():
        assert spec.word.about, name
        starts_unknown = getattr(Facts(), name) is None
        assert spec.may_be_unknown is starts_unknown, name
        assert (spec.shape is Shape.NUMBER) is bool(spec.word.unit), name
        closed = spec.values or spec.word.listed
        assert bool(closed) is (spec.shape in (Shape.CHOICE, Shape.CODES)), name
    assert {f"usable_{kind}" for kind in EvidenceKind} <= VOCABULARY.keys()


FINDINGS = st.builds(
    Finding,
    code=st.sampled_from(["image.blurred", "pdf.corrupt"]),
    level=st.sampled_from(Level),
    measured=st.none() | st.integers(0, 9) | st.text(max_size=3),
    detail=st.dictionaries(st.text(max_size=3), st.integers(), max_size=2),
)
FILES = st.builds(
    JudgedEvidence,
    id=st.text(max_size=3),
    kind=st.sampled_from(EvidenceKind),
    verdict=st.sampled_from(Verdict),
    findings=st.lists(FINDINGS, max_size=2).map(tuple),
)
CASES = st.builds(
    a_case,
    st.none() | st.sampled_from([str(category) for category in Category]),
    channel=st.sampled_from(Channel),
    language=st.none() | st.sampled_from(Language),
    amount=st.none() | st.decimals(0, 10**9, places=2),
    order_date=st.none() | st.dates(date(2020, 1, 1), date(2030, 1, 1)),
    wish=st.none() | st.sampled_from(Wish),
    symptom=st.none() | st.text(max_size=10) | st.just("wrong_item"),
    product_category=st.sampled_from([None, "smartphone", "food", "spaceship"]),
    contacted_outside=st.none() | st.booleans(),
    appeal=st.integers(0, 5),
    waived=st.frozensets(st.sampled_from(EvidenceKind)),
    priority=st.none() | st.sampled_from(Priority),
    sla_class=st.none() | st.sampled_from(SlaClass),
    files=st.lists(FILES, max_size=3),
)
PREDICTIONS = st.builds(
    Prediction,
    category=st.sampled_from([*map(str, Category), "strange", None]),
    confidence=st.floats(0, 1),
    abstained=st.booleans(),
    priority=st.none() | st.sampled_from([*map(str, Priority), "soon"]),
    priority_confidence=st.floats(0, 1),
    model=st.text(max_size=5),
)


@given(case=CASES, prediction=PREDICTIONS)
def test_facts_come_back_from_json_as_they_were(case: CaseFile, prediction: Prediction) -> None:
    facts = facts_of(case, prediction, NOW.date(), LISTS)
    assert Facts.from_json(json.loads(json.dumps(facts.to_json()))) == facts


def test_unknown_facts_are_left_out_and_strange_ones_are_passed_over() -> None:
    assert Facts().to_json() == {}
    assert Facts.from_json({"shoe_size": 43, "appeal": 2}) == Facts(appeal=2)


@pytest.mark.parametrize(
    ("word", "folded"),
    [
        pytest.param("  Смарт  ЧАСЫ ", "смарт часы", id="case and spaces"),
        pytest.param("палёнка", "паленка", id="ё"),
        pytest.param("wrong_item", "wrong item", id="a code"),
    ],
)
def test_words_are_looked_up_without_regard_to_their_spelling(word: str, folded: str) -> None:
    assert fold(word) == folded
