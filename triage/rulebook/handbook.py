"""The part of rules/README.md that is made from the code: every fact, comparison and effect."""

from __future__ import annotations

from collections.abc import Iterator

from triage.core.conditions import COMPARISONS
from triage.core.facts import VOCABULARY
from triage.core.vocabulary import FactSpec, Shape
from triage.rulebook.rules import EFFECTS

BEGIN = "<!-- made by `triage rules handbook`: begin -->"
END = "<!-- made by `triage rules handbook`: end -->"

_MEANINGS = {
    "is": "equal",
    "is_not": "not equal, or unknown",
    "one_of": "one of a list",
    "none_of": "none of a list, or unknown",
    "at_least": "this much or more",
    "more_than": "more than this",
    "at_most": "this much or less",
    "less_than": "less than this",
    "has": "the code is among them",
    "has_any": "one of a list of codes is among them",
    "lacks": "the code is not among them, or they are unknown",
    "known": "`true`: we know it; `false`: we do not",
}


def handbook() -> str:
    """The generated part, between its two marks, as Markdown."""
    return "\n".join([BEGIN, "", *_facts(), "", *_comparisons(), "", *_effects(), "", END])


def _facts() -> Iterator[str]:
    yield "### Facts"
    yield ""
    yield "| fact | what it is | values | unknown |"
    yield "| --- | --- | --- | --- |"
    for spec in VOCABULARY.values():
        unknown = spec.word.unknown or "never"
        yield f"| `{spec.name}` | {spec.word.about} | {_values(spec)} | {unknown} |"


def _values(spec: FactSpec) -> str:
    if spec.shape is Shape.FLAG:
        return "`true`, `false`"
    if spec.shape is Shape.NUMBER:
        most = "" if spec.word.high is None else f", at most {spec.word.high}"
        return f"{'whole number' if spec.whole else 'number'} of {spec.word.unit}{most}"
    if spec.word.listed:
        return f"codes of `{spec.word.listed}`"
    return ", ".join(f"`{value}`" for value in spec.values)


def _comparisons() -> Iterator[str]:
    yield "### Comparisons"
    yield ""
    yield "| comparison | true when | fits |"
    yield "| --- | --- | --- |"
    for comparison, meaning in _MEANINGS.items():
        shapes = [str(shape) for shape, fitting in COMPARISONS.items() if comparison in fitting]
        fits = ", ".join(shapes) or "every fact that can be unknown"
        yield f"| `{comparison}` | {meaning} | {fits} |"


def _effects() -> Iterator[str]:
    yield "### Effects"
    yield ""
    yield "| effect | what it does |"
    yield "| --- | --- |"
    for effect, meaning in EFFECTS.items():
        yield f"| `{effect}` | {meaning} |"
