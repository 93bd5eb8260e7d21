"""The shipped rule book keeps its promises: the matrix, its profiles, its texts, its speed."""

from __future__ import annotations

import time
from datetime import date
from typing import Any

import pytest

from tests.core.books import RULES, TODAY, decided, known_of, levels, states, the_book
from triage import rulebook
from triage.core.complaint import Category
from triage.core.policy import matching, prospects
from triage.messages.findings import FINDINGS
from triage.rulebook.coverage import by_examples
from triage.rulebook.handbook import handbook
from triage.rulebook.lint import lint

PROFILES = ("humane", "strict_seed")
INTAKE, DECISION, OPTIONAL = "required_at_intake", "required_for_decision", "optional"
LONG_AGO, LATELY = date(2026, 11, 1), date(2026, 11, 20)


# ---- what the shipped book asks for (the matrix) ---------------------------------------------
@pytest.mark.parametrize(
    ("claimed", "known", "asked"),
    [
        pytest.param(
            "defective",
            {},
            {"damage_photo": INTAKE, "chat_screenshot": OPTIONAL, "purchase_proof": DECISION},
            id="defective",
        ),
        pytest.param(
            "defective",
            {"amount": 100_000, "received_on": LATELY, "product_category": "laptop"},
            {
                "damage_photo": INTAKE,
                "chat_screenshot": OPTIONAL,
                "unboxing_video": DECISION,
                "purchase_proof": DECISION,
            },
            id="defective, expensive, fresh",
        ),
        pytest.param(
            "defective",
            {"amount": 100_000, "received_on": LONG_AGO, "product_category": "laptop"},
            {
                "damage_photo": INTAKE,
                "chat_screenshot": OPTIONAL,
                "purchase_proof": DECISION,
                "expert_report": DECISION,
            },
            id="defective, complex, after two weeks",
        ),
        pytest.param(
            "not_as_described",
            {},
            {"damage_photo": INTAKE, "chat_screenshot": OPTIONAL, "purchase_proof": DECISION},
            id="not as described",
        ),
        pytest.param(
            "not_as_described",
            {"symptom": "wrong_item"},
            {
                "damage_photo": INTAKE,
                "chat_screenshot": OPTIONAL,
                "unboxing_video": DECISION,
                "purchase_proof": DECISION,
            },
            id="wrong item",
        ),
        pytest.param(
            "not_as_described",
            {"symptom": "differs_from_chat"},
            {"damage_photo": INTAKE, "chat_screenshot": DECISION, "purchase_proof": DECISION},
            id="promised in the chat",
        ),
        pytest.param(
            "not_as_described",
            {"symptom": "counterfeit"},
            {
                "damage_photo": INTAKE,
                "chat_screenshot": OPTIONAL,
                "purchase_proof": DECISION,
                "expert_report": DECISION,
            },
            id="counterfeit",
        ),
        pytest.param(
            "late_delivery",
            {},
            {"chat_screenshot": OPTIONAL, "purchase_proof": INTAKE},
            id="late delivery",
        ),
        pytest.param(
            "refund_refused",
            {},
            {
                "damage_photo": OPTIONAL,
                "chat_screenshot": INTAKE,
                "unboxing_video": OPTIONAL,
                "purchase_proof": DECISION,
            },
            id="refund refused",
        ),
        pytest.param(
            "refund_refused",
            {"symptom": "not_working", "return_answer": "misuse_alleged", "product_category": "tv"},
            {
                "damage_photo": INTAKE,
                "chat_screenshot": INTAKE,
                "unboxing_video": OPTIONAL,
                "purchase_proof": DECISION,
                "expert_report": DECISION,
            },
            id="refund refused, misuse alleged",
        ),
        pytest.param(
            "seller_fraud",
            {},
            {"chat_screenshot": OPTIONAL, "purchase_proof": INTAKE, "expert_report": OPTIONAL},
            id="fraud",
        ),
        pytest.param(
            "seller_fraud",
            {
                "contacted_outside": True,
                "received_on": LATELY,
                "symptom": "empty_box",
                "amount": 250_000,
            },
            {
                "damage_photo": DECISION,
                "chat_screenshot": INTAKE,
                "unboxing_video": DECISION,
                "purchase_proof": INTAKE,
                "expert_report": OPTIONAL,
            },
            id="fraud with an empty box",
        ),
        pytest.param("other", {}, {}, id="other"),
        pytest.param(None, {}, {}, id="unknown"),
    ],
)
def test_the_humane_profile_asks_for_what_the_matrix_says(
    claimed: str | None, known: dict[str, Any], asked: dict[str, str]
) -> None:
    assert levels(decided(claimed, **known)) == asked


@pytest.mark.parametrize(
    ("claimed", "known", "asked"),
    [
        pytest.param(
            "defective",
            {"amount": 100_000, "product_category": "laptop"},
            {
                "damage_photo": INTAKE,
                "chat_screenshot": INTAKE,
                "unboxing_video": INTAKE,
                "purchase_proof": INTAKE,
                "expert_report": DECISION,
            },
            id="expensive and complex",
        ),
        pytest.param(
            "late_delivery",
            {},
            {"chat_screenshot": INTAKE, "purchase_proof": INTAKE},
            id="late delivery",
        ),
        pytest.param("other", {}, {}, id="other"),
    ],
)
def test_the_strict_profile_takes_the_seed_literally(
    claimed: str, known: dict[str, Any], asked: dict[str, str]
) -> None:
    made = decided(claimed, book=the_book("strict_seed"), **known)
    assert levels(made) == asked
    assert made.status == ("needs_evidence" if asked else "queued")


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize(
    ("known", "state"),
    [
        pytest.param({"order_number": "1002003004"}, "met", id="order number of ten digits"),
        pytest.param({"files": ("purchase_proof",)}, "met", id="screenshot of the order"),
        pytest.param({}, "missing", id="neither"),
    ],
)
def test_a_late_delivery_never_needs_a_receipt(
    profile: str, known: dict[str, Any], state: str
) -> None:
    made = decided("late_delivery", book=the_book(profile), **known)
    assert states(made)["purchase_proof"] == state


