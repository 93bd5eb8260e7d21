"""What the commands about rules share: which folder, which profiles, what a broken book says."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from triage import rulebook
from triage.core.policy import RuleBook
from triage.messages.findings import FINDINGS
from triage.rulebook import RuleError
from triage.settings import Settings

BOOK = click.option(
    "--book",
    type=click.Path(path_type=Path),
    help="Folder of the rule book; by default the one in TRIAGE_RULES_DIR.",
)
PROFILE = click.option("--profile", help="One profile only; by default all that the book has.")
JSON = click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")


def folder_of(book: Path | None) -> Path:
    return Settings.from_environment().rules_dir if book is None else book


def profiles_of(folder: Path, profile: str | None) -> tuple[str, ...]:
    """The profile that was asked for, or all; a folder that is not there is left to ``load``."""
    if profile is not None:
        return (profile,)
    return rulebook.profiles(folder) if folder.is_dir() else (rulebook.HUMANE,)


def load(folder: Path, profile: str) -> RuleBook:
    """The book, asking for no finding that the checks cannot say. Raises RuleError."""
    return rulebook.load(folder, profile, findings=FINDINGS)


def problems_of(profile: str, error: RuleError) -> Iterator[dict[str, Any]]:
    """What keeps a book from loading, as plain values in the shape of a lint's note."""
    for each in (error, *error.others):
        yield {
            "profile": profile,
            "code": each.code,
            "level": "error",
            "serious": True,
            "place": f"{each.file}:{each.line}",
            "message": each.problem,
            "cure": each.cure,
            "witness": None,
            "text": str(each),
        }
