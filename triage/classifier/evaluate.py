"""How well a model does on labelled texts: figures a person can act on, as values or a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

import numpy as np

from triage.classifier.calibration import NEVER, calibration_error, coverage_at
from triage.classifier.language import detect
from triage.classifier.predict import Classifier
from triage.classifier.rows import Row
from triage.classifier.train import Trained
from triage.classifier.unseen import HeldOut

OUT_OF_SCOPE = frozenset({"oos", "out_of_scope", "out-of-scope"})
"""Labels for texts that belong to no class; a model without them should abstain on these."""

_AT_PRECISION = 0.95
_A_POINT = 0.01
_DIGITS = 4


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What was said about one text and what is true."""

    truth: str
    said: str
    confidence: float
    abstained: bool
    language: str


@dataclass(frozen=True, kw_only=True)
class ClassScore:
    precision: float
    recall: float
    f1: float
    texts: int


@dataclass(frozen=True, kw_only=True)
class Report:
    """Shares are 0..1. ``coverage`` is the share not abstained on and ``precision_kept`` how many
    of these are right; ``coverage_at_95`` is the share that could be answered with 95 % right.

    Out-of-scope texts count only in ``out_of_scope``: ``recall`` is the share of them that was
    turned away, ``recall_at_a_point`` the share that would be at the highest confidence below
    which no more than one in a hundred of the other texts loses its right answer.
    """

    field: str
    texts: int
    accuracy: float
    macro_f1: float
    calibration_error: float
    coverage_at_95: float
    coverage: float
    precision_kept: float
    per_class: dict[str, ClassScore]
    per_language: dict[str, dict[str, float]]
    urgent_recall: float | None = None
    out_of_scope: dict[str, float] | None = None

    def to_json(self) -> dict[str, object]:
        return {name: value for name, value in asdict(self).items() if value is not None}


def evaluate(rows: Sequence[Row], classifier: Classifier) -> dict[str, Report]:
    """A report for every head whose field the rows have."""
    judged = [(row, classifier.judge(row["text"])) for row in rows]
    reports = {}
    for place, head in enumerate(classifier.heads):
        answers = [
            Answer(
                truth=row[head.field],
                said=head.labels[judgement.verdicts[place].best],
                confidence=judgement.verdicts[place].confidence,
                abstained=judgement.verdicts[place].abstained,
                language=_language(row),
            )
            for row, judgement in judged
            if head.field in row
        ]
        if answers:
            reports[head.field] = report(head.field, answers)
    return reports


@dataclass(frozen=True, kw_only=True)
class Reports:
    """By field: of texts held out at random, and of files held out whole (empty: too few)."""

    by_text: dict[str, Report]
    by_file: dict[str, Report]


def evaluate_held_out(rows: Sequence[Row], trained: Trained) -> Reports:
    """The same reports from cross-validation, for the card of a model."""
    return Reports(
        by_text=_reports(rows, trained, trained.held_out),
        by_file=_reports(rows, trained, trained.files_held_out),
    )


def _reports(
    rows: Sequence[Row], trained: Trained, unseen: Sequence[HeldOut | None]
) -> dict[str, Report]:
    reports = {}
    for head, held_out in zip(trained.heads, unseen, strict=True):
        if held_out is not None:
            answers = _held_out_answers(rows, held_out, head.thresholds)
            reports[head.field] = report(head.field, answers)
    return reports


def _held_out_answers(
    rows: Sequence[Row], held_out: HeldOut, thresholds: tuple[float, ...]
) -> list[Answer]:
    best = held_out.answers
    confidences = np.take_along_axis(held_out.shares, best[:, None], axis=1)[:, 0].tolist()
    return [
        Answer(
            truth=held_out.labels[truth],
            said=held_out.labels[said],
            confidence=confidence,
            abstained=confidence < thresholds[said],
            language=_language(rows[row]),
        )
        for row, truth, said, confidence in zip(
            held_out.rows.tolist(),
            held_out.truth.tolist(),
            best.tolist(),
            confidences,
            strict=True,
        )
    ]


def _language(row: Row) -> str:
    return row.get("lang") or row.get("language") or detect(row["text"]) or "unknown"


