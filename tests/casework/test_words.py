"""How findings are put into words."""

from __future__ import annotations

import pytest

from triage.casework import words


@pytest.mark.parametrize("language", ["ru", "kk", "en"])
def test_a_moment_is_shown_as_people_write_it(language: str) -> None:
    detail = {"sum": "9980.00", "time": "2026-11-18 18:24:00+05:00"}
    stored = {"code": "receipt.text_read", "level": "note", "measured": None, "limit": None}
    said = words.finding({**stored, "detail": detail}, language)["message"]
    assert "2026-11-18 18:24" in said
    assert "18:24:00" not in said
