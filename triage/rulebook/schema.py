"""JSON Schemas of the book's files for editors, made from the vocabulary of the code.

An editor that knows them offers facts, comparisons and effects while one types, and marks what
the loader would refuse. Codes that the book itself lists (goods, teams, thresholds …) are checked
by the loader only: here they are any word of the right form.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from triage.core.case import SlaClass
from triage.core.complaint import Category, Priority
from triage.core.conditions import COMPARISONS, Comparison
from triage.core.evidence import EvidenceKind
from triage.core.facts import VOCABULARY
from triage.core.policy import Basis, RequirementLevel, Supplier
from triage.core.sla import PAUSES, Counted
from triage.core.vocabulary import FactSpec, Shape
from triage.rulebook.page import LANGUAGES
from triage.rulebook.rules import EFFECTS
from triage.rulebook.terms import WEEKDAYS, WEEKS

Schema = Mapping[str, Any]

DIALECT = "http://json-schema.org/draft-07/schema#"
_CODE: Schema = {"type": "string", "pattern": "^[a-z][a-z0-9]*(_[a-z0-9]+)*$"}
_FINDING: Schema = {"type": "string", "pattern": r"^[a-z]+(_[a-z]+)*\.[a-z0-9]+(_[a-z0-9]+)*$"}
_NAMED_NUMBER: Schema = {
    "type": "string",
    "pattern": "^[a-z][a-z0-9_]*( ?[+-] ?[0-9]{1,9})?$",
    "description": "a number of thresholds.yaml, perhaps with so much more or less",
}
_WORD: Schema = {"type": "string", "minLength": 1}
_TEXTS: Schema = {"$ref": "#/definitions/texts"}
_DAY: Schema = {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}
_MANY = (Comparison.ONE_OF, Comparison.NONE_OF, Comparison.HAS_ANY)


def schemas() -> Mapping[str, Schema]:
    """A schema for each file of the book, by the file's name."""
    return {
        "categories.yaml": _categories(),
        "evidence.yaml": _evidence(),
        "goods.yaml": _goods(),
        "thresholds.yaml": _thresholds(),
        "policy.yaml": _page("Rules about evidence", {"rules": _rules()}),
        "priority.yaml": _priority(),
        "sla.yaml": _sla(),
        "calendar.yaml": _calendar(),
    }


def schema_name(file: str) -> str:
    """The name of the schema beside a file: ``policy.yaml`` → ``policy.schema.json``."""
    return f"{file.removesuffix('.yaml')}.schema.json"


def schema_text(file: str) -> str:
    """A schema as it is kept in the folder of the book."""
    return json.dumps(schemas()[file], ensure_ascii=False, indent=1) + "\n"


# ---- rules ---------------------------------------------------------------------------------------
def _rules() -> Schema:
    return {"type": "array", "minItems": 1, "items": {"$ref": "#/definitions/rule"}}


def _definitions() -> Schema:
    """What the files with rules share."""
    return {
        "texts": _texts(),
        "condition": _condition(),
        "clause": {"oneOf": [_clause(spec) for spec in VOCABULARY.values()]},
        "require": _require(),
        "effect": _effect(),
        **{f"value.{spec.name}": _value(spec) for spec in VOCABULARY.values()},
        "given": _object({name: _given(spec) for name, spec in VOCABULARY.items()}),
        "rule": _rule(),
    }


def _rule() -> Schema:
    example = _object({"given": _ref("given"), "match": {"type": "boolean"}}, ("given", "match"))
    keys = {
        "id": {"type": "string", "pattern": "^[a-z0-9]+(-[a-z0-9]+)*$", "maxLength": 60},
        "when": _ref("condition"),
        "then": _ref("effect"),
        "why": _TEXTS,
        "basis": _enum(Basis),
        "source": _WORD,
        "examples": {"type": "array", "minItems": 2, "items": example},
        "valid_from": _DAY,
        "valid_to": _DAY,
    }
    return _object(keys, [key for key in keys if not key.startswith("valid_")])


def _condition() -> Schema:
    several = {"type": "array", "minItems": 1, "items": _ref("condition")}
    joins = [_object({join: several}, (join,)) for join in ("all", "any")]
    turned = _object({"not": _ref("condition")}, ("not",))
    return {"anyOf": [several, *joins, turned, _ref("clause")]}


