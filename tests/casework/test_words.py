"""How findings are put into words."""

from __future__ import annotations

import pytest

from triage.casework import words


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        pytest.param("ru", "18 ноября 2026 г., 18:24", id="ru"),
        pytest.param("kk", "2026 ж. 18 қараша, 18:24", id="kk"),
        pytest.param("en", "18 November 2026, 18:24", id="en"),
    ],
)
def test_a_moment_is_shown_as_people_write_it(language: str, expected: str) -> None:
    detail = {"sum": "9980.00", "time": "2026-11-18 18:24:00+05:00"}
    stored = {"code": "receipt.text_read", "level": "note", "measured": None, "limit": None}
    said = words.finding({**stored, "detail": detail}, language)["message"]
    assert expected in said
    assert "18:24:00" not in said
