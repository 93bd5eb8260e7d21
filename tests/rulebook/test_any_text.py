"""Whatever a file holds, the loader answers with a book or with a RuleError."""

from __future__ import annotations

import contextlib
import re
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.core.books import RULES
from tests.rulebook.small import SMALL
from triage import rulebook
from triage.rulebook import RuleError
from triage.rulebook.page import parse_page

WORDS = st.sampled_from(
    [
        *re.findall(r"[\w.-]+", SMALL),
        *("any", "not", "require", "kind", "damage_photo", "levels", "model", "zone", "years"),
        *("", "null", "~", "1e999", "-1", "2026-01-01"),
    ]
)
TREES = st.recursive(
    WORDS | st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=4),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(WORDS | st.text(max_size=3), inner, max_size=5)
    ),
    max_leaves=25,
)
PAGES = pytest.mark.parametrize("file", rulebook.FILES)
RELAXED = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def load_with(book: Path, file: str, text: bytes) -> None:
    """Load the book with one file replaced: it loads, or says why not, and nothing else."""
    kept = (book / file).read_bytes()
    (book / file).write_bytes(text)
    with contextlib.suppress(RuleError):
        rulebook.load(book)
    (book / file).write_bytes(kept)


@PAGES
@RELAXED
@given(tree=TREES)
def test_no_tree_crashes_the_loader(book: Path, file: str, tree: object) -> None:
    load_with(book, file, yaml.safe_dump(tree, allow_unicode=True).encode())


@PAGES
@RELAXED
@given(data=st.data())
def test_no_damage_to_a_shipped_file_crashes_the_loader(
    book: Path, file: str, data: st.DataObject
) -> None:
    """Lines lost, words swapped, characters inserted: what happens to files in real life."""
    lines = (RULES / file).read_text(encoding="utf-8").splitlines()
    where = data.draw(st.integers(0, len(lines) - 1))
    kind = data.draw(st.sampled_from(["drop", "word", "insert", "indent"]))
    if kind == "drop":
        del lines[where]
    elif kind == "word":
        lines[where] = lines[where].replace(": ", f": {data.draw(WORDS)} ", 1)
    elif kind == "insert":
        lines[where] += data.draw(
            st.sampled_from([":", "[", "}", "'", "\t", "- ", "&a", "*a", "!x"])
        )
    else:
        lines[where] = " " * data.draw(st.integers(0, 9)) + lines[where].lstrip()
    load_with(book, file, "\n".join(lines).encode())


@RELAXED
@given(text=st.text() | st.text(alphabet="{}[]:-,#&*!|>'\"%@` \nab1"))
def test_no_text_crashes_the_reader(text: str) -> None:
    with contextlib.suppress(RuleError):
        parse_page(text, "page.yaml")
