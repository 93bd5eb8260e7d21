"""What the tests of the loader share: a copy of the shipped book that may be broken."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.core.books import RULES


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """A copy of the shipped book to break."""
    return Path(shutil.copytree(RULES, tmp_path / "rules"))