@pytest.mark.parametrize(
    ("claimed", "known", "kind"),
    [
        pytest.param(
            "defective",
            {"symptom": "not_working", "files": ("unboxing_video",)},
            "damage_photo",
            id="a video of what does not work",
        ),
        pytest.param(
            "not_as_described",
            {"symptom": "missing_parts", "files": ("damage_photo",) * 4},
            "unboxing_video",
            id="four photos instead of the video",
        ),
        pytest.param(
            "refund_refused",
            {"return_requested_on": LATELY, "return_answer": "refused"},
            "chat_screenshot",
            id="date and answer instead of the screenshot",
        ),
    ],
)
def test_substitutes_serve(claimed: str, known: dict[str, Any], kind: str) -> None:
    assert states(decided(claimed, **known))[kind] == "met"


@pytest.mark.parametrize("claimed", ["defective", "not_as_described", "seller_fraud"])
def test_not_returnable_goods_are_no_obstacle_when_something_is_wrong(claimed: str) -> None:
    for profile in PROFILES:
        book = the_book(profile)
        with_list = decided(claimed, book=book, product_category="underwear")
        without = decided(claimed, book=book, product_category="furniture")
        assert with_list == without


def test_every_problem_type_can_be_satisfied() -> None:
    """Two photos, a chat, a video, a proof and a report are enough for every complaint."""
    every = ("damage_photo", "damage_photo", "chat_screenshot", "unboxing_video")
    for profile in PROFILES:
        for category in Category:
            made = decided(
                str(category),
                book=the_book(profile),
                files=(*every, "purchase_proof", "expert_report"),
                amount=500_000,
                received_on=LATELY,
                product_category="laptop",
            )
            assert made.status == "queued", (profile, category)


def test_a_form_can_tell_beforehand_what_may_be_asked_for() -> None:
    seen = [
        (str(p.require.kind), p.always) for p in prospects(the_book(), Category("defective"), TODAY)
    ]
    assert seen == [
        ("damage_photo", False),
        ("damage_photo", False),
        ("chat_screenshot", True),
        ("unboxing_video", False),
        ("purchase_proof", True),
        ("expert_report", False),
    ]
    assert not list(prospects(the_book(), Category("other"), TODAY))


# ---- promises of the shipped files -------------------------------------------------------------
@pytest.mark.parametrize("profile", PROFILES)
def test_the_shipped_book_loads_and_every_rule_proves_itself(profile: str) -> None:
    book = rulebook.load(RULES, profile)
    assert len(book.version) == 16
    for rule in book.rules:
        assert {example.match for example in rule.examples} == {True, False}
        assert {"ru", "kk", "en"} == rule.why.keys()


def test_the_profiles_are_different_books_and_loading_again_gives_the_same() -> None:
    versions = {profile: rulebook.load(RULES, profile).version for profile in PROFILES}
    assert len(set(versions.values())) == 2
    assert versions == {profile: the_book(profile).version for profile in PROFILES}


@pytest.mark.parametrize("profile", PROFILES)
def test_the_lint_has_nothing_against_the_shipped_book_and_decides_everything(
    profile: str,
) -> None:
    start = time.process_time()
    notes = list(lint(the_book(profile), TODAY, FINDINGS))
    assert [str(note) for note in notes if note.serious] == []
    assert not [note for note in notes if note.code == "lint.undecided"]
    assert time.process_time() - start < 10  # seconds; both profiles together have 20


@pytest.mark.parametrize("profile", PROFILES)
def test_the_examples_decide_every_branch_of_the_shipped_book(profile: str) -> None:
    covered = by_examples(the_book(profile))
    undecided = [(each.rule.id, each.missing) for each in covered.rules if each.missing]
    assert undecided == []
    assert covered.per_cent == 100


@pytest.mark.parametrize("profile", PROFILES)
def test_only_an_article_is_called_law(profile: str) -> None:
    for rule in the_book(profile).rules:
        if rule.basis == "law":
            assert "art." in rule.source, rule.id
            assert rule.then.warn, f"{rule.id}: the law gives rights, it demands no file"


def test_every_code_of_the_book_has_a_name_in_three_languages() -> None:
    book = the_book()
    codes = ("damage_photo", "technically_complex", "smartphone", "senior", "urgent", "expert")
    for code in (*Category, *codes, "refused", "wrong_item"):
        assert {"ru", "kk", "en"} == (book.find_names(code) or {}).keys(), code
    assert book.find_names("nothing_of_ours") is None


def test_the_readme_lists_every_fact_comparison_and_effect_from_the_code() -> None:
    readme = (RULES / "README.md").read_text(encoding="utf-8")
    assert handbook() in readme, "run: triage rules handbook, and paste it into rules/README.md"


def test_one_complaint_is_matched_against_the_whole_book_in_well_under_a_third_of_a_ms() -> None:
    facts = known_of("defective", amount=150_000, product_category="laptop", received_on=LATELY)
    book, best = the_book(), 1.0
    for _ in range(50):
        start = time.perf_counter()
        for _ in range(20):
            matching(book.rules, facts)
        best = min(best, (time.perf_counter() - start) / 20)
    assert best < 0.000_3