def report(head_field: str, answers: Sequence[Answer]) -> Report:
    """Figures over answers. A label that neither the truth nor the model names is left out."""
    strange = [a for a in answers if a.truth in OUT_OF_SCOPE]
    inside = [a for a in answers if a.truth not in OUT_OF_SCOPE] or list(answers)
    right = np.array([a.said == a.truth for a in inside])
    confidences = np.array([a.confidence for a in inside])
    kept = np.array([not a.abstained for a in inside])
    per_class = _per_class(inside)
    return Report(
        field=head_field,
        texts=len(inside),
        accuracy=_round(right.mean()),
        macro_f1=_macro_f1(per_class),
        calibration_error=_round(calibration_error(confidences, right)),
        coverage_at_95=_round(coverage_at(confidences, right, _AT_PRECISION)),
        coverage=_round(kept.mean()),
        precision_kept=_round(right[kept].mean()) if kept.any() else 0.0,
        per_class=per_class,
        per_language=_per_language(inside),
        urgent_recall=per_class["urgent"].recall if "urgent" in per_class else None,
        out_of_scope=_out_of_scope(strange, inside) if strange else None,
    )


def _per_class(answers: Sequence[Answer]) -> dict[str, ClassScore]:
    names = sorted({a.truth for a in answers} | {a.said for a in answers})
    return {name: _class_score(name, answers) for name in names}


def _class_score(name: str, answers: Sequence[Answer]) -> ClassScore:
    true = sum(a.truth == name for a in answers)
    said = sum(a.said == name for a in answers)
    both = sum(a.truth == a.said == name for a in answers)
    return ClassScore(
        precision=_round(both / said if said else 0.0),
        recall=_round(both / true if true else 0.0),
        f1=_round(2 * both / (true + said) if both else 0.0),
        texts=true,
    )


def _macro_f1(per_class: dict[str, ClassScore]) -> float:
    return _round(sum(score.f1 for score in per_class.values()) / len(per_class))


def _per_language(answers: Sequence[Answer]) -> dict[str, dict[str, float]]:
    scores = {}
    for language in sorted({a.language for a in answers}):
        mine = [a for a in answers if a.language == language]
        scores[language] = {
            "texts": len(mine),
            "accuracy": _round(sum(a.said == a.truth for a in mine) / len(mine)),
            "macro_f1": _macro_f1(_per_class(mine)),
        }
    return scores


def _out_of_scope(strange: Sequence[Answer], inside: Sequence[Answer]) -> dict[str, float]:
    turned_away = sum(a.abstained or a.said in OUT_OF_SCOPE for a in strange)
    right = sorted(a.confidence for a in inside if a.said == a.truth)
    given_up = int(_A_POINT * len(inside))
    lowest = right[given_up] if given_up < len(right) else NEVER
    at_a_point = sum(a.confidence < lowest or a.said in OUT_OF_SCOPE for a in strange)
    return {
        "texts": len(strange),
        "recall": _round(turned_away / len(strange)),
        "recall_at_a_point": _round(at_a_point / len(strange)),
    }


def _round(share: float) -> float:
    return round(float(share), _DIGITS)


def as_table(report: Report) -> str:
    """The report for a person: one figure a line, then the classes, then the languages."""
    lines = [
        f"{report.field}: {report.texts} texts",
        f"  accuracy                {report.accuracy:.3f}",
        f"  macro-F1                {report.macro_f1:.3f}",
        f"  calibration error       {report.calibration_error:.3f}",
        f"  coverage at 95 % right  {report.coverage_at_95:.3f}",
        f"  not abstained           {report.coverage:.3f}",
        f"  of these right          {report.precision_kept:.3f}",
    ]
    if report.urgent_recall is not None:
        lines.append(f"  urgent recall           {report.urgent_recall:.3f}")
    if report.out_of_scope is not None:
        lines.append(f"  out-of-scope recall     {report.out_of_scope['recall']:.3f}")
        lines.append(f"  at the cost of a point  {report.out_of_scope['recall_at_a_point']:.3f}")
    width = max(len(name) for name in [*report.per_class, *report.per_language])
    lines.append(f"  {'':{width}}  precision  recall     F1   texts")
    for name, score in report.per_class.items():
        figures = f"{score.precision:9.3f}  {score.recall:6.3f}  {score.f1:5.3f}  {score.texts:6d}"
        lines.append(f"  {name:{width}}  {figures}")
    lines.append(f"  {'':{width}}   accuracy        macro-F1   texts")
    for name, by_language in report.per_language.items():
        accuracy, macro_f1, texts = (by_language[key] for key in ("accuracy", "macro_f1", "texts"))
        lines.append(f"  {name:{width}}  {accuracy:9.3f}         {macro_f1:5.3f}  {texts:6.0f}")
    return "\n".join(lines)
