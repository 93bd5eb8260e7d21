"""Figures about a model: each is what its name says."""

from __future__ import annotations

import pytest

from triage.classifier.evaluate import Answer, as_table, evaluate, report
from triage.classifier.predict import Classifier
from triage.classifier.rows import Row


def answered(truth: str, said: str, *, sure: float = 0.9, abstained: bool = False) -> Answer:
    return Answer(truth=truth, said=said, confidence=sure, abstained=abstained, language="ru")


def test_precision_recall_and_f1_of_each_class() -> None:
    figures = report("category", [answered("a", "a"), answered("a", "b"), answered("b", "b")])
    assert figures.accuracy == pytest.approx(2 / 3, abs=1e-3)
    a, b = figures.per_class["a"], figures.per_class["b"]
    assert (a.precision, a.recall, a.texts) == (1.0, 0.5, 2)
    assert (b.precision, b.recall, b.texts) == (0.5, 1.0, 1)
    assert figures.macro_f1 == pytest.approx(2 / 3, abs=1e-3)


def test_out_of_scope_texts_count_when_turned_away_and_nowhere_else() -> None:
    figures = report(
        "intent",
        [
            answered("a", "a"),
            answered("oos", "a", abstained=True),
            answered("oos", "oos"),
            answered("oos", "a"),
        ],
    )
    assert figures.accuracy == 1.0
    assert figures.texts == 1
    assert figures.out_of_scope is not None
    assert figures.out_of_scope["texts"] == 3
    assert figures.out_of_scope["recall"] == pytest.approx(0.6667)


@pytest.mark.parametrize(
    ("sure", "recall"),
    [
        pytest.param([0.1, 0.21, 0.39], 1.0, id="below the right answers that may be given up"),
        pytest.param([0.4, 0.5], 0.0, id="at the first right answer that may not"),
        pytest.param([0.39, 0.41], 0.5, id="one below and one above"),
    ],
)
def test_out_of_scope_recall_may_cost_a_right_answer_in_a_hundred(
    sure: list[float], recall: float
) -> None:
    kept = [answered("a", "a", sure=0.4) for _ in range(180)]
    wrong = [answered("a", "b", sure=0.2) for _ in range(18)]
    given_up = [answered("a", "a", sure=0.2), answered("a", "a", sure=0.3)]
    strange = [answered("oos", "a", sure=each) for each in sure]
    figures = report("intent", [*kept, *wrong, *given_up, *strange])
    assert figures.out_of_scope is not None
    assert figures.out_of_scope["recall_at_a_point"] == recall


def test_out_of_scope_texts_cost_nothing_where_no_right_answer_is_given() -> None:
    figures = report("intent", [answered("a", "b"), answered("oos", "b"), answered("oos", "oos")])
    assert figures.out_of_scope is not None
    assert figures.out_of_scope["recall_at_a_point"] == 1.0


def test_abstained_answers_lower_coverage_not_precision() -> None:
    answers = [answered("a", "a"), answered("a", "b", sure=0.3, abstained=True)]
    figures = report("category", answered_twice := answers)
    assert len(answered_twice) == figures.texts
    assert (figures.coverage, figures.precision_kept) == (0.5, 1.0)


def test_urgent_recall_is_told_where_texts_are_urgent() -> None:
    answers = [answered("urgent", "urgent"), answered("urgent", "low"), answered("low", "low")]
    assert report("priority", answers).urgent_recall == 0.5
    assert report("priority", answers[2:]).urgent_recall is None


def test_every_head_is_measured_on_the_rows_that_carry_its_label(
    small: Classifier, rows: list[Row]
) -> None:
    only_category = [{"text": row["text"], "category": row["category"]} for row in rows]
    assert set(evaluate(rows, small)) == {"category", "priority"}
    reports = evaluate(only_category, small)
    assert set(reports) == {"category"}
    assert set(reports["category"].per_language) == {"ru", "kk"}


def test_the_table_names_every_class_and_language(small: Classifier, rows: list[Row]) -> None:
    table = as_table(evaluate(rows, small)["priority"])
    for word in ("priority", "macro-F1", "urgent recall", "high", "normal", "kk", "ru"):
        assert word in table
