"""The JSON Schemas for editors: made from the code, fresh, and true of the shipped books."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft7Validator

from tests.core.books import RULES
from tests.rulebook.small import SMALL
from triage import rulebook
from triage.rulebook.schema import schema_name, schema_text, schemas

FILES = [
    path
    for path in (*sorted(RULES.glob("*.yaml")), *sorted(RULES.glob("*/*.yaml")))
    if path.name in rulebook.FILES  # beside the book lie the desk's ready texts
]


class PlainLoader(yaml.SafeLoader):
    """Reads dates as words, as editors do."""


PlainLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def as_an_editor_reads(text: str) -> Any:
    return json.loads(json.dumps(yaml.load(text, Loader=PlainLoader)))


def complaints(file: str, text: str) -> list[str]:
    validator = Draft7Validator(schemas()[file])
    return [error.message[:200] for error in validator.iter_errors(as_an_editor_reads(text))]


@pytest.mark.parametrize("file", rulebook.FILES)
def test_the_schema_beside_the_book_is_the_one_of_the_code(file: str) -> None:
    kept = (RULES / schema_name(file)).read_text(encoding="utf-8")
    assert kept == schema_text(file), "run: triage rules schema --out rules"
    Draft7Validator.check_schema(json.loads(kept))


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_the_shipped_files_fit_their_schemas_and_name_them(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert complaints(path.name, text) == []
    named = text.splitlines()[0].removeprefix("# yaml-language-server: $schema=")
    assert (path.parent / named).resolve() == (RULES / schema_name(path.name)).resolve()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param("fact: category", "fact: categry", id="fact"),
        pytest.param("at_least", "at_leest", id="comparison"),
        pytest.param("is: defective", "at_least: 3", id="a comparison that does not fit"),
        pytest.param("is: defective", "is: defectve", id="value"),
        pytest.param("points: 5", "point: 5", id="effect"),
        pytest.param("points: 5", "team: Antifraud", id="code"),
        pytest.param("points: 5", "sla: slow", id="class"),
        pytest.param("points: 5", "require: [{kind: damage_photo}]", id="no level"),
        pytest.param(", kk: ә", "", id="translation"),
        pytest.param("basis: operator default", "basis: taste", id="basis"),
        pytest.param("match: true", "match: yes please", id="match"),
        pytest.param("    source: somebody\n", "", id="source"),
    ],
)
def test_an_editor_marks_what_the_loader_would_refuse(old: str, new: str) -> None:
    assert complaints("policy.yaml", SMALL) == []
    assert old in SMALL
    assert complaints("policy.yaml", SMALL.replace(old, new, 1))
