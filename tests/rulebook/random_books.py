"""Books that nobody would write: rules of any conditions and effects, all in the vocabulary."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from triage.core.case import SlaClass
from triage.core.complaint import Category, Priority
from triage.core.conditions import COMPARISONS, Comparison
from triage.core.evidence import EvidenceKind
from triage.core.facts import VOCABULARY
from triage.core.policy import RequirementLevel, Supplier
from triage.core.vocabulary import FactSpec, Shape

Tree = dict[str, Any]

LISTED = {
    "goods": ("phone", "food", "sofa"),
    "lists": ("complex", "kept"),
    "symptoms": ("broken", "smoke"),
    "answers": ("refused", "other"),
    "findings": ("image.blurred", "image.too_dark"),
}
_NUMBERS = st.sampled_from([0, 1, 2, 14, 30, 80, 100]) | st.just("window")
_KINDS = st.sampled_from([str(each) for each in EvidenceKind])
_TEXTS = st.sampled_from([{"ru": "Слово", "kk": "Сөз", "en": "A word"}])
_DAYS = st.sampled_from(["2026-11-01", "2026-11-22", "2026-12-15"])


def values(spec: FactSpec) -> st.SearchStrategy[Any]:
    if spec.shape is Shape.FLAG:
        return st.booleans()
    if spec.shape is Shape.NUMBER:
        return _NUMBERS
    return st.sampled_from(LISTED.get(spec.word.listed, spec.values))


@st.composite
def clauses(draw: st.DrawFn) -> Tree:
    spec = draw(st.sampled_from(list(VOCABULARY.values())))
    fitting = [*COMPARISONS[spec.shape], *([Comparison.KNOWN] if spec.may_be_unknown else [])]
    comparison = draw(st.sampled_from(fitting))
    if comparison is Comparison.KNOWN:
        value: Any = draw(st.booleans())
    elif comparison in (Comparison.ONE_OF, Comparison.NONE_OF, Comparison.HAS_ANY):
        value = draw(st.lists(values(spec), min_size=1, max_size=3, unique=True))
    else:
        value = draw(values(spec))
    return {"fact": spec.name, str(comparison): value}


CONDITIONS: st.SearchStrategy[Any] = st.recursive(
    clauses(),
    lambda inner: (
        st.lists(inner, min_size=1, max_size=3)
        | st.builds(lambda part: {"not": part}, inner)
        | st.builds(
            lambda join, parts: {join: parts},
            st.sampled_from(["all", "any"]),
            st.lists(inner, min_size=1, max_size=3),
        )
    ),
    max_leaves=5,
)
_SUBSTITUTES = st.fixed_dictionaries({"when": CONDITIONS}) | st.fixed_dictionaries(
    {"kind": _KINDS, "count": st.integers(1, 20)}
)
_REQUIREMENTS = st.fixed_dictionaries(
    {"kind": _KINDS, "level": st.sampled_from([str(each) for each in RequirementLevel])},
    optional={
        "count": st.integers(1, 20),
        "supplier": st.sampled_from([str(each) for each in Supplier]),
        "instead": st.lists(_SUBSTITUTES, min_size=1, max_size=2),
    },
)
_ROUTES = {
    "points": st.integers(-80, 80).filter(bool),
    "at_least": st.sampled_from([str(each) for each in Priority]),
    "sla": st.sampled_from([str(each) for each in SlaClass]),
    "team": st.sampled_from(["claims", "safety"]),
    "category": st.sampled_from([str(each) for each in Category]),
    "warn": _TEXTS,
    "ask": _TEXTS,
    "waive": st.lists(_KINDS, min_size=1, max_size=2, unique=True),
    "require": st.lists(_REQUIREMENTS, min_size=1, max_size=2, unique_by=lambda r: r["kind"]),
}
EFFECTS = st.fixed_dictionaries({}, optional=_ROUTES).filter(bool)


def rules(name: str) -> st.SearchStrategy[Tree]:
    """A rule without examples; who wants to load it finds them."""
    return st.fixed_dictionaries(
        {
            "id": st.just(name),
            "when": CONDITIONS,
            "then": EFFECTS,
            "why": _TEXTS,
            "basis": st.sampled_from(["law", "operator default"]),
            "source": st.sampled_from(["art. 30", "somebody"]),
        },
        optional={"valid_from": _DAYS, "valid_to": _DAYS},
    )