def _clause(spec: FactSpec) -> Schema:
    """One fact with one of the comparisons that fit it."""
    fitting = [*COMPARISONS[spec.shape], *([Comparison.KNOWN] if spec.may_be_unknown else [])]
    compared = {str(each): _compared(spec, each) for each in fitting}
    fact = {"const": spec.name, "description": spec.word.about}
    both = _object({"fact": fact, **compared}, ("fact",))
    return {**both, "minProperties": 2, "maxProperties": 2}


def _compared(spec: FactSpec, comparison: Comparison) -> Schema:
    if comparison is Comparison.KNOWN:
        return {"type": "boolean"}
    value = _ref(f"value.{spec.name}")
    return {"type": "array", "minItems": 1, "items": value} if comparison in _MANY else value


def _value(spec: FactSpec) -> Schema:
    if spec.shape is Shape.FLAG:
        return {"type": "boolean"}
    if spec.shape is Shape.NUMBER:
        kind = "integer" if spec.whole else "number"
        high = {} if spec.word.high is None else {"maximum": spec.word.high}
        return {"anyOf": [{"type": kind, "minimum": 0, **high}, _NAMED_NUMBER]}
    if spec.values:
        return _enum(spec.values)
    return _FINDING if spec.word.listed == "findings" else _CODE


def _given(spec: FactSpec) -> Schema:
    value = _ref(f"value.{spec.name}")
    return {"type": "array", "items": value} if spec.shape is Shape.CODES else value


def _effect() -> Schema:
    kinds = {"type": "array", "minItems": 1, "items": _enum(EvidenceKind)}
    values: Mapping[str, Schema] = {
        "require": {"type": "array", "minItems": 1, "items": _ref("require")},
        "waive": kinds,
        "points": {"type": "integer", "minimum": -1000, "maximum": 1000, "not": {"const": 0}},
        "at_least": _enum(Priority),
        "sla": _enum(SlaClass),
        "category": _enum(Category),
        "team": _CODE,
        "warn": _TEXTS,
        "ask": _TEXTS,
    }
    described = {
        name: {"allOf": [values[name]], "description": about} for name, about in EFFECTS.items()
    }
    return {**_object(described), "minProperties": 1}


def _require() -> Schema:
    files = {"kind": _enum(EvidenceKind), "count": _whole(1, 20)}
    instead = {
        "anyOf": [
            _object(files, ("kind",)),
            _object({"when": _ref("condition")}, ("when",)),
        ]
    }
    return _object(
        {
            **files,
            "level": _enum(RequirementLevel),
            "instead": {"type": "array", "minItems": 1, "items": instead},
            "supplier": _enum(Supplier),
        },
        ("kind", "level"),
    )


# ---- the other files -----------------------------------------------------------------------------
def _categories() -> Schema:
    keys = {
        "problem_types": _object({str(each): _TEXTS for each in Category}, list(Category)),
        "symptoms": _coded(),
        "answers": _coded(),
        "teams": _by_code(_TEXTS),
    }
    return _page("Problem types, symptoms, answers, teams", keys)


def _coded() -> Schema:
    return _by_code(_object({"name": _TEXTS, "also": _words()}, ("name",)))


def _words() -> Schema:
    return {"type": "array", "minItems": 1, "items": _WORD}


def _evidence() -> Schema:
    accepts = {"type": "array", "minItems": 1, "items": _TEXTS}
    kind = _object({"name": _TEXTS, "hint": _TEXTS, "accepts": accepts}, ("name", "hint"))
    kinds = _object({str(each): kind for each in EvidenceKind}, list(EvidenceKind))
    uncounted = {"type": "array", "minItems": 1, "items": _FINDING}
    return _page("Kinds of evidence", {"kinds": kinds, "not_counted": uncounted}, ("kinds",))


def _goods() -> Schema:
    members = {"type": "array", "minItems": 1, "items": _CODE}
    keys = {"name": _TEXTS, "basis": _enum(Basis), "source": _WORD, "goods": members}
    lists = _by_code(_object(keys, keys))
    return _page("Goods and their lists", {"goods": _coded(), "lists": lists})


def _thresholds() -> Schema:
    number = _object(
        {"value": _whole(0, 10**12), "about": _WORD, "source": _WORD}, ("value", "about", "source")
    )
    return {**_header("Numbers that rules call by name"), **_by_code(number)}


def _priority() -> Schema:
    scored = _object({"name": _TEXTS, "points": _whole(1, 1000)}, ("name", "points"))
    levels = {str(each): scored for each in Priority if each is not Priority.LOW}
    lowest = {str(Priority.LOW): _object({"name": _TEXTS}, ("name",))}
    sure = {"confidence": _whole(0, 100), "danger": _whole(0, 100)}
    keys = {
        "levels": _object({**levels, **lowest}, list(Priority)),
        "model": _object(sure, sure),
        "rules": _rules(),
    }
    return _page("Points, priorities, teams", keys)


