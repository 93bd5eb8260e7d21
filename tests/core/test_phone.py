"""One spelling of a phone number, whichever way a person wrote it."""

from __future__ import annotations

import pytest

from triage.core.phone import find_phone


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        pytest.param("+7 777 123-45-67", "+77771234567", id="with the country's code"),
        pytest.param("8 (701) 000 00 00", "+77010000000", id="the local way"),
        pytest.param("77011112233", "+77011112233", id="without the plus"),
        pytest.param("7011112233", "+77011112233", id="without any prefix"),
        pytest.param("727.311.00.00", "+77273110000", id="a landline of Almaty"),
        pytest.param("+49 30 1234567", "+49301234567", id="another country"),
        pytest.param("0049 30 1234567", "+49301234567", id="another country, by 00"),
        pytest.param("701‑000‑00‑00", "+77010000000", id="typographic hyphens"),
        pytest.param("", None, id="nothing"),
        pytest.param("701 000", None, id="too short"),
        pytest.param("8 495 123 45 67", None, id="a foreign number the local way"),
        pytest.param("call me", None, id="words"),
        pytest.param("+7 701 000 00 00 ext. 5", None, id="more than a number"),
    ],
)
def test_a_phone_number_has_one_spelling(written, kept):
    assert find_phone(written) == kept
