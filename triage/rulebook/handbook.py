"""The part of rules/README.md that is made from the code: every fact, comparison and effect."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from triage.core.conditions import COMPARISONS
from triage.core.evidence import EvidenceKind
from triage.core.facts import VOCABULARY
from triage.core.policy import RequirementLevel, Supplier
from triage.core.vocabulary import FactSpec, Shape
from triage.rulebook.conditions import MEANINGS
from triage.rulebook.lint.notes import CODES
from triage.rulebook.rules import EFFECTS

BEGIN = "<!-- made by `triage rules handbook`: begin -->"
END = "<!-- made by `triage rules handbook`: end -->"


def _listed(codes: Iterable[str]) -> str:
    return ", ".join(f"`{code}`" for code in codes)


REQUIRE = {
    "kind": ("what is asked for", _listed(EvidenceKind)),
    "level": ("how badly it is needed", _listed(RequirementLevel)),
    "count": ("usable files of that kind", "1 to 20; 1 if left out"),
    "instead": ("a list of what does as well", "`{kind, count}` or `{when: condition}`"),
    "supplier": ("who brings it; the customer if left out", _listed(Supplier)),
}
"""The keys of one piece of evidence that a rule asks for."""


def handbook() -> str:
    """The generated part, between its two marks, as Markdown."""
    parts = (_facts(), _comparisons(), _effects(), _require(), _lint())
    lines = [line for part in parts for line in (*part, "")]
    return "\n".join([BEGIN, "", *lines, END])


def placed(text: str) -> str:
    """A text with its generated part made anew. Raises ValueError where it has no such part."""
    before, mark, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not mark or not end:
        raise ValueError(f"the text has no part between {BEGIN} and {END}")
    return before + handbook() + after


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
    for comparison, meaning in MEANINGS.items():
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


def _require() -> Iterator[str]:
    yield "### What stands in `require`"
    yield ""
    yield "| key | what it is | values |"
    yield "| --- | --- | --- |"
    for key, (meaning, values) in REQUIRE.items():
        yield f"| `{key}` | {meaning} | {values} |"


def _lint() -> Iterator[str]:
    yield "### What `triage rules check` says"
    yield ""
    yield "| code | level | meaning |"
    yield "| --- | --- | --- |"
    for code, (level, meaning) in CODES.items():
        yield f"| `{code}` | {level} | {meaning} |"