def _sla() -> Schema:
    days = _whole(1, 366)
    terms = _object(
        {"name": _TEXTS, "days": days, "counted": _enum(Counted), "target": days},
        ("name", "days", "counted"),
    )
    keys: dict[str, Schema] = {
        "classes": _object({str(each): terms for each in SlaClass}, list(SlaClass)),
        "pauses": _object({why: _whole(0, 366) for why in PAUSES}),
        "least_after_resume": _whole(1, 100),
        "alerts": {"type": "array", "minItems": 1, "items": _whole(1, 99)},
        "evidence_grace": days,
        "evidence_reminder": days,
        "appeal_window": _whole(0, 366),
        "legal": _by_code(_legal()),
        "rules": _rules(),
    }
    needed = [key for key in keys if key != "legal"]
    return _page("Terms and what makes a longer one necessary", keys, needed)


def _legal() -> Schema:
    keys = {"name": _TEXTS, "source": _WORD, "days": _whole(1, 366), "months": _whole(1, 120)}
    either = [{"required": ["days"]}, {"required": ["months"]}]
    return {**_object(keys, ("name", "source")), "oneOf": either}


def _calendar() -> Schema:
    span = "[0-9]{2}:[0-9]{2}-[0-9]{2}:[0-9]{2}"
    hours = {"type": "string", "pattern": f"^ *{span} *(, *{span} *)*$"}
    week = {**_object(dict.fromkeys(WEEKDAYS, hours)), "minProperties": 1}
    weeks = {"type": "array", "minItems": 1, "items": {"enum": [*WEEKS, *map(int, WEEKS)]}}
    special = _object({"day": _DAY, "why": _TEXTS}, ("day", "why"))
    moved = _object({"day": _DAY, "why": _TEXTS, "weeks": weeks}, ("day", "why"))
    when = {"anyOf": [_DAY, _object({"estimated": _DAY}, ("estimated",))]}
    year = _object(
        {
            "source": _WORD,
            "holidays": _by_code({"type": "array", "minItems": 1, "items": when}),
            "moved": {"type": "array", "minItems": 1, "items": moved},
            "working": {"type": "array", "minItems": 1, "items": special},
        },
        ("source", "holidays"),
    )
    bounds = {"from": _whole(2000, 2100), "to": _whole(2000, 2100)}
    keys = {
        "zone": _WORD,
        "week": {"enum": [*WEEKS, *map(int, WEEKS)]},
        "weeks": _object(dict.fromkeys(WEEKS, week), WEEKS),
        "holidays": _by_code(_TEXTS),
        "years": {"type": "object", "patternProperties": {"^20[0-9]{2}$": year}},
        "estimate": _object(bounds, bounds),
    }
    return _page("Working hours and days off", keys)


# ---- pieces --------------------------------------------------------------------------------------
def _page(title: str, keys: Mapping[str, Schema], required: Iterable[str] | None = None) -> Schema:
    """A file with these keys at its top, all required unless said otherwise."""
    needed = keys if required is None else required
    definitions = _definitions() if "rules" in keys else {"texts": _texts()}
    return {**_header(title), **_object(keys, needed), "definitions": definitions}


def _header(title: str) -> Schema:
    return {"$schema": DIALECT, "title": title, "description": "made by `triage rules schema`"}


def _texts() -> Schema:
    return _object(dict.fromkeys(LANGUAGES, _WORD), LANGUAGES)


def _object(keys: Mapping[str, Schema], required: Iterable[str] = ()) -> Schema:
    needed = [str(key) for key in required]
    return {
        "type": "object",
        "properties": dict(keys),
        "additionalProperties": False,
        **({"required": needed} if needed else {}),
    }


def _by_code(each: Schema) -> Schema:
    """Any codes, each with the same kind of value."""
    return {
        "type": "object",
        "patternProperties": {_CODE["pattern"]: each},
        "additionalProperties": False,
    }


def _enum(values: Iterable[str]) -> Schema:
    return {"enum": [str(value) for value in values]}


def _whole(low: int, high: int) -> Schema:
    return {"type": "integer", "minimum": low, "maximum": high}


def _ref(name: str) -> Schema:
    return {"$ref": f"#/definitions/{name}"}
